"""A small made-up catalog in English and Chinese, and an encoder whose vectors are known."""

import subprocess
import sys
import zlib

import numpy as np
import pytest

from llm.encoder import load_encoder
from llm.linker import Linker, NamedThing


def entity(thing_id, label, *surfaces, weight=1.0):
    return NamedThing(thing_id, "Entity", label, surfaces, weight)


def item(thing_id, *surfaces, weight=1.0):
    return NamedThing(thing_id, "Item", "Item", surfaces, weight)


THINGS = (
    entity("genre:comedy", "Genre", "Comedy", "喜剧片", "funny", "搞笑"),
    entity("genre:horror", "Genre", "Horror", "恐怖片"),
    entity("genre:war", "Genre", "War", "战争片"),
    entity("genre:drama", "Genre", "Drama", "剧情片"),
    entity("genre:sci-fi", "Genre", "Sci-Fi", "科幻片"),
    entity("decade:1980s", "Decade", "1980s"),
    entity("country:us", "Country", "US", "美国"),
    entity("brand:nova", "Brand", "Novastep", "新步"),
    entity("category:sneakers", "Category", "sneakers", "运动鞋"),
    entity("person:okafor", "Person", "Adaeze Okafor", "阿达·奥卡福"),
    entity("person:de-vries", "Person", "Tom de Vries"),
    entity("person:lin-1", "Person", "Amy Lindqvist", weight=3.0),
    entity("person:lin-2", "Person", "Jon Lindqvist", weight=40.0),
    item("1", "Silver Harbour (1984)", "银色港湾", weight=90.0),
    item("2", "Silver Harbour: The Return (1990)", weight=20.0),
    item("3", "Orchard, The (1977)", "果园"),
    item("4", "Heat (1991)", weight=50.0),
    item("5", "Drama (1999)", weight=500.0),
    item("6", "Comet Riders 2 (2003)"),
    item("7", "Q.E.D. the Machine (1982)", "证明"),
    item("8", "Night of the Paper Kites (1966)", "纸鸢之夜"),
)


AXES = {"horror": 0, "scary": 0, "frightening": 0, "war": 1, "soldiers": 1, "comedy": 2}


class KnownEncoder:
    """Words on one axis mean the same, every other word has its own; a text is their sum."""

    name = "known"
    n_dims = 512

    def __init__(self):
        self.calls = 0

    def encode(self, texts):
        self.calls += 1
        vectors = np.zeros((len(texts), self.n_dims), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                vectors[row, AXES.get(word, 3 + zlib.crc32(word.encode()) % 509)] += 1.0
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(norms == 0, 1, norms)


@pytest.fixture
def things():
    return THINGS


@pytest.fixture
def linker():
    return Linker(THINGS)


@pytest.fixture
def known_encoder():
    return KnownEncoder()


@pytest.fixture(scope="session")
def use_m3():
    return load_encoder("use-m3")


@pytest.fixture(scope="session")
def minilm():
    return load_encoder("minilm", device="cpu")


LOAD = """
import json, sys
from pathlib import Path
from llm.encoder import load_encoder
encoder = load_encoder("minilm", device="cpu", state=Path(sys.argv[1]))
heavy = sorted({"torch", "transformers"} & set(sys.modules))
print(json.dumps([type(encoder).__name__, heavy, encoder.encode(["a quiet film"]).tolist()]))
"""


@pytest.fixture(scope="session")
def first_use(tmp_path_factory):
    """Two processes that use the encoder at once, in a new home; what they printed."""
    state = tmp_path_factory.mktemp("encoders")
    users = [
        subprocess.Popen(
            [sys.executable, "-c", LOAD, state],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    return state, [user.communicate() for user in users]


@pytest.fixture(scope="session")
def state(first_use):
    """Folder of encoders with the export of minilm; exporting takes half a minute, once."""
    return first_use[0]


@pytest.fixture(scope="session")
def minilm_onnx(state):
    return load_encoder("minilm", device="cpu", state=state)
