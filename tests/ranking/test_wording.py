import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.domain import ASKS_FOR, CLOSE_TO, INTERACTED, SIMILAR_TO, Path, PathEdge, PathNode
from graph.presets import preset, presets
from ranking.domain import (
    ASKED_ALIKE,
    PATHS,
    PEOPLE_LIKE_YOU,
    POPULARITY,
    SEMANTIC,
    Language,
    PathKind,
    ScoredPath,
)
from ranking.phrasing import plain
from ranking.text_check import flaw
from ranking.wording import confidence_note, paragraph, path_text, summary

FILMS = preset("films")
YOU = PathNode("u7", "User", "User", "u7")


def item(name: str) -> PathNode:
    return PathNode(f"item-{name}", "Item", "Item", name)


def person(name: str) -> PathNode:
    return PathNode(f"person:{name}", "Entity", "Person", name)


def edge(head: PathNode, relation: str, tail: PathNode, *, walked: PathNode) -> PathEdge:
    return PathEdge(head.id, relation, tail.id, "out" if walked == head else "in")


def event(seed: str) -> PathEdge:
    return edge(YOU, INTERACTED, item(seed), walked=YOU)


def collaborative(seed: str, target: str) -> Path:
    similar = edge(item(seed), SIMILAR_TO, item(target), walked=item(seed))
    return Path((YOU, item(seed), item(target)), (event(seed), similar))


def learned(seed: str, target: str) -> Path:
    close = edge(item(seed), CLOSE_TO, item(target), walked=item(seed))
    return Path((YOU, item(seed), item(target)), (event(seed), close))


def attribute(seed: str, relation: str, name: str, target: str, *, last: str | None = None) -> Path:
    middle = person(name)
    first = edge(item(seed), relation, middle, walked=item(seed))
    second = edge(item(target), last or relation, middle, walked=middle)
    return Path((YOU, item(seed), middle, item(target)), (event(seed), first, second))


ASKED = PathNode("", "Request", "Request", "something by Mann")


def asks(wanted: PathNode) -> PathEdge:
    return edge(ASKED, ASKS_FOR, wanted, walked=ASKED)


def request(name: str, relation: str, target: str) -> Path:
    wanted = person(name)
    last = edge(item(target), relation, wanted, walked=wanted)
    return Path((ASKED, wanted, item(target)), (asks(wanted), last))


def scored(kind: PathKind, path: Path, value: float = 1.0, people: int | None = None) -> ScoredPath:
    return ScoredPath(path, kind, value, 0.5, "", people)


@pytest.mark.parametrize(
    ("kind", "path", "english", "chinese"),
    [
        (
            "collaborative",
            collaborative("Heat", "Ronin"),
            "You liked Heat, and people who liked it also liked Ronin.",
            "你喜欢《Heat》，喜欢它的人也喜欢《Ronin》。",
        ),
        (
            "learned",
            learned("Heat", "Ronin"),
            "You liked Heat; tastes learned from everyone's choices put Ronin close to it.",
            "你喜欢《Heat》，从大家的选择来看，《Ronin》与它口味相近。",
        ),
        (
            "attribute",
            attribute("Heat", "DIRECTED_BY", "Michael Mann", "Ali"),
            "You liked Heat; it and Ali are both directed by Michael Mann.",
            "你喜欢《Heat》，它和《Ali》都由Michael Mann执导。",
        ),
        (
            "attribute",
            attribute("Thief", "WRITTEN_BY", "Michael Mann", "Ali", last="DIRECTED_BY"),
            "You liked Thief; it is written by Michael Mann, and Ali is directed by Michael Mann.",
            "你喜欢《Thief》，它由Michael Mann编剧，《Ali》由Michael Mann执导。",
        ),
        (
            "request",
            request("Michael Mann", "DIRECTED_BY", "Ali"),
            "You asked for Michael Mann; Ali is directed by Michael Mann.",
            "你想找Michael Mann，《Ali》由Michael Mann执导。",
        ),
    ],
)
def test_known_sentences(kind: PathKind, path: Path, english: str, chinese: str) -> None:
    assert path_text(kind, path, preset=FILMS, event_type="rating") == english
    assert path_text(kind, path, preset=FILMS, event_type="rating", language="zh") == chinese


