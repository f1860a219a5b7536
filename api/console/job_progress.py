"""How far a job is, as a bar that fills, and what became of it."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import background_tasks, ui

from api.console.frame import Frame
from api.console.tags import block, text, with_attributes
from api.job_files import Job
from graph.errors import AppError

Done = Callable[[Job], Awaitable[None] | None]


class JobProgress:
    """A bar with what is being done above it; hidden until there is a job.

    Parameters
    ----------
    frame : Frame
        The page.
    done : Callable[[Job], Any]
        Called with the record of a job that has ended, well or not.
    """

    def __init__(self, frame: Frame, done: Done) -> None:
        self._frame = frame
        self._done = done
        with block("div", "job") as self._area:
            with block("div", "job-head"):
                self._stage = with_attributes(text("span", ""), role="status")
                self._figures = text("span", "", "quiet small")
            bar = ui.linear_progress(0, show_value=False, size="8px").props("rounded color=primary")
            self._bar = with_attributes(bar, aria_label=frame.texts("job.progress"))
        self._area.visible = False

    def follow(self, job: Job) -> None:
        """Show a job until it has ended, without keeping anybody waiting."""
        self._show(job)
        background_tasks.create(self._watch(job.id), name=f"console follows {job.id}")

    async def _watch(self, job_id: str) -> None:
        async for job in self._frame.jobs.watch(job_id):
            if self._area.is_deleted:
                return
            with self._area:
                self._show(job)
                if job.is_finished:
                    await self._end(job)

    async def _end(self, job: Job) -> None:
        self._area.visible = False
        ended: Any = self._done(job)
        if ended is not None:
            await ended

    def _show(self, job: Job) -> None:
        texts, progress = self._frame.texts, job.progress or {}
        self._area.visible = True
        self._stage.text = progress.get("stage") or texts(f"job.{job.status}")
        total, so_far = progress.get("total"), progress.get("done") or 0
        self._bar.props("indeterminate" if not total else "", remove="indeterminate")
        self._bar.set_value(min(1.0, so_far / total) if total else 0)
        self._figures.text = figures(progress)


def error_of(job: Job) -> AppError:
    """Return what a failed job says went wrong, as an error to show."""
    error = job.error or {}
    return AppError(error.get("detail", ""), fix=error.get("fix", ""))


def figures(progress: dict[str, Any]) -> str:
    """Write how much of a job is done.

    Parameters
    ----------
    progress : dict[str, Any]
        Fields of a :class:`graph.progress.Progress`; may be empty.

    Returns
    -------
    str
        Empty where nothing is counted.

    Examples
    --------
    >>> figures({"done": 20480, "total": 51200, "unit": "rows", "values": {"loss": 0.3125}})
    '20,480 of 51,200 rows · loss 0.312'
    >>> figures({})
    ''
    """
    if not progress:
        return ""
    done, total, unit = progress["done"], progress["total"], progress["unit"]
    counted = f"{done:,.0f} of {total:,.0f} {unit}" if total else f"{done:,.0f} {unit}"
    values = [f"{name} {value:.3g}" for name, value in (progress.get("values") or {}).items()]
    return " · ".join([counted, *values])
