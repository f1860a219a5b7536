from collections import Counter
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.errors import NotFoundError
from llm.extraction import Mention, Reading
from llm.rewriting import Rewrite
from ranking.domain import Query
from ranking.model import UNTRAINED, Model
from ranking.pipeline import Recommender


def ids(recommendations):
    return [item.item_id for item in recommendations]


def sides(recommendations):
    return Counter(name.split("-")[0] for name in ids(recommendations))


def live_film(world, item_id="comedy-live", like="comedy-new"):
    """An item with the attributes of another one."""
    triples = [Triple(item_id, t.relation, t.tail, t.weight) for t in world.triples_of(like)]
    entities = [e for e in world.entities if e.id in {t.tail for t in triples}]
    item = replace(world.item(like), id=item_id, title=f"{item_id.title()} Film", names={})
    return item, entities, triples


def test_each_taste_gets_its_films_and_none_that_it_has_seen(recommender):
    for user, side in (("u3", "comedy"), ("u42", "horror")):
        answer = recommender.recommend(Query(user_id=user, k=5))
        assert sides(answer.items) == {side: 5}
        seen = recommender.state.history(user).items.tolist()
        assert not {recommender.state.item_row(name) for name in ids(answer.items)} & set(seen)
        scores = [item.score for item in answer.items]
        assert scores == sorted(scores, reverse=True)


def test_an_answer_says_what_it_was_made_with(recommender, films, model):
    answer = recommender.recommend(Query(user_id="u3"))
    assert (answer.graph_version, answer.model_version) == (films.version, model.id)
    assert answer.understood is None
    recommender.advance(41)
    assert recommender.graph_version == 41
    assert recommender.explain("bare", Query()).graph_version == 41


def test_scores_are_sums_of_parts_and_shown_paths_belong_to_them(recommender):
    answer = recommender.recommend(Query(user_id="u21", k=8, explain=True, text="horror"))
    for item in answer.items:
        assert sum(item.parts.values()) == pytest.approx(item.score)
        assert len(item.paths) <= 3
        explained = recommender.explain(item.item_id, Query(user_id="u21", text="horror"))
        assert explained.score == pytest.approx(item.score)
        shown = explained.paths[: explained.n_shown]
        assert [path.text for path in shown] == [path.text for path in item.paths]


def test_cold_films_are_marked(recommender):
    answer = recommender.recommend(Query(user_id="u3", k=40))
    cold = {item.item_id for item in answer.items if item.cold}
    assert cold == {"comedy-new", "comedy-twin", "horror-new", "bare"}


def test_a_fitting_cold_film_is_above_an_unfitting_one(recommender):
    comedies = ids(recommender.recommend(Query(user_id="u3", k=40)).items)
    horrors = ids(recommender.recommend(Query(user_id="u42", k=40)).items)
    assert comedies.index("comedy-new") < comedies.index("horror-new")
    assert horrors.index("horror-new") < horrors.index("comedy-new")


@pytest.mark.parametrize("user", [None, "nobody", "quiet"])
def test_strangers_get_popular_films_mixed_by_genre(recommender, user):
    answer = recommender.recommend(Query(user_id=user, k=10))
    assert len(answer.items) == 10
    assert not any(item.cold for item in answer.items)
    assert set(answer.items[0].parts) == {"paths", "popularity"}
    assert answer.items[0].source == "popularity"
    assert min(sides(answer.items)[side] for side in ("comedy", "horror")) >= 3


def test_of_whom_only_demographics_are_known_gets_what_such_people_like(recommender):
    for user, side in (("quiet-f", "comedy"), ("quiet-m", "horror")):
        answer = recommender.recommend(Query(user_id=user, k=10))
        assert sides(answer.items)[side] > 5
        assert any("people_like_you" in item.parts for item in answer.items)


def test_a_session_is_enough_for_a_taste(recommender):
    answer = recommender.recommend(Query(session=("horror-1", "horror-2"), k=5))
    assert sides(answer.items) == {"horror": 5}
    assert not {"horror-1", "horror-2"} & set(ids(answer.items))
    with pytest.raises(NotFoundError, match="nowhere"):
        recommender.recommend(Query(session=("nowhere",)))


