"""HTTP and the command line give the same reasons; tests of both compare their documents."""

import pytest

from api import reasons
from api.wiring import build
from graph.errors import NotFoundError
from ranking.domain import Query
from ranking.what_if import Edge

SEEN = Edge("ada", "INTERACTED", "spring")


@pytest.fixture
async def services(home, settings_at):
    services = await build(settings_at(home))
    yield services
    await services.close()


@pytest.fixture
async def assisted(home, settings_at, peer):
    peer.says('{"mentions": [{"text": "traffic", "polarity": "like"}]}')
    chat = {"kind": "endpoint", "base_url": peer.url, "timeout_s": 3.0, "rewrite": True}
    services = await build(settings_at(home, chat=chat))
    yield services
    await services.close()


ASKED = Query(user_id="ada", text="i watched traffic and want more of that")


async def test_an_explanation_adds_up_and_stays_in_the_words_of_the_rules(services):
    found = await reasons.explained(services, "uncle", ASKED, k=2, rewrite=False)
    assert found.score == pytest.approx(sum(found.parts.values()))
    assert (found.n_shown <= 2, found.text_by, found.notes) == (True, "template", ())


async def test_where_no_model_may_rewrite_the_explanation_says_so(services):
    found = await reasons.explained(services, "uncle", ASKED, k=2, rewrite=True)
    assert found.notes


async def test_all_reasons_hear_what_the_model_adds(services, assisted):
    plain = await reasons.explained(services, "uncle", ASKED, k=3, rewrite=False)
    heard = await reasons.explained(assisted, "uncle", ASKED, k=3, rewrite=False)
    assert heard.score != pytest.approx(plain.score)
    without = await reasons.what_if(assisted, "uncle", ASKED, [SEEN])
    assert without["score_before"] == pytest.approx(heard.score)
    missing = await reasons.why_not(assisted, "uncle", ASKED)
    assert missing["score"] == pytest.approx(heard.score)


async def test_what_if_is_for_users_that_are_known(services):
    found = await reasons.what_if(services, "uncle", Query(user_id="ada"), [SEEN])
    assert found["removed"] == [{"from": "ada", "type": "INTERACTED", "to": "spring"}]
    assert (found["user_id"], found["stale"]) == ("ada", False)
    with pytest.raises(NotFoundError, match="nobody"):
        await reasons.what_if(services, "uncle", Query(user_id="nobody"), [SEEN])


async def test_why_not_takes_anybody(services):
    found = await reasons.why_not(services, "spring", Query(user_id="ada"))
    assert (found["reason"], found["by"]) == ("seen", ["rating"])
    anybody = await reasons.why_not(services, "spring", Query(user_id="nobody", k=12))
    assert anybody["reason"] == "listed"
