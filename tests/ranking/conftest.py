"""A made-up world of films with two tastes, and a builder of smaller graphs."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
import scipy.sparse as sp

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.embedded_store import EmbeddedStore
from graph.mapping import AttributeMapping
from graph.presets import preset
from graph.snapshot import Snapshot
from llm.encoder import load_encoder
from ranking.item_block import ItemBlock
from ranking.model import Model
from ranking.pipeline import Recommender
from ranking.scoring import Profile, Scorer
from ranking.training import TrainingConfig, train

SIDES = ("comedy", "horror")
DIRECTORS = {
    "comedy": ("Ada Marsh", "Bruno Feld", "Celia Okoye"),
    "horror": ("Dorian Vance", "Edda Krol", "Felix Thorn"),
}
CHINESE = {"comedy-0": "阳光假日", "horror-0": "午夜来客", "comedy-new": "新邻居"}
COLD = ("comedy-new", "horror-new", "comedy-twin", "bare")
DAY = 86_400


@dataclass(frozen=True)
class World:
    """Records of a graph, as a catalog would give them."""

    items: Sequence[Item]
    entities: Sequence[Entity]
    triples: Sequence[Triple]
    users: Sequence[User]
    events: Sequence[Interaction]

    def snapshot(self) -> Snapshot:
        """Write everything into a store and export it."""
        return asyncio.run(self._stored())

    async def _stored(self) -> Snapshot:
        store = EmbeddedStore(":memory:")
        await store.prepare()
        await store.upsert_items(self.items)
        await store.upsert_entities(self.entities)
        assert not (await store.upsert_triples(self.triples)).dangling
        await store.upsert_users(self.users)
        assert not (await store.add_events(self.events)).rejected
        export = await store.export()
        await store.close()
        return Snapshot.of(export)

    def triples_of(self, item_id: str) -> list[Triple]:
        return [triple for triple in self.triples if triple.head == item_id]

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)


def entity(name: str) -> Entity:
    """Make the entity of an id such as ``Genre:Comedy``."""
    label, _, called = name.partition(":")
    chinese = {"Comedy": "喜剧片", "Horror": "恐怖片"}
    return Entity(name, label, called, {"zh": chinese[called]} if called in chinese else {})


def small_world(items, triples=(), events=(), users=()) -> World:
    """Take records, or ids and tuples of their first fields; every other end is an entity."""
    items = [item if isinstance(item, Item) else Item(item, item.title()) for item in items]
    triples = [t if isinstance(t, Triple) else Triple(*t) for t in triples]
    known = {item.id for item in items}
    ends = dict.fromkeys(end for t in triples for end in (t.head, t.tail) if end not in known)
    return World(
        items,
        [entity(end) for end in ends],
        triples,
        [user if isinstance(user, User) else User(user) for user in users],
        [e if isinstance(e, Interaction) else Interaction(*e) for e in events],
    )


def _film(name: str, side: str, director: str, year: int) -> tuple[Item, list[Triple]]:
    title = f"{name.replace('-', ' ').title()} Picture ({year})"
    names = {"zh": CHINESE[name]} if name in CHINESE else {}
    text = f"A {'funny family holiday' if side == 'comedy' else 'frightening haunted house'} film."
    attributes = {"genres": (side.title(),), "year": year, "director": director}
    second = "Drama" if year % 3 == 0 else "Family" if side == "comedy" else "Crime"
    links = [
        ("HAS_GENRE", f"Genre:{side.title()}"),
        ("HAS_GENRE", f"Genre:{second}"),
        ("DIRECTED_BY", f"Person:{director}"),
        ("FROM_COUNTRY", f"Country:{('France', 'Italy', 'Japan')[year % 2]}"),
    ]
    return Item(name, title, names, text, attributes), [Triple(name, *link) for link in links]


def _films() -> list[tuple[Item, list[Triple]]]:
    films = [
        _film(f"{side}-{n}", side, DIRECTORS[side][n % 3], 1980 + n)
        for side in SIDES
        for n in range(15)
    ]
    return [
        *films,
        _film("comedy-new", "comedy", "Ada Marsh", 2001),
        _film("horror-new", "horror", "Edda Krol", 2002),
        _film("comedy-twin", "comedy", "Ada Marsh", 1980),
        (Item("bare", "Bare"), []),
    ]


def _tastes() -> list[Interaction]:
    rng = np.random.default_rng(7)
    events = []
    for user in range(60):
        own, other = SIDES[user // 30], SIDES[1 - user // 30]
        chosen = [(f"{own}-{n}", 4.0 + n % 2) for n in rng.permutation(15)[:9].tolist()]
        chosen += [(f"{other}-{n}", 1.0 + n % 3) for n in rng.permutation(15)[:2].tolist()]
        for place, (item, value) in enumerate(chosen):
            at = 1_700_000_000.0 + place * DAY + user
            events.append(Interaction(f"u{user}", item, "rating", value, at))
    return events


@pytest.fixture(scope="session")
def world() -> World:
    """30 rated and 4 unrated films; u0 to u29 like comedies, u30 to u59 horror films.

    Of u20 to u39 gender and age are known, of ``quiet-f`` and ``quiet-m`` nothing else, and
    of ``quiet`` nothing at all.
    """
    films = _films()
    triples = [triple for _, links in films for triple in links]
    # One film without a director: genres are what covers most films.
    triples.remove(Triple("horror-14", "DIRECTED_BY", "Person:Felix Thorn"))
    known = [
        User(f"u{n}", {"gender": "FM"[n // 30], "age": 20 + n} if 20 <= n < 40 else {})
        for n in range(60)
    ]
    quiet = [User("quiet-f", {"gender": "F"}), User("quiet-m", {"gender": "M"}), User("quiet")]
    entities = [entity(name) for name in dict.fromkeys(triple.tail for triple in triples)]
    return World([item for item, _ in films], entities, triples, [*known, *quiet], _tastes())


@pytest.fixture(scope="session")
def films(world):
    return world.snapshot()


@pytest.fixture(scope="session")
def small():
    """Build a world of a few records."""
    return small_world


@pytest.fixture(scope="session")
def preset_films():
    return preset("films")


@pytest.fixture(scope="session")
def quick():
    """Settings with all stages and little work."""
    return TrainingConfig(epochs=3, time_budget_s=600.0, device="cpu")


@pytest.fixture(scope="session")
def model(films, preset_films, quick):
    return train(films, preset=preset_films, config=quick)


@pytest.fixture(scope="session")
def balanced(model):
    """The model with a gate in which every component counts."""
    weights = np.tile([1.0, 0.8, 0.6, 0.2], (len(model.gate.knots), 1))
    return replace(model, gate=replace(model.gate, weights=weights))


@pytest.fixture
def recommender(films, model, preset_films):
    return Recommender(films, model, preset=preset_films)


@pytest.fixture(scope="session")
def use_m3():
    return load_encoder("use-m3")


@pytest.fixture(scope="session")
def worded_model(films, preset_films, quick, use_m3):
    """A model that knows texts."""
    return train(films, preset=preset_films, config=quick, encoder=use_m3)


@pytest.fixture
def worded(films, worded_model, preset_films, use_m3):
    return Recommender(films, worded_model, preset=preset_films, encoder=use_m3)


@pytest.fixture(scope="session")
def checkerboard():
    """Six users and six items: even users chose even items, odd users odd ones."""
    rows, columns = np.indices((6, 6))
    return sp.csr_matrix((rows % 2 == columns % 2).astype(np.float32))


@pytest.fixture(scope="session")
def random_block():
    """Make items at random; some were placed by their content, some arrived since."""

    def block(n, seed, n_items=9, n_features=5):
        rng = np.random.default_rng(seed)

        def sparse(n_columns):
            dense = np.where(rng.random((n, n_columns)) < 0.5, rng.normal(size=(n, n_columns)), 0)
            return sp.csr_matrix(dense.astype(np.float32))

        vectors = rng.normal(size=(2, n, 3)).astype(np.float32)
        popularity = rng.random(n).astype(np.float32)
        new = (np.arange(n) % 3).astype(np.int8)
        return ItemBlock(sparse(n_items), *vectors, sparse(n_features), popularity, new)

    return block


@pytest.fixture(scope="session")
def random_profile():
    """Make a profile of some rows, with other coefficients for items placed by their content."""
    coefficients = np.array([[0.7, 1.3, 0.4, -0.2], [0.2, -0.5, 1.1, 0.6]])

    def profile(rows, seed=1):
        weights = np.random.default_rng(seed).random(len(rows)) + 0.1
        return Profile(
            np.array(rows, np.int64), weights, coefficients, gains=np.array([0.0, 0.3, 0.5])
        )

    return profile


@pytest.fixture
def scorer(random_block):
    return Scorer(random_block(9, seed=0))


@pytest.fixture
def live(scorer, random_block):
    """Item 4 changed, items 9 and 10 came; they have new features."""
    scorer.put(10, random_block(1, seed=11, n_features=8))
    scorer.put(9, random_block(1, seed=10, n_features=6))
    scorer.put(4, random_block(1, seed=12, n_features=7))
    return scorer


CINEMA = (
    # id, title, year, minutes, stars, genres, tags, director
    ("sw", "Star Wars", 1977, 121, 4.5, ("Sci-Fi", "Adventure"), ("space",), "George Lucas"),
    ("moon", "Moonbase Mishaps", 1984, 95, 3.5, ("Comedy", "Sci-Fi"), ("space",), "Ann Teller"),
    ("pups", "Rocket Puppies", 1986, 80, 3.0, ("Comedy", "Children's"), ("space",), "Ann Teller"),
    ("orbit", "Orbit of Fools", 1996, 101, 2.5, ("Comedy", "Sci-Fi"), ("space",), "Ann Teller"),
    ("shining", "The Shining", 1980, 146, 4.5, ("Horror",), (), "Stanley Kubrick"),
    ("killing", "The Killing", 1956, 85, 4.0, ("Crime",), (), "Stanley Kubrick"),
    ("glory", "Paths of Glory", 1957, 88, 4.5, ("War", "Drama"), (), "Stanley Kubrick"),
    ("barry", "Barry Lyndon", 1975, 185, 4.0, ("Drama",), (), "Stanley Kubrick"),
    (
        "odyssey",
        "2001: A Space Odyssey",
        1968,
        149,
        5.0,
        ("Sci-Fi",),
        ("space",),
        "Stanley Kubrick",
    ),
    ("party", "Garden Party", 1985, 90, 3.0, ("Comedy", "Family"), (), "May Lin"),
    ("lost", "The Lost Reel", 0, 0, 0.0, ("Drama",), (), "May Lin"),
)


def _screened(line) -> tuple[Item, list[Entity], list[Triple]]:
    name, title, year, minutes, stars, genres, tags, director = line
    numbers = {"year": year, "runtime": minutes, "rating": stars}
    attributes = {"genres": genres, "tags": tags, "director": director} | numbers
    item = Item(name, title, attributes={key: value for key, value in attributes.items() if value})
    return item, *AttributeMapping.for_preset("films").describe(item)


@pytest.fixture(scope="session")
def cinema(preset_films):
    """Films with a length, a year and stars, with the names that the preset gives to genres."""
    films = [_screened(line) for line in CINEMA]
    entities = {one.id: one for _, described, _ in films for one in described}
    triples = [triple for _, _, links in films for triple in links]
    world = World([item for item, _, _ in films], list(entities.values()), triples, [], [])
    snapshot = world.snapshot()
    return Recommender(snapshot, Model.untrained(snapshot, preset_films), preset=preset_films)