def test_excluded_items_do_not_come(recommender):
    first = ids(recommender.recommend(Query(user_id="u3", k=3)).items)
    rest = recommender.recommend(Query(user_id="u3", k=3, exclude=frozenset({*first, "nowhere"})))
    longer = ids(recommender.recommend(Query(user_id="u3", k=6)).items)
    assert ids(rest.items) == longer[3:]


def test_filters_hold_and_the_order_stays(recommender):
    every = ids(recommender.recommend(Query(user_id="u3", k=40)).items)
    query = Query(user_id="u3", k=40, filters={"genres": "horror", "min_year": 1990})
    found = ids(recommender.recommend(query).items)
    assert set(found) == {n for n in every if n in {f"horror-{i}" for i in range(10, 15)}} | {
        "horror-new"
    }
    assert found == [name for name in every if name in set(found)]


@pytest.mark.parametrize("k", [0, 1, 500])
def test_as_many_as_there_are(recommender, k):
    answer = recommender.recommend(Query(user_id="u3", k=k))
    unseen = 34 - len(recommender.state.history("u3"))
    assert len(answer.items) == min(k, unseen)


def test_who_asks_for_a_director_gets_those_films_first(recommender):
    answer = recommender.recommend(Query(text="films by Edda Krol", k=6, explain=True))
    assert [e.entity_id for e in answer.understood.include] == ["Person:Edda Krol"]
    assert set(ids(answer.items)) == {f"horror-{n}" for n in range(1, 15, 3)} | {"horror-new"}
    for item in answer.items:
        (asked,) = (path for path in item.paths if path.kind == "request")
        assert [node.id for node in asked.path.nodes[1:]] == ["Person:Edda Krol", item.item_id]


def test_a_request_wins_over_a_strong_taste(recommender):
    asked = "horror films by Edda Krol"
    answer = recommender.recommend(Query(user_id="u3", text=asked, k=2))
    assert sides(answer.items) == {"horror": 2}


def test_a_request_lifts_what_it_names_above_the_taste(recommender):
    plain, asked = (
        ids(recommender.recommend(Query(user_id="u3", text=text, k=40)).items)
        for text in (None, "horror films by Edda Krol")
    )
    krol = [name for name in asked if name in {f"horror-{n}" for n in range(1, 15, 3)}]
    others = [name for name in asked if name.startswith("horror") and name not in krol]
    assert krol
    assert all(asked.index(name) < plain.index(name) for name in krol)
    assert asked.index(krol[-1]) < asked.index(others[-1])
    comedies = [name for name in asked if name.startswith("comedy")]
    assert comedies == [name for name in plain if name.startswith("comedy")]


def test_unwanted_genres_never_come(recommender):
    answer = recommender.recommend(Query(user_id="u42", text="no horror", k=40))
    assert [e.entity_id for e in answer.understood.exclude] == ["Genre:Horror"]
    assert sides(answer.items)["horror"] == 0
    assert answer.items


def test_films_like_another_one(recommender):
    answer = recommender.recommend(Query(text="something like Horror 4 Picture", k=5))
    assert [e.entity_id for e in answer.understood.similar_to] == ["horror-4"]
    assert sides(answer.items) == {"horror": 5}
    assert "horror-4" not in ids(answer.items)


def test_years_in_a_request_bound_the_list(recommender):
    answer = recommender.recommend(Query(text="comedy after 1990", k=40))
    years = {recommender.item(name).attributes["year"] for name in ids(answer.items)}
    assert years
    assert min(years) >= 1990


@pytest.mark.parametrize(
    ("text", "side", "excluded"),
    [
        ("恐怖片", "horror", ()),
        ("类似《午夜来客》的电影", "horror", ()),
        ("不要恐怖片", "comedy", ("Genre:Horror",)),
    ],
)
def test_requests_in_chinese(recommender, text, side, excluded):
    answer = recommender.recommend(Query(text=text, k=5, language="zh", explain=True))
    assert answer.understood.language == "zh"
    assert sides(answer.items) == {side: 5}
    assert tuple(e.entity_id for e in answer.understood.exclude) == excluded
    assert all("你" in path.text for item in answer.items for path in item.paths)


