import pytest

from api.console.places import PLACES, belongs_to_console


@pytest.mark.parametrize("path", ["/_nicegui/3.18.0/static/nicegui.js", "/_nicegui_ws/socket.io/"])
def test_files_of_pages_belong_to_the_console(path):
    assert belongs_to_console(path)


@pytest.mark.parametrize("path", ["/v1/events", "/docs", "/metrics", "/nothing", "/_nicegui", ""])
def test_other_addresses_do_not(path):
    assert not belongs_to_console(path)


def test_pages_belong_to_it_and_differ():
    assert all(belongs_to_console(place.path) for place in PLACES)
    assert len({place.path for place in PLACES}) == len(PLACES)
