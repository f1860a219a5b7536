"""The demo's films: MovieLens 100k ratings joined with what OMDb knows of the films.

Reads two wheels for their data only: ``recbole`` ships MovieLens 100k as atomic files,
``bokeh_sampledata`` ships ``movies.db`` with directors, writers, cast, genres, countries, languages
of 17,472 films from 1940 to 2014. Rated films keep their MovieLens ids; films that nobody has rated
stay in with their IMDb ids: they are the cold items.
"""

import os
import shutil
import sqlite3
import tempfile
import time
import weakref
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path as FilePath

from graph.domain import AttributeValue, Item
from graph.errors import InvalidError
from graph.formats.film_join import Film, Match, join
from graph.formats.film_titles import readable
from graph.formats.lines import Problem, SourceFile
from graph.formats.recbole import AtomicTable, read_events, read_users
from graph.formats.source import Part, Row, Source
from graph.mapping import AttributeMapping

DOMAIN = "films"

_WANTED = ("ml-100k.item", "ml-100k.user", "ml-100k.inter", "movies.db")
_WHEELS = ("recbole-*.whl", "bokeh_sampledata-*.whl")
_MAX_MEMBER = 256 * 2**20
_COLUMNS = "ID imdbID Title Year Genre Director Writer Cast Country Language Runtime Rating Awards"
_QUERY = """
select {columns}, omdb."Metacritic", tomatoes."Production"
from omdb left join tomatoes on tomatoes."ID" = omdb."ID" order by omdb."ID"
"""
_SUFFIXES = frozenset({"Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"})
_SAME = {
    "Children's": "Family",
    "People's Republic of China": "China",
    "Standard Chinese": "Mandarin",
    "Putonghua": "Mandarin",
    "Yue Chinese": "Cantonese",
    "Modern Greek": "Greek",
    "American English": "English",
}


def recognises(names: Mapping[str, FilePath]) -> bool:
    """Tell whether the two wheels lie in a folder, or what was in them."""
    wheels = all(any(FilePath(name).match(wheel) for name in names) for wheel in _WHEELS)
    return wheels or set(_WANTED) <= set(names)


def open_source(path: FilePath, mapping: AttributeMapping) -> Source:  # noqa: ARG001
    """Open a folder with the two wheels, or with what was in them.

    Parameters
    ----------
    path : pathlib.Path
        The folder; unpacked files may lie at any depth.
    mapping : AttributeMapping
        Not needed here: the loader describes the films.

    Returns
    -------
    Source
        Films, users, ratings. Its notes tell how many films were joined, and by which rules.

    Raises
    ------
    InvalidError
        If a file is missing.
    """
    unpacked = FilePath(tempfile.mkdtemp(prefix="films-"))
    try:
        files = _find(path, unpacked)
        tables = {name: AtomicTable(files[name]) for name in _WANTED[:3]}
    except BaseException:
        shutil.rmtree(unpacked, ignore_errors=True)
        raise
    notes: dict[str, str | int | float] = {}
    movies = files["movies.db"]
    parts = [
        Part(movies, partial(_films, movies, tables["ml-100k.item"], notes)),
        Part(files["ml-100k.user"], partial(read_users, tables["ml-100k.user"])),
        Part(files["ml-100k.inter"], partial(read_events, tables["ml-100k.inter"])),
    ]
    source = Source("films", parts, notes)
    weakref.finalize(source, shutil.rmtree, unpacked, ignore_errors=True)
    return source


def _find(path: FilePath, unpacked: FilePath) -> dict[str, SourceFile]:
    """Find the four files, in wheels (unpacked into a folder) or as they are."""
    if not path.is_dir():
        raise InvalidError(f"There is no folder {path.name!r}.", fix="Run 'whyrec demo'.")
    found = {name: next(iter(sorted(path.rglob(name))), None) for name in _WANTED}
    for pattern in _WHEELS:
        for wheel in sorted(path.glob(pattern)):
            for name, file in _unpack(wheel, unpacked):
                found[name] = found[name] or file
    missing = [name for name, file in found.items() if file is None]
    if missing:
        raise InvalidError(
            f"{path.name!r} holds no {missing[0]}.",
            fix="Put the wheels recbole and bokeh_sampledata there: pip download --no-deps "
            "--require-hashes -r requirements-demo.lock",
        )
    return {name: SourceFile(file, name) for name, file in found.items() if file is not None}


