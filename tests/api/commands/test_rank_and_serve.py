"""What ``whyrec rank`` scores is what ``POST /v1/recommendations`` scores."""

import itertools
from collections import defaultdict

import numpy as np
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings

LEARNING = ("--seed", 5, "--epochs", 3, "--device", "cpu", "--reasons", 0.005)
N_ITEMS = 30
# Both learn from the same events, but in another order: factorisation in float32 feels that.
SAME = 1e-3
KINDS = {
    "done": "user\titem",
    "rated": "user\titem\tvalue",
    "rated over time": "user\titem\tvalue\ttimestamp",
}


def write(path, header, rows):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


@pytest.fixture(params=list(KINDS))
def files(request, tmp_path):
    """Sixty users of two tastes; items with attributes and triples, some of them cold."""
    rng = np.random.default_rng(3)
    rows = [
        f"u{user}\ti{user % 2} {item}\t{rng.integers(3, 6)}\t{rng.integers(1, 10**9)}"
        for user in range(60)
        for item in rng.permutation(13)[:9].tolist()
    ]
    columns = KINDS[request.param].count("\t") + 1
    folder = tmp_path / "data"
    folder.mkdir()
    cut = ["\t".join(row.split("\t")[:columns]) for row in rows]
    write(folder / "train.tsv", KINDS[request.param], cut)
    names = [(side, number) for side in (0, 1) for number in range(15)]
    genres = ("Drama", "Comedy")
    write(
        folder / "items.tsv",
        "item\ttitle\tgenres",
        [f"i{s} {n}\tPicture {s} {n}\t{genres[s]}|{'Old' if n % 3 else 'New'}" for s, n in names],
    )
    write(
        folder / "kg.tsv",
        "head\trelation\ttail",
        [f"i{s} {n}\tmade by\tp{(n * 7 + s) % 5}" for s, n in names]
        + [f"p{n}\tlives in\tc{n % 2}" for n in range(5)],
    )
    write(tmp_path / "users.tsv", "user", [*(f"u{n}" for n in range(60)), "nobody"])
    return folder


@pytest.fixture
def ranked(whyrec, files):
    """All items that each user does not have, with their scores, as ``rank`` writes them."""
    answer = whyrec(
        *("rank", "--train", "data/train.tsv", "--items", "data/items.tsv", "--kg", "data/kg.tsv"),
        *("--users", "users.tsv", "--out", "lists.tsv", "-k", N_ITEMS, *LEARNING),
    )
    assert answer.code == 0, answer.stderr
    lists = defaultdict(dict)
    for line in (files.parent / "lists.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        user, _, item, score = line.split("\t")
        lists[user][item] = float(score)
    return lists


@pytest.fixture
def served(whyrec, files, home):
    """The same files in the embedded store, the same learning, over HTTP."""
    for arguments in (("load", "data", "--format", "whyrec"), ("train", *LEARNING)):
        answer = whyrec(*arguments)
        assert answer.code == 0, answer.stderr
    with TestClient(create_app(Settings(home=home, log={"level": "error"}))) as client:

        def ask(user):
            body = client.post("/v1/recommendations", json={"user_id": user, "k": N_ITEMS}).json()
            return {item["item_id"]: item["score"] for item in body["items"]}

        yield ask


def test_the_same_user_gets_the_same_scores_in_the_same_order(ranked, served):
    for user in ("u0", "u7", "u31"):
        single = served(user)
        assert len(single) == N_ITEMS - 9
        assert single == pytest.approx(ranked[user], rel=SAME, abs=1e-6)
        # Items of equal score may stand in either order.
        scores = list(single.values())
        near = [a - b < SAME * abs(a) for a, b in itertools.pairwise(scores)]
        steps = [0, *(at + 1 for at, same in enumerate(near) if not same), len(scores)]
        for start, stop in itertools.pairwise(steps):
            first, second = (list(one)[start:stop] for one in (single, ranked[user]))
            assert sorted(first) == sorted(second)
        assert len(steps) > 10

    # Without a history both score by popularity; a single answer is then mixed by theme.
    nobody = served("nobody")
    assert len(nobody) == N_ITEMS
    assert nobody == pytest.approx(ranked["nobody"], rel=1e-4, abs=1e-6)
    assert next(iter(nobody)) in list(ranked["nobody"])[:3]
