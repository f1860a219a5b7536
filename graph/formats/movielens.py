"""MovieLens as GroupLens publishes it: 100k (``u.*``) and the CSV files of ``ml-latest``."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path as FilePath

from graph.domain import AttributeValue, Interaction, Item, Triple, User
from graph.errors import InvalidError
from graph.formats.fields import FieldError, moment, number
from graph.formats.film_titles import readable
from graph.formats.lines import Problem, SourceFile
from graph.formats.rows import Table, plain_rows
from graph.formats.source import Described, Part, Source, listing, positions, records
from graph.mapping import AttributeMapping
from graph.rules import scalar

DOMAIN = "films"

_LATIN = "iso-8859-1"
_NO_GENRES = "(no genres listed)"
_FIRST_GENRE = 5
_COLUMNS = {
    "movies.csv": ("movieId", "title", "genres"),
    "ratings.csv": ("userId", "movieId", "rating", "timestamp"),
    "tags.csv": ("userId", "movieId", "tag", "timestamp"),
    "links.csv": ("movieId", "imdbId"),
}


def recognises(names: Mapping[str, FilePath]) -> bool:
    """Tell whether a folder holds ``u.data``, or ``movies.csv`` beside ``ratings.csv``."""
    return "u.data" in names or {"movies.csv", "ratings.csv"} <= set(names)


def open_source(path: FilePath, mapping: AttributeMapping) -> Source:
    """Open a folder as it comes out of the archive.

    Parameters
    ----------
    path : pathlib.Path
        Folder with ``u.item``, ``u.data`` and ``u.user``, or with ``movies.csv``, ``ratings.csv``.
    mapping : AttributeMapping
        Makes the entities of tags.

    Returns
    -------
    Source
        Items, users, events, then tags.

    Raises
    ------
    InvalidError
        If files or columns are missing.
    """
    names = listing(path)
    if "u.item" in names and "u.data" in names:
        return Source("movielens", list(_classic(names)))
    if "movies.csv" in names:
        return Source("movielens", list(_latest(names, mapping)))
    raise InvalidError(
        f"{path.name!r} holds no MovieLens data.",
        fix="Expected are u.item, u.data and u.user, or movies.csv and ratings.csv.",
    )


def _file(names: Mapping[str, FilePath], name: str, encoding: str = "utf-8") -> SourceFile:
    return SourceFile(names[name], names[name].name, encoding)


def _classic(names: Mapping[str, FilePath]) -> Iterator[Part]:
    """Yield the parts of MovieLens 100k; ``u.item`` is Latin-1."""
    items, events = _file(names, "u.item", _LATIN), _file(names, "u.data")
    genres, broken = _genres(names)
    rows = partial(plain_rows, items, separator="|", width=_FIRST_GENRE + len(genres))
    film = partial(_classic_film, genres)
    yield Part(items, lambda: chain(broken, records(rows(), items, film)))
    if "u.user" in names:
        users = _file(names, "u.user", _LATIN)
        people = partial(plain_rows, users, separator="|", width=5)
        yield Part(users, lambda: records(people(), users, _classic_user))
    ratings = partial(plain_rows, events, separator="\t", width=4)
    yield Part(events, lambda: records(ratings(), events, _rating))


def _genres(names: Mapping[str, FilePath]) -> tuple[list[str], list[Problem]]:
    """Read ``u.genre``: the names of the last columns of ``u.item``."""
    if "u.genre" not in names:
        return [], []
    found: dict[int, str] = {}
    problems = []
    file = _file(names, "u.genre", _LATIN)
    for row in plain_rows(file, separator="|", width=2):
        if isinstance(row, Problem):
            problems.append(row)
        elif row[1][1].strip().isdigit():
            found[int(row[1][1])] = row[1][0]
        else:
            problems.append(Problem(file.name, row[0], f"{row[1][1][:40]!r} is no position"))
    return [found.get(index, "") for index in range(max(found, default=-1) + 1)], problems


def _classic_film(genres: list[str], cells: list[str]) -> Item:
    title, year = readable(cells[1].strip())
    flags = cells[_FIRST_GENRE : _FIRST_GENRE + len(genres)]
    marked = zip(genres, flags, strict=True)
    kinds = tuple(name for name, flag in marked if flag == "1" and name not in {"", "unknown"})
    released = {} if year is not None else {"released": cells[2].strip()}
    return _film(cells[0].strip(), title, year, kinds, released)


def _film(
    id_: str, title: str, year: int | None, genres: tuple[str, ...], more: Mapping[str, str]
) -> Item:
    attributes: dict[str, AttributeValue] = {}
    if year is not None:
        attributes["year"] = year
    if genres:
        attributes["genres"] = genres
    attributes.update({name: value for name, value in more.items() if value})
    return Item(id_, title or id_, attributes=attributes)


def _classic_user(cells: list[str]) -> User:
    names = ("age", "gender", "occupation", "zip_code")
    values = zip(names, cells[1:5], strict=True)
    return User(cells[0].strip(), {name: scalar(text.strip()) for name, text in values})


def _rating(cells: list[str]) -> Interaction:
    return Interaction(
        cells[0].strip(), cells[1].strip(), "rating", number(cells[2]), moment(cells[3])
    )


def _latest(names: Mapping[str, FilePath], mapping: AttributeMapping) -> Iterator[Part]:
    """Yield the parts of ``ml-latest``, ``ml-25m`` and their kin."""
    movies, at = _table(names, "movies.csv")
    imdb, broken = _links(names)

    def film(cells: list[str]) -> Item:
        id_ = cells[at[0]].strip()
        title, year = readable(cells[at[1]].strip())
        genres = tuple(g for g in cells[at[2]].split("|") if g and g != _NO_GENRES)
        return _film(id_, title, year, genres, {"imdb_id": imdb.get(id_, "")})

    yield Part(movies.file, lambda: chain(broken, records(movies.rows(), movies.file, film)))
    if "ratings.csv" in names:
        ratings, places = _table(names, "ratings.csv")

        def rating(cells: list[str]) -> Interaction:
            return _rating([cells[place] for place in places])

        yield Part(ratings.file, lambda: records(ratings.rows(), ratings.file, rating))
    if "tags.csv" in names:
        tags, spots = _table(names, "tags.csv")

        def tag(cells: list[str]) -> Described:
            name = cells[spots[2]].strip()
            if not name:
                raise FieldError("the tag is empty")
            entity = mapping.entity("Tag", name)
            return Described(entity, Triple(cells[spots[1]].strip(), "HAS_TAG", entity.id))

        yield Part(tags.file, lambda: records(tags.rows(), tags.file, tag))


def _table(names: Mapping[str, FilePath], name: str) -> tuple[Table, list[int]]:
    """Open a CSV file and find its columns."""
    table = Table(_file(names, name))
    wanted = {column: (column.casefold(),) for column in _COLUMNS[name]}
    at = positions(table.columns, wanted)
    missing = [column for column in _COLUMNS[name] if column not in at]
    if missing and table.columns:
        raise InvalidError(
            f"{table.file.name} has no column {missing[0]!r}.",
            fix=f"Its header is: {','.join(_COLUMNS[name])}.",
        )
    return table, [at.get(column, 0) for column in _COLUMNS[name]]


def _links(names: Mapping[str, FilePath]) -> tuple[dict[str, str], list[Problem]]:
    """Read the IMDb ids of the films."""
    if "links.csv" not in names:
        return {}, []
    table, (film, imdb) = _table(names, "links.csv")
    found: dict[str, str] = {}
    problems = []
    for row in table.rows():
        if isinstance(row, Problem):
            problems.append(row)
        elif row[1][imdb].strip():
            found[row[1][film].strip()] = f"tt{row[1][imdb].strip().zfill(7)}"
    return found, problems
