"""Catalog files that somebody sends: kept in a folder of their own until a job has loaded them."""

import secrets
import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from api.job_files import Job
from api.jobs import Jobs
from api.schemas import LoadRequest
from api.settings import Settings
from graph.errors import InvalidError

MAX_FILES = 50


class Upload(NamedTuple):
    """A file as it came.

    Attributes
    ----------
    name : str
        What the sender calls it; only the last part of a path counts.
    save : Callable[[Path], Awaitable[None]]
        Writes what it holds to a new file.
    """

    name: str
    save: Callable[[Path], Awaitable[None]]


async def start_load(
    files: Sequence[Upload],
    asked: LoadRequest,
    *,
    mapping: Upload | None = None,
    settings: Settings,
    jobs: Jobs,
) -> Job:
    """Keep files and start the job that loads them.

    Parameters
    ----------
    files : Sequence[Upload]
        One or several; their names tell what they are.
    asked : LoadRequest
        Format, preset and so on; the paths in it are replaced.
    mapping : Upload or None
        A file that maps columns to entities.
    settings : Settings
        Tells where uploads are kept.
    jobs : Jobs
        Starts the job.

    Returns
    -------
    Job
        The job, queued. The files go when it has ended.

    Raises
    ------
    InvalidError
        If there is no file, or too many, or one has no usable name, or two have the same.
    """
    if not 1 <= len(files) <= MAX_FILES:
        raise InvalidError(
            f"{len(files)} files were sent.", fix=f"Send between one and {MAX_FILES}."
        )
    folder = settings.uploads_folder / secrets.token_hex(8)
    arguments = asked.model_dump() | {"mapping": None}
    try:
        await run_in_threadpool(folder.mkdir, parents=True)
        names = [await _kept(file, folder / "files") for file in files]
        if mapping is not None:
            arguments["mapping"] = f"mapping/{await _kept(mapping, folder / 'mapping')}"
        arguments["path"] = f"files/{names[0]}" if len(names) == 1 else "files"
        return await jobs.start("load", arguments, folder=str(folder.resolve()), is_upload=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


async def _kept(file: Upload, folder: Path) -> str:
    """Write a file under the last part of its name; returns that."""
    name = Path(file.name.replace("\\", "/")).name
    if not name or name.startswith(".") or not name.isprintable() or len(name) > 200:
        raise InvalidError(
            "An uploaded file has no usable name.", fix="The name tells what the file holds."
        )
    await run_in_threadpool(folder.mkdir, exist_ok=True)
    if await run_in_threadpool((folder / name).exists):
        raise InvalidError(f"Two uploaded files are called {name!r}.")
    await file.save(folder / name)
    return name
