import json

import numpy as np
import pytest

from api.encoders import EncoderShelf
from graph.errors import ConflictError, InvalidError, NotFoundError
from llm.lora_files import WEIGHTS, read_adapter


def made(shelf_folder, name, *, trained_at="2026-01-01T00:00:00Z", weights=b"weights"):
    """An adapter as far as the shelf looks at it."""
    folder = shelf_folder / "adapters" / name
    folder.mkdir(parents=True)
    (folder / WEIGHTS).write_bytes(weights)
    (folder / "adapter_config.json").write_text("{}")
    (folder / "card.json").write_text(json.dumps({"trained_at": trained_at, "scores": [0.1, 0.2]}))
    return read_adapter(folder)


@pytest.fixture
def shelf(tmp_path):
    return EncoderShelf(tmp_path)


def test_the_built_in_encoder_is_used_until_another_is_chosen(shelf, tmp_path):
    assert shelf.name() == "use-m3"
    made(tmp_path, "films")
    assert shelf.use("films") == "minilm+films"
    assert EncoderShelf(tmp_path).name() == "minilm+films"
    assert shelf.use("minilm") == shelf.name() == "minilm"
    assert shelf.use("use-m3") == shelf.name() == "use-m3"


def test_the_settings_win_and_say_so(tmp_path):
    made(tmp_path, "films")
    shelf = EncoderShelf(tmp_path, chosen="minilm")
    assert shelf.name() == "minilm"
    with pytest.raises(ConflictError, match=r"training\.encoder"):
        shelf.use("films")
    assert shelf.use("minilm") == "minilm"


def test_what_is_not_there_cannot_be_chosen(shelf):
    with pytest.raises(NotFoundError, match="whyrec adapt --list"):
        shelf.use("films")
    with pytest.raises(NotFoundError):
        shelf.use("../films")
    assert shelf.name() == "use-m3"


def test_adapters_are_listed_newest_first_with_their_state(shelf, tmp_path):
    made(tmp_path, "old", trained_at="2025-01-01T00:00:00Z")
    made(tmp_path, "new")
    (tmp_path / "adapters" / "broken").mkdir()
    shelf.use("old")
    found = shelf.adapters()
    assert [(one["name"], one["chosen"]) for one in found] == [
        ("new", False),
        ("old", True),
        ("broken", False),
    ]
    assert found[0]["encoder"] == "minilm+new"
    assert "cannot be read" in found[2]["problem"]


def test_what_is_in_use_is_not_removed(shelf, tmp_path):
    made(tmp_path, "films")
    shelf.use("films")
    with pytest.raises(ConflictError, match="in use"):
        shelf.remove("films")
    shelf.use("use-m3")
    shelf.remove("films")
    assert shelf.adapters() == []
    with pytest.raises(NotFoundError):
        shelf.remove("films")


def test_vectors_of_another_encoder_ask_for_a_training(shelf, tmp_path):
    assert shelf.made("use-m3")
    assert not shelf.made("minilm")
    adapter = made(tmp_path, "films")
    shelf.use("films")
    assert shelf.made(f"minilm+films@{adapter.fingerprint}")
    assert not shelf.made("minilm+films@00000000")
    assert not shelf.made("minilm")
    assert not shelf.made(f"minilm+other@{adapter.fingerprint}")
    assert not EncoderShelf(tmp_path / "empty", chosen="minilm+films").made("minilm+films@00000000")


def test_encoders_are_loaded_by_name(shelf):
    vectors = shelf.load("use-m3").encode(["a quiet film"])
    assert np.isfinite(vectors).all()
    with pytest.raises(InvalidError, match="word2vec"):
        shelf.load("word2vec")
