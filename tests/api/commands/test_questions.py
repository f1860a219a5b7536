import pytest
from typer.testing import CliRunner

from api.cli import application


@pytest.fixture
def asked(loaded):
    """Run the dialogue with the lines that somebody types."""

    def run(typed, *arguments):
        words = ["questions", *arguments]
        return CliRunner().invoke(application(), words, input=typed)

    return run


def test_json_is_the_answer_of_the_http_interface(whyrec, loaded):
    answer = whyrec("questions", "--about", "age=24", "--about", "height=1.7", "-k", 2, "--json")
    assert answer.code == 0, answer.stderr
    assert answer.document["question"]["text"].startswith("Do you like ")
    assert answer.document["left"] == 5
    assert len(answer.document["recommendations"]) == 2


def test_answers_given_before_count(whyrec, loaded):
    told = ("--answer", "genre:comedy=like", "--answer", "airplane=dislike")
    document = whyrec("questions", *told, "-k", 2, "--json").document
    assert document["asked"] == 2
    assert {item["item_id"] for item in document["recommendations"]} == {"hotshots", "topsecret"}


def test_people_are_asked_and_shown_a_list(asked):
    outcome = asked("y\nwhat\nn\n", "--language", "zh", "-k", "2")
    assert outcome.exit_code == 0
    assert outcome.stderr.count("吗？") == 4
    assert "title" in outcome.stdout
    assert "kept" not in outcome.stdout


def test_answers_are_kept_for_a_user(asked, whyrec):
    assert "The answers are kept." in asked("?\n" * 5, "--user", "zoe").stdout
    document = whyrec("questions", "--user", "zoe", "--json").document
    assert document["question"] is None or document["asked"] == 0


def test_answers_are_kept_early_when_told_so(whyrec, loaded):
    told = ("--user", "zoe", "--answer", "genre:crime=like", "--save", "--json")
    assert whyrec("questions", *told).document["saved"]
    found = whyrec("recommend", "--user", "zoe", "-k", 1, "--json").document["items"]
    assert found[0]["item_id"] in {"heat", "thief"}


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--answer", "genre:comedy=perhaps", "'perhaps' is no answer"),
        ("--answer", "genre:comedy", "name=value"),
        ("--about", "=24", "name=value"),
        ("--answer", "nothing=like", "'nothing'"),
    ],
)
def test_what_cannot_be_understood_is_said(whyrec, loaded, option, text, said):
    answer = whyrec("questions", option, text, "--json")
    assert answer.code == 1
    assert said in answer.document["detail"]
