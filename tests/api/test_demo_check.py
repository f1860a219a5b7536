import json

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli import application
from api.demo_check import Findings, check_service
from api.demo_server import running_server
from graph.snapshot import Snapshot

N_DIRECTORS, N_EACH = 8, 20


def catalog(folder):
    """A hundred and sixty made-up films; each user likes those of two directors."""
    rng = np.random.default_rng(5)
    films = [
        {
            "id": f"f{number}",
            "title": f"Film {number}",
            "directors": [f"Director {number // N_EACH}"],
            "genres": [("Noir", "Comedy", "War", "Drama")[number // N_EACH % 4]],
            "cast": [f"Star {number // N_EACH}{letter}" for letter in "abc"],
            "year": 1940 + 5 * (number // N_EACH),
        }
        for number in range(N_DIRECTORS * N_EACH)
    ]
    events = []
    for user in range(120):
        for director in rng.choice(N_DIRECTORS, size=2, replace=False):
            n_seen = int(rng.integers(9, 16))
            for at, film in enumerate(rng.choice(N_EACH, size=n_seen, replace=False)):
                events.append({
                    "user_id": f"u{user}",
                    "item_id": f"f{director * N_EACH + film}",
                    "type": "rating",
                    "value": float(rng.integers(4, 6)),
                    "at": 1_000_000.0 + 1000 * user + at,
                })
    folder.mkdir()
    for name, rows in {"items": films, "events": events}.items():
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text)
    return folder


def run(*arguments):
    outcome = CliRunner().invoke(application(), [str(part) for part in arguments])
    assert outcome.exit_code == 0, outcome.stdout + outcome.stderr


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Home with the films loaded and a model of them."""
    folder = tmp_path_factory.mktemp("films")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WHYREC_HOME", str(folder / "home"))
        patch.setenv("WHYREC_TRAINING__ENCODER", "none")
        patch.delenv("WHYREC_NEO4J__URI", raising=False)
        run("load", catalog(folder / "catalog"), "--preset", "films", "--format", "whyrec")
        run("train", "--device", "cpu", "--epochs", 5)
        yield folder / "home"


@pytest.fixture(scope="module")
def findings(trained):
    with running_server(trained) as client:
        snapshot = Snapshot.latest(trained / "snapshots")
        yield check_service(client, snapshot)


@pytest.mark.timeout(200)
def test_everything_holds_on_made_up_films(findings):
    assert [check for check in findings.checks if not check["ok"]] == []
    assert findings.all_hold
    assert len(findings.checks) == 10


def test_the_answers_worth_showing_are_there(findings):
    answers = {"recommendations", "explanation", "understood", "event", "onboarding"}
    assert answers | {"what_if", "why_not"} <= set(findings.shown)
    assert findings.shown["onboarding"]["visible_in_ms"] <= 1000
    assert findings.shown["onboarding"]["rank"] <= 20


@pytest.mark.timeout(200)
def test_the_data_is_as_before(trained, findings):
    assert findings.all_hold
    with running_server(trained) as client:
        again = check_service(client, Snapshot.latest(trained / "snapshots"))
    assert again.all_hold
    first, second = (f.shown["recommendations"]["items"] for f in (findings, again))
    assert [item["item_id"] for item in first] == [item["item_id"] for item in second]


def test_one_check_that_fails_is_enough():
    found = Findings()
    found.check("a", ok=True, detail="")
    assert found.all_hold
    found.check("b", ok=False, detail="")
    assert not found.all_hold
