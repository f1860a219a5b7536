"""``whyrec adapt``: a real training of a few steps, and the choice among its results."""

import pytest

GENRES = ("Drama", "Comedy", "Crime", "Western")


@pytest.fixture
def catalog(tmp_path):
    """Forty-eight films whose descriptions tell their genre in words of their own."""
    folder = tmp_path / "catalog"
    folder.mkdir()
    words = ("grief and letters", "pies and mishaps", "a vault and a lie", "dust and horses")
    rows = ["id\ttitle\tgenre\tdescription"]
    for number in range(48):
        kind = number % 4
        rows.append(
            f"f{number}\tPicture {number:02d}\t{GENRES[kind]}\tIt is all about {words[kind]}"
        )
    (folder / "items.tsv").write_text("\n".join(rows) + "\n")
    (folder / "events.tsv").write_text("user\titem\ttype\tvalue\tat\nu1\tf1\trating\t5\t1000000\n")
    return folder


@pytest.mark.slow
def test_an_adapter_is_trained_kept_chosen_and_removed(whyrec, loaded, monkeypatch):
    monkeypatch.delenv("WHYREC_TRAINING__ENCODER")
    quick = ("--minutes", 2, "--epochs", 2, "--rank", 4, "--device", "cpu")
    trained = whyrec("adapt", "--name", "pictures", *quick, "--json")
    assert trained.code == 0, trained.stderr
    card = trained.document
    assert card["kept"], card
    assert max(card["scores"]) > card["scores"][0]
    assert card["before"].keys() == card["after"].keys() == {"attributes", "names"}
    assert card["n_held_items"] == 10

    again = whyrec("adapt", "--name", "pictures", *quick)
    assert again.code == 1
    assert "There is an adapter named pictures" in again.stderr

    chosen = whyrec("adapt", "--use", "pictures", "--json")
    assert chosen.document["encoder"] == "minilm+pictures"
    assert "whyrec train" in chosen.stderr
    assert "pictures" in whyrec("adapt", "--list").stdout
    assert whyrec("adapt", "--remove", "pictures").code == 1
    assert whyrec("adapt", "--use", "use-m3").code == 0
    assert whyrec("adapt", "--remove", "pictures", "--json").document["adapters"] == []


def test_what_does_not_help_is_not_kept(whyrec, loaded):
    answer = whyrec("adapt", "--minutes", 0.01, "--epochs", 1, "--device", "cpu", "--seed", 1)
    assert answer.code == 0, answer.stderr
    listed = whyrec("adapt", "--list", "--json").document["adapters"]
    kept = "Kept as catalog" in answer.stdout
    assert kept == bool(listed)
    assert kept or "nothing is kept" in answer.stdout


def test_a_catalog_that_is_too_small_is_told_in_a_sentence(whyrec, tmp_path):
    (tmp_path / "items.tsv").write_text("id\ttitle\nf1\tOne\n")
    assert whyrec("load", tmp_path / "items.tsv", "--format", "whyrec").code == 0
    answer = whyrec("adapt", "--minutes", 1)
    assert answer.code == 1
    assert "1 items, too few" in answer.stderr


def test_a_name_that_cannot_be_one_is_refused(whyrec, loaded):
    answer = whyrec("adapt", "--name", "../x")
    assert answer.code == 1
    assert "name of an adapter" in answer.stderr


def test_nothing_to_list_is_told_plainly(whyrec):
    answer = whyrec("adapt", "--list")
    assert answer.code == 0
    assert answer.stdout.strip() == "The next training uses none."
    assert whyrec("adapt", "--use", "films").code == 1
