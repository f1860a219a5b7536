"""The command line in this process, on a home and a small catalog of its own."""

import json
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from api.cli import application

ITEMS = """id\ttitle\tgenre\tdirector\tyear
heat\tHeat\tCrime|Drama\tMichael Mann\t1995
thief\tThief\tCrime|Drama\tMichael Mann\t1981
insider\tThe Insider\tDrama\tMichael Mann\t1999
airplane\tAirplane!\tComedy\tJim Abrahams\t1980
hotshots\tHot Shots!\tComedy\tJim Abrahams\t1991
topsecret\tTop Secret!\tComedy\tJim Abrahams\t1984
"""
CRIME, COMEDY = ("heat", "thief", "insider"), ("airplane", "hotshots", "topsecret")


@dataclass
class Answer:
    """What a command printed, and how it ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self):
        return json.loads(self.stdout)


@pytest.fixture
def whyrec():
    def run(*arguments):
        outcome = CliRunner().invoke(application(), [str(part) for part in arguments])
        if outcome.exception and not isinstance(outcome.exception, SystemExit):
            raise outcome.exception
        return Answer(outcome.exit_code, outcome.stdout, outcome.stderr)

    return run


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHYREC_HOME", str(folder))
    monkeypatch.setenv("WHYREC_TRAINING__ENCODER", "none")
    monkeypatch.delenv("WHYREC_NEO4J__URI", raising=False)
    return folder


def events():
    """Forty users: half saw two of the crime films and liked them, half two of the comedies."""
    rows = ["user\titem\ttype\tvalue\tat"]
    for number in range(40):
        films = CRIME if number % 2 else COMEDY
        seen = [film for place, film in enumerate(films) if place != (number // 2) % 3]
        for at, film in enumerate(seen):
            rows.append(f"u{number}\t{film}\trating\t5\t{1_000_000 + 100 * number + at}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def catalog(tmp_path):
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "items.tsv").write_text(ITEMS)
    (folder / "events.tsv").write_text(events())
    return folder


@pytest.fixture
def loaded(whyrec, catalog):
    answer = whyrec("load", catalog, "--format", "whyrec", "--preset", "films", "--json")
    assert answer.code == 0, answer.stderr
    return answer.document
