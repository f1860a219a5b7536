"""Garbage collection beside a catalog in memory.

When enough new objects have come together, the collector of Python looks through all objects that
there are. With a catalog among them that takes longer than many answers, and nobody is answered.
What serves stays until another graph takes its place, so it is put aside: the collector looks at
what came since.
"""

import gc


def put_aside() -> None:
    """Collect once, what was put aside before included, and put aside all that is left."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def take_back() -> None:
    """Let the collector look at everything again."""
    gc.unfreeze()