def test_titles_come_in_the_language_asked_for(recommender):
    answer = recommender.recommend(Query(text="阳光假日 comedy", k=40, language="zh"))
    titles = {item.item_id: item.title for item in answer.items}
    assert titles["comedy-new"] == "新邻居"
    assert titles["comedy-1"] == "Comedy 1 Picture (1981)"


def test_free_words_find_films_by_what_they_say(worded):
    answer = worded.recommend(Query(text="a scary haunted mansion", k=5))
    assert sides(answer.items)["horror"] >= 4
    assert all("semantic" in item.parts for item in answer.items)
    for item in answer.items:
        told = worded.explain(item.item_id, Query(text="a scary haunted mansion"))
        assert told.score == pytest.approx(item.score)


def test_a_new_film_is_found_by_a_request_at_once(worded, world):
    item, entities, triples = live_film(world)
    worded.apply_item(item, entities, triples)
    director = next(t.tail for t in triples if t.relation == "DIRECTED_BY")
    for text in (f"a comedy by {worded.state.entity(director).name}", "comedies for the holidays"):
        answer = worded.recommend(Query(text=text, k=20))
        assert item.id in ids(answer.items)
        (found,) = (one for one in answer.items if one.item_id == item.id)
        told = worded.explain(item.id, Query(text=text))
        assert told.score == pytest.approx(found.score)
        assert sum(path.value for path in told.paths) == pytest.approx(told.parts["paths"])


def test_an_event_counts_in_the_next_answer(recommender):
    before = recommender.recommend(Query(user_id="quiet", k=5))
    events = [Interaction("quiet", f"horror-{n}", "like", at=n) for n in range(2)]
    recommender.apply_events(events)
    after = recommender.recommend(Query(user_id="quiet", k=5))
    assert ids(before.items) != ids(after.items)
    assert sides(after.items) == {"horror": 5}
    assert not {"horror-0", "horror-1"} & set(ids(after.items))


def test_an_event_that_says_nothing_good_hides_the_item_only(recommender):
    first = ids(recommender.recommend(Query(user_id="u3", k=4)).items)
    recommender.apply_events([Interaction("u3", first[0], "dislike", at=2e9)])
    assert ids(recommender.recommend(Query(user_id="u3", k=3)).items) == first[1:]


def test_a_new_film_comes_to_those_whom_it_fits_and_is_explained(recommender, world):
    report = recommender.apply_item(*live_film(world))
    assert report.item_id == "comedy-live"
    assert report.linked == tuple(sorted(t.tail for t in live_film(world)[2]))
    assert len(report.neighbours) == 5
    assert all(name.startswith("comedy") for name, _ in report.neighbours)
    answer = recommender.recommend(Query(user_id="u3", k=40, explain=True))
    (found,) = (item for item in answer.items if item.item_id == "comedy-live")
    twin = next(item for item in answer.items if item.item_id == "comedy-new")
    assert found.parts["paths"] == pytest.approx(twin.parts["paths"], rel=1e-3)
    assert found.parts["popularity"] >= twin.parts["popularity"]  # It has arrived.
    assert found.cold
    told = recommender.explain("comedy-live", Query(user_id="u3"))
    assert told.score == pytest.approx(found.score)
    assert told.title == "Comedy-Live Film"
    assert "Comedy-Live Film" in told.text
    assert [e.entity_id for e in recommender.understand("Comedy-Live Film").include] == [
        "comedy-live"
    ]
    assert ids(recommender.latest(k=1)) == ["comedy-live"]