def test_requests_may_name_items() -> None:
    heat, ali = item("Heat"), item("Ali")
    similar = edge(heat, SIMILAR_TO, ali, walked=heat)
    like_heat = Path((ASKED, heat, ali), (asks(heat), similar))
    assert path_text("request", like_heat, preset=FILMS, event_type="session") == (
        "You asked for something like Heat, and people who chose it also chose Ali."
    )
    itself = Path((ASKED, ali), (asks(ali),))
    assert path_text("request", itself, preset=FILMS) == "You asked for Ali."
    assert path_text("request", itself, preset=FILMS, language="zh") == "你想找《Ali》。"


def test_direct_relations_are_told_from_the_side_they_are_stored() -> None:
    first, second = item("Dune"), item("Dune 2")
    for head, tail, expected in (
        (second, first, "You chose Dune; Dune 2 is part of Dune."),
        (first, second, "You chose Dune; it is part of Dune 2."),
    ):
        last = edge(head, "PART_OF", tail, walked=first)
        path = Path((YOU, first, second), (event("Dune"), last))
        assert path_text("related", path, preset=FILMS) == expected


def test_edges_that_start_at_the_entity_are_not_read_backwards() -> None:
    middle = person("Mann")
    edges = (
        event("Heat"),
        edge(middle, "DIRECTED_BY", item("Heat"), walked=item("Heat")),
        edge(middle, "DIRECTED_BY", item("Ali"), walked=middle),
    )
    path = Path((YOU, item("Heat"), middle, item("Ali")), edges)
    assert path_text("attribute", path, preset=FILMS) == (
        "You chose Heat; it and Ali are both linked to Mann (directed by)."
    )


def test_a_paragraph_joins_what_reads_alike() -> None:
    paths = [
        scored("collaborative", collaborative("Heat", "Casino")),
        scored("attribute", attribute("Heat", "STARRING", "Robert De Niro", "Casino")),
        scored("collaborative", collaborative("Ronin", "Casino")),
        scored("attribute", attribute("Ronin", "STARRING", "Robert De Niro", "Casino")),
        scored("attribute", attribute("Goodfellas", "STARRING", "Joe Pesci", "Casino")),
        scored("attribute", attribute("Goodfellas", "STARRING", "Frank Vincent", "Casino")),
        scored("collaborative", collaborative("Cats", "Casino"), value=-1.0),
    ]
    events = {"item-Heat": "rating", "item-Ronin": "rating", "item-Goodfellas": "watch"}
    parts = {PATHS: 3.0, POPULARITY: 0.2, PEOPLE_LIKE_YOU: 0.1, SEMANTIC: -0.5}
    assert paragraph("Casino", paths, parts, preset=FILMS, event_types=events) == (
        "You liked Heat and Ronin, and people who liked them also liked Casino. "
        "You liked Heat and Ronin; they and Casino all star Robert De Niro. "
        "You watched Goodfellas; it and Casino both star Joe Pesci and Frank Vincent. "
        "Casino is also popular with everyone and often chosen by people like you."
    )
    assert paragraph("Casino", paths, parts, preset=FILMS, event_types=events, language="zh") == (
        "你喜欢《Heat》和《Ronin》，喜欢它们的人也喜欢《Casino》。"
        "你喜欢《Heat》和《Ronin》，它们和《Casino》都由Robert De Niro主演。"
        "你看过《Goodfellas》，它和《Casino》都由Joe Pesci和Frank Vincent主演。"
        "《Casino》也很受大家欢迎，常被和你相似的人选择。"
    )


def test_paths_with_different_relations_keep_a_sentence_each() -> None:
    paths = [
        scored("attribute", attribute(seed, "WRITTEN_BY", "Mann", "Ali", last="DIRECTED_BY"))
        for seed in ("Thief", "Heat")
    ]
    assert paragraph("Ali", paths, {}, preset=FILMS) == (
        "You chose Thief; it is written by Mann, and Ali is directed by Mann. "
        "You chose Heat; it is written by Mann, and Ali is directed by Mann."
    )


