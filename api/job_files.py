"""The records of jobs on disk, and how to tell that the process of a job is gone.

A job is one JSON file. Whoever works on it, the server that started it and the process that does
it, holds a lock on the file beside it; the operating system drops the lock with the last of them,
however they end. An unfinished job whose lock is free was interrupted.
"""

import os
import re
import secrets
import time
from dataclasses import asdict, dataclass, field, replace
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path
from typing import Any, Literal

import orjson

from api.state import write_whole
from graph.errors import NotFoundError

JobKind = Literal["load", "train"]
Status = Literal["queued", "running", "finishing", "succeeded", "failed"]
FINISHED = frozenset({"succeeded", "failed"})
_ID = re.compile(r"(load|train)-\d{8}T\d{6}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Job:
    """Work that runs beside the serving.

    Attributes
    ----------
    id : str
        Sorts by time within a kind.
    kind : JobKind
        What is done.
    status : Status
        ``"finishing"`` while the outcome is being taken into the served graph.
    created_at : float
        Unix seconds.
    started_at, finished_at : float or None
        Unix seconds.
    arguments : dict[str, Any]
        What was asked for, as shown to people.
    folder : str
        Folder that paths among the arguments are relative to; not shown.
    is_upload : bool
        Whether that folder was made for this job and goes with it.
    progress : dict[str, Any] or None
        The last :class:`graph.progress.Progress`.
    result : dict[str, Any] or None
        What came out.
    error : dict[str, Any] or None
        ``kind``, ``detail`` and ``fix`` of a failure.
    """

    id: str
    kind: JobKind
    status: Status
    created_at: float
    started_at: float | None = None
    finished_at: float | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    folder: str = ""
    is_upload: bool = False
    progress: dict[str, Any] | None = None
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in FINISHED

    def to_json(self) -> dict[str, Any]:
        """Return the record as answers show it."""
        fields = asdict(self)
        del fields["folder"], fields["is_upload"]
        return {"job_id": fields.pop("id"), **fields}

    def failed(self, *, kind: str, detail: str, fix: str = "") -> "Job":
        """Return the record of the same job after a failure."""
        error = {"kind": kind, "detail": detail} | ({"fix": fix} if fix else {})
        return replace(self, status="failed", error=error, finished_at=time.time())


class JobFiles:
    """The folder of all jobs.

    Parameters
    ----------
    folder : pathlib.Path
        Made when the first job is written.
    keep : int
        How many finished jobs are kept.
    """

    def __init__(self, folder: Path, *, keep: int = 200) -> None:
        self._folder = folder
        self._keep = keep

    def new(
        self,
        kind: JobKind,
        arguments: dict[str, Any],
        *,
        folder: str = "",
        is_upload: bool = False,
    ) -> tuple[Job, int]:
        """Write the record of a new job, and drop the oldest finished ones.

        Parameters
        ----------
        kind : JobKind
            What will be done.
        arguments : dict[str, Any]
            What was asked for.
        folder : str
            As in :class:`Job`.
        is_upload : bool
            As in :class:`Job`.

        Returns
        -------
        tuple of (Job, int)
            The record, and a file descriptor that holds its lock.
        """
        now = time.time()
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now))
        job = Job(
            f"{kind}-{stamp}-{secrets.token_hex(4)}",
            kind,
            "queued",
            now,
            arguments=arguments,
            folder=folder,
            is_upload=is_upload,
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._folder / f"{job.id}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        flock(lock, LOCK_EX | LOCK_NB)
        self.write(job)
        self._prune()
        return job, lock

    def write(self, job: Job) -> None:
        """Replace the record of a job."""
        write_whole(
            self._folder / f"{job.id}.json",
            orjson.dumps(asdict(job), option=orjson.OPT_SERIALIZE_NUMPY),
        )

    def read(self, job_id: str) -> Job:
        """Return a job; one whose process is gone is marked as failed.

        Parameters
        ----------
        job_id : str
            Id of the job.

        Returns
        -------
        Job
            Its record.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        path = self._folder / f"{job_id}.json"
        if not _ID.fullmatch(job_id) or not path.exists():
            raise NotFoundError("job", job_id[:80], fix="GET /v1/jobs lists the jobs.")
        job = _parsed(path)
        if not job.is_finished and not self._is_held(job_id):
            job = _ended(_parsed(path))
            self.write(job)
        return job

    def all(self) -> list[Job]:
        """Return all jobs, newest first."""
        names = (path.stem for path in self._folder.glob("*.json") if _ID.fullmatch(path.stem))
        jobs = [self.read(name) for name in names]
        return sorted(jobs, key=lambda job: (job.created_at, job.id), reverse=True)

    def log_path(self, job_id: str) -> Path:
        """Return where the process of a job writes its log."""
        return self._folder / f"{job_id}.log"

    def _is_held(self, job_id: str) -> bool:
        try:
            lock = os.open(self._folder / f"{job_id}.lock", os.O_RDWR)
        except OSError:
            return False
        try:
            flock(lock, LOCK_EX | LOCK_NB)
            flock(lock, LOCK_UN)
        except OSError:
            return True
        finally:
            os.close(lock)
        return False

    def _prune(self) -> None:
        finished = [job for job in self.all() if job.is_finished]
        for job in finished[self._keep :]:
            for suffix in ("json", "lock", "log"):
                (self._folder / f"{job.id}.{suffix}").unlink(missing_ok=True)


def _parsed(path: Path) -> Job:
    return Job(**orjson.loads(path.read_bytes()))


def _ended(job: Job) -> Job:
    """Return what became of a job that nobody works on any more."""
    if job.is_finished:
        return job
    if job.status == "finishing":
        return replace(job, status="succeeded", finished_at=time.time())
    return job.failed(
        kind="interrupted",
        detail="interrupted: the process of this job has ended before its work was done.",
        fix="Start it again; a load goes on where it was.",
    )
