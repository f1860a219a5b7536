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


def test_evaluate_finds_the_held_out_film_first(whyrec, ranked):
    answer = whyrec("evaluate", "lists.tsv", "--test", "test.tsv", "-k", 1, "--json")
    assert answer.document["metrics"]["recall"]["mean"] == 1.0
    assert answer.document["metrics"]["ndcg"]["mean"] == 1.0


def test_evaluate_for_people_is_a_table_with_intervals(whyrec, ranked):
    shown = whyrec("evaluate", "lists.tsv", "--test", "test.tsv", "--train", "train.tsv", "-k", 2)
    assert "recall@2" in shown.stdout
    assert "95 % from" in shown.stdout
    assert "coverage@2: 1.0000 of 12 items" in shown.stdout
