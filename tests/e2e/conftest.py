"""One home with the demo's films for all tests that need them."""

import pytest


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("WHYREC_NEO4J__URI", raising=False)
        yield tmp_path_factory.mktemp("demo")
