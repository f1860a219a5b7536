"""A tiny made-up catalog, kept by the real embedded store and served by the real application."""

import logging
import shutil
import time
from pathlib import Path

import pytest
import structlog
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.domain import Path as GraphPath
from graph.domain import PathEdge, PathNode
from ranking.domain import Explanation, ScoredPath
from ranking.phrasing import plain

FILMS = [
    ("spring", "Late Spring", ["Drama"], "Yasujirō Ozu", 1949),
    ("summer", "Early Summer", ["Drama"], "Yasujirō Ozu", 1951),
    ("tokyo", "Tokyo Story", ["Drama"], "Yasujirō Ozu", 1953),
    ("ohayo", "Good Morning", ["Comedy", "Family"], "Yasujirō Ozu", 1959),
    ("hulot", "Monsieur Hulot's Holiday", ["Comedy"], "Jacques Tati", 1953),
    ("uncle", "My Uncle", ["Comedy", "Family"], "Jacques Tati", 1958),
    ("playtime", "Playtime", ["Comedy"], "Jacques Tati", 1967),
    ("traffic", "Traffic", ["Comedy"], "Jacques Tati", 1971),
    ("rashomon", "Rashomon", ["Drama", "Crime"], "Akira Kurosawa", 1950),
    ("ikiru", "Ikiru", ["Drama"], "Akira Kurosawa", 1952),
    ("samurai", "Seven Samurai", ["Action", "Drama"], "Akira Kurosawa", 1954),
    ("low", "High and Low", ["Crime", "Drama"], "Akira Kurosawa", 1963),
]
TASTES = {
    "ada": ["spring", "summer", "tokyo"],
    "ben": ["hulot", "uncle", "playtime"],
    "cleo": ["rashomon", "ikiru", "samurai", "low"],
    "dai": ["spring", "tokyo", "ikiru"],
    "eve": ["uncle", "ohayo", "hulot", "traffic"],
    "fay": ["summer", "tokyo", "spring", "rashomon"],
}


def film(name: str, title: str, genres: list[str], director: str, year: int) -> dict[str, object]:
    return {
        "id": name,
        "title": title,
        "text": f"{title}, a {genres[0].lower()} by {director}.",
        "attributes": {"genres": genres, "directors": director, "year": year},
    }


def events() -> list[dict[str, object]]:
    return [
        {
            "user_id": user,
            "item_id": item,
            "type": "rating",
            "value": 5,
            "at": 1_700_000_000 + 3600 * number,
            "event_id": f"{user}-{item}",
        }
        for user, items in TASTES.items()
        for number, item in enumerate(items)
    ]


def settings_for(home: Path, **changes: object) -> Settings:
    fields: dict[str, object] = {
        "home": home,
        "preset": "films",
        "imports": None,
        "neo4j": {"uri": None},
        "serving": {"poll_s": 0.05, "refresh_after_s": 0.1},
        "training": {"encoder": "none", "epochs": 2, "device": "cpu"},
        "log": {"level": "error"},
    }
    return Settings(**(fields | changes))


# What it is before any fixture: those that live longer than a test start services too.
_LEVEL = logging.getLogger().level


@pytest.fixture(autouse=True)
def logs_as_before():
    root = logging.getLogger()
    before = root.handlers
    yield
    root.handlers = before
    root.setLevel(_LEVEL)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory) -> Path:
    """A home with the catalog, made over HTTP; copy it before use."""
    home = tmp_path_factory.mktemp("filled")
    with TestClient(create_app(settings_for(home))) as client:
        for line in FILMS:
            assert client.post("/v1/items", json=film(*line)).status_code == 201
        assert client.post("/v1/events", json=events()).json()["accepted"] == len(events())
    return home


@pytest.fixture
def home(filled_home, tmp_path) -> Path:
    return shutil.copytree(filled_home, tmp_path / "home")


@pytest.fixture
def open_client():
    """Start the application on a home, as often as a test likes."""

    def start(home: Path, **changes: object) -> TestClient:
        return TestClient(create_app(settings_for(home, **changes)))

    return start


@pytest.fixture
def client(home, open_client):
    with open_client(home) as client:
        yield client


@pytest.fixture
def finished():
    """Wait for a job to end."""

    def wait(client: TestClient, answer, seconds: float = 120.0) -> dict[str, object]:
        assert answer.status_code == 202, answer.text
        deadline = time.monotonic() + seconds
        while True:
            job = client.get(f"/v1/jobs/{answer.json()['job_id']}").json()
            if job["status"] in {"succeeded", "failed"}:
                return job
            assert time.monotonic() < deadline, job
            time.sleep(0.05)

    return wait


@pytest.fixture
def settings_at():
    """Settings of a small service on a home."""
    return settings_for


@pytest.fixture(scope="session")
def explained():
    """Make an explanation: two shown paths, by a director and by taste, and one that is not."""

    def explain(user="7", film='Heat "1995" <uncut>', person="Michael Mann", title="Thief"):
        you = PathNode(user, "User", "User", user)
        heat, thief = PathNode("7", "Item", "Item", film), PathNode("8", "Item", "Item", title)
        mann = PathNode("person:mann", "Entity", "Person", person)
        rated = PathEdge(user, "INTERACTED", "7", "out")
        directed = PathEdge("7", "DIRECTED_BY", "person:mann", "out")
        directed_back = PathEdge("8", "DIRECTED_BY", "person:mann", "in")
        by_director = GraphPath((you, heat, mann, thief), (rated, directed, directed_back))
        similar = PathEdge("7", "SIMILAR_TO", "8", "out")
        by_taste = GraphPath((you, heat, thief), (rated, similar))
        against = GraphPath((you, heat, thief), (rated, PathEdge("7", "CLOSE_TO", "8", "out")))
        names = plain(film), plain(title), plain(person)
        text = "You liked {}; it and {} are both directed by {}.".format(*names)
        return Explanation(
            user_id=user,
            item_id="8",
            title=title,
            score=0.75,
            parts={"paths": 0.5, "popularity": 0.25},
            paths=(
                ScoredPath(by_director, "attribute", 0.4, 0.4 / 0.6, text),
                ScoredPath(by_taste, "collaborative", 0.2, 0.2 / 0.6, "Because of others."),
                ScoredPath(against, "learned", -0.1, 0.0, ""),
            ),
            n_shown=2,
            text=text,
            graph_version=3,
            model_version="m",
            event_types={"7": "rating"},
        )

    return explain


@pytest.fixture(scope="session")
def bare_explanation():
    """Make an explanation without paths: the item is popular."""
    return Explanation(None, "8", "Thief", 0.25, {"popularity": 0.25}, (), 0, "Popular.", 1, "m")


@pytest.fixture(scope="session")
def hostile_names():
    """Names that have broken documents before, one kind each."""
    return [
        "<script>alert(1)</script>",
        "\"quotes\" 'and' `ticks` \\",
        "]]>--></text></svg><!--",
        "&amp; &lt; #quot; %%{init: 1}%%",
        'end\nclass n0 bad\n"]-->x["',
        "\x00\x07\x1b[31m\ufffe\u2028",
        "שלום \u202eevil\u202c عالم",
        "👩‍👩‍👧‍👦🇨🇳 😀",
        "影" * 500,
        "a\u0301" * 300,
        " ",
    ]
