"""What holds for every recommender, whatever the graph and the model.

The score is the sum of its parts, the path part is the sum over all paths, and every way to ask for
a score gives the same one.
"""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.columns import Csr
from graph.domain import Entity, Interaction, Item, Triple, User
from graph.embedded_store import EmbeddedStore
from graph.presets import preset
from graph.snapshot import Snapshot
from ranking.domain import Diversity, Query, Recommendation, Strategy
from ranking.evaluation.batch import BatchScorer
from ranking.fusion import COMPONENTS, Gate
from ranking.model import Model
from ranking.pipeline import Recommender
from ranking.profile import ProfileRule
from ranking.training import TrainingConfig, train

FILMS = preset("films")
FAST = TrainingConfig(graph_network=False)
RELATIONS = ("HAS_GENRE", "DIRECTED_BY", "ACTED_IN")
TYPES = ("rating", "view", "like", "skip")
SEEDS = st.integers(0, 2**32 - 1)
MANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(MANY, max_examples=10)


@dataclass(frozen=True)
class Records:
    """A graph as a catalog would give it."""

    items: Sequence[Item]
    entities: Sequence[Entity] = ()
    triples: Sequence[Triple] = ()
    users: Sequence[User] = ()
    events: Sequence[Interaction] = ()

    def snapshot(self) -> Snapshot:
        return asyncio.run(self._stored())

    async def _stored(self) -> Snapshot:
        store = EmbeddedStore(":memory:")
        await store.prepare()
        await store.upsert_items(self.items)
        await store.upsert_entities(self.entities)
        await store.upsert_triples(self.triples)
        await store.upsert_users(self.users)
        await store.add_events(self.events)
        export = await store.export()
        await store.close()
        return Snapshot.of(export)

    def with_more(self, items: Sequence[Item], triples: Sequence[Triple]) -> "Records":
        return replace(self, items=[*self.items, *items], triples=[*self.triples, *triples])


def random_links(item: str, entities: Sequence[Entity], rng: np.random.Generator) -> list[Triple]:
    """Link an item to up to four entities, in roles of both directions."""
    chosen = rng.permutation(len(entities))[: rng.integers(0, 5)].tolist()
    links = []
    for entity in (entities[n].id for n in chosen):
        relation = RELATIONS[rng.integers(3)]
        ends = (entity, item) if relation == "ACTED_IN" else (item, entity)
        links.append(Triple(ends[0], relation, ends[1], float(rng.choice([0.5, 1.0, 2.0]))))
    return links


def random_records(seed: int, *, demographics: bool = True) -> Records:
    """Between 3 and 20 items, up to 8 users and 6 entities; some of them alone."""
    rng = np.random.default_rng(seed)
    items = [Item(f"i{n}", f"Title {n}", text="words") for n in range(rng.integers(3, 21))]
    entities = [Entity(f"e{n}", "Genre", f"Name {n}") for n in range(rng.integers(0, 7))]
    triples = [link for item in items for link in random_links(item.id, entities, rng)]
    genders = [{}, {"gender": "F"}, {"gender": "M", "age": 30}]
    users = [
        User(f"u{n}", genders[rng.integers(3)] if demographics else {})
        for n in range(rng.integers(1, 9))
    ]
    events = [
        Interaction(
            user.id,
            items[item].id,
            str(rng.choice(TYPES)),
            float(rng.integers(1, 6)) if rng.random() < 0.5 else None,
            float(rng.integers(0, 1000)),
            f"{user.id}-{number}",
        )
        for user in users
        for number, item in enumerate(rng.integers(0, len(items), rng.integers(0, 12)).tolist())
    ]
    return Records(items, entities, triples, users, events)


def random_model(snapshot: Snapshot, seed: int) -> Model:
    """Random edges, vectors and weights, negative ones too."""
    rng = np.random.default_rng(seed)
    n_items, n_entities = len(snapshot.items), len(snapshot.entities)
    pairs = np.argwhere(rng.random((n_items, n_items)) < 0.4)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    popularity = np.bincount(snapshot.events.items, minlength=n_items)
    cold = popularity == 0
    pairs = pairs[~cold[pairs[:, 1]]]
    n = len(COMPONENTS)
    rule = ProfileRule.fit(snapshot.events, FILMS.event_strengths, half_life_s=500.0)
    vectors = rng.normal(size=(3, max(n_items, n_entities), 4)).astype(np.float32)
    return replace(
        Model.untrained(snapshot, FILMS),
        id=f"random-{seed}",
        similar=Csr.of(pairs[:, 0], pairs[:, 1], rng.normal(size=len(pairs)), (n_items, n_items)),
        owner_is_cold=cold,
        source=vectors[0, :n_items],
        target=vectors[1, :n_items],
        entities=vectors[2, :n_entities],
        role_weights={f"{name}:out": float(rng.random()) for name in RELATIONS[:2]},
        gate=Gate(
            (1.0, 4.0), rng.normal(size=(2, n)), 0.1 + rng.random(n), np.round(rng.random(n))
        ),
        rule=replace(rule, recent_share=float(rng.random()), alpha=0.3),
    )