@pytest.mark.parametrize(
    ("parts", "english", "chinese"),
    [
        ({}, "Nothing known about you speaks for Ali yet.", "目前还没有推荐《Ali》的理由。"),
        ({POPULARITY: 1.0}, "Ali is popular with everyone.", "《Ali》很受大家欢迎。"),
        (
            {PEOPLE_LIKE_YOU: 1.0, POPULARITY: -1.0},
            "Ali is often chosen by people like you.",
            "《Ali》常被和你相似的人选择。",
        ),
        (
            {SEMANTIC: 1.0},
            "The description of Ali fits your request.",
            "《Ali》的介绍符合你的要求。",
        ),
        (
            {ASKED_ALIKE: 1.0},
            "People who asked for something alike took Ali or what is like it.",
            "提出类似要求的人选了《Ali》或与之相近的。",
        ),
    ],
)
def test_items_without_paths(parts: dict[str, float], english: str, chinese: str) -> None:
    assert paragraph("Ali", [], parts, preset=FILMS) == english
    assert paragraph("Ali", [], parts, preset=FILMS, language="zh") == chinese


def test_people_are_counted_not_named() -> None:
    path = collaborative("Heat", "Ronin")
    for language, expected in (
        ("en", "You liked Heat, and 41 people who liked it also liked Ronin."),
        ("zh", "你喜欢《Heat》，喜欢它的人中有41人也喜欢《Ronin》。"),
    ):
        text = path_text(
            "collaborative", path, preset=FILMS, language=language, event_type="rating", people=41
        )
        assert text == expected


def test_what_counted_people_did_is_told_as_it_was_counted() -> None:
    path = collaborative("Heat", "Ronin")
    text = path_text(
        "collaborative", path, preset=FILMS, event_type="view", people=41, others="like"
    )
    assert text == "You watched Heat, and 41 people who liked it also liked Ronin."
    plain_text = path_text("collaborative", path, preset=FILMS, event_type="view", others="like")
    assert plain_text == "You watched Heat, and people who watched it also watched Ronin."


def test_a_paragraph_counts_the_people_of_each_item_and_joins_the_uncounted_apart() -> None:
    paths = [
        scored("collaborative", collaborative("Heat", "Casino"), people=41),
        scored("collaborative", collaborative("Cats", "Casino")),
        scored("collaborative", collaborative("Ronin", "Casino"), people=8),
    ]
    events = {"item-Heat": "rating", "item-Ronin": "rating", "item-Cats": "rating"}
    assert paragraph("Casino", paths, {}, preset=FILMS, event_types=events) == (
        "You liked Heat and Ronin; 41 people who liked Heat and 8 who liked Ronin also liked "
        "Casino. You liked Cats, and people who liked it also liked Casino."
    )
    assert paragraph("Casino", paths, {}, preset=FILMS, event_types=events, language="zh") == (
        "你喜欢《Heat》和《Ronin》，喜欢《Heat》的人中有41人、喜欢《Ronin》的人中有8人也喜欢《Casino》。"
        "你喜欢《Cats》，喜欢它的人也喜欢《Casino》。"
    )


SUMMARIES = [
    (
        scored("collaborative", collaborative("Heat", "Ronin"), people=41),
        "You liked Heat, and 41 people who liked it also liked this.",
        "你喜欢《Heat》，喜欢它的人中有41人也喜欢这个。",
    ),
    (
        scored("learned", learned("Heat", "Ronin")),
        "You liked Heat; tastes learned from everyone's choices put this close to it.",
        "你喜欢《Heat》，从大家的选择来看，这个与它口味相近。",
    ),
    (
        scored("attribute", attribute("Heat", "DIRECTED_BY", "Michael Mann", "Ali")),
        "Directed by Michael Mann, like Heat, which you liked.",
        "和你喜欢的《Heat》一样由Michael Mann执导。",
    ),
    (
        scored("attribute", attribute("Thief", "WRITTEN_BY", "Mann", "Ali", last="DIRECTED_BY")),
        "Directed by Mann; Thief, which you liked, is written by Mann.",
        "由Mann执导，你喜欢的《Thief》由Mann编剧。",
    ),
    (
        scored("attribute", attribute("Heat", "HAS_FEATURE", "long", "Ali")),
        "Long, like Heat, which you liked.",
        "和你喜欢的《Heat》一样具有long特点。",
    ),
    (
        scored("request", request("Michael Mann", "DIRECTED_BY", "Ali")),
        "Directed by Michael Mann, as you asked.",
        "符合你的要求：由Michael Mann执导。",
    ),
    (
        scored("stated", request("Michael Mann", "DIRECTED_BY", "Ali")),
        "Directed by Michael Mann, which you said you like.",
        "符合你说过的喜好：由Michael Mann执导。",
    ),
]