def _unpack(wheel: FilePath, folder: FilePath) -> Iterator[tuple[str, FilePath]]:
    """Unpack the wanted files of a wheel; each keeps its time, which is part of its identity."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.infolist():
                name = FilePath(member.filename).name
                if name in _WANTED and member.file_size <= _MAX_MEMBER:
                    target = folder / name
                    with archive.open(member) as content, target.open("wb") as copy:
                        shutil.copyfileobj(content, copy)
                    moment = time.mktime((*member.date_time, 0, 0, -1))
                    os.utime(target, (moment, moment))
                    yield name, target
    except (zipfile.BadZipFile, OSError) as error:
        raise InvalidError(
            f"{wheel.name} is damaged: {error}.", fix="Download it again."
        ) from error


@dataclass(frozen=True, slots=True)
class _Known:
    """A film of ``movies.db``: what is needed to find it, and its attributes."""

    film: Film
    imdb_id: str
    attributes: Mapping[str, AttributeValue]
    text: str


def joined_films(path: FilePath) -> tuple[list[Film], dict[str, Match]]:
    """Join the films of a folder without loading them, so that the matches can be looked at.

    Parameters
    ----------
    path : pathlib.Path
        As for :func:`open_source`.

    Returns
    -------
    films : list of Film
        The rated films.
    matches : dict of str to Match
        By id of the rated film, for those that were found.
    """
    with tempfile.TemporaryDirectory(prefix="films-") as unpacked:
        files = _find(path, FilePath(unpacked))
        known = [one.film for one in _known(files["movies.db"])]
        rows = list(_rows(AtomicTable(files["ml-100k.item"])))
    films = [_rated(row[1]) for row in rows if not isinstance(row, Problem)]
    return films, join(films, known)


def _films(
    movies: SourceFile, table: AtomicTable, notes: dict[str, str | int | float]
) -> Iterator[Row]:
    """Yield the rated films, joined where possible, then all others of ``movies.db``."""
    known = {one.film.id: one for one in _known(movies)}
    rated = [row if isinstance(row, Problem) else (row[0], _rated(row[1])) for row in _rows(table)]
    films = [row[1] for row in rated if not isinstance(row, Problem)]
    matches = join(films, [one.film for one in known.values()])
    for row in rated:
        if isinstance(row, Problem):
            yield row
        else:
            match = matches.get(row[1].id)
            yield row[0], _item(row[1], known[match.film.id] if match else None)
    taken = {match.film.id for match in matches.values()}
    used: set[str] = set()
    for id_, one in known.items():
        if id_ not in taken and one.imdb_id not in used:
            used.add(one.imdb_id)
            yield (
                int(id_),
                Item(one.imdb_id, one.film.title, text=one.text, attributes=one.attributes),
            )
    notes.update(_notes(films, matches, len(used)))


def _notes(
    films: Sequence[Film], matches: Mapping[str, Match], n_unrated: int
) -> dict[str, str | int | float]:
    rules = Counter(match.rule for match in matches.values())
    return {
        "rated_films": len(films),
        "joined_films": len(matches),
        "join_rate": round(len(matches) / len(films), 4) if films else 0.0,
        **{f"joined_by_{rule}": count for rule, count in rules.most_common()},
        "unrated_films": n_unrated,
        "credits": "Ratings: MovieLens 100k by GroupLens. Film facts: OMDb.",
    }


def _rows(table: AtomicTable) -> Iterator[tuple[int, list[str]] | Problem]:
    places = [table.at(name) for name in ("item_id", "movie_title", "release_year", "class")]
    missing = [place for place in places if place is None]
    if missing:
        raise InvalidError("ml-100k.item has not the columns of MovieLens 100k.")
    for row in table.table.rows():
        if isinstance(row, Problem):
            yield row
        else:
            yield row[0], [row[1][place] for place in places if place is not None]


def _rated(cells: list[str]) -> Film:
    title, year = readable(cells[1])
    if cells[2].isdecimal():
        year = int(cells[2])
    genres = frozenset(cells[3].split()) - {"unknown"} if year is not None else frozenset()
    return Film(cells[0], title, year, genres)


def _item(film: Film, known: _Known | None) -> Item:
    """Describe a rated film by what is known of it, or by its MovieLens genres."""
    if known is not None:
        attributes = {**known.attributes, "imdb_id": known.imdb_id}
        if film.year is not None:
            attributes["year"] = film.year
        return Item(film.id, film.title, text=known.text, attributes=attributes)
    attributes = {"year": film.year} if film.year is not None else {}
    if film.genres:
        attributes["genres"] = tuple(sorted(_SAME.get(genre, genre) for genre in film.genres))
    return Item(film.id, film.title, attributes=attributes)


def _known(movies: SourceFile) -> Iterator[_Known]:
    """Read ``movies.db``."""
    columns = ", ".join(f'omdb."{name}"' for name in _COLUMNS.split())
    try:
        connection = sqlite3.connect(f"file:{movies.path}?mode=ro", uri=True)
        try:
            rows = connection.execute(_QUERY.format(columns=columns)).fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise InvalidError(f"movies.db cannot be read: {error}.") from error
    for row in rows:
        yield _known_film(dict(zip([*_COLUMNS.split(), "Metacritic", "Studio"], row, strict=True)))


def _known_film(row: Mapping[str, str | int | float | None]) -> _Known:
    genres = _several(row["Genre"])
    attributes: dict[str, AttributeValue] = {
        "year": int(row["Year"] or 0),
        "genres": genres,
        "directors": _several(row["Director"]),
        "writers": _several(row["Writer"]),
        "cast": _several(row["Cast"]),
        "countries": _several(row["Country"]),
        "languages": _several(row["Language"]),
        "studio": _several(row["Studio"]),
        "certificate": str(row["Rating"] or ""),
        "runtime": int(row["Runtime"] or 0),
        "metacritic": int(row["Metacritic"] or 0),
        "awards": str(row["Awards"] or ""),
    }
    title, year = str(row["Title"]), int(row["Year"] or 0)
    return _Known(
        Film(str(row["ID"]), title, year, frozenset(genres)),
        str(row["imdbID"]),
        {name: value for name, value in attributes.items() if value},
        str(row["Awards"] or ""),
    )


def _several(cell: str | float | None) -> tuple[str, ...]:
    """Part names at commas; ``"Sammy Davis, Jr."`` is one name."""
    names: list[str] = []
    for part in str(cell or "").split(", "):
        if part in _SUFFIXES and names:
            names[-1] += f", {part}"
        elif part.strip():
            names.append(_SAME.get(part.strip(), part.strip()))
    return tuple(dict.fromkeys(names))
