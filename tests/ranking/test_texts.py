import numpy as np
import pytest

from graph.domain import Item, Triple
from graph.progress import silent
from ranking.attributes import Attributes
from ranking.texts import ItemTexts, encode_texts, item_text, theme_names


@pytest.mark.parametrize(
    ("item", "themes", "expected"),
    [
        (Item("1", "Heat", text="Cops and robbers"), ["Crime", "1990s"],
         "Heat. Cops and robbers. Crime, 1990s"),
        (Item("1", "Heat"), [], "Heat"),
        (Item("1", "", text="Only text"), [], "Only text"),
        (Item("1", ""), [], ""),
    ],
)  # fmt: skip
def test_an_item_is_found_by_title_description_and_themes(item, themes, expected):
    assert item_text(item, themes) == expected


@pytest.fixture(scope="module")
def shared(small):
    """30 items in the genre War, 25 of them by Ada, two from Peru."""
    items = [f"i{n}" for n in range(30)]
    triples = [(name, "HAS_GENRE", "Genre:War") for name in items]
    triples += [(name, "DIRECTED_BY", "Person:Ada") for name in items[:25]]
    triples += [(name, "WRITTEN_BY", "Person:Ada") for name in items[:1]]
    triples += [(name, "FROM_COUNTRY", "Country:Peru") for name in items[:2]]
    return small(items, triples).snapshot()


def test_themes_are_shared_entities_rarest_first_each_once(shared):
    attributes = Attributes.of(shared)
    degree = np.bincount(attributes.entity_of, attributes.degrees(), len(shared.entities))
    assert theme_names(shared, attributes, degree, 0) == ["Ada", "War"]
    assert theme_names(shared, attributes, degree, 29) == ["War"]


def test_texts_of_one_side_are_nearer_to_each_other(films, worded_model, use_m3):
    text = worded_model.text
    assert text.encoder == "use-m3"
    assert text.items.shape == (34, use_m3.n_dims)
    comedy, horror = (
        [films.items.find(f"{side}-{n}") for n in range(15)] for side in ("comedy", "horror")
    )
    within = text.items[comedy] @ text.items[comedy].T
    across = text.items[comedy] @ text.items[horror].T
    assert within.mean() > across.mean() + 0.05
    np.testing.assert_allclose(np.linalg.norm(text.items, axis=1), 1.0, rtol=1e-4)


def test_an_item_without_any_text_has_no_vector(small, use_m3):
    snapshot = small([Item("a", ""), Item("b", "Words")]).snapshot()
    found = encode_texts(snapshot, use_m3, silent)
    assert np.isfinite(found.items).all()
    assert found.items[1].any()


def test_without_an_encoder_there_are_no_vectors(films):
    assert encode_texts(films, None, silent) is None


def test_an_item_that_comes_is_read_as_at_training(films, worded_model, use_m3, world):
    texts = ItemTexts(films, Attributes.of(films), use_m3)
    for name in ("horror-3", "comedy-new", "bare"):
        links = world.triples_of(name)
        for order in (links, links[::-1]):
            vector = texts.vector(world.item(name), order)
            known = worded_model.text.items[films.items.find(name)]
            np.testing.assert_allclose(vector, known, atol=1e-5)
    new = [*world.triples_of("horror-3"), Triple("horror-3", "HAS_GENRE", "Genre:Unheard of")]
    np.testing.assert_allclose(
        texts.vector(world.item("horror-3"), new),
        texts.vector(world.item("horror-3"), world.triples_of("horror-3")),
    )
    assert ItemTexts(films, Attributes.of(films), None).vector(Item("a", "A"), []) is None
