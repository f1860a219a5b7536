import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from graph.progress import silent
from llm.adapter import Adapter, _Lesson, fit_adapter
from llm.meaning import name_vectors, wordings
from llm.practice import Wording, practice_requests
from llm.surfaces import NamedThing

CATALOG = Path(__file__).parents[2] / "benchmarks" / "language" / "own" / "entities.jsonl"
N_DIMS = 32


class TwoTongues:
    """Encodes a word as its number; words of one tongue lie in another half than the other's."""

    name = "two tongues"
    n_dims = N_DIMS

    def encode(self, texts):
        vectors = np.zeros((len(texts), N_DIMS), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                half, _, number = word.partition("-")
                if number.isdigit() and int(number) < 15:
                    vectors[row, int(number) + 16 * (half == "b")] = 1.0
            vectors[row, 15] += 0.1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def two_names(n):
    return [Wording(at, f"{tongue}-{at}") for at in range(n) for tongue in "ab"]


def test_two_names_of_one_thing_come_nearer_and_the_same_each_time():
    # Nothing says that a-3 and b-3 are one thing but the catalog.
    encoder, said = TwoTongues(), two_names(14)
    thing = np.array([one.thing for one in said])
    names = encoder.encode([one.text for one in said])

    def learn():
        random = np.random.default_rng(4)
        requests = practice_requests(said, 400, random=random)
        asked = encoder.encode([one.text for one in requests])
        return Adapter(*_Lesson(requests, asked, thing, names, random).learn(silent), sure=0.5)

    first, again = learn(), learn()
    np.testing.assert_array_equal(first.request_map, again.request_map)
    asked, named = first.requests(names[0::2]), first.names(names[1::2])
    nearer = np.einsum("ij,ij->i", asked, named) - np.einsum("ij,ij->i", names[0::2], names[1::2])
    assert nearer.min() > 0.0
    np.testing.assert_allclose(np.linalg.norm(named, axis=1), 1.0, rtol=1e-5)


def test_a_real_catalog_in_two_languages_gains(use_m3):
    rows = [json.loads(line) for line in CATALOG.read_text("utf-8").splitlines()]
    things = [
        NamedThing(row["id"], "Entity", row["type"], (row["name"], row["name_zh"], *row["aliases"]))
        for row in rows
        if row["name_zh"]
    ]
    names = name_vectors(things, use_m3)
    adapter = fit_adapter(wordings(things), names.vectors, use_m3)
    assert adapter is not None
    assert adapter.after >= adapter.before + 0.01
    assert 0.0 < adapter.sure < 1.0


ONE_NAME_EACH = [Wording(at, f"a-{at}") for at in range(14)]


@pytest.mark.parametrize("said", [[], [Wording(0, "a-1")], two_names(5), ONE_NAME_EACH])
def test_nothing_is_learned_from_too_little(said):
    encoder = TwoTongues()
    vectors = encoder.encode([one.text for one in said])
    assert fit_adapter(said, vectors, encoder) is None


def test_maps_that_do_not_help_are_not_kept():
    """Where every wording is a word of its own, no map finds what was never shown."""

    class Unrelated(TwoTongues):
        def encode(self, texts):
            rng = [np.random.default_rng(zlib.crc32(text.encode())) for text in texts]
            vectors = np.array([one.standard_normal(N_DIMS) for one in rng], np.float32)
            vectors = vectors.reshape(len(texts), N_DIMS)
            return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encoder = Unrelated()
    said = [Wording(at, f"{word}{at}") for at in range(40) for word in ("x", "y")]
    adapter = fit_adapter(said, encoder.encode([one.text for one in said]), encoder)
    assert adapter is None or adapter.after >= adapter.before + 0.01


def test_without_maps_nothing_moves():
    still = Adapter(np.zeros((3, 3), np.float32), np.zeros((3, 3), np.float32), 0.5)
    rows = np.eye(3, dtype=np.float32)
    np.testing.assert_array_equal(still.requests(rows), rows)
    np.testing.assert_array_equal(still.names(rows), rows)
