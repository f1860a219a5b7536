"""The demo on real films, from an empty folder to a checked server, as ``./run demo`` runs it."""

import json
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def document(demo_outcome):
    assert demo_outcome.stdout, demo_outcome.stderr
    return json.loads(demo_outcome.stdout)


def test_everything_holds(demo_outcome, document):
    assert [check for check in document["checks"] if not check["ok"]] == []
    assert document["ok"]
    assert demo_outcome.returncode == 0, demo_outcome.stderr


def test_the_counts_are_those_of_the_data(document):
    assert document["counts"]["events"] == 100_000
    assert document["counts"]["users"] == 943
    assert document["counts"]["items"] >= 17_000
    assert document["join"]["joined_films"] >= 1_400


def test_it_fits_a_small_machine(document):
    assert document["peak_memory_gb"] <= 4


def test_a_second_run_begins_where_the_first_ended(document, demo_home, no_settings):
    command = [sys.executable, "-m", "api.cli", "demo", "--no-serve", "--json"]
    environment = no_settings | {"WHYREC_HOME": str(demo_home)}
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(again.stdout)["model"]["id"] == document["model"]["id"]
    assert "already" in again.stderr
