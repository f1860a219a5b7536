import pytest

from api.commands.evaluation import SplitChoice
from ranking.evaluation.split_files import How

USERS = range(30)


@pytest.fixture
def data(tmp_path):
    """Thirty users who each did one of two things; one system knows which, one does not."""
    rows = {"test": ["user\titem"], "train": ["user\titem"], "items": ["item\ttitle"]}
    lists = {name: ["user\trank\titem\tscore"] for name in ("knows", "guesses")}
    for user in USERS:
        right, wrong = ("a", "b") if user % 2 else ("b", "a")
        rows["test"].append(f"u{user}\t{right}")
        rows["train"].append(f"u{user}\tz")
        lists["knows"] += [f"u{user}\t1\t{right}\t2", f"u{user}\t2\t{wrong}\t1"]
        lists["guesses"] += [f"u{user}\t1\ta\t2", f"u{user}\t2\tb\t1"]
    rows["items"] += [f"{name}\tTitle of {name}" for name in "abyz"]
    for name, lines in {**rows, **lists}.items():
        (tmp_path / f"{name}.tsv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_evaluate_counts_what_stands_first(whyrec, data):
    answer = whyrec("evaluate", "knows.tsv", "--test", "test.tsv", "-k", 1, "--json")
    assert answer.document["metrics"]["recall"]["mean"] == 1.0
    assert answer.document["metrics"]["ndcg"]["mean"] == 1.0
    assert "against" not in answer.document


def test_evaluate_for_people_is_a_table_with_intervals(whyrec, data):
    shown = whyrec("evaluate", "knows.tsv", "--test", "test.tsv", "--train", "train.tsv", "-k", 2)
    assert "recall@2" in shown.stdout
    assert "95 % from" in shown.stdout
    assert "coverage@2: 0.6667 of 3 items" in shown.stdout


def test_other_lists_are_compared_user_by_user(whyrec, data):
    arguments = ("evaluate", "knows.tsv", "--test", "test.tsv", "--against", "guesses.tsv", "-k", 2)
    difference = whyrec(*arguments, "--json").document["against"]["guesses"]["difference"]
    assert difference["mrr"]["mean"] == pytest.approx(0.25)
    assert difference["mrr"]["p_holm"] < 0.01
    assert difference["recall"]["p_t"] == 1
    shown = whyrec(*arguments).stdout
    assert "knows minus guesses" in shown
    assert "+0.2500" in shown
    assert "coverage@2: 1.0000, 1.0000 of 2 items" in shown


def test_several_lists_and_the_page(whyrec, data):
    (data / "more").mkdir()
    (data / "more" / "guesses.tsv").write_bytes((data / "guesses.tsv").read_bytes())
    answer = whyrec(
        *("evaluate", "knows.tsv", "--test", "test.tsv", "--train", "train.tsv"),
        *("--against", "guesses.tsv", "--against", "more/guesses.tsv"),
        *("--items", "items.tsv", "--report", "pages/page.html", "-k", 2),
    )
    assert answer.code == 0, answer.stderr
    assert "of 4 items" in answer.stdout
    assert "Page: pages/page.html" in answer.stdout
    assert whyrec("evaluate", "knows.tsv", "--test", "test.tsv", "--against", "more").code == 0
    page = (data / "pages" / "page.html").read_text()
    assert "knows minus more/guesses" in page
    assert "Title of a" in page


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing.tsv", "--test", "test.tsv"), "nothing.tsv"),
        (("knows.tsv", "--test", "nothing.tsv"), "nothing.tsv"),
        (("test.tsv", "--test", "test.tsv"), "test.tsv, line 1: there is no column 'rank'"),
        (("knows.tsv", "--test", "test.tsv", "--against", "knows.tsv"), "given twice"),
        (("knows.tsv", "--test", "test.tsv", "--items", "test.tsv", "-k", "0"), "-k"),
    ],
)
def test_what_cannot_be_measured_is_named(whyrec, data, arguments, told):
    answer = whyrec("evaluate", *arguments)
    assert answer.code in {1, 2}
    assert told in answer.stderr


def test_a_row_that_is_broken_is_named(whyrec, data):
    (data / "broken.tsv").write_text("user\trank\titem\tscore\nu1\t1\ta\t2\nu1\tfirst\tb\t1\n")
    answer = whyrec("evaluate", "broken.tsv", "--test", "test.tsv")
    assert answer.code == 1
    assert "broken.tsv, line 3: rank is not a number" in answer.stderr


def test_split_writes_what_rank_and_evaluate_read(whyrec, data):
    rows = [f"u{user}\ti{(user + n) % 9}\t{user * 10 + n}" for user in USERS for n in range(5)]
    (data / "all.tsv").write_text("\n".join(["user\titem\ttimestamp", *rows]) + "\n")
    for how in How:
        arguments = ("split", "all.tsv", "--how", how.value, "--out", how.value)
        counts = whyrec(*arguments, "--json").document
        assert counts["train"] + counts["test"] + counts["already_known"] == 150
        assert (data / how.value / "candidates.tsv").exists() == (how is How.cold_items)
        again = whyrec(*arguments)
        assert again.code == 1
        assert "exists" in again.stderr
    shown = whyrec("split", "all.tsv", "--how", "cold-items", "--share", "0.3", "--out", "new")
    assert "cold items" in shown.stdout
    assert "events to find" in shown.stdout


def test_a_split_can_be_ranked_and_measured(whyrec, data):
    rows = [
        f"u{user}\ti{item}\t{user * 100 + item}"
        for user in USERS
        for item in range(user % 2, 20, 2)
        if (user + item) % 3
    ]
    (data / "all.tsv").write_text("\n".join(["user\titem\ttimestamp", *rows]) + "\n")
    kg = [f"i{item}\tis\tkind {item % 2}" for item in range(20)]
    (data / "kg.tsv").write_text("\n".join(["head\trelation\ttail", *kg]) + "\n")
    whyrec("split", "all.tsv", "--how", "cold-items", "--share", 0.4, "--out", "cold", "--json")
    ranked = whyrec(
        *("rank", "--train", "cold/train.tsv", "--users", "cold/users.tsv", "--kg", "kg.tsv"),
        *("--candidates", "cold/candidates.tsv", "--out", "lists.tsv", "-k", 8, "--epochs", 1),
    )
    assert ranked.code == 0, ranked.stderr
    found = whyrec(
        *("evaluate", "lists.tsv", "--test", "cold/test.tsv", "--train", "cold/train.tsv"),
        *("-k", 4, "--report", "page.html", "--json"),
    ).document
    assert found["users_without_list"] == 0
    # A cold item is found by its kind; among those of the other kind there is nothing to find.
    assert found["metrics"]["recall"]["mean"] > 0.8
    assert ">cold<" in (data / "page.html").read_text()


def test_split_says_what_is_missing(whyrec, data):
    answer = whyrec("split", "train.tsv", "--how", "temporal", "--out", "out")
    assert answer.code == 1
    assert "train.tsv has no column 'timestamp'" in answer.stderr
    assert "--how random" in answer.stderr


def test_the_command_knows_every_split():
    assert [how.value for how in SplitChoice] == [how.value for how in How]
