"""The table of problems, and that each one is documented."""

import inspect
from http import HTTPStatus
from pathlib import Path

import pytest

from api.problem_types import MEDIA_TYPE, PROBLEMS, documented, problem_body
from graph import errors

DOCUMENT = (Path(__file__).parents[2] / "docs" / "problems.md").read_text()


def kinds():
    found = inspect.getmembers(errors, inspect.isclass)
    return {error.kind for _, error in found if issubclass(error, errors.AppError)}


def test_every_kind_of_error_has_a_type():
    assert kinds() <= set(PROBLEMS)


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=lambda problem: problem.name)
def test_every_type_has_a_section_that_says_what_the_server_says(problem):
    section = DOCUMENT.split(f"\n## {problem.name}\n", 1)[1].split("\n## ")[0]
    assert f"{problem.status}: {problem.title}." in section
    assert problem.meaning in section


def test_names_are_unique_and_statuses_exist():
    assert len({problem.name for problem in PROBLEMS.values()}) == len(PROBLEMS)
    assert {problem.status for problem in PROBLEMS.values()} <= {int(code) for code in HTTPStatus}


def test_a_body_has_the_members_of_the_standard_and_the_request_id():
    body = problem_body(
        "not_found", detail="No.", request_id="r", instance="/v1/x", more={"id": "x"}
    )
    assert body == {
        "type": "/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": "No.",
        "instance": "/v1/x",
        "request_id": "r",
        "id": "x",
    }


def test_a_route_documents_what_it_names_and_what_every_route_has():
    responses = documented("conflict")
    assert set(responses) == {409, 422, 500}
    assert list(responses[409]["content"]) == [MEDIA_TYPE]
