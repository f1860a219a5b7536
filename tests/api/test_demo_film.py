import pytest

from api.demo_film import Taste, strongest_tastes, unseen_film
from graph.columns import StringColumn
from graph.domain import Entity, Interaction, Item, Triple, User
from graph.embedded_store import EmbeddedStore
from graph.errors import InvalidError
from graph.snapshot import Nodes, Snapshot

N_FILMS = 60
NOTHING = Nodes(StringColumn.of([]), StringColumn.of([]))


async def snapshot_of(likes):
    """Sixty films of six directors, ten each; ``likes`` names the films by user."""
    store = EmbeddedStore(":memory:")
    await store.prepare()
    await store.upsert_items([
        Item(f"f{n}", f"Film {n}", attributes={"year": 1920 + n}) for n in range(N_FILMS)
    ])
    names = [("Person", f"Director {n}") for n in range(6)] + [("Genre", "Noir"), ("Genre", "War")]
    await store.upsert_entities([Entity(name, label, name) for label, name in names])
    await store.upsert_users([User(user) for user in likes])
    directed = [Triple(f"f{n}", "DIRECTED_BY", f"Director {n // 10}") for n in range(N_FILMS)]
    genres = [Triple(f"f{n}", "HAS_GENRE", "Noir" if n % 3 else "War") for n in range(N_FILMS)]
    await store.upsert_triples(directed + genres)
    await store.add_events([
        Interaction(user, f"f{film}", "rating", value, at=float(at + 1))
        for user, films in likes.items()
        for at, (film, value) in enumerate(films.items())
    ])
    found = Snapshot.of(await store.export())
    await store.close()
    return found


async def test_the_strongest_taste_is_many_films_of_one_director_among_few():
    spread = [*range(0, 60, 5), 3]
    likes = {
        "everything": dict.fromkeys(range(60), 5.0),
        "fan": dict.fromkeys([*spread, *range(20, 30)], 5.0),
        "friend": dict.fromkeys([*spread, *range(10, 19)], 5.0),
        "critic": dict.fromkeys(range(60), 2.0),
        "newcomer": dict.fromkeys(range(10), 5.0),
    }
    tastes = strongest_tastes(await snapshot_of(likes), n_most=3)
    assert [taste.user_id for taste in tastes] == ["fan", "friend", "everything"]
    assert tastes[0].director == "Director 2"
    assert sorted(tastes[0].liked) == list(range(20, 30))


async def test_the_unseen_film_is_of_that_director_and_not_in_the_catalog():
    snapshot = await snapshot_of({"fan": dict.fromkeys(range(22, 29), 5.0)})
    film = unseen_film(snapshot, Taste("fan", "Director 2", tuple(range(22, 29))))
    assert snapshot.items.find(film["id"]) is None
    assert film["attributes"]["directors"] == ["Director 2"]
    assert film["attributes"]["genres"][0] == "Noir"
    assert film["attributes"]["year"] == 1945
    assert "cast" not in film["attributes"]


async def test_a_graph_without_ratings_is_told():
    with pytest.raises(InvalidError, match="Nobody"):
        strongest_tastes(await snapshot_of({}), n_most=1)


def test_a_graph_without_directors_is_told():
    with pytest.raises(InvalidError, match="no directors"):
        strongest_tastes(Snapshot(0, NOTHING, NOTHING, NOTHING), n_most=1)
