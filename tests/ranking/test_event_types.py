from graph.domain import Interaction
from ranking.event_types import EventTypes

EVENTS = [
    ("u", "a", "view", None, 1.0),
    ("u", "b", "rating", 4.0, 2.0),
    ("u", "a", "buy", None, 3.0),
]


def types_of(small):
    return EventTypes(small(["a", "b", "c"], events=EVENTS).snapshot().events)


def event(type_, at):
    return Interaction("u", "x", type_, None, at)


def test_the_newest_event_on_an_item_gives_the_type_whenever_it_comes(small):
    types = types_of(small)
    assert types.of(0) == {0: "buy", 1: "rating"}
    assert types.of(1) == {}
    types.add(
        0, [0, 2, 2, 1], [event("like", 4), event("view", 9), event("tag", 8), event("hid", 1)]
    )
    types.add(7, [2], [event("view", 1)])
    assert types.of(0) == {0: "like", 1: "rating", 2: "view"}
    assert types.of(7) == {2: "view"}


def test_what_is_forgotten_stays_so_until_something_new_is_done(small):
    types = types_of(small)
    types.add(0, [0, 2], [event("like", 4), event("view", 9)])
    for item in (0, 2):
        types.forget(0, item)
    assert types.of(0) == {1: "rating"}
    types.add(0, [0], [event("view", 1)])
    assert types.of(0) == {0: "view", 1: "rating"}
    types.forget(9, 0)
    assert types.of(9) == {}
