import json
import shutil

import pytest

from graph.errors import ConflictError, InvalidError, NotFoundError
from llm.encoding import sha256_of
from llm.lora import attach
from llm.lora_files import CARD, CONFIG, WEIGHTS, find_adapter, read_adapter, require_name, save


@pytest.fixture(scope="module")
def model():
    from transformers import BertConfig, BertModel

    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(vocab_size=30, intermediate_size=16, **sizes)
    return attach(BertModel(config), task="feature-extraction", rank=2)


@pytest.fixture
def folder(model, tmp_path):
    return save(model, tmp_path / "films", {"base": "abc", "trained_at": "now"}).folder


def test_what_is_saved_is_found_with_its_card(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        "adapter_config.json",
        WEIGHTS,
        CARD,
    ]
    found = find_adapter(folder.parent, "films")
    assert found == read_adapter(folder)
    assert found.card == {"base": "abc", "trained_at": "now"}
    assert sha256_of(folder / WEIGHTS).startswith(found.fingerprint)
    assert find_adapter(folder.parent, f"films@{found.fingerprint}") == found


def test_no_file_names_a_folder_of_this_machine(folder):
    assert json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"] == ""


def test_a_name_is_given_once(model, folder):
    with pytest.raises(ConflictError, match="films"):
        save(model, folder, {})
    with pytest.raises(ConflictError, match="films"):
        require_name("films", folder.parent)
    require_name("music", folder.parent)
    assert [path.name for path in folder.parent.iterdir()] == ["films"]


@pytest.mark.parametrize("name", ["", ".", "..", "../films", "a/b", "Films", "x" * 64, "a b", "é"])
def test_a_name_that_is_no_plain_word_is_refused(name, folder):
    with pytest.raises(InvalidError):
        require_name(name)
    with pytest.raises(NotFoundError):
        find_adapter(folder.parent, name)


def test_another_training_of_the_same_name_is_another_adapter(folder):
    with pytest.raises(NotFoundError):
        find_adapter(folder.parent, "films@00000000")


def test_without_a_folder_there_is_no_adapter(tmp_path):
    with pytest.raises(NotFoundError, match="--list"):
        find_adapter(None, "films")
    with pytest.raises(NotFoundError):
        find_adapter(tmp_path, "films")


@pytest.mark.parametrize("damage", ["card", "no card", "no config", "no weights"])
def test_a_damaged_adapter_is_told(folder, tmp_path, damage):
    copy = shutil.copytree(folder, tmp_path / "copy")
    if damage == "card":
        (copy / CARD).write_text("{")
    else:
        (copy / {"no card": CARD, "no config": CONFIG, "no weights": WEIGHTS}[damage]).unlink()
    with pytest.raises(InvalidError, match="copy"):
        read_adapter(copy)
