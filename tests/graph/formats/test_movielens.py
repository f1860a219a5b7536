import pytest

from graph.catalog import load_catalog
from graph.domain import Interaction, Item, User
from graph.embedded_store import EmbeddedStore
from graph.errors import InvalidError
from graph.formats.lines import Problem
from graph.formats.movielens import open_source
from graph.mapping import AttributeMapping

MAPPING = AttributeMapping.for_preset("films")


@pytest.fixture
def classic(tmp_path):
    (tmp_path / "u.item").write_bytes(
        b"1|Usual Caf\xe9, The (1995)|14-Aug-1995||http://x|0|1|1\n2|unknown|14-Aug-1995|||1|0|0\n3|short\n"
    )
    (tmp_path / "u.genre").write_text("unknown|0\nCrime|1\nThriller|2\n\n")
    (tmp_path / "u.user").write_text("1|24|M|technician|85711\n")
    (tmp_path / "u.data").write_text("1\t1\t3\t881250949\n1\t2\tx\t1\n")
    return tmp_path


def test_the_classic_files(classic):
    rows = [row for part in open_source(classic, MAPPING).parts for row in part.read()]

    attributes = {"year": 1995, "genres": ("Crime", "Thriller")}
    assert rows == [
        (1, Item("1", "The Usual Café", attributes=attributes)),
        (2, Item("2", "unknown", attributes={"released": "14-Aug-1995"})),
        Problem("u.item", 3, "the line has 2 cells, not 8"),
        (1, User("1", {"age": 24, "gender": "M", "occupation": "technician", "zip_code": 85711})),
        (1, Interaction("1", "1", "rating", 3, 881250949)),
        Problem("u.data", 2, "'x' is not a finite number"),
    ]


async def test_the_classic_files_are_recognised(classic):
    store = EmbeddedStore(":memory:")
    await store.prepare()

    assert (await load_catalog(store, classic, dry_run=True)).format == "movielens"
    await store.close()


def test_a_genre_without_a_position_is_told(classic):
    (classic / "u.genre").write_text("Crime|one\n")

    rows = list(open_source(classic, MAPPING).parts[0].read())

    assert rows[0] == Problem("u.genre", 1, "'one' is no position")


async def test_the_latest_files(tmp_path):
    (tmp_path / "movies.csv").write_text(
        "movieId,title,genres\n1,Toy Story (1995),Animation|Comedy\n"
        '2,"American President, The (1995)",(no genres listed)\n'
    )
    (tmp_path / "ratings.csv").write_text("userId,movieId,rating,timestamp\n7,1,4.5,964982703\n")
    (tmp_path / "tags.csv").write_text(
        "userId,movieId,tag,timestamp\n7,1,Pixar,1\n8,1,pixar,2\n8,1, ,2\n8,9,pixar,2\n"
    )
    (tmp_path / "links.csv").write_text("movieId,imdbId,tmdbId\n1,114709,862\n2\n")
    store = EmbeddedStore(":memory:")
    await store.prepare()

    summary = await load_catalog(store, tmp_path)

    assert (summary.format, summary.preset) == ("movielens", "films")
    assert [(p.file, p.line) for p in summary.problems] == [
        ("links.csv", 3),
        ("tags.csv", 4),
        ("tags.csv", 5),
    ]
    toy = await store.item("1")
    assert toy.attributes["imdb_id"] == "tt0114709"
    assert {(t.relation, t.tail) for t in await store.triples_of("1")} == {
        ("HAS_GENRE", "genre:animation"),
        ("HAS_GENRE", "genre:comedy"),
        ("FROM_DECADE", "decade:1990s"),
        ("HAS_TAG", "tag:pixar"),
    }
    president = await store.item("2")
    assert (president.title, president.attributes) == ("The American President", {"year": 1995})
    await store.close()


def test_a_missing_column_is_refused(tmp_path):
    (tmp_path / "movies.csv").write_text("id,title\n")

    with pytest.raises(InvalidError, match="movieId,title,genres"):
        open_source(tmp_path, MAPPING)
