import pytest

from graph.presets import preset
from ranking.english import English, listed
from ranking.phrasing import Link, Reason

DIRECTED = Link("DIRECTED_BY", True)


def sentence(reason: Reason, domain: str = "films") -> str:
    return English(preset(domain)).sentence(reason)


@pytest.mark.parametrize(
    ("event", "domain", "expected"),
    [
        ("rating", "films", "You liked Heat, and people who liked it also liked Ronin."),
        ("view", "films", "You watched Heat, and people who watched it also watched Ronin."),
        ("view", "generic", "You viewed Heat, and people who viewed it also viewed Ronin."),
        ("purchase", "generic", "You bought Heat, and people who bought it also bought Ronin."),
        ("cart", "generic", "You put Heat in your cart, and people who chose it also chose Ronin."),
        (
            "session",
            "films",
            "You just looked at Heat, and people who looked at it also looked at Ronin.",
        ),
        ("unheard-of", "films", "You chose Heat, and people who chose it also chose Ronin."),
    ],
)
def test_verbs_follow_the_event(event: str, domain: str, expected: str) -> None:
    assert sentence(Reason("collaborative", event, "Ronin", ("Heat",)), domain) == expected


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("DIRECTED_BY", "You liked Heat; it and Ali are both directed by Michael Mann."),
        ("STARRING", "You liked Heat; it and Ali both star Michael Mann."),
        ("HAS_FEATURE", "You liked Heat; it and Ali are both Michael Mann."),
        ("HAS_HEEL", "You liked Heat; it and Ali both have the heel Michael Mann."),
        ("SOLD_IN", "You liked Heat; it and Ali are both sold in Michael Mann."),
        ("CREW", "You liked Heat; it and Ali are both linked to Michael Mann (crew)."),
    ],
)
def test_shared_entities_read_as_the_relation_asks(relation: str, expected: str) -> None:
    link = Link(relation, True)
    assert sentence(
        Reason("attribute", "like", "Ali", ("Heat",), ("Michael Mann",), link, link)
    ) == (expected)


def test_several_seeds_and_entities_are_joined() -> None:
    seeds = ("Heat", "Thief", "Collateral")
    assert sentence(Reason("learned", "like", "Ali", seeds)) == (
        "You liked Heat, Thief and Collateral; "
        "tastes learned from everyone's choices put Ali close to them."
    )
    link = Link("STARRING", True)
    assert sentence(Reason("attribute", "like", "Ali", seeds[:2], ("X", "Y"), link, link)) == (
        "You liked Heat and Thief; they and Ali all star X and Y."
    )


def test_different_relations_to_one_entity_are_both_told() -> None:
    reason = Reason(
        "attribute", "like", "Ali", ("Thief",), ("Mann",), Link("WRITTEN_BY", True), DIRECTED
    )
    assert (
        sentence(reason) == "You liked Thief; it is written by Mann, and Ali is directed by Mann."
    )


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (Link("PART_OF", True), "You liked Dune; Dune 2 is part of Dune."),
        (Link("PART_OF", False), "You liked Dune; it is part of Dune 2."),
        (Link("ALSO_BOUGHT", True), "You liked Dune; Dune 2 is linked to it (also bought)."),
    ],
)
def test_direct_relations_keep_their_direction(link: Link, expected: str) -> None:
    assert sentence(Reason("related", "like", "Dune 2", ("Dune",), last=link)) == expected


def test_requests_are_answered() -> None:
    assert sentence(Reason("request", "", "Ali", (), ("Mann",), None, DIRECTED)) == (
        "You asked for Mann; Ali is directed by Mann."
    )
    assert sentence(Reason("request", "", "Ali", ("Heat",), ("Mann",), DIRECTED, DIRECTED)) == (
        "You asked for something like Heat; it and Ali are both directed by Mann."
    )


def test_names_with_braces_are_left_alone() -> None:
    reason = Reason("attribute", "like", "{}", ("{0}",), ("{entity}",), DIRECTED, DIRECTED)
    assert sentence(reason) == "You liked {0}; it and {} are both directed by {entity}."


def test_clauses_about_people() -> None:
    english = English(preset("generic"))
    assert english.people("A", popular=True, like_you=True, more=True) == (
        "A is also popular with everyone and often chosen by people like you."
    )
    assert english.people("A", popular=False, like_you=True, more=False) == (
        "A is often chosen by people like you."
    )


def test_listed() -> None:
    assert [listed(["a", "b", "c"][:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


def test_nobody_is_said_to_have_chosen_what_is_new() -> None:
    reason = Reason("collaborative", "rating", "Ronin", ("Heat", "Ali"), by_content=True)
    assert sentence(reason) == (
        "You liked Heat and Ali; Ronin, which is new, is much like them in what is known of it."
    )
