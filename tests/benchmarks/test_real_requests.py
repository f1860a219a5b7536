"""The benchmark of real requests, on made-up dialogues in the same files."""

import asyncio
import gzip
import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

LANGUAGE = Path(__file__).parents[2] / "benchmarks" / "language"
SIDES = {"comedy": "something funny", "horror": "something scary"}


@pytest.fixture
def module(monkeypatch, tmp_path):
    """Import a module of benchmarks/language by its name; the data lie in a folder of the test."""
    folder = tmp_path / "data" / "nl-requests"
    folder.mkdir(parents=True)
    films = [film(f"{side.title()} {n} ({1990 + n})", side) for side in SIDES for n in range(10)]
    rows = [dialogue(number) for number in range(40)]
    write(folder / "redial_catalog.jsonl.gz", films)
    for split in ("valid", "test_a"):
        write(folder / f"redial_requests_{split}.jsonl.gz", [request for request, _ in rows])
        write(folder / f"redial_turns_{split}.jsonl.gz", [turn for _, turn in rows])
    monkeypatch.setenv("WHYREC_BENCHMARK_DATA", str(tmp_path / "data"))
    monkeypatch.syspath_prepend(LANGUAGE)
    yield import_module
    for name in ("redial", "real_requests"):
        sys.modules.pop(name, None)


def film(name, genre):
    people = {"director": [f"{genre.title()} Maker"], "writer": [], "star": []}
    return {"redial_id": f"id {name}", "name": name, "genre": [genre], **people}


def dialogue(number):
    side = list(SIDES)[number % 2]
    title = side.title()
    seed, gold = (
        f"{title} {(number + step) % 10} ({1990 + (number + step) % 10})" for step in (0, 1)
    )
    query = f"{SIDES[side]}, please, like {seed}"
    request = {
        "id": f"d{number}",
        "query": query,
        "seeds": [{"title": seed}],
        "gold": [{"title": gold}, {"title": "A film that nobody knows"}],
        "self_contained": number % 4 < 2,
    }
    turn = {
        "id": f"d{number}",
        "context": ["", "Hello!", query],
        "entity": [side, seed],
        "rec": [gold],
    }
    return request, turn


def write(path, rows):
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))


def test_requests_and_turns_are_read(module):
    redial = module("redial")
    films = redial.Films()
    assert len(redial.read_requests(films, "valid", alone=False)) == 40
    first = redial.read_requests(films, "valid", alone=True)
    assert len(first) == 20
    assert first[0] == redial.Asked(
        "d0",
        "something funny, please, like Comedy 0 (1990)",
        ("id Comedy 0 (1990)",),
        ("id Comedy 1 (1991)",),
    )
    turn = redial.read_turns(films, "valid")[1]
    assert turn.text == "Hello!\nsomething scary, please, like Horror 1 (1991)"
    assert turn.mentioned == ("id Horror 1 (1991)",)


def test_what_is_asked_about_is_left_out_of_what_is_known(module, tmp_path):
    redial = module("redial")
    films = redial.Films()
    log = redial.write_known(films, tmp_path / "known", without=0)
    known = {json.loads(line)["user"] for line in log.read_text().splitlines()}
    events = (tmp_path / "known" / "catalog" / "events.csv").read_text().splitlines()[1:]
    assert {line.split(",")[0] for line in events} == known
    assert known == {f"d{n}" for n in range(40) if redial.fold_of(f"d{n}") != 0}
    items = (tmp_path / "known" / "catalog" / "items.jsonl").read_text().splitlines()
    assert json.loads(items[3]) == {
        "id": "id Comedy 3 (1993)",
        "title": "Comedy 3 (1993)",
        "attributes": {
            "genres": ["comedy"], "directors": ["Comedy Maker"], "writers": [], "cast": [],
            "year": 1993,
        },
    }  # fmt: skip


def test_figures_of_known_lists(module):
    real = module("real_requests")
    assert real.ndcg(["a", "b", "c"], ("a",)) == 1.0
    assert real.ndcg(["x", "a"], ("a",)) == pytest.approx(0.6309, abs=1e-4)
    assert real.ndcg(["x", "y"], ("a",)) == 0.0
    asked = [real.Asked("d1", "", (), ("a",)), real.Asked("d2", "", (), ("b", "c", "e"))]
    found = real.measure(lambda _: ["a", "b"], asked, asked)
    assert found["turns Recall@10"]["mean"] == 0.5
    assert found["requests NDCG@10"]["mean"] == 0.648


def test_words_find_films(module):
    redial, real = module("redial"), module("real_requests")
    bm25 = real.Bm25(redial.Films())
    asked = redial.Asked("d", "horror 7", ("id Horror 7 (1997)",), ())
    listed = bm25(asked)
    assert len(listed) == 10
    assert "id Horror 7 (1997)" not in listed
    assert bm25(redial.Asked("d", "horror 7", (), ()))[0] == "id Horror 7 (1997)"


def test_the_whole_benchmark_runs(module, tmp_path):
    found = asyncio.run(module("real_requests").run(tmp_path / "kept", test=False))
    assert found["asked"] == "validation, fold 0"
    assert set(found) >= {"whyrec", "what is named, then popularity", "BM25", "request_weights"}
    recall = found["whyrec"]["turns Recall@10"]["mean"]
    assert recall > 0.5