@pytest.mark.parametrize(("path", "english", "chinese"), SUMMARIES)
def test_summaries_are_one_short_sentence(path: ScoredPath, english: str, chinese: str) -> None:
    events = {node.id: "rating" for node in path.path.nodes if node.kind == "Item"}
    for language, expected in (("en", english), ("zh", chinese)):
        found = summary([path], {}, preset=FILMS, language=language, event_types=events)
        assert found == expected


def test_summaries_tell_what_was_done_with_the_item() -> None:
    path = scored("attribute", attribute("Heat", "DIRECTED_BY", "Mann", "Ali"))
    for event, english, chinese in (
        ("cart", "which you put in your cart.", "和你加入过购物车的《Heat》一样由Mann执导。"),
        ("session", "which you just looked at.", "和你刚看过的《Heat》一样由Mann执导。"),
        ("listen", "which you listened to.", "和你听过的《Heat》一样由Mann执导。"),
        ("asked", "Directed by Mann, like Heat, as you asked.",
         "符合你的要求：和《Heat》一样由Mann执导。"),
    ):  # fmt: skip
        did = {"item-Heat": event}
        assert summary([path], {}, preset=FILMS, event_types=did).endswith(english)
        assert summary([path], {}, preset=FILMS, event_types=did, language="zh") == chinese


@pytest.mark.parametrize(
    ("parts", "english", "chinese"),
    [
        ({}, "Nothing known about you speaks for this yet.", "目前还没有推荐它的理由。"),
        ({POPULARITY: 2.0, SEMANTIC: 1.0}, "Popular with everyone.", "很受大家欢迎。"),
        ({PEOPLE_LIKE_YOU: 1.0}, "Often chosen by people like you.", "常被和你相似的人选择。"),
        (
            {SEMANTIC: 1.0, POPULARITY: -3.0},
            "Its description fits your request.",
            "它的介绍符合你的要求。",
        ),
        (
            {ASKED_ALIKE: 1.0},
            "Taken, or much like what was taken, by people who asked for something alike.",
            "提出类似要求的人选了它或与之相近的。",
        ),
    ],
)
def test_without_paths_the_largest_part_is_the_reason(
    parts: dict[str, float], english: str, chinese: str
) -> None:
    against = scored("learned", learned("Heat", "Ali"), value=-1.0)
    assert summary([], parts, preset=FILMS) == english
    assert summary([against], parts, preset=FILMS) == english
    assert summary([], parts, preset=FILMS, language="zh") == chinese


def test_who_has_done_nothing_is_told_by_what_it_goes() -> None:
    asked = [scored("request", request("Mann", "DIRECTED_BY", "Ali"))]
    parts = {POPULARITY: 1.0, PEOPLE_LIKE_YOU: 0.5}
    assert paragraph("Ali", asked, parts, preset=FILMS, is_stranger=True) == (
        "You asked for Mann; Ali is directed by Mann. Ali is also popular with everyone and often "
        "chosen by people like you. Nothing is known of your taste yet, so this goes by your "
        "request, what people like you choose and what is popular with everyone."
    )
    assert paragraph("Ali", [], {}, preset=FILMS, language="zh", is_stranger=True) == (
        "目前还没有推荐《Ali》的理由。目前还不了解你的喜好，所以依据的是大家的喜好。"
    )


