from api.console.what_if_box import edges_of
from graph.domain import PathEdge
from ranking.what_if import Edge


def test_edges_are_those_that_are_stored():
    walked_backwards = PathEdge("tokyo", "DIRECTED_BY", "ozu", "in")
    assert edges_of([walked_backwards]) == [Edge("tokyo", "DIRECTED_BY", "ozu")]


async def test_all_steps_can_be_put_back_at_once(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada&q=comedy by Jacques Tati")
        for label in ("Take “Comedy” away", "Take “Jacques Tati” away"):
            await tab.press(tab.labelled(label))
        assert len(tab.all("chip-gone")) == 2
        tab.find("Put all back").click()
        await tab.settle()
        assert tab.all("chip-gone") == []
