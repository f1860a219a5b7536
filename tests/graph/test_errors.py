import pytest

from graph.errors import (
    AppError,
    ConflictError,
    InvalidError,
    NotFoundError,
    TimedOutError,
    UnavailableError,
    UnsupportedError,
)

ERRORS = (
    NotFoundError("item", "42"),
    InvalidError("No."),
    ConflictError("No."),
    UnavailableError("No."),
    TimedOutError("No."),
    UnsupportedError("No."),
)


def test_every_error_has_a_kind_of_its_own():
    assert len({error.kind for error in ERRORS}) == len(ERRORS)
    assert all(isinstance(error, AppError) for error in ERRORS)


def test_an_error_says_what_happened_and_how_to_mend_it():
    error = InvalidError("The row is broken.", fix="Mend it.")
    assert (error.detail, error.fix) == ("The row is broken.", "Mend it.")
    assert str(error) == "The row is broken. Mend it."
    assert str(InvalidError("No.")) == "No."


def test_a_missing_thing_is_named():
    error = NotFoundError("user", "ada", fix="See /v1/users.")
    assert error.detail == "There is no user with the id 'ada'."
    assert (error.what, error.id) == ("user", "ada")


@pytest.mark.parametrize("kind", [UnavailableError, TimedOutError])
def test_what_is_away_says_when_to_try_again(kind):
    assert kind("Away.", retry_after_s=2.5).retry_after_s == 2.5
    assert isinstance(kind("Away."), UnavailableError)
