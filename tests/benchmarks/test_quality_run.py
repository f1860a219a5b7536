"""Which rows the command chooses, and how it ends."""

import json
import sys

import pytest


@pytest.fixture
def run(quality, split, tmp_path, monkeypatch):
    """Run the command on the made-up data set; results go to a folder of the test."""
    monkeypatch.setattr(quality("rows"), "BUILD", tmp_path / "build")

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["run", "tiny", *words])
        with pytest.raises(SystemExit) as ended:
            quality("run").main()
        return ended.value.code

    return call


def keys(quality, *words):
    command = quality("run")
    return {row.key for row in command.chosen(command.arguments(["tiny", *words]))}


def test_a_data_set_alone_means_the_row_of_whyrec(quality, run):
    assert keys(quality) == {"fusion"}


def test_groups_come_beside_it(quality, run):
    assert keys(quality, "--no-kg", "--sparse", "0.5") == {
        "fusion",
        "fusion-no-kg",
        "sparse-50",
        "sparse-50-no-kg",
    }
    assert keys(quality, "--peers") >= {"fusion", "peer-als", "baseline-random"}
    assert keys(quality, "--components") >= {"fusion", "only-popularity"}


def test_rows_by_key_come_alone(quality, run):
    assert keys(quality, "--row", "peer-als", "--row", "sparse-10") == {"peer-als", "sparse-10"}


def test_all_and_what_is_kept_mean_every_row(quality, run):
    every = keys(quality, "--all")
    assert every == keys(quality, "--stored")
    assert {"fusion", "fusion-no-kg", "only-gnn", "peer-kgin", "sparse-10-no-kg"} <= every


def test_without_any_word_every_row_of_the_five_sets_with_a_goal_is_meant(quality):
    choice = quality("run").arguments([])
    assert choice.all
    assert set(choice.names) == set(quality("goals").GOALS)


def test_a_kept_row_is_shown_and_not_measured_again(run, capsys):
    row = ("--row", "baseline-random", "--json")
    assert run(*row) == 0
    measured = capsys.readouterr()
    assert "baseline-random ..." in measured.err
    assert run(*row) == 0
    kept = capsys.readouterr()
    assert kept.err == ""
    assert json.loads(kept.out) == json.loads(measured.out)
    assert run(*row, "--fresh") == 0
    assert "baseline-random ..." in capsys.readouterr().err


def test_rows_that_are_not_kept_cannot_be_shown(run):
    assert run("--stored") == "There are no such rows."
