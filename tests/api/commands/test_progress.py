import io

import pytest
from rich.console import Console

from api.commands.progress import shown
from graph.progress import Progress


def told(*steps, terminal):
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=120, color_system=None)
    with shown(console) as progress:
        for step in steps:
            progress(step)
    return stream.getvalue()


STEPS = (
    Progress("reading ratings.csv", 0, 100_000, "rows"),
    Progress("reading ratings.csv", 100_000, 100_000, "rows"),
    Progress("learning", 3, None, "epochs", {"loss": 0.3125}),
)


def test_a_pipe_gets_one_line_per_stage():
    assert told(*STEPS, terminal=False) == "... reading ratings.csv\n... learning\n"


@pytest.mark.parametrize(
    "part", ["reading ratings.csv", "100,000 / 100,000 rows", "3 epochs", "loss 0.3125"]
)
def test_a_terminal_gets_figures(part):
    assert part in told(*STEPS, terminal=True)


def test_bytes_are_shown_as_megabytes():
    assert "1.5 / 3.0 MB" in told(Progress("x", 1.5e6, 3e6, "bytes"), terminal=True)


def test_a_stage_without_a_total_is_no_mistake():
    assert told(Progress("x", 0, None), terminal=True)
