import json
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from graph.errors import InvalidError
from ranking.asked import Asked
from ranking.fusion import Gate
from ranking.model import UNTRAINED, Model
from ranking.request_weights import USUAL, RequestWeights

ARRAYS = ("source", "target", "entities", "owner_is_cold")


@pytest.mark.parametrize("which", ["model", "worded_model"])
def test_a_saved_model_comes_back_as_it_was(which, request, tmp_path):
    model = request.getfixturevalue(which)
    loaded = Model.load(model.save(tmp_path))
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(loaded, name), getattr(model, name))
    for name in ("indptr", "indices", "weights", "n_cols"):
        np.testing.assert_array_equal(getattr(loaded.similar, name), getattr(model.similar, name))
    assert list(loaded.item_ids) == list(model.item_ids)
    assert list(loaded.entity_ids) == list(model.entity_ids)
    assert loaded.gate.to_json() == model.gate.to_json()
    for name in ("id", "snapshot_version", "role_weights", "rule", "content"):
        assert getattr(loaded, name) == getattr(model, name)
    np.testing.assert_array_equal(loaded.messages.vectors, model.messages.vectors)
    assert (loaded.text is None) == (model.text is None)
    if model.text:
        assert loaded.text.encoder == model.text.encoder
        np.testing.assert_array_equal(loaded.text.items, model.text.items)
    assert (loaded.names is None) == (model.names is None)
    if model.names:
        assert loaded.names.attributes.ids == model.names.attributes.ids


def test_what_requests_taught_is_kept(model, tmp_path):
    taken = sp.csr_matrix(([1.0], ([0], [3])), shape=(1, 34))
    asked = Asked.fit(np.eye(1, 4, dtype=np.float32), taken)
    taught = replace(model, asked=asked, request_weights=RequestWeights(1, 2, 3, 4, 5, 6, 7, 8, 9))
    loaded = Model.load(taught.save(tmp_path))
    assert loaded.request_weights == taught.request_weights
    np.testing.assert_array_equal(loaded.asked.influence, asked.influence)
    assert loaded.asked.items(np.ones(4, np.float32))[0].tolist() == [3]
    assert loaded.card()["n_logged_requests"] == 1
    assert loaded.card()["request_weights"]["asked"] == 6


def test_a_model_of_before_has_the_usual_weights(model, tmp_path):
    folder = model.save(tmp_path)
    fields = json.loads((folder / "model.json").read_text())
    del fields["request_weights"]
    (folder / "model.json").write_text(json.dumps(fields))
    loaded = Model.load(folder)
    assert loaded.request_weights == USUAL
    assert loaded.asked is None


def test_saving_leaves_one_whole_folder_and_replaces_an_older_one(model, tmp_path):
    first = model.save(tmp_path)
    (first / "stray").touch()
    assert model.save(tmp_path) == first == tmp_path / model.id
    assert [path.name for path in tmp_path.iterdir()] == [model.id]
    assert not (first / "stray").exists()


def test_the_card_is_plain_json(worded_model):
    card = json.loads(json.dumps(worded_model.card(), allow_nan=False))
    assert card["id"] == worded_model.id
    assert card["encoder"] == "use-m3"
    assert card["n_items"] == 34
    assert card["n_similar_edges"] == worded_model.similar.n_edges > 0
    assert set(card["role_weights"]) == {"HAS_GENRE:out", "DIRECTED_BY:out", "FROM_COUNTRY:out"}
    assert card["validation"]["sum"][0] > 0.5


def test_an_untrained_model_knows_attributes_and_popularity_only(films, preset_films):
    model = Model.untrained(films, preset_films)
    assert model.id == UNTRAINED
    assert model.similar.n_edges == 0
    assert not model.source.any()
    assert model.gate.to_json() == Gate.default().to_json()
    assert model.rule.scales["rating"].shape == "linear"


@pytest.mark.parametrize("content", [None, "", "{"])
def test_a_folder_without_a_model_says_so(content, tmp_path):
    if content is not None:
        (tmp_path / "model.json").write_text(content)
    with pytest.raises(InvalidError, match="holds no model") as caught:
        Model.load(tmp_path)
    assert "whyrec train" in caught.value.fix


def test_a_model_of_another_format_is_refused(model, tmp_path):
    folder = model.save(tmp_path)
    fields = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({**fields, "format": 99}))
    with pytest.raises(InvalidError, match="has format 99"):
        Model.load(folder)
