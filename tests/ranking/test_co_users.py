import numpy as np
import pytest

from ranking.co_users import CoUsers
from ranking.profile import Histories, ProfileRule


@pytest.fixture
def count(small, preset_films):
    def counter(events, items=("a", "b", "c")):
        snapshot = small(
            list(items), events=events, users=sorted({e[0] for e in events})
        ).snapshot()
        rule = ProfileRule.fit(snapshot.events, preset_films.event_strengths)
        together = CoUsers(snapshot, Histories(snapshot.events, rule))
        rows = {item: snapshot.items.find(item) for item in items}

        def of(target, *sources):
            return together.of(rows[target], np.array([rows[source] for source in sources]))

        return together, of

    return counter


def rated(user, item, value):
    return (user, item, "rating", value, 1.0)


def test_people_who_like_both_are_counted_from_five_up(count):
    events = [rated(f"u{n}", item, 5.0) for n in range(6) for item in "ab"]
    events += [rated(f"u{n}", "c", 5.0) for n in range(4)]
    together, of = count([*events, rated("v", "a", 1.0), rated("v", "b", 2.0)])
    assert of("a", "b", "c") == [6, None]
    assert of("b", "a") == [6]
    assert of("a") == []
    assert together.did == "like"


def test_to_like_is_to_rate_well(count):
    # Strength 0.6 of 1 to 5 is a rating of 3.4.
    events = [rated(f"u{n}", "a", 5.0) for n in range(8)]
    events += [rated(f"u{n}", "b", 3.0 if n < 3 else 4.0) for n in range(8)]
    events += [rated("w", "c", 1.0), rated("w", "a", 2.0)]
    assert count(events)[1]("a", "b") == [5]


def test_where_nobody_rates_every_event_that_counts_is_counted(count):
    bought = [(f"u{n}", item, "purchase", None, 1.0) for n in range(5) for item in "ab"]
    together, of = count(bought)
    assert of("a", "b") == [5]
    assert together.did == "purchase"
    skipped = [(f"u{n}", "c", "skip", None, 2.0) for n in range(5)]
    together, of = count(bought + skipped)
    assert of("a", "c") == [None]
    assert together.did == "purchase"
    viewed = [(f"u{n}", "c", "view", None, 2.0) for n in range(5)]
    together, of = count(bought + viewed)
    assert of("a", "c") == [5]
    assert together.did == ""


def test_items_that_came_since_the_snapshot_have_nobody(count):
    together, _ = count([rated(f"u{n}", item, 5.0) for n in range(5) for item in "ab"])
    assert together.of(99, np.array([0, 1])) == [None, None]
    assert together.of(0, np.array([1, 99])) == [5, None]
