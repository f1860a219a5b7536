"""Loads catalog files: upload, choices, progress, what came in, and which rows did not."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import events, ui

from api.console.frame import Frame
from api.console.job_progress import JobProgress, error_of
from api.console.link import draw_link
from api.console.places import RECOMMEND
from api.console.tables import table
from api.console.tags import block, heading, text, with_attributes
from api.job_files import Job
from api.schemas import LoadRequest
from api.uploads import MAX_FILES, Upload, start_load
from graph.catalog import formats
from graph.errors import InvalidError
from graph.presets import presets

_RECORDS = ("items", "entities", "users", "triples")
_PROBLEMS_SHOWN = 50
_HEAD = """
<div class="upload-head">
  <q-btn type="button" unelevated no-caps icon="attach_file" class="pick" @click="props.pickFiles">
    {choose}
  </q-btn>
  <label class="sr-only">{choose}<q-uploader-add-trigger></q-uploader-add-trigger></label>
  <span class="quiet small">{drop}</span>
</div>
"""


class LoadPanel:
    """A form with files and choices, and below it what became of the load.

    Parameters
    ----------
    frame : Frame
        The page.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        texts = frame.texts
        with block("section", "card"):
            heading(2, texts("load"))
            text("p", texts("load.what"), "quiet small")
            self._files = self._upload()
            with block("div", "form-grid"):
                known = {"auto": texts("load.format.auto"), **{name: name for name in formats()}}
                self._format = ui.select(known, label=texts("load.format"), value="auto").props(
                    "outlined dense options-dense"
                )
                self._preset = ui.select(
                    presets(),
                    label=texts("load.preset"),
                    value=frame.services.recommender.state.preset.name,
                ).props("outlined dense options-dense")
            with block("div", "load-options"):
                self._strict = ui.checkbox(texts("load.strict"))
                self._dry_run = ui.checkbox(texts("load.dry_run"))
                self._button = ui.button(texts("load.start"), icon="upload", on_click=self._send)
                self._button.props("unelevated no-caps")
            self._progress = JobProgress(frame, self._ended)
            self._result = block("div", "load-result", aria_live="polite")

    def _upload(self) -> ui.upload:
        texts = self._frame.texts
        upload = ui.upload(
            multiple=True,
            max_files=MAX_FILES,
            max_total_size=self._frame.services.settings.limits.upload_bytes,
            on_multi_upload=self._start,
        )
        upload.props("flat bordered no-thumbnails").classes("upload")
        head = _HEAD.format(choose=texts("load.files.choose"), drop=texts("load.files.drop"))
        upload.add_slot("header", head)
        return with_attributes(upload, aria_label=texts("load.files"), role="group")

    async def _send(self) -> None:
        """Let the browser send the files; :meth:`_start` goes on when they are here."""
        chosen = await ui.run_javascript(
            f"getElement({self._files.id}).$refs.qRef.files.length", timeout=5
        )
        if not chosen:
            raise InvalidError(self._frame.texts("load.files.none"))
        self._result.clear()
        self._files.run_method("upload")

    async def _start(self, event: events.MultiUploadEventArguments) -> None:
        self._files.reset()
        asked = LoadRequest(
            path="files",
            format=self._format.value,
            preset=self._preset.value,
            strict=self._strict.value,
            dry_run=self._dry_run.value,
        )
        frame = self._frame
        files = [Upload(file.name, file.save) for file in event.files]
        settings = frame.services.settings
        job = await start_load(files, asked, settings=settings, jobs=frame.jobs)
        self._button.disable()
        self._progress.follow(job)

    def _ended(self, job: Job) -> None:
        self._button.enable()
        self._result.clear()
        if job.error is not None:
            self._frame.tell(error_of(job))
            return
        with self._result:
            self._show(job.result or {})

    def _show(self, result: Mapping[str, Any]) -> None:
        texts = self._frame.texts
        seconds = f"{result['seconds']:.1f}"
        text("p", texts("load.done", rows=f"{result['rows']:,}", seconds=seconds))
        if result["refused"] or result["dry_run"]:
            text("p", texts("load.refused" if result["refused"] else "load.dry_run.done"))
        header = [texts("load.what.of"), texts("load.created"), texts("load.known")]
        table(texts("load"), header, self._counts(result))
        if not (result["refused"] or result["dry_run"]):
            draw_link(self._frame, texts("load.look"), RECOMMEND.path)
        if result["n_problems"]:
            told = texts("load.problems", n=f"{result['n_problems']:,}")
            heading(3, told, "bad")
            self._problems(told, result["problems"])

    def _counts(self, result: Mapping[str, Any]) -> list[list[str]]:
        rows = [
            (name, one["created"], one["updated"] + one["unchanged"])
            for name in _RECORDS
            for one in [result[name]]
        ]
        events = result["events"]
        rows.append(("events", events["accepted"], events["duplicates"]))
        return [
            [self._frame.texts(f"load.what.{name}"), f"{new:,}", f"{known:,}"]
            for name, new, known in rows
            if new or known
        ]

    def _problems(self, caption: str, problems: Sequence[Mapping[str, Any]]) -> None:
        texts = self._frame.texts
        header = [texts(f"load.problem.{name}") for name in ("file", "line", "reason")]
        rows = [
            [str(one["file"]), str(one["line"] or ""), str(one["reason"])]
            for one in problems[:_PROBLEMS_SHOWN]
        ]
        table(caption, header, rows)
