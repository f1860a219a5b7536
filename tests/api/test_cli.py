import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api import cli
from api.cli import application

ROOT = Path(__file__).parents[2]
COMMANDS = (
    *("demo", "load", "onboard", "export", "train", "adapt", "recommend", "explain", "understand"),
    *("what-if", "why-not", "explain-report", "questions", "split", "rank", "evaluate", "serve"),
    *("doctor", "version"),
)


def whyrec(*arguments, **options):
    command = [sys.executable, "-m", "api.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)


def test_the_application_has_every_command():
    commands = application().registered_commands
    names = [one.name or one.callback.__name__.replace("_", "-") for one in commands]
    assert sorted(names) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_describes_itself_and_can_answer_in_json(command):
    shown = CliRunner().invoke(application(), [command, "--help"])
    assert shown.exit_code == 0
    assert f"whyrec {command}" in shown.stdout
    assert "--json" in shown.stdout


def test_the_version_is_one_line_or_one_document():
    assert whyrec("version").stdout.startswith("whyrec 0.")
    document = json.loads(whyrec("version", "--json").stdout)
    assert set(document) == {"version", "python"}


def test_a_wrong_call_is_explained_on_stderr_with_code_2():
    answer = whyrec("recommend", "-k", "nought")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "-k" in answer.stderr


def test_settings_that_cannot_be_used_are_one_line_and_no_trace(tmp_path):
    environment = {"WHYREC_HOME": str(tmp_path), "WHYREC_SERVER__PORT": "many", "PATH": "/usr/bin"}
    answer = whyrec("recommend", env=environment)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: ")
    assert "server.port" in answer.stderr
    assert "Traceback" not in answer.stderr


def break_something(monkeypatch):
    def application_that_breaks():
        def run():
            raise RuntimeError("a wheel came off")

        return run

    monkeypatch.setattr(cli, "application", application_that_breaks)


def test_a_mistake_of_ours_ends_with_one_line(monkeypatch, capsys):
    break_something(monkeypatch)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 70
    told = capsys.readouterr().err
    assert "RuntimeError: a wheel came off" in told
    assert "Traceback" not in told


def test_a_mistake_of_ours_shows_its_trace_on_request(monkeypatch):
    break_something(monkeypatch)
    monkeypatch.setenv(cli.TRACE_VARIABLE, "1")
    with pytest.raises(RuntimeError, match="wheel"):
        cli.main()


def test_output_that_nobody_reads_any_more_is_no_error():
    command = f"{sys.executable} -m api.cli version --json | true"
    answer = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.stderr == ""


def test_a_wrong_call_with_json_is_a_document_too():
    answer = whyrec("recommend", "-k", "nought", "--json")
    assert answer.returncode == 2
    problem = json.loads(answer.stdout)
    assert (problem["type"], problem["status"]) == ("/problems/invalid", 422)
    assert "-k" in problem["detail"]


def test_an_argument_that_is_no_text_is_refused():
    answer = whyrec("understand", b"caf\xe9", "--json")
    assert answer.returncode == 2
    assert "Argument 2 is not UTF-8" in json.loads(answer.stdout)["detail"]
    assert "Traceback" not in answer.stderr


def test_a_mistake_of_ours_with_json_is_a_document_too(monkeypatch, capsys):
    break_something(monkeypatch)
    monkeypatch.setattr(sys, "argv", ["whyrec", "doctor", "--json"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 70
    assert json.loads(capsys.readouterr().out)["type"] == "/problems/internal"
