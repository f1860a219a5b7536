"""Progress of long work: a bar with rate and remaining time."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.text import Text

from graph.progress import Progress, ProgressCallback


class RateColumn(ProgressColumn):
    """Units done, in all, and per second: ``"120,000 / 1,000,000 rows  48,000/s"``."""

    def render(self, task: Task) -> Text:
        """Write the figures of a task."""
        unit = task.fields.get("unit", "")
        scale, digits = (1e6, 1) if unit == "bytes" else (1.0, 0)
        total = f" / {task.total / scale:,.{digits}f}" if task.total else ""
        speed = (task.speed or 0.0) / scale
        rate = f"  {speed:,.{digits}f}/s" if speed >= 1 else ""
        shown_unit = "MB" if unit == "bytes" else unit
        return Text(f"{task.completed / scale:,.{digits}f}{total} {shown_unit}{rate}", style="cyan")


class RemainingColumn(ProgressColumn):
    """Elapsed time, and the remaining time where the total is known."""

    def render(self, task: Task) -> Text:
        """Write the times of a task."""
        elapsed = _duration(task.elapsed or 0.0)
        left = task.time_remaining
        shown = f"{elapsed}, {_duration(left)} left" if left else elapsed
        return Text(shown, style="dim")


@contextmanager
def shown(console: Console) -> Iterator[ProgressCallback]:
    """Show one bar per stage while the block runs.

    Parameters
    ----------
    console : rich.console.Console
        Where to draw; a console that is no terminal gets one line per stage instead.

    Yields
    ------
    ProgressCallback
        To be called with every progress.
    """
    if not console.is_terminal:
        yield _line_per_stage(console)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        RateColumn(),
        RemainingColumn(),
        TextColumn("{task.fields[figures]}", style="dim", markup=False),
    )
    with Bars(*columns, console=console) as bars:
        yield _bar_per_stage(bars)


def _bar_per_stage(bars: Bars) -> ProgressCallback:
    tasks: dict[str, TaskID] = {}

    def show(progress: Progress) -> None:
        if progress.stage not in tasks:
            for earlier in bars.tasks:
                bars.update(earlier.id, total=earlier.completed or 1)
                bars.stop_task(earlier.id)
            tasks[progress.stage] = bars.add_task(
                progress.stage, total=progress.total, unit=progress.unit, figures=""
            )
        bars.update(
            tasks[progress.stage],
            completed=progress.done,
            total=progress.total,
            figures="  ".join(f"{name} {value:.4g}" for name, value in progress.values.items()),
        )

    return show


def _line_per_stage(console: Console) -> ProgressCallback:
    seen: set[str] = set()

    def show(progress: Progress) -> None:
        if progress.stage not in seen:
            seen.add(progress.stage)
            console.print(f"... {progress.stage}", markup=False)

    return show


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