def served(seed: int, **options: bool) -> tuple[Records, Recommender]:
    records = random_records(seed, **options)
    snapshot = records.snapshot()
    return records, Recommender(snapshot, random_model(snapshot, seed), preset=FILMS)


def live_changes(records: Records, recommender: Recommender, seed: int) -> None:
    """A new item, a changed one, a removed one, and events on all of them."""
    rng = np.random.default_rng(seed)
    fresh = Entity("e-new", "Genre", "Fresh")
    for name in ("live", records.items[0].id):
        links = random_links(name, [*records.entities, fresh], rng)
        recommender.apply_item(Item(name, f"{name} anew"), [*records.entities, fresh], links)
    recommender.apply_events([
        Interaction(user, item, "like", None, 2000.0)
        for user in (records.users[0].id, "newcomer")
        for item in ("live", records.items[0].id, records.items[1].id)
    ])
    recommender.remove_item(records.items[1].id)


def questions(records: Records) -> list[Query]:
    texts = (None, "Name 0 but not Name 1", "something like Title 2")
    users = (records.users[0].id, "newcomer", None)
    session = (records.items[0].id, records.items[2].id)
    return [
        Query(user_id=user, text=text, session=seen, k=1000)
        for user, text, seen in itertools.product(users, texts, ((), session))
    ]


def ids(items: Sequence) -> list[str]:
    return [item.item_id for item in items]


def alone(item: Recommendation) -> Recommendation:
    """Return what is said of an item in any list; the list chooses what comes first."""
    return replace(item, moved=None, reason="", paths=tuple(sorted(item.paths, key=repr)))


def assert_exact(recommender: Recommender, query: Query) -> None:
    """Check the identity for the ends of a list."""
    items = recommender.recommend(replace(query, explain=True)).items
    for item in (*items[:3], *items[3:][-2:]):
        told = recommender.explain(item.item_id, query)
        size = sum(abs(path.value) for path in told.paths) + sum(map(abs, told.parts.values()))
        near = 1e-9 * max(size, 1.0)
        assert sum(told.parts.values()) == pytest.approx(told.score, abs=near)
        assert sum(path.value for path in told.paths) == pytest.approx(
            told.parts["paths"], abs=near
        )
        assert sum(item.parts.values()) == pytest.approx(item.score, abs=near)
        assert item.score == pytest.approx(told.score, abs=near)
        assert set(item.parts) == set(told.parts)
        assert set(item.paths) == set(told.paths[: told.n_shown])


@MANY
@given(SEEDS)
def test_the_score_is_the_sum_of_its_parts_and_paths(seed):
    records, recommender = served(seed)
    for query in questions(records):
        assert_exact(recommender, query)


@MANY
@given(SEEDS)
def test_the_score_stays_the_sum_after_live_changes(seed):
    records, recommender = served(seed)
    live_changes(records, recommender, seed)
    for query in questions(records):
        assert_exact(recommender, query)


@MANY
@given(SEEDS)
def test_lists_are_sorted_without_repetition_and_without_what_was_seen(seed):
    records, recommender = served(seed)
    live_changes(records, recommender, seed)
    for query in questions(records):
        answer = recommender.recommend(query)
        names = ids(answer.items)
        assert len(set(names)) == len(names)
        assert records.items[1].id not in names
        assert not set(query.session) & set(names)
        known = query.user_id is not None or query.text or query.session
        if known and query.user_id != "newcomer":
            history = recommender.state.history(query.user_id)
            seen = [] if history is None else history.items.tolist()
            assert not {recommender.state.item(row).id for row in seen} & set(names)
        if query.text or query.session:
            scores = [item.score for item in answer.items]
            assert scores == sorted(scores, reverse=True)


@MANY
@given(SEEDS)
def test_shorter_lists_are_the_beginning_of_longer_ones(seed):
    records, recommender = served(seed)
    for query in questions(records):
        whole = ids(recommender.recommend(query).items)
        for k in (1, 3):
            assert ids(recommender.recommend(replace(query, k=k)).items) == whole[:k]


