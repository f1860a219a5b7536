import json
from dataclasses import dataclass

import numpy as np
import pytest
import typer
from rich.console import Console

from api.commands.output import Output, output, table
from graph.errors import InvalidError, NotFoundError


@dataclass
class Record:
    name: str
    tags: frozenset[str]


def test_a_document_may_hold_records_sets_and_arrays(capsys):
    with output(as_json=True) as out:
        out.document({"record": Record("a", frozenset("ba")), "row": np.arange(2), 1: "one"})
    assert json.loads(capsys.readouterr().out) == {
        "record": {"name": "a", "tags": ["a", "b"]},
        "row": [0, 1],
        "1": "one",
    }


def test_people_get_the_rendering_instead(capsys):
    with output(as_json=False) as out:
        out.answer({"x": 1}, lambda console: console.print("one"))
        out.say("beside [it]")
    printed = capsys.readouterr()
    assert printed.out == "one\n"
    assert printed.err == "beside [it]\n"


def test_an_error_is_a_line_and_how_to_mend_it(capsys):
    with pytest.raises(typer.Exit) as ended, output(as_json=False):
        raise InvalidError("The file [x] is broken.", fix="Mend it.")
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == "Error: The file [x] is broken.\nMend it.\n"


def test_an_error_with_json_is_the_problem_that_http_answers_with(capsys):
    with pytest.raises(typer.Exit), output(as_json=True):
        raise NotFoundError("item", "42")
    problem = json.loads(capsys.readouterr().out)
    assert problem["status"] == 404
    assert (problem["what"], problem["id"]) == ("item", "42")


def test_other_errors_pass_through():
    with pytest.raises(ZeroDivisionError), output(as_json=False):
        raise ZeroDivisionError


def test_a_table_shows_text_as_it_is_and_numbers_short(capsys):
    Console().print(table("", ["name", "score"], [["[b]x[/b]", 0.123456], ["y", 2.0]]))
    printed = capsys.readouterr().out
    assert "[b]x[/b]" in printed
    assert "0.1235" in printed


def test_a_picture_is_refused_by_a_terminal_only(monkeypatch, tmp_path):
    channel = Output(as_json=False)
    channel.require_pipe_or(None, "A PNG picture")
    monkeypatch.setenv("FORCE_COLOR", "1")
    terminal = Output(as_json=False)
    terminal.require_pipe_or(tmp_path / "why.png", "A PNG picture")
    with pytest.raises(InvalidError, match="--out"):
        terminal.require_pipe_or(None, "A PNG picture")


def test_bytes_are_written_as_they_are(capfdbinary, tmp_path):
    channel = Output(as_json=False)
    channel.write(b"\x89PNG\x00", None)
    assert capfdbinary.readouterr().out == b"\x89PNG\x00"
    channel.write("影", tmp_path / "name")
    assert (tmp_path / "name").read_text() == "影"
