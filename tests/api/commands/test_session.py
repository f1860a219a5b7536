import pytest

from api.commands.session import with_services
from graph.errors import ConflictError
from graph.store import GraphCounts


def test_services_are_open_for_the_action_and_its_result_comes_back(home):
    async def count(services):
        return await services.store.counts()

    counts = with_services(count, serving=False)
    assert isinstance(counts, GraphCounts)
    assert counts.items == 0
    assert home.exists()


def test_services_are_closed_when_the_action_fails(home):
    closed = []

    async def fail(services):
        close = services.store.close

        async def noted():
            closed.append(True)
            await close()

        services.store.close = noted
        raise ConflictError("No.")

    with pytest.raises(ConflictError):
        with_services(fail, serving=False)
    assert closed == [True]
