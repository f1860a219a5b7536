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
from ranking.co_users import CoUsers
from ranking.explain import REQUEST, YOU, Explainer, name_of
from ranking.question import ask
from ranking.request import examples_of
from ranking.score_split import Breakdown
from ranking.state import ServingState
from ranking.summands import Summands
from ranking.text_check import flaw

HORROR = LinkedEntity("Genre:Horror", "Entity", "Horror", (0, 6), 1.0, "exact")


@pytest.fixture
def state(films, balanced, preset_films):
    return ServingState(films, balanced, preset_films)


def explained(state, item, user_id="u40", language="en", **asked):
    """All summands of an item and their paths."""
    row = state.item_row(item)
    question = ask(state, user_id=user_id, **asked)
    breakdown = Breakdown(state.scorer, question.profile)
    summands = Summands.of(breakdown, row, question.request)
    understood = question.understood
    explainer = Explainer(
        state,
        question.request,
        CoUsers(state.snapshot, state.histories),
        user_id=user_id,
        language=language,
        examples=examples_of(state, understood) if understood else (),
    )
    every = range(len(summands))
    paths = explainer.paths(summands, every, row, n_worded=len(every), total=summands.total)
    return explainer, summands, paths


def test_shares_of_what_speaks_for_an_item_sum_to_one(state):
    _, summands, paths = explained(state, "horror-3")
    assert [path.value for path in paths] == summands.values.tolist()
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
    direct = [path for path in paths if path.kind != "learned" or len(path.path.edges) == 2]
    types = {path.kind: [edge.type for edge in path.path.edges] for path in direct}
    assert types["request"] == [ASKS_FOR, "HAS_GENRE"]
    assert types["attribute"][0] == INTERACTED
    assert types["attribute"][1] == types["attribute"][2]
    assert types["learned"] == [INTERACTED, CLOSE_TO]
    assert types["collaborative"] == [INTERACTED, SIMILAR_TO]
    passed_on = [path.path for path in paths if path not in direct]
    assert passed_on
    for path in passed_on:
        assert [edge.type for edge in path.edges[:2]] == [INTERACTED, CLOSE_TO]
        assert path.edges[1].target == path.nodes[2].id
        assert path.edges[2].type in {"HAS_GENRE", "DIRECTED_BY", "FROM_COUNTRY"}


def test_a_path_can_begin_with_any_item(state):
    explainer, summands, paths = explained(state, "horror-3")
    row = state.item_row("horror-3")
    for place in range(len(summands)):
        source = int(summands.sources[place])
        if source >= 0:
            asked = int(summands.kinds[place]), int(summands.through[place]), row
            assert explainer.path_from(explainer.item(source), *asked) == paths[place].path
    ids, names = explainer.names([row])
    assert (ids, names) == (["horror-3"], [explainer.item(row).name])


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


def test_only_the_paths_that_are_shown_get_a_sentence_and_a_count(state):
    explainer, summands, every = explained(state, "horror-3")
    places = [p for p, path in enumerate(every) if path.people is not None][:2]
    assert len(places) == 2
    row = state.item_row("horror-3")
    paths = explainer.paths(summands, places, row, n_worded=1, total=4.0)
    assert [bool(path.text) for path in paths] == [True, False]
    assert [path.people is None for path in paths] == [False, True]
    assert [path.share for path in paths] == (summands.values[places] / 4.0).tolist()


def test_collaborative_paths_count_people_and_name_nobody(state, world):
    liked = {(e.user_id, e.item_id) for e in world.events if e.value >= 4}
    _, _, paths = explained(state, "horror-3")
    counted = [path for path in paths if path.kind == "collaborative"]
    assert {path.kind for path in paths if path.people is not None} == {"collaborative"}
    for path in counted:
        source = path.path.nodes[1].id
        n = sum((f"u{u}", source) in liked and (f"u{u}", "horror-3") in liked for u in range(60))
        assert path.people == (n if n >= 5 else None)
        assert (f"{n} people who liked it" in path.text) == (n >= 5)
    assert any(path.people for path in counted)
    # Nobody has chosen what is new, so nobody is counted.
    assert all(path.people is None for path in explained(state, "horror-new")[2])


def test_items_that_a_request_names_were_asked_for_not_looked_at(state):
    bare = LinkedEntity("horror-0", "Item", "Horror 0", (0, 6), 1.0, "exact")
    asked = Understanding("en", (), similar_to=(bare,))
    _, _, paths = explained(state, "horror-3", None, understood=asked)
    assert paths
    assert all(
        path.text.startswith("You asked for something like Horror 0 Picture (1980)")
        for path in paths
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_texts_name_what_is_on_their_paths_and_nothing_else(state, language):
    asked = Understanding("en", (HORROR,))
    for item in ("horror-3", "horror-new", "horror-0"):
        explainer, _, paths = explained(state, item, "u40", language, understood=asked)
        for path in paths:
            assert not flaw(path.text, [path])
            assert not flaw(explainer.summary([path], {}), [path], target_implied=True)
        shown = [path for path in paths if path.value > 0]
        title = paths[0].path.nodes[-1].name
        text = explainer.paragraph(title, shown, {}, is_stranger=False)
        assert not flaw(text, shown)


def test_what_the_user_did_is_told_in_all_texts(state):
    state.apply_events([Interaction("u40", "horror-new", "view", at=2e9)])
    explainer, _, paths = explained(state, "horror-3")
    viewed = [p for p in paths if p.path.nodes[1].id == "horror-new" and p.kind == "attribute"][:1]
    assert "which you watched." in explainer.summary(viewed, {})
    assert explainer.paragraph("X", viewed, {}, is_stranger=False).startswith("You watched ")