@MANY
@given(SEEDS, st.sampled_from(get_args(Strategy)), st.floats(0, 1), st.floats(0, 1))
def test_reordering_moves_items_and_nothing_else(seed, strategy, strength, calibration):
    records, recommender = served(seed)
    live_changes(records, recommender, seed)
    for query in questions(records):
        plain = recommender.recommend(replace(query, explain=True))
        asked = replace(
            query, explain=True, diversity=Diversity(strength, strategy), calibration=calibration
        )
        every = {item.item_id: item for item in plain.items}
        by_score = sorted(plain.items, key=lambda item: -item.score)
        for k in (3, 1000):
            answer = recommender.recommend(replace(asked, k=k))
            assert len(answer.items) == min(k, len(plain.items))
            assert len({item.item_id for item in answer.items}) == len(answer.items)
            for to, item in enumerate(answer.items, 1):
                assert alone(item) == alone(every[item.item_id])
                if answer.reordered:
                    assert item.moved.to == to
                    assert by_score[item.moved.by_score - 1].score == item.score
        assert answer == recommender.recommend(replace(asked, k=1000))


@MANY
@given(SEEDS)
def test_no_strength_is_the_same_answer(seed):
    records, recommender = served(seed)
    for query in questions(records):
        asked = replace(query, diversity=Diversity(0.0, "dpp"), calibration=0.0)
        assert recommender.recommend(asked) == recommender.recommend(query)


@MANY
@given(SEEDS)
def test_batches_give_the_same_lists_and_scores(seed):
    _, recommender = served(seed, demographics=False)
    snapshot = recommender.state.snapshot
    with_taste = [
        row
        for row in range(len(snapshot.users))
        if len(recommender.state.histories.of(row).profile(recommender.state.model.rule)[0])
    ]
    batch = BatchScorer(snapshot, recommender.state.model, FILMS)
    found, scores = batch.top_k(np.array(with_taste, dtype=np.int64), len(snapshot.items))
    for place, user in enumerate(with_taste):
        answer = recommender.recommend(Query(user_id=snapshot.users.id(user), k=1000))
        rows = found[place][found[place] >= 0]
        single = np.array([item.score for item in answer.items])
        np.testing.assert_allclose(scores[place, : len(rows)], single, rtol=1e-5, atol=1e-4)
        # Where neighbours in the list differ by less than single precision, either order is right.
        clear = np.flatnonzero(np.diff(single) < -1e-3)
        for start, stop in itertools.pairwise([0, *(clear + 1).tolist(), len(single)]):
            names = {snapshot.items.id(int(row)) for row in rows[start:stop]}
            assert names == set(ids(answer.items[start:stop]))


@FEW
@given(SEEDS)
def test_a_saved_model_gives_identical_answers(tmp_path_factory, seed):
    records, recommender = served(seed)
    loaded = Model.load(recommender.state.model.save(tmp_path_factory.mktemp("models")))
    again = Recommender(recommender.state.snapshot, loaded, preset=FILMS)
    live_changes(records, recommender, seed)
    live_changes(records, again, seed)
    for query in [replace(query, explain=True) for query in questions(records)]:
        assert again.recommend(query) == recommender.recommend(query)
    told = [one.explain("live", Query(user_id=records.users[0].id)) for one in (again, recommender)]
    assert told[0] == told[1]


@FEW
@given(SEEDS)
def test_a_model_serves_a_newer_snapshot(seed):
    records = random_records(seed)
    older = records.snapshot()
    model = random_model(older, seed)
    rng = np.random.default_rng(seed)
    extra = [Item(f"new{n}", f"New {n}") for n in range(3)]
    links = [link for item in extra for link in random_links(item.id, records.entities, rng)]
    newer = replace(records.with_more(extra, links), items=[*extra, *records.items])
    recommender = Recommender(
        replace(newer.snapshot(), version=older.version + 1000), model, preset=FILMS
    )
    for query in questions(records):
        assert_exact(recommender, query)
    listed = set(ids(recommender.recommend(Query(k=1000)).items))
    assert listed == {item.id for item in newer.items}
    assert recommender.explain("new0", Query(user_id=records.users[0].id)).title == "New 0"


@FEW
@given(SEEDS)
def test_leaving_a_step_out_and_asking_again_is_the_same(seed):
    """Answers depend on what is known, not on what was asked before."""
    records, recommender = served(seed)
    first = [recommender.recommend(query) for query in questions(records)]
    assert first == [recommender.recommend(query) for query in questions(records)]


