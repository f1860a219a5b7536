"""Documents and command line agree: what a document calls exists, what exists is documented."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from api.cli import application

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RUN_ACTIONS = {"setup", "demo", "test", "check", "fix", "lock", "whyrec", "help"}
# A command in a shell block, or in `code`; up to the end of line, pipe, semicolon or comment.
CALL = re.compile(r"(?:\./run|(?<![\w/.-])whyrec)(?: [^|;&>#`\n]*)?")


def commands():
    group = typer.main.get_command(application())
    return {
        name: {option for parameter in command.params for option in parameter.opts}
        | {option for parameter in command.params for option in parameter.secondary_opts}
        for name, command in group.commands.items()
    }


def shell_text(document):
    """All shell blocks and all inline code of a document, line continuations joined."""
    text = document.read_text()
    blocks = re.findall(r"```(?:sh|bash|console)\n(.*?)```", text, re.DOTALL)
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", plain)
    return "\n".join([*blocks, *inline]).replace("\\\n", " ")


def calls():
    for document in DOCUMENTS:
        for call in CALL.findall(shell_text(document)):
            yield f"{document.relative_to(ROOT)}: {call.strip()}", call


def parts_of(call):
    words = shlex.split(call.replace("'", "")) if call.count('"') % 2 else shlex.split(call)
    return words[1:] if words[0] == "./run" else ["whyrec", *words[1:]]


@pytest.mark.parametrize(
    "call", [pytest.param(call, id=name) for name, call in dict(calls()).items()]
)
def test_every_command_in_a_document_exists(call):
    words = parts_of(call)
    if not words or not re.fullmatch(r"[a-z]+", words[0]):
        return
    action, *rest = words
    assert action in RUN_ACTIONS
    if action == "demo":
        action, rest = "whyrec", ["demo", *rest]
    if action == "whyrec" and rest and re.fullmatch(r"[a-z]+", rest[0]):
        known = commands()
        assert rest[0] in known
        for option in (word for word in rest[1:] if re.fullmatch(r"--?[a-z][a-z-]*", word)):
            assert option in known[rest[0]] | {"--help"}


def section(command):
    text = (ROOT / "docs" / "cli.md").read_text()
    found = re.search(rf"^## whyrec {command}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.parametrize(("command", "options"), commands().items())
def test_every_command_and_option_is_described(command, options):
    described = section(command)
    assert described, f"docs/cli.md has no section 'whyrec {command}'"
    missing = {
        option
        for option in options
        if option.startswith("-") and option != "--help" and f"`{option}`" not in described
    }
    assert missing == set()


def test_documents_link_to_files_that_exist():
    links = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
    targets = [
        (document, target)
        for document in DOCUMENTS
        for target in links.findall(document.read_text())
    ]
    broken = [
        (str(document.relative_to(ROOT)), target)
        for document, target in targets
        if not (document.parent / target).exists()
    ]
    assert broken == []
