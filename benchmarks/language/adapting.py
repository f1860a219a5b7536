"""What fine-tuning to a catalog gains: ``python benchmarks/language/adapting.py --data films``.

``films`` are the items of MovieLens-100k with their ratings: find what goes with films that no
pair of the training spoke of. ``requests`` is the catalog of ``nl-requests``; what the people of
four fifths of its validation dialogues spoke of are the clicks: find what was recommended to those
of the last fifth from the words of their first request. Both are measured with the encoder as it
is, with its adapter, and with ``use-m3``; which epoch is kept is decided on other items.

Data are read from the folder ``WHYREC_BENCHMARK_DATA``, else ``../shared/data`` beside this
repository. Prints one JSON document.
"""

import argparse
import gzip
import json
import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from graph.presets import preset
from graph.snapshot import Snapshot
from llm.encoder import load_encoder
from llm.encoding import sha256_of
from llm.fine_tuning import FineTuning, Retrieval, measure, tune
from llm.lora_files import save
from llm.minilm import MiniLmEncoder, weights_file
from ranking.catalog_pairs import CatalogPairs
from ranking.evaluation.files import read_snapshot

PRESET = "films"


def data_folder() -> Path:
    """Return the folder of benchmark data."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    return Path(os.environ.get("WHYREC_BENCHMARK_DATA", beside))


def write_rows(path: Path, header: str, rows: Iterable[Iterable[object]]) -> Path:
    """Write a tab-separated file."""
    lines = ["\t".join(str(cell).replace("\t", " ") for cell in row) for row in rows]
    path.write_text("\n".join([header.replace(" ", "\t"), *lines]) + "\n", "utf-8")
    return path


def read_films(folder: Path) -> Snapshot:
    """Read MovieLens-100k: titles, genres and ratings."""
    source = data_folder() / "ml-100k-kg" / "ml-100k"
    genres = [
        line.split("|")[0] for line in (source / "u.genre").read_text().splitlines() if line.strip()
    ]
    items = []
    for line in (source / "u.item").read_text("latin-1").splitlines():
        cells = line.split("|")
        has = [name for name, flag in zip(genres, cells[5:], strict=False) if flag == "1"]
        items.append((cells[0], cells[1], "|".join(has)))
    events = [line.split("\t") for line in (source / "u.data").read_text().splitlines()]
    return read_snapshot(
        write_rows(folder / "train.tsv", "user item value timestamp", events),
        items=write_rows(folder / "items.tsv", "item title genre", items),
        preset=PRESET,
    )


def read_lines(name: str) -> list[dict[str, Any]]:
    """Read a packed file of JSON lines."""
    with gzip.open(data_folder() / "nl-requests" / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def is_test_dialogue(name: str) -> bool:
    """Keep every fifth validation dialogue for the test."""
    return int(name.rpartition("-")[2]) % 5 == 0


def read_requests(folder: Path) -> tuple[Snapshot, Retrieval]:
    """Read the catalog and the clicks of most dialogues, and the requests of the others."""
    films = read_lines("redial_catalog.jsonl.gz")
    names = {film["name"]: film["redial_id"] for film in films}
    clicks = {}
    for turn in read_lines("redial_turns_valid.jsonl.gz"):
        if not is_test_dialogue(turn["id"]):
            for name in (*turn["entity"], *turn["rec"]):
                if name in names:
                    clicks[turn["id"], names[name]] = None
    columns = ("genre", "director", "writer", "star")
    rows = [
        (film["redial_id"], film["name"], *("|".join(film[one] or ()) for one in columns))
        for film in films
    ]
    snapshot = read_snapshot(
        write_rows(folder / "train.tsv", "user item", clicks),
        items=write_rows(folder / "items.tsv", "item title genre director writer star", rows),
        preset=PRESET,
    )
    return snapshot, request_test(snapshot)


def request_test(snapshot: Snapshot) -> Retrieval:
    """Make the test: from the words of a request to the films that were recommended then."""
    texts = [item.text for item in CatalogPairs.of(snapshot, preset(PRESET)).items]
    place = {snapshot.item(row).title: row for row in range(len(texts))}
    asked = []
    for request in read_lines("redial_requests_valid.jsonl.gz"):
        found = frozenset(
            place[film["title"]] for film in request["gold"] if film["title"] in place
        )
        known = frozenset(
            place[film["title"]] for film in request["seeds"] if film["title"] in place
        )
        if is_test_dialogue(request["id"]) and request["self_contained"] and found - known:
            asked.append((request["query"], found - known, known))
    queries, relevant, known_of = zip(*asked, strict=True)
    return Retrieval("requests", queries, texts, relevant, known_of)


def main() -> None:
    """Train on one data set and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", choices=("films", "requests"), default="films")
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        report = compare(Path(name), options)
    print(json.dumps(report, indent=2))


def compare(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Split, train, save, load again, and measure on the test."""
    extra = []
    if options.data == "films":
        snapshot = read_films(folder)
    else:
        snapshot, asked = read_requests(folder)
        extra = [asked]
    pairs = CatalogPairs.of(snapshot, preset(PRESET), seed=options.seed)
    half = np.random.default_rng(options.seed).permutation(pairs.held)
    validation, test = np.sort(half[: len(half) // 2]), np.sort(half[len(half) // 2 :])
    tests = [*extra, *replace(pairs, held=test).tests()]
    wanted = FineTuning(
        rank=options.rank,
        epochs=options.epochs,
        minutes=options.minutes,
        device=options.device,
        seed=options.seed,
    )
    start = time.process_time()
    tuned = tune(pairs.epoch, replace(pairs, held=validation).tests(), options=wanted)
    spent = time.process_time() - start
    card = {"base": sha256_of(weights_file()), "model": "minilm"}
    adapter = save(tuned.model, folder / "adapter", card)
    encoder = MiniLmEncoder(device=options.device, adapter=adapter)
    return {
        "data": options.data,
        "items": len(snapshot.items),
        "events": len(snapshot.events),
        "cpu_minutes": round(spent / 60, 2),
        "steps": tuned.fit.steps,
        "validation": [round(score, 4) for score in tuned.fit.scores],
        "kept_epoch": tuned.fit.best,
        "test": [told(test, encoder) for test in tests],
    }


def told(test: Retrieval, adapted: MiniLmEncoder) -> dict[str, Any]:
    """Measure one test with the three encoders."""
    encoders = {"minilm": load_encoder("minilm"), "adapted": adapted, "use-m3": load_encoder()}
    figures = {
        name: {key: round(value, 4) for key, value in measure(encoder, test).items()}
        for name, encoder in encoders.items()
    }
    return {"name": test.name, "texts": len(test.texts), "among": len(test.candidates), **figures}


if __name__ == "__main__":
    main()