TINY = Records(
    [Item("a", "Alpha"), Item("b", "Beta"), Item("c", "Gamma"), Item("d", "Delta", {"zh": "丁"})],
    [Entity("g:war", "Genre", "War", {"zh": "战争片"})],
    [Triple("a", "HAS_GENRE", "g:war"), Triple("b", "HAS_GENRE", "g:war")],
    [User("x")],
    [Interaction("u", "a"), Interaction("v", "b"), Interaction("v", "c"), Interaction("w", "c")],
)


def trained(records: Records) -> Recommender:
    snapshot = records.snapshot()
    return Recommender(snapshot, train(snapshot, preset=FILMS, config=FAST), preset=FILMS)


def test_three_users_and_four_items_are_enough():
    recommender = trained(TINY)
    answer = recommender.recommend(Query(user_id="u", explain=True))
    assert ids(answer.items)[0] == "b"
    assert {path.kind for path in answer.items[0].paths} == {"attribute"}
    assert set(ids(answer.items)) == {"b", "c", "d"}
    assert ids(recommender.recommend(Query(user_id="w")).items)[0] == "b"
    for query in (Query(user_id="u"), Query(user_id="w", text="战争片"), Query()):
        assert_exact(recommender, query)


def test_who_is_known_without_events_is_served_like_a_stranger():
    recommender = trained(TINY)
    lists = [recommender.recommend(Query(user_id=user)).items for user in ("x", "nobody", None)]
    assert lists[0] == lists[1] == lists[2]
    assert ids(lists[0])[0] == "c"


def test_items_of_the_same_content_and_events_have_the_same_score():
    twins = [Item("t1", "Twin"), Item("t2", "Twin")]
    links = [Triple(twin.id, "HAS_GENRE", "g:war") for twin in twins]
    recommender = trained(TINY.with_more(twins, links))
    scores = {i.item_id: i.score for i in recommender.recommend(Query(user_id="u")).items}
    assert scores["t1"] == scores["t2"]
    assert scores["t1"] > scores["d"]


def test_an_item_without_attributes_is_served_with_a_score_of_its_own():
    recommender = trained(TINY)
    told = recommender.explain("d", Query(user_id="u"))
    assert told.paths == ()
    assert told.score == told.parts["popularity"] == 0.0
    assert "Delta" in told.text
    assert "丁" in recommender.explain("d", Query(user_id="u", language="zh")).text


@pytest.mark.parametrize("with_model", [True, False])
def test_a_catalog_that_nobody_has_used_answers(with_model):
    records = replace(TINY, events=[])
    recommender = (
        trained(records)
        if with_model
        else Recommender(
            records.snapshot(), Model.untrained(records.snapshot(), FILMS), preset=FILMS
        )
    )
    assert len(recommender.recommend(Query(user_id="x")).items) == 4
    answer = recommender.recommend(Query(text="war", k=2))
    assert set(ids(answer.items)) == {"a", "b"}
    assert ids(recommender.recommend(Query(session=("a",), k=1)).items) == ["b"]
    recommender.apply_events([Interaction("x", "a")])
    assert ids(recommender.recommend(Query(user_id="x", k=1)).items) == ["b"]


def test_an_empty_catalog_answers_with_nothing_and_takes_the_first_item():
    recommender = trained(Records([]))
    assert recommender.recommend(Query(user_id="u", text="war")).items == ()
    assert recommender.popular() == recommender.latest() == []
    recommender.apply_item(TINY.items[0], TINY.entities, TINY.triples[:1])
    assert ids(recommender.recommend(Query(text="war")).items) == ["a"]
    assert_exact(recommender, Query(text="war"))


def test_removed_items_in_a_history_do_not_count_and_do_not_come():
    recommender = trained(TINY)
    recommender.remove_item("a")
    answer = recommender.recommend(Query(user_id="u"))
    assert answer.items == recommender.recommend(Query(user_id="nobody")).items
    assert set(ids(answer.items)) == {"b", "c", "d"}
    recommender.apply_item(TINY.items[0], TINY.entities, TINY.triples[:1])
    assert ids(recommender.recommend(Query(user_id="u", k=1)).items) == ["b"]


def test_training_twice_gives_identical_bytes(tmp_path):
    records = random_records(8)
    assert len(records.events) > 10
    snapshot = records.snapshot()
    folders = [
        train(snapshot, preset=FILMS, config=FAST).save(tmp_path / name) for name in ("one", "two")
    ]
    first, second = (
        {path.name: path.read_bytes() for path in folder.glob("*.npy")} for folder in folders
    )
    assert first == second
    assert len(first) >= 10
