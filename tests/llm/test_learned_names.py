import numpy as np
import pytest

from llm.adapter import Adapter
from llm.learned_names import LearnedNames, learn_names
from llm.linker import Linker
from llm.meaning import name_vectors


def test_attributes_have_vectors_and_so_have_titles_without_a_chinese_name(things, known_encoder):
    learned = learn_names(things, known_encoder)
    assert learned.encoder == "known"
    assert set(learned.attributes.ids) == {
        one.id for one in things if one.kind == "Entity" and one.label != "Person"
    }
    assert {"1", "7", "person:okafor"}.isdisjoint(learned.titles.ids)
    assert {"2", "person:de-vries"} <= set(learned.titles.ids)


@pytest.mark.parametrize("with_adapter", [True, False])
def test_what_was_learned_is_read_again(things, known_encoder, with_adapter, tmp_path):
    n = known_encoder.n_dims
    maps = np.random.default_rng(0).standard_normal((2, n, n)).astype(np.float32)
    adapter = Adapter(maps[0], maps[1], 0.5, 0.6, 0.7) if with_adapter else None
    names = name_vectors(things[:4], known_encoder)
    learned = LearnedNames("known", names, name_vectors(things[-2:], known_encoder), adapter)
    learned.save(tmp_path)
    again = LearnedNames.load(tmp_path)
    assert again.encoder == "known"
    for one, other in ((again.attributes, names), (again.titles, learned.titles)):
        assert (one.ids, one.described) == (other.ids, other.described)
        np.testing.assert_allclose(one.vectors, other.vectors, atol=1e-3)
    assert (again.adapter is None) == (not with_adapter)
    if adapter:
        assert again.adapter.figures == adapter.figures
        np.testing.assert_array_equal(again.adapter.request_map, adapter.request_map)


def test_a_folder_without_names_holds_none(tmp_path):
    assert LearnedNames.load(tmp_path) is None


def test_things_that_are_gone_are_left_out(things, known_encoder):
    learned = learn_names(things, known_encoder).known({"genre:war", "2"})
    assert set(learned.attributes.ids) == {"genre:war"}
    assert learned.titles.ids == ("2",)
    assert learned.attributes.vectors.shape == (2, known_encoder.n_dims)


def test_what_another_encoder_learned_is_not_used(things, known_encoder):
    learned = LearnedNames(
        "another", name_vectors(things[:4], known_encoder), name_vectors([], known_encoder)
    )
    linker = Linker(things, encoder=known_encoder, learned=learned)
    assert linker.link("frightening").include == ()
