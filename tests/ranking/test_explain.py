import numpy as np
import pytest

from graph.domain import (
    ASKS_FOR,
    CLOSE_TO,
    INTERACTED,
    SIMILAR_TO,
    Entity,
    Interaction,
    Item,
    Triple,
)
from llm.intent import LinkedEntity, Understanding
from ranking.explain import (
    KINDS,
    REQUEST,
    SESSION,
    YOU,
    Explainer,
    Summands,
    hubs,
    name_of,
    shown_paths,
)
from ranking.model import Model
from ranking.question import ask, exact
from ranking.score_split import Breakdown
from ranking.state import ServingState

HORROR = LinkedEntity("Genre:Horror", "Entity", "Horror", (0, 6), 1.0, "exact")
COLLABORATIVE, LEARNED, ATTRIBUTE, ASKED = range(4)


@pytest.fixture
def state(films, balanced, preset_films):
    return ServingState(films, balanced, preset_films)


def explained(state, item, user_id="u40", language="en", **asked):
    """All summands of an item and their paths."""
    row = state.item_row(item)
    question = ask(state, user_id=user_id, **asked)
    breakdown = Breakdown(state.scorer, question.profile, np.array([row]))
    summands = Summands.of(breakdown, row, question.request)
    explainer = Explainer(state, question.request, user_id=user_id, language=language)
    paths = explainer.paths(summands, range(len(summands)), row, n_worded=len(summands))
    return question, summands, paths


def summands_of(rows):
    """Rows of kind, source, through and value."""
    kinds, sources, through, values = zip(*rows, strict=True)
    return Summands(
        np.array(kinds, np.int8), np.array(sources), np.array(through), np.array(values, float)
    )


@pytest.mark.parametrize("user", ["u40", "u0", "nobody"])
@pytest.mark.parametrize("item", ["horror-3", "comedy-3", "horror-new", "bare"])
def test_paths_sum_to_the_path_summands_of_the_score(state, user, item):
    asked = Understanding("en", (HORROR,))
    question, summands, paths = explained(state, item, user, understood=asked)
    expected = exact(state, question, np.array([state.item_row(item)]))[0]
    assert sum(path.value for path in paths) == pytest.approx(expected[[0, 1, 2, 4, 5]].sum())
    for kind, place in zip(KINDS, (0, 1, 2, 4, 5), strict=True):
        mine = summands.values[summands.kinds == KINDS.index(kind)]
        assert mine.sum() == pytest.approx(expected[place])


def test_summands_come_by_value_without_zeros_and_shares_sum_to_one(state):
    _, summands, paths = explained(state, "horror-3")
    assert np.all(np.diff(summands.values) <= 0)
    assert np.all(summands.values != 0)
    assert sum(path.share for path in paths) == pytest.approx(1.0)
    assert all((path.share > 0) == (path.value > 0) for path in paths)


def test_every_path_is_a_walk_over_edges_that_exist(state, world):
    stored = {(t.head, t.relation, t.tail) for t in world.triples}
    history = {state.item(row).id for row in ask(state, user_id="u40").history.items.tolist()}
    _, _, paths = explained(state, "horror-new", understood=Understanding("en", (HORROR,)))
    assert {path.kind for path in paths} >= {"attribute", "request"}
    for scored in paths:
        nodes, edges = scored.path.nodes, scored.path.edges
        assert len(nodes) == len(edges) + 1
        for before, edge, after in zip(nodes, edges, nodes[1:], strict=False):
            ends = (edge.source, edge.target)
            assert (before.id, after.id) == (ends if edge.direction == "out" else ends[::-1])
            if edge.type not in {INTERACTED, SIMILAR_TO, CLOSE_TO, ASKS_FOR}:
                assert (edge.source, edge.type, edge.target) in stored
        assert nodes[-1].id == "horror-new"
        if scored.kind == "request":
            assert nodes[0].kind == "Request"
        else:
            assert nodes[0].id == "u40"
            assert nodes[1].id in history


def test_kinds_have_their_edges(state):
    _, _, paths = explained(state, "horror-3", understood=Understanding("en", (HORROR,)))
    types = {path.kind: [edge.type for edge in path.path.edges] for path in paths}
    assert types["request"] == [ASKS_FOR, "HAS_GENRE"]
    assert types["attribute"][0] == INTERACTED
    assert types["attribute"][1] == types["attribute"][2]
    assert types["learned"] == [INTERACTED, CLOSE_TO]
    assert types["collaborative"] == [INTERACTED, SIMILAR_TO]


def test_a_cold_item_owns_its_edges(state):
    for item, direction in (("horror-3", "out"), ("horror-new", "in")):
        _, _, paths = explained(state, item)
        found = {p.path.edges[1].direction for p in paths if p.kind == "collaborative"}
        assert found == {direction}


def test_a_role_from_the_side_of_the_entity_is_walked_backwards(state):
    state.apply_item(
        Item("x", "X"),
        [Entity("Person:New", "Person", "New")],
        [Triple("Person:New", "ACTED_IN", "x")],
        None,
    )
    state.apply_item(Item("y", "Y"), [], [Triple("Person:New", "ACTED_IN", "y")], None)
    _, _, paths = explained(state, "y", None, session=("x",))
    (path,) = (path.path for path in paths if path.kind == "attribute")
    assert [node.id for node in path.nodes] == [YOU, "x", "Person:New", "y"]
    assert [(e.source, e.target, e.direction) for e in path.edges[1:]] == [
        ("Person:New", "x", "in"),
        ("Person:New", "y", "out"),
    ]


