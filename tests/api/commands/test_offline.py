import pytest

CRIME = [f"c{n}" for n in range(6)]
COMEDY = [f"f{n}" for n in range(6)]


@pytest.fixture
def data(tmp_path):
    """Sixty users with one of two tastes; each has five of six films, the sixth is the test."""
    train, test, users = ["user\titem\tvalue"], ["user\titem"], ["user"]
    for number in range(60):
        films, held = (CRIME, COMEDY)[number % 2], (number // 2) % 6
        users.append(f"u{number}")
        for place, film in enumerate(films):
            if place == held:
                test.append(f"u{number}\t{film}")
            else:
                train.append(f"u{number}\t{film}\t5")
    for name, rows in {"train": train, "test": test, "users": users}.items():
        (tmp_path / f"{name}.tsv").write_text("\n".join(rows) + "\n")
    return tmp_path


@pytest.fixture
def ranked(whyrec, data):
    answer = whyrec(
        *("rank", "--train", "train.tsv", "--users", "users.tsv", "--out", "lists.tsv"),
        *("-k", 3, "--epochs", 1, "--device", "cpu", "--json"),
    )
    assert answer.code == 0, answer.stderr
    return answer.document


def test_rank_writes_a_list_for_each_user(ranked, data):
    lines = (data / "lists.tsv").read_text().splitlines()
    assert lines[0] == "user\trank\titem\tscore"
    assert len({line.split("\t")[0] for line in lines[1:]}) == 60
    assert ranked["users"] == 60


def test_a_file_that_is_missing_is_named(whyrec):
    answer = whyrec("rank", "--train", "no.tsv", "--users", "no.tsv", "--out", "lists.tsv")
    assert answer.code == 1
    assert "no.tsv" in answer.stderr


FILES = ("rank", "--train", "train.tsv", "--users", "users.tsv", "-k", 3, "--device", "cpu")


def test_the_chosen_recipe_is_printed(whyrec, data):
    shown = whyrec(*FILES, "--epochs", 1, "--time-budget", 30, "--out", "lists.tsv")
    assert shown.code == 0, shown.stderr
    assert "Recipe" in shown.stdout
    assert "weights with" in shown.stdout
    assert "validation, sum" in shown.stdout


def test_one_component_ranks_alone(whyrec, data):
    answer = whyrec(*FILES, "--only", "linear", "--out", "linear.tsv", "--json")
    assert answer.code == 0, answer.stderr
    assert answer.document["component"]["name"] == "linear"
    assert (data / "linear.tsv").exists()
    shown = whyrec(*FILES, "--only", "linear", "--out", "linear.tsv")
    assert "lasso" in shown.stdout


def test_several_components_fill_a_folder(whyrec, data, monkeypatch):
    monkeypatch.setattr("ranking.components.ease.Ease.max_items", 3)
    several = ("--only", "popularity", "--only", "ease", "--only", "ials")
    shown = whyrec(*FILES, *several, "--out", "lists")
    assert shown.code == 0, shown.stderr
    assert "Left out: ease copes with at most 3 items" in shown.stdout
    assert sorted(path.name for path in (data / "lists").iterdir()) == [
        "ials.tsv",
        "popularity.tsv",
    ]


def test_a_component_that_does_not_fit_ends_with_the_way_out(whyrec, data, monkeypatch):
    monkeypatch.setattr("ranking.components.ease.Ease.max_items", 3)
    answer = whyrec(*FILES, "--only", "ease", "--out", "ease.tsv")
    assert answer.code == 1
    assert "at most 3 items" in answer.stderr
    assert "item-graph" in answer.stderr


def test_a_component_that_does_not_exist_lists_those_that_do(whyrec, data):
    answer = whyrec(*FILES, "--only", "nonsense", "--out", "lists.tsv")
    assert answer.code == 1
    assert "kg-similarity-1" in answer.stderr
