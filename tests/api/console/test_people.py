import pytest

from api.console.people import Person, attributes_in, people_like, suggested
from graph.errors import InvalidError


@pytest.fixture
async def snapshot(open_console):
    async with open_console() as tab:
        yield tab.services.recommender.state.snapshot


async def test_suggestions_have_a_long_and_a_short_history(snapshot):
    found = suggested(snapshot)
    assert found[0].n_events == 4
    assert found[-1].n_events == 3
    assert len({person.id for person in found}) == 3


async def test_ids_that_begin_with_the_text_come_first(snapshot):
    assert people_like(snapshot, "EVE") == [Person("eve", 4)]
    assert [person.id for person in people_like(snapshot, "a")][:1] == ["ada"]
    assert people_like(snapshot, "nobody") == []
    assert len(people_like(snapshot, "", limit=2)) == 2


@pytest.mark.parametrize("written", ["24", "age", ": x", "age: 24, student"])
def test_what_is_no_attribute_is_told(written):
    with pytest.raises(InvalidError, match="is no attribute"):
        attributes_in(written)


def test_attributes_may_be_missing_or_chinese():
    assert attributes_in("  ") == {}
    assert attributes_in("年龄：24，职业：学生") == {"年龄": 24, "职业": "学生"}