def test_names_are_in_the_language_asked_for(state):
    for language, title, genre in (("en", "Horror 0 Picture (1980)", "Horror"),
                                   ("zh", "午夜来客", "恐怖片")):  # fmt: skip
        asked = Understanding("en", (HORROR,))
        _, _, paths = explained(state, "horror-0", None, language, understood=asked)
        assert [node.name for node in paths[0].path.nodes] == [REQUEST, genre, title]
    assert name_of(Item("1", "Heat"), "zh") == "Heat"


def test_texts_say_what_the_user_did(state):
    state.apply_events([Interaction("u40", "horror-new", "view", at=2e9)])
    _, _, paths = explained(state, "horror-3", session=("bare",))
    by_item = {path.path.nodes[1].id: path.text for path in paths if path.kind == "attribute"}
    assert by_item["horror-new"].startswith("You watched Horror New Picture")
    others = [text for item, text in by_item.items() if item != "horror-new"]
    assert others
    assert all(text.startswith("You liked ") for text in others)
    _, _, paths = explained(state, "horror-3", None, session=("horror-new",))
    assert paths[0].text.startswith("You just looked at ")


def test_only_the_paths_that_are_shown_get_a_sentence(state):
    row = state.item_row("horror-3")
    question = ask(state, user_id="u40")
    summands = Summands.of(
        Breakdown(state.scorer, question.profile, np.array([row])), row, question.request
    )
    explainer = Explainer(state, question.request, user_id="u40", language="en")
    paths = explainer.paths(summands, [2, 0, 1], row, n_worded=1)
    assert [bool(path.text) for path in paths] == [True, False, False]
    assert [path.value for path in paths] == summands.values[[2, 0, 1]].tolist()


def test_told_types_name_the_items_of_the_paths(state):
    question = ask(state, user_id="u40", session=("bare",))
    explainer = Explainer(state, question.request, user_id="u40", language="en")
    seen, bare = int(state.history("u40").items[0]), state.item_row("bare")
    summands = summands_of([(0, seen, -1, 2.0), (0, bare, -1, 1.0), (3, -1, 0, 0.5)])
    assert explainer.told_types(summands, [1, 2]) == {"bare": SESSION}
    assert explainer.told_types(summands, [0]) == {state.item(seen).id: "rating"}
    assert explainer.told_types(summands, []) == {}


def test_strong_paths_of_different_items_and_entities_are_chosen_first():
    summands = summands_of([
        (COLLABORATIVE, 1, -1, 1.0),
        (ATTRIBUTE, 1, 5, 0.9),
        (ATTRIBUTE, 2, 6, 0.8),
        (ATTRIBUTE, 3, 6, 0.7),
        (LEARNED, 4, -1, 0.6),
        (LEARNED, 5, -1, 0.4),
    ])
    assert summands.chosen(3, frozenset()) == [0, 2, 4]
    assert summands.chosen(4, frozenset()) == [0, 2, 4, 1]
    # The last one adds less than half of what the first one adds.
    assert sorted(summands.chosen(9, frozenset())) == [0, 1, 2, 3, 4]
    assert summands.chosen(0, frozenset()) == []


def test_a_hub_is_not_the_first_reason_where_there_is_another():
    summands = summands_of([(ATTRIBUTE, 1, 7, 1.0), (ATTRIBUTE, 2, 8, 0.9)])
    assert summands.chosen(2, frozenset({7})) == [1, 0]
    assert summands.chosen(1, frozenset({7, 8})) == [0]


def test_what_was_asked_for_is_no_hub_and_each_wish_is_new():
    summands = summands_of([
        (ASKED, -1, 0, 2.0),
        (ASKED, -1, 1, 1.9),
        (ATTRIBUTE, 1, 0, 1.8),
        (ATTRIBUTE, 1, 3, 1.7),
    ])
    assert summands.chosen(3, frozenset({0})) == [0, 1, 2]


def test_paths_against_an_item_are_not_shown():
    assert summands_of([(LEARNED, 1, -1, -0.1), (LEARNED, 2, -1, -0.2)]).chosen(
        3, frozenset()
    ) == ([])


def test_hubs_are_shared_by_a_tenth_of_the_catalog(state):
    found = {state.features.feature(column)[1] for column in hubs(state)}
    shared = {entity for entity in state.snapshot.entities.ids if len(state.items_with(entity)) > 3}
    assert found == shared


def test_an_entity_of_few_items_is_no_hub(small, preset_films):
    triples = [(f"i{n}", "HAS_GENRE", f"Genre:{n // 2}") for n in range(40)]
    triples += [(f"i{n}", "FROM_COUNTRY", "Country:Peru") for n in range(5)]
    snapshot = small([f"i{n}" for n in range(40)], triples).snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    assert [state.features.feature(column)[1] for column in hubs(state)] == ["Country:Peru"]


def test_lists_show_the_chosen_paths_of_each_item(state):
    rows = np.array([state.item_row(name) for name in ("horror-3", "bare", "comedy-new")])
    question = ask(state, user_id="u40")
    found = shown_paths(
        Explainer(state, question.request, user_id="u40", language="en"),
        Breakdown(state.scorer, question.profile, rows),
        rows,
        k=2,
        hubs=hubs(state),
    )
    assert [len(paths) <= 2 for paths in found] == [True] * 3
    assert found[1] == ()
    assert all(path.text and path.value > 0 for paths in found for path in paths)
