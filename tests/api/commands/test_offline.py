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
