from hypothesis import given
from hypothesis import strategies as st

from llm.surface_index import SurfaceIndex
from llm.surfaces import NamedThing, surface_keys

NAMES = st.sampled_from(["Red Kite", "Red Kites", "Kite", "The Kite", "风筝", "风筝片", "80s", ""])


def thing(thing_id, *surfaces):
    return NamedThing(thing_id, "Entity", "Theme", surfaces)


def test_a_surface_names_all_that_have_it():
    index = SurfaceIndex([thing("a", "Kite"), thing("b", "kite", "风筝")])
    assert [one.thing.id for one in index.named("kite")] == ["a", "b"]
    assert [one.thing.id for one in index.named("风筝")] == ["b"]
    assert index.named("sail") == []


def test_reach_is_the_longest_surface_from_a_token():
    index = SurfaceIndex([
        thing("a", "Red Kite"),
        thing("b", "red kite of spring"),
        thing("c", "风筝"),
    ])
    assert index.reach("red") == 4
    assert index.reach("风") == 2
    assert index.reach("kite") == 0


def test_the_later_of_two_with_one_id_counts():
    index = SurfaceIndex([thing("a", "Kite"), thing("a", "Sail")])
    assert len(index) == 1
    assert index.named("kite") == []
    assert index.get("a") == thing("a", "Sail")


def test_what_is_removed_is_not_nearly_named():
    index = SurfaceIndex([thing("a", "harbour")])
    assert index.nearly_named("harbuor", cutoff=80.0)[0][0] == "harbour"
    index.remove("a")
    assert index.nearly_named("harbuor", cutoff=80.0) == []
    index.add(thing("b", "harbour"))
    assert index.nearly_named("harbuor", cutoff=80.0)[0][0] == "harbour"


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from("abc"), st.lists(NAMES, max_size=3)), max_size=12
    )
)
def test_any_order_of_changes_leaves_what_a_fresh_index_has(changes):
    index, alive = SurfaceIndex(), {}
    for adding, thing_id, names in changes:
        if adding:
            alive[thing_id] = thing(thing_id, *names)
            index.add(alive[thing_id])
        else:
            alive.pop(thing_id, None)
            index.remove(thing_id)
    fresh = SurfaceIndex(alive.values())
    assert set(index) == set(fresh) == set(alive.values())
    for key in {key for one in alive.values() for key in surface_keys(one)} | {"kite", "风筝"}:
        found, expected = index.named(key), fresh.named(key)
        assert {(one.thing.id, one.certainty) for one in found} == {
            (one.thing.id, one.certainty) for one in expected
        }
