"""What-if against real deletions: the same change made for good gives the same numbers."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.domain import (
    ASKS_FOR,
    AVOIDS,
    CLOSE_TO,
    INTERACTED,
    SIMILAR_TO,
    Entity,
    Interaction,
    Item,
    Triple,
    User,
)
from graph.errors import InvalidError, NotFoundError
from llm.dialogue import Turn
from ranking.domain import PATHS, Answer, Query
from ranking.links import links_of
from ranking.pipeline import Recommender
from ranking.what_if import MAX_EDGES, Edge

EXACT = 1e-12


@pytest.fixture(scope="module")
def served(films, balanced, preset_films):
    """A recommender that what-if may not change."""
    return Recommender(films, balanced, preset=preset_films)


@pytest.fixture
def changing(films, balanced, preset_films):
    """Another one, for real deletions."""
    return Recommender(films, balanced, preset=preset_films)


def ranks(recommender, query):
    """The place by score of every item in the list of a query without an end."""
    items = recommender.recommend(replace(query, k=1000)).items
    return {
        item.item_id: item.moved.by_score if item.moved else place
        for place, item in enumerate(items, 1)
    }


def agrees(found, recommender, query, *, item_id=None):
    """Compare what was found with what a recommender says in which the edges are gone for good."""
    item_id = item_id or found.item_id
    told = recommender.explain(item_id, query)
    assert found.score_after == pytest.approx(told.score, abs=EXACT)
    assert dict(found.parts_after) == pytest.approx(dict(told.parts), abs=EXACT)
    assert found.rank_after == ranks(recommender, query).get(item_id)


def anew(recommender, world, user_id, *, without):
    """Forget a user and send all events but those on some items again."""
    recommender.remove_user(user_id)
    mine = [e for e in world.events if e.user_id == user_id and e.item_id not in without]
    recommender.apply_user(next(user for user in world.users if user.id == user_id))
    recommender.apply_events(mine)


def unlinked(recommender, item_id, *gone):
    """Send an item again without some links."""
    row = recommender.state.item_row(item_id)
    kept = [
        t for t in links_of(recommender.state, row) if Edge(t.head, t.relation, t.tail) not in gone
    ]
    recommender.apply_item(recommender.state.item(row), [], kept)


def history(recommender, user_id):
    state = recommender.state
    return [state.item(row).id for row in state.history(user_id).items.tolist()]


# --- events ---


@pytest.mark.parametrize("item", ["horror-3", "comedy-3", "horror-new", "bare"])
@pytest.mark.parametrize("n_gone", [1, 3, 11])
def test_without_events_it_is_as_if_they_had_never_been(served, changing, world, item, n_gone):
    query = Query(user_id="u40")
    gone = history(served, "u40")[:n_gone]
    found = served.what_if(item, query, [Edge("u40", INTERACTED, one) for one in gone])
    told = served.explain(item, query)
    assert found.score_before == pytest.approx(told.score, abs=EXACT)
    assert dict(found.parts_before) == pytest.approx(dict(told.parts), abs=EXACT)
    assert found.rank_before == ranks(served, query).get(item)
    anew(changing, world, "u40", without=gone)
    agrees(found, changing, query)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_events_of_anybody(served, films, balanced, preset_films, world, data):
    user = data.draw(st.sampled_from(["u0", "u25", "u59"]))
    mine = history(served, user)
    gone = data.draw(st.lists(st.sampled_from(mine), min_size=1, unique=True))
    item = data.draw(st.sampled_from([item.id for item in world.items]))
    query = Query(user_id=user, filters=data.draw(st.sampled_from([{}, {"genres": "Horror"}])))
    found = served.what_if(item, query, [Edge(user, INTERACTED, one) for one in gone])
    real = Recommender(films, balanced, preset=preset_films)
    anew(real, world, user, without=gone)
    agrees(found, real, query)


def test_an_item_can_come_itself_once_its_event_is_gone(served):
    mine = history(served, "u40")[2]
    found = served.what_if(mine, Query(user_id="u40"), [Edge("u40", INTERACTED, mine)])
    assert found.rank_before is None
    assert found.rank_after >= 1


def test_what_came_live_can_go_as_well(served, changing, world):
    event = Interaction("u40", "comedy-2", "rating", 5.0, 1_800_000_000.0)
    changing.apply_events([event])
    query = Query(user_id="u40")
    found = changing.what_if("comedy-3", query, [Edge("u40", INTERACTED, "comedy-2")])
    agrees(found, served, query)
    assert "comedy-2" in history(changing, "u40")


@pytest.mark.parametrize("user", [None, "u3", "nobody"])
def test_items_of_a_session_and_examples_of_a_request(served, user):
    you = user or "you"
    query = Query(user_id=user, session=("comedy-1", "horror-2"), text="like Horror 4 Picture")
    for gone, kept in (
        (["comedy-1"], replace(query, session=("horror-2",))),
        (["horror-2", "comedy-1"], replace(query, session=())),
    ):
        without = [Edge(you, INTERACTED, one) for one in gone]
        agrees(served.what_if("horror-3", query, without), served, kept)
    understood = served.understand(query.text)
    found = served.what_if("horror-3", query, [Edge(you, INTERACTED, "horror-4")])
    named = replace(understood, similar_to=(), include=())
    agrees(found, served, replace(query, understood=named))


# --- links ---


@pytest.mark.parametrize(
    ("item", "edge"),
    [
        ("horror-3", Edge("horror-3", "HAS_GENRE", "Genre:Horror")),
        ("horror-new", Edge("horror-new", "HAS_GENRE", "Genre:Horror")),
        ("horror-new", Edge("horror-new", "DIRECTED_BY", "Person:Edda Krol")),
        ("comedy-twin", Edge("comedy-twin", "DIRECTED_BY", "Person:Ada Marsh")),
    ],
)
@pytest.mark.parametrize("text", [None, "horror", "not horror"])
def test_without_links_it_is_as_if_the_item_had_been_sent_so(served, changing, item, edge, text):
    query = Query(user_id="u40", text=text)
    found = served.what_if(item, query, [edge])
    unlinked(changing, item, edge)
    agrees(found, changing, query)


def test_links_of_the_items_of_a_user_count_too(served, changing):
    query, mine = (
        Query(user_id="u40"),
        [name for name in history(served, "u40") if "horror" in name],
    )
    edges = [Edge(name, "HAS_GENRE", "Genre:Horror") for name in mine[:2]]
    found = served.what_if("horror-new", query, edges)
    for name, edge in zip(mine[:2], edges, strict=True):
        unlinked(changing, name, edge)
    agrees(found, changing, query)
    assert found.score_after != found.score_before


def test_links_from_entities_to_items_that_came_live(changing, films, balanced, preset_films):
    query = Query(user_id="u40")
    links = [
        Triple("Person:Edda Krol", "DIRECTED", "late"),
        Triple("late", "HAS_GENRE", "Genre:Horror"),
        Triple("late", "HAS_GENRE", "Genre:New"),
    ]
    entities = [Entity("Genre:New", "Genre", "New")]
    real = Recommender(films, balanced, preset=preset_films)
    for each in (changing, real):
        each.apply_item(Item("late", "Late"), entities, links)
    for gone in links:
        edge = Edge(gone.head, gone.relation, gone.tail)
        found = changing.what_if("late", query, [edge])
        real.apply_item(Item("late", "Late"), entities, [link for link in links if link != gone])
        agrees(found, real, query)


def test_an_item_sent_again_as_it_is_keeps_its_score(changing):
    query = Query(user_id="u40")
    changing.apply_item(Item("late", "Late"), [], [Triple("late", "HAS_GENRE", "Genre:Horror")])
    for item in ("late", "horror-new", "horror-3"):
        before = changing.explain(item, query).score
        unlinked(changing, item)
        assert changing.explain(item, query).score == pytest.approx(before, rel=1e-5)


def test_texts_are_read_again(worded, films, worded_model, preset_films, use_m3):
    query = Query(user_id="u40", text="a frightening night")
    real = Recommender(films, worded_model, preset=preset_films, encoder=use_m3)
    edge = Edge("horror-new", "HAS_GENRE", "Genre:Horror")
    found = worded.what_if("horror-new", query, [edge])
    unlinked(real, "horror-new", edge)
    agrees(found, real, query)


# --- what was asked and said ---


def test_a_request_without_one_of_its_wishes(served):
    query = Query(user_id="u40", text="horror by Edda Krol")
    understood = served.understand(query.text)
    assert len(understood.include) == 2
    for linked in understood.include:
        found = served.what_if("horror-4", query, [Edge("request", ASKS_FOR, linked.entity_id)])
        left = tuple(one for one in understood.include if one != linked)
        agrees(found, served, replace(query, understood=replace(understood, include=left)))


def test_a_request_in_the_light_of_what_was_said_before(served):
    query = Query(text="horror", context=(Turn("by Edda Krol"),))
    understood = served.understand(query.text, query.context)
    found = served.what_if("horror-4", query, [Edge("request", ASKS_FOR, "Person:Edda Krol")])
    left = tuple(one for one in understood.include if one.entity_id == "Genre:Horror")
    agrees(found, served, replace(query, understood=replace(understood, include=left)))


@pytest.mark.parametrize(("reply", "type_"), [("like", ASKS_FOR), ("dislike", AVOIDS)])
def test_an_answer_that_was_not_given(served, changing, reply, type_):
    query = Query(user_id="u40")
    known = served.state.user("u40")
    name = "answer:entity:Genre:Horror"
    changing.apply_user(User("u40", {**known.attributes, name: reply}))
    edge = Edge("u40", type_, "Genre:Horror")
    found = changing.what_if("horror-3", query, [edge])
    agrees(found, served, query)
    assert found.score_after != found.score_before
    now = replace(query, answers=(Answer("Genre:Horror", "entity", reply),))
    agrees(served.what_if("horror-3", now, [edge]), served, query)


def test_an_item_that_was_not_liked_when_asked(served):
    query = Query(user_id="quiet", answers=(Answer("horror-2", "item", "like"),))
    found = served.what_if("horror-3", query, [Edge("quiet", INTERACTED, "horror-2")])
    agrees(found, served, Query(user_id="quiet"))


# --- learned edges ---


@pytest.mark.parametrize("item", ["horror-3", "horror-new"])
@pytest.mark.parametrize(("kind", "type_"), [("collaborative", SIMILAR_TO), ("learned", CLOSE_TO)])
def test_of_a_learned_edge_its_summand_is_left_out(served, item, kind, type_):
    query = Query(user_id="u40")
    told = served.explain(item, query)
    of_kind = [path for path in told.paths if path.kind == kind]
    direct = [path for path in of_kind if len(path.path.edges) == 2]
    passed_on = [path for path in of_kind if len(path.path.edges) == 3]
    assert bool(passed_on) == ((item, kind) == ("horror-3", "learned"))
    for path in direct[:3] + passed_on[:3]:
        learned = path.path.edges[1]
        assert learned.type == type_
        found = served.what_if(item, query, [Edge(learned.source, learned.type, learned.target)])
        assert found.score_before - found.score_after == pytest.approx(path.value, abs=EXACT)
        assert found.parts_after[PATHS] == pytest.approx(told.parts[PATHS] - path.value, abs=EXACT)
        others = {i.item_id: i.score for i in served.recommend(replace(query, k=99)).items}
        if item in others:
            others[item] = found.score_after
            assert found.rank_after == sorted(others, key=others.get, reverse=True).index(item) + 1


def test_a_learned_edge_is_gone_with_the_event_before_it(served):
    query, mine = Query(user_id="u40"), history(served, "u40")[-1]
    event = Edge("u40", INTERACTED, mine)
    alone = served.what_if("horror-3", query, [event])
    both = served.what_if("horror-3", query, [event, Edge(mine, SIMILAR_TO, "horror-3")])
    assert (both.score_after, both.rank_after) == (alone.score_after, alone.rank_after)


def test_what_an_entity_passed_on_goes_on_without_it_where_the_link_is_gone(served, changing):
    query = Query(user_id="u40")
    path = next(p.path for p in served.explain("horror-3", query).paths if _is_passed_on(p))
    close, back = (Edge(e.source, e.type, e.target) for e in path.edges[1:])
    alone = served.what_if("horror-3", query, [back])
    both = served.what_if("horror-3", query, [back, close])
    assert both.score_after == alone.score_after
    unlinked(changing, "horror-3", back)
    agrees(alone, changing, query)
    again = changing.explain("horror-3", query)
    entity = path.nodes[2].id
    assert entity not in {node.id for p in again.paths for node in p.path.nodes}


def _is_passed_on(path):
    return path.kind == "learned" and path.path.nodes[2].kind == "Entity"


# --- all kinds at once, and what cannot be left out ---


def test_several_edges_go_together(served, changing, world):
    query = Query(user_id="u40", text="horror")
    gone = history(served, "u40")[:2]
    link = Edge("horror-new", "DIRECTED_BY", "Person:Edda Krol")
    edges = [*(Edge("u40", INTERACTED, one) for one in gone), link]
    edges.append(Edge("request", ASKS_FOR, "Genre:Horror"))
    found = served.what_if("horror-new", query, [*edges, *edges])
    assert found.removed == tuple(edges)
    anew(changing, world, "u40", without=gone)
    unlinked(changing, "horror-new", link)
    understood = replace(served.understand("horror"), include=())
    agrees(found, changing, replace(query, understood=understood))


def test_nothing_left_out_changes_nothing(served):
    found = served.what_if("horror-3", Query(user_id="u40"), [])
    assert (found.score_after, found.rank_after) == (found.score_before, found.rank_before)
    assert (found.item_id, found.removed) == ("horror-3", ())
    assert found.title == served.item("horror-3").title


def test_what_is_served_stays_as_it_is(served):
    query = Query(user_id="u40", text="horror", k=20)
    before = served.recommend(query)
    every = {
        Edge(edge.source, edge.type, edge.target)
        for scored in served.explain("horror-new", query).paths
        for edge in scored.path.edges
    }
    assert {edge.type for edge in every} >= {INTERACTED, SIMILAR_TO, ASKS_FOR, "HAS_GENRE"}
    for edge in sorted(every, key=str):
        served.what_if("horror-new", query, [edge])
    served.what_if("horror-new", query, sorted(every, key=str)[:MAX_EDGES])
    assert served.recommend(query) == before


@pytest.mark.parametrize(
    "edge",
    [
        Edge("u40", INTERACTED, "no such item"),
        Edge("u40", INTERACTED, "horror-new"),
        Edge("u41", INTERACTED, "horror-1"),
        Edge("you", INTERACTED, "horror-1"),
        Edge("horror-3", "HAS_GENRE", "Genre:Comedy"),
        Edge("Genre:Horror", "HAS_GENRE", "horror-3"),
        Edge("comedy-new", "HAS_GENRE", "Genre:Comedy"),
        Edge("horror-3", SIMILAR_TO, "horror-1"),
        Edge("horror-new", CLOSE_TO, "horror-3"),
        Edge("horror-1", CLOSE_TO, "Genre:Comedy"),
        Edge("Genre:Horror", CLOSE_TO, "horror-3"),
        Edge("request", ASKS_FOR, "Genre:Comedy"),
        Edge("request", AVOIDS, "Genre:Horror"),
        Edge("u40", ASKS_FOR, "Genre:Horror"),
        Edge("a", "b", "c"),
        Edge("", "", ""),
    ],
)
def test_an_edge_that_is_not_there_is_named(served, edge):
    with pytest.raises(InvalidError) as caught:
        served.what_if("horror-3", Query(user_id="u40", text="horror"), [edge])
    assert str(edge) in caught.value.detail
    assert caught.value.fix


def test_too_many_edges_and_what_nobody_knows(served):
    many = [Edge("u40", INTERACTED, str(n)) for n in range(MAX_EDGES + 1)]
    with pytest.raises(InvalidError, match="101"):
        served.what_if("horror-3", Query(user_id="u40"), many)
    with pytest.raises(NotFoundError):
        served.what_if("no such film", Query(user_id="u40"), [])
    with pytest.raises(NotFoundError):
        served.what_if("horror-3", Query(session=("no such film",)), [])