def test_a_new_film_brings_its_entities_into_requests(recommender):
    person = Entity("Person:Gus", "Person", "Gustav Oren", {"zh": "古斯塔夫"})
    triples = [
        Triple("x", "DIRECTED_BY", "Person:Gus"),
        Triple("x", "HAS_GENRE", "Genre:Horror"),
    ]
    horror = Entity("Genre:Horror", "Genre", "Renamed")
    recommender.apply_item(Item("x", "First"), [person, horror], triples)
    for text, language, name in (("by Gustav Oren", "en", "Gustav Oren"),
                                 ("古斯塔夫", "zh", "古斯塔夫")):  # fmt: skip
        query = Query(user_id="u42", text=text, k=40, explain=True, language=language)
        answer = recommender.recommend(query)
        assert [e.entity_id for e in answer.understood.include] == ["Person:Gus"]
        asked = {
            item.item_id: path.path.nodes[1].name
            for item in answer.items
            for path in item.paths
            if path.kind == "request"
        }
        assert asked == {"x": name}
    assert recommender.search("gust")[0].entity_id == "Person:Gus"
    assert recommender.state.entity("Genre:Horror").name == "Horror"


def test_a_new_film_with_text_is_placed_with_the_text(worded, recommender, world):
    item, entities, triples = live_film(world)
    worded.apply_item(item, entities, triples)
    row = worded.state.item_row(item.id)
    assert worded.state.scorer.items(np.array([row])).target.any()
    bare = Item("only-words", "Only Words", text="A frightening haunted house film.")
    worded.apply_item(bare, [], [])
    recommender.apply_item(bare, [], [])
    for served, is_placed in ((worded, True), (recommender, False)):
        block = served.state.scorer.items(np.array([served.state.item_row("only-words")]))
        assert (block.similar.nnz > 0) == is_placed
        assert block.target.any() == is_placed


@pytest.fixture
def foreign(films, model, preset_films, use_m3):
    """A recommender with an encoder that its model does not know."""
    return Recommender(films, model, preset=preset_films, encoder=use_m3)


def test_an_encoder_that_the_model_does_not_know_changes_nothing(foreign, recommender, world):
    for one in (foreign, recommender):
        one.apply_item(*live_film(world))
    query = Query(user_id="u3", text="a comedy that shines", k=9)
    assert foreign.recommend(query).items == recommender.recommend(query).items


def test_a_changed_film_answers_to_its_new_name_and_attributes(recommender, world):
    item, entities, triples = live_film(world, "comedy-4", "horror-new")
    recommender.apply_item(replace(item, title="Grim Tale"), entities, triples)
    assert recommender.item("comedy-4").title == "Grim Tale"
    assert [e.entity_id for e in recommender.understand("Grim Tale").include] == ["comedy-4"]
    answer = recommender.recommend(Query(text="no horror", k=40))
    assert "comedy-4" not in ids(answer.items)


def test_a_removed_film_never_comes_again(recommender):
    gone = ids(recommender.recommend(Query(user_id="u3", k=1)).items)[0]
    seen = recommender.state.item(int(recommender.state.history("u3").items[-1])).id
    recommender.remove_item(gone)
    recommender.remove_item(seen)
    lists = [
        recommender.recommend(Query(user_id="u3", k=40)).items,
        recommender.recommend(Query(text="comedy", k=40)).items,
        recommender.popular(k=40),
        recommender.latest(k=40),
        recommender.similar("comedy-new", k=40),
    ]
    assert all(not {gone, seen} & set(ids(items)) for items in lists)
    told = recommender.explain("comedy-new", Query(user_id="u3"))
    assert seen not in {path.path.nodes[1].id for path in told.paths}
    calls = [recommender.item, recommender.similar, partial(recommender.explain, query=Query())]
    for call in calls:
        with pytest.raises(NotFoundError, match=gone):
            call(gone)
    assert recommender.search("Comedy", limit=50)
    assert gone not in {found.entity_id for found in recommender.search("Comedy", limit=50)}


def test_a_removed_user_is_a_stranger(recommender):
    recommender.remove_user("u25")
    known, strange = (
        recommender.recommend(Query(user_id=user, k=9)).items for user in ("u25", "nobody")
    )
    assert known == strange


def test_users_come_with_demographics(recommender):
    recommender.apply_user(User("fresh", {"gender": "F"}))
    fresh, quiet = (
        recommender.recommend(Query(user_id=user, k=9)).items for user in ("fresh", "quiet-f")
    )
    assert fresh == quiet


