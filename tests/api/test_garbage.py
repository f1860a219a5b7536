import gc
import weakref

import pytest

from api.garbage import put_aside, take_back


class Knot:
    """An object that only the collector can free."""

    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before():
    yield
    take_back()


def n_looked_at():
    return len(gc.get_objects())


def test_what_was_put_aside_is_not_looked_at():
    before = n_looked_at()
    put_aside()
    assert n_looked_at() < before / 10
    take_back()
    assert n_looked_at() > before / 2


def test_what_serves_no_more_is_freed_when_the_next_is_put_aside():
    old = Knot()
    gone = weakref.ref(old)
    put_aside()
    del old
    gc.collect()
    assert gone() is not None
    put_aside()
    assert gone() is None
