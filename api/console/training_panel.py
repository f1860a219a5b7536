"""Starts a training and shows how far it is."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.console.frame import Frame
from api.console.job_progress import JobProgress, error_of
from api.console.tags import block, heading, text
from api.job_files import Job
from api.schemas import TrainRequest

DEVICES = ("auto", "cpu", "cuda")


class TrainingPanel:
    """A form with a button, and the progress of the training.

    Parameters
    ----------
    frame : Frame
        The page.
    trained : Callable[[], Awaitable[None]]
        Called when a new model serves.
    """

    def __init__(self, frame: Frame, trained: Callable[[], Awaitable[None]]) -> None:
        self._frame = frame
        self._trained = trained
        texts, settings = frame.texts, frame.services.settings.training
        with block("section", "card"):
            heading(2, texts("train"))
            text("p", texts("train.what"), "quiet small")
            with block("form", "form-grid") as form:
                form.on("submit.prevent", self._start)
                devices = {name: texts(f"train.device.{name}") for name in DEVICES}
                self._device = ui.select(
                    devices, label=texts("train.device"), value=settings.device
                ).props("outlined dense options-dense")
                self._epochs = ui.number(texts("train.epochs"), min=1, max=10_000, precision=0)
                self._epochs.props("outlined dense clearable")
                self._epochs.props["hint"] = texts("train.epochs.hint")
                self._seconds = ui.number(texts("train.time"), min=1, precision=0)
                self._seconds.props("outlined dense clearable")
                self._button = ui.button(texts("train.start"), icon="model_training")
                self._button.props("unelevated no-caps type=submit")
            self._progress = JobProgress(frame, self._ended)
        running = [job for job in frame.jobs.all() if job.kind == "train" and not job.is_finished]
        if running:
            self._follow(running[0])

    async def _start(self) -> None:
        epochs = self._epochs.value
        asked = TrainRequest(
            device=self._device.value,
            epochs=None if epochs is None else int(epochs),
            time_budget_s=self._seconds.value,
        )
        self._follow(await self._frame.jobs.start("train", asked.model_dump()))

    def _follow(self, job: Job) -> None:
        self._button.disable()
        self._progress.follow(job)

    async def _ended(self, job: Job) -> None:
        self._button.enable()
        if job.error is not None:
            self._frame.tell(error_of(job))
            return
        name = (job.result or {}).get("id", "")
        done = self._frame.texts("train.done", id=name)
        ui.notify(done, type="positive", position="top")
        await self._trained()