@pytest.mark.parametrize(
    ("n_more", "has_parts", "english", "chinese"),
    [
        (2, True, "2 more paths and other parts of the score", "另外2条路径和得分的其他部分"),
        (1, False, "1 more path", "另外1条路径"),
        (0, True, "other parts of the score", "得分的其他部分"),
    ],
)
def test_the_note_says_what_is_not_told(
    n_more: int, has_parts: bool, english: str, chinese: str
) -> None:
    def note(language: Language) -> str:
        return confidence_note(
            0.154, n_more=n_more, has_parts=has_parts, preset=FILMS, language=language
        )

    assert note("en") == (
        f"The reasons told here carry 15% of what speaks for it; the rest comes from {english}."
    )
    assert note("zh") == f"这里说出的理由占全部依据的15%，其余来自{chinese}。"


@pytest.mark.parametrize("domain", presets())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_relation_of_every_preset_reads_in_every_text(
    domain: str, language: Language
) -> None:
    known = preset(domain)
    for relation in (*known.relation_phrases, "HAS_HEEL", "SOLD_IN", "CREW"):
        path = scored("attribute", attribute("Heat", relation, "Xenia", "Ronin"))
        asked = scored("request", request("Xenia", relation, "Ronin"))
        for one in (path, asked):
            sentence = path_text(one.kind, one.path, preset=known, language=language)
            assert not flaw(sentence, [one])
            told = paragraph("Ronin", [one], {}, preset=known, language=language)
            assert not flaw(told, [one])
            short = summary([one], {}, preset=known, language=language)
            assert not flaw(short, [one], target_implied=True)
            assert len(short) <= len(sentence) + 12


HOSTILE = (
    "<script>alert('x')</script>",
    "🎬👩‍🚀",
    "مدينة الملائكة",
    "x" * 500,
    "Tom\n\u202eJerry",
    "{entity}",
    "《《",
)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_any_name_stays_plain_text_everywhere(name: str, language: Language) -> None:
    path = scored("attribute", attribute(name, "DIRECTED_BY", name, name))
    liked = scored("collaborative", collaborative(name, name), people=41)
    for one in (path, liked):
        for text in (
            path_text(one.kind, one.path, preset=FILMS, language=language, people=one.people),
            paragraph(name, [one], {}, preset=FILMS, language=language),
            summary([one], {}, preset=FILMS, language=language),
        ):
            assert plain(name) in text
            assert "\n" not in text
            assert "\u202e" not in text
            assert "&lt;" not in text
            assert len(text) < 500


names = st.text(min_size=1, max_size=200) | st.sampled_from([
    "<b>Heat</b>",
    "🎬",
    "مدينة",
    "x" * 500,
    "{entity}",
    "《甲》",
    "a  b",
])
relations = st.sampled_from([
    "DIRECTED_BY",
    "STARRING",
    "HAS_BRAND",
    "SOLD_IN",
    "CREW",
    "HAS_STYLE",
])


@given(names, names, names, relations, relations, st.sampled_from(["en", "zh"]))
def test_every_name_on_the_path_is_in_the_text_and_nothing_is_doubled(
    seed: str, entity: str, target: str, first: str, last: str, language: Language
) -> None:
    for kind, path, expected in (
        ("attribute", attribute(seed, first, entity, target, last=last), (seed, entity, target)),
        ("collaborative", collaborative(seed, target), (seed, target)),
        ("learned", learned(seed, target), (seed, target)),
        ("request", request(entity, first, target), (entity, target)),
    ):
        text = path_text(kind, path, preset=FILMS, language=language, event_type="like")
        assert all(plain(name) in text for name in expected)
        assert "  " not in text
        assert "\n" not in text
        assert "u7" not in text.replace(plain(seed), "").replace(plain(entity), "").replace(
            plain(target), ""
        )
        assert text.startswith("你" if language == "zh" else "You ")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_items_of_one_title_are_told_once(language: Language) -> None:
    paths = [
        scored("collaborative", collaborative(seed, "Ronin"), people=people)
        for seed, people in (("Heat", 41), ("Heat", 7), ("Thief", 9))
    ]
    told = paragraph("Ronin", paths, {}, preset=FILMS, language=language)
    assert told.count("Heat") == 2
    assert "41" in told
    assert "9" in told
    assert "7" not in told