def test_similar_films_are_of_the_same_kind_and_never_itself(recommender):
    for name in ("comedy-1", "horror-new"):
        found = recommender.similar(name, k=6)
        assert sides(found) == {name.split("-")[0]: 6}
        assert name not in ids(found)
        assert all(item.parts["popularity"] == 0 for item in found)


def test_popular_and_latest(recommender):
    assert ids(recommender.popular(k=7)) == ids(recommender.recommend(Query(k=7)).items)
    assert ids(recommender.latest(k=3)) == ["bare", "comedy-twin", "horror-new"]


def test_an_explanation_tells_of_both_languages_and_of_what_the_user_did(recommender):
    english = recommender.explain("horror-0", Query(user_id="u42"), k=2)
    chinese = recommender.explain("horror-0", Query(user_id="u42", language="zh"), k=2)
    assert english.n_shown <= 2
    assert english.text.startswith("You liked ")
    assert "午夜来客" in chinese.text
    assert [path.value for path in english.paths] == [path.value for path in chinese.paths]
    session = recommender.explain("horror-0", Query(session=("horror-1",)))
    assert session.text.startswith("You just looked at ")
    assert session.user_id is None


def test_nothing_speaks_for_a_bare_film(recommender):
    told = recommender.explain("bare", Query(user_id="nobody"))
    assert told.paths == ()
    assert told.parts["paths"] == 0
    assert "speaks for Bare" in told.text


def test_names_are_looked_up_by_their_beginning(recommender):
    assert recommender.search("edda")[0].entity_id == "Person:Edda Krol"
    assert recommender.search("阳光")[0].entity_id == "comedy-0"
    assert len(recommender.search("comedy", limit=4)) == 4


def test_before_the_first_training_attributes_and_popularity_speak(films, preset_films):
    untrained = Recommender(films, Model.untrained(films, preset_films), preset=preset_films)
    answer = untrained.recommend(Query(user_id="u42", k=5, explain=True))
    assert answer.model_version == UNTRAINED
    assert sides(answer.items) == {"horror": 5}
    assert {path.kind for item in answer.items for path in item.paths} == {"attribute"}


def test_items_like_a_new_one_are_found_by_what_leads_to_it(films, model, preset_films, world):
    flat = replace(model.gate, weights=np.tile([1.0, 0.0, 0.0, 0.0], (len(model.gate.knots), 1)))
    served = Recommender(films, replace(model, gate=flat), preset=preset_films)
    item, entities, triples = live_film(world)
    served.apply_item(item, entities, triples)
    for name in ("comedy-new", item.id):
        assert all(found.score > 0 for found in served.similar(name, k=3))
    assert all(found.item_id.startswith("comedy") for found in served.similar("comedy-new", k=3))
    assert served.similar("bare", k=1)[0].score == 0


def test_what_is_understood_already_is_not_read_again(recommender):
    understood = recommender.understand("horror")
    words = recommender.recommend(Query(user_id="u3", text="horror"))
    known = recommender.recommend(Query(user_id="u3", text="comedy", understood=understood))
    assert ids(known.items) == ids(words.items)
    assert known.understood is understood
    explained = recommender.explain("horror-1", Query(user_id="u3", understood=understood))
    assert (
        explained.score == recommender.explain("horror-1", Query(user_id="u3", text="horror")).score
    )


def test_what_a_language_model_heard_is_added(recommender):
    text = "so funny, like horor, i guess"
    understood = recommender.understand("i guess")
    heard = recommender.hear(understood, Reading((Mention("horror", "wanted"),)), text)
    assert [(one.name, one.method) for one in heard.include] == [("Horror", "llm")]
    answer = recommender.recommend(Query(understood=heard, k=5))
    assert sides(answer.items) == {"horror": 5}


def test_an_explanation_is_retold_only_in_words_that_are_true(recommender):
    explanation = recommender.explain("comedy-1", Query(user_id="u3"))
    assert recommender.retell(explanation, Rewrite("You like horror.")).text == explanation.text
