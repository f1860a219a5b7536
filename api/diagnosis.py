"""What ``whyrec doctor`` looks at: names, settings, folder, store, models, device, Java."""

import asyncio
import importlib.metadata
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from api.guard import check_folders, check_owners
from api.setting_groups import ChatSettings
from api.settings import Settings, load_settings
from graph.errors import AppError
from graph.progress import Progress, ProgressCallback, silent

Status = Literal["ok", "note", "failed"]
JAVA_NEEDED = 17
FREE_BYTES_NEEDED = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    name : str
        What was checked.
    status : {"ok", "note", "failed"}
        A note is worth knowing and no fault.
    detail : str
        What was found.
    fix : str
        How to mend it; empty when there is nothing to mend.
    """

    name: str
    status: Status
    detail: str
    fix: str = ""


def examine(progress: ProgressCallback = silent) -> list[Finding]:
    """Check everything that Whyrec needs on this machine.

    Parameters
    ----------
    progress : ProgressCallback
        Told of every check.

    Returns
    -------
    list of Finding
        One per check, in the order of dependence; a check never raises.
    """
    checks: list[tuple[str, Callable[[], Finding]]] = [("names", _names)]
    try:
        settings = load_settings()
    except AppError as error:
        return [_names(), Finding("settings", "failed", error.detail, error.fix)]
    checks += [
        ("settings", lambda: _settings(settings)),
        ("home", lambda: home_folder(settings.home)),
        ("store", lambda: _store(settings)),
        ("snapshot", lambda: _snapshot(settings)),
        ("model", lambda: _model(settings)),
        ("encoder", lambda: _encoder(settings)),
        ("chat", lambda: chat(settings.chat)),
        ("device", _device),
        ("java", lambda: java(shutil.which("java"))),
    ]
    findings = []
    for number, (name, check) in enumerate(checks):
        progress(Progress(f"checking {name}", number, len(checks), "checks"))
        findings.append(_guarded(name, check))
    return findings


def home_folder(home: Path) -> Finding:
    """Tell whether the folder of all state exists, or can be made, and can be written to.

    Parameters
    ----------
    home : pathlib.Path
        ``WHYREC_HOME``.

    Returns
    -------
    Finding
        With the free space.
    """
    fix = "Set WHYREC_HOME to a folder that you may write to."
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        return Finding("home", "failed", f"{existing} cannot be written to.", fix)
    free = shutil.disk_usage(existing).free
    detail = f"{home}, {free / 1024**3:,.0f} GB free"
    if free < FREE_BYTES_NEEDED:
        return Finding("home", "note", detail, "Less than 2 GB are free; training may need more.")
    return Finding("home", "ok", detail if home.exists() else f"{detail}; made when first needed")


def java(executable: str | None) -> Finding:
    """Tell whether the local Neo4j of ``docker/neo4j-local`` could run.

    Parameters
    ----------
    executable : str or None
        Path of ``java``; None when there is none.

    Returns
    -------
    Finding
        At most a note: only tests and those who want Neo4j need Java.
    """
    fix = "Only for the local Neo4j: apt-get install openjdk-17-jdk-headless maven"
    if executable is None:
        return Finding("java", "note", "not installed", fix)
    outcome = subprocess.run(  # noqa: S603 - a path that the system itself named
        [executable, "-version"], capture_output=True, text=True, check=False, timeout=30
    )
    match = re.search(r'version "(\d+)[^"]*"', outcome.stderr)
    if match is None or int(match[1]) < JAVA_NEEDED:
        found = f"version {match[1]}" if match else "a version that cannot be read"
        return Finding("java", "note", f"{executable}: {found}, not {JAVA_NEEDED} or newer", fix)
    return Finding("java", "ok", f"{executable}: version {match[1]}")


def _guarded(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except AppError as error:
        return Finding(name, "failed", error.detail, error.fix)
    except Exception as error:
        return Finding(name, "failed", f"{type(error).__name__}: {error}", "Run './run setup'.")


def _names() -> Finding:
    try:
        check_folders()
        check_owners()
    except ImportError as error:
        return Finding("names", "failed", str(error), "See docs/decisions/0003-names-and-guards.md")
    folder = Path(__file__).resolve().parent.parent
    return Finding("names", "ok", f"all five packages are ours, in {folder}")


def _settings(settings: Settings) -> Finding:
    variables = sorted(name for name in os.environ if name.startswith("WHYREC_"))
    source = ", ".join(variables) if variables else "defaults"
    files = " and whyrec.toml" if Path("whyrec.toml").exists() else ""
    return Finding("settings", "ok", f"{settings.environment}; from {source}{files}")


def _store(settings: Settings) -> Finding:
    from api.wiring import store_of

    async def look() -> Finding:
        store = store_of(settings)
        try:
            await store.prepare()
            ready = await store.readiness()
            if not ready.ready:
                return Finding("store", "failed", ready.reason, "Start the server, or load data.")
            counts = await store.counts()
            return Finding(
                "store",
                "ok",
                f"{where}: {counts.items:,} items, {counts.entities:,} entities, "
                f"{counts.users:,} users, {counts.events:,} events",
            )
        finally:
            await store.close()

    where = settings.neo4j.uri or str(settings.graph_file)
    if settings.neo4j.uri is None and not settings.graph_file.exists():
        return Finding("store", "note", f"{where} is not there yet", "Run 'whyrec load'.")
    return asyncio.run(look())


def _snapshot(settings: Settings) -> Finding:
    from graph.snapshot import Snapshot

    snapshot = Snapshot.latest(settings.snapshots_folder)
    if snapshot is None:
        return Finding("snapshot", "note", "none yet", "It is made when serving or training.")
    detail = f"version {snapshot.version}, {len(snapshot.items):,} items"
    return Finding("snapshot", "ok", detail)


def _model(settings: Settings) -> Finding:
    active = settings.models_folder / "active"
    if not active.exists():
        return Finding("model", "note", "none yet", "Run 'whyrec train'.")
    from ranking.model import Model

    model = Model.load(settings.models_folder / active.read_text().strip())
    return Finding("model", "ok", f"{model.id}, of snapshot {model.snapshot_version}")


def _encoder(settings: Settings) -> Finding:
    from api.wiring import encoders_of

    shelf = encoders_of(settings)
    name = shelf.name()
    if name == "none":
        return Finding("encoder", "note", "none, by the settings: requests match names only")
    encoder = shelf.load(name)
    vectors = encoder.encode(["a quiet film", "一部安静的电影"])
    detail = f"{encoder.name} by {type(encoder).__name__}: {vectors.shape[1]} dimensions"
    made_by = _encoder_of_model(settings)
    if made_by is not None and not shelf.made(made_by):
        return Finding(
            "encoder",
            "note",
            f"{detail}; the model was trained with {made_by}",
            "Run 'whyrec train'.",
        )
    return Finding("encoder", "ok", detail)


def _encoder_of_model(settings: Settings) -> str | None:
    from api.state import ModelShelf

    shelf = ModelShelf(settings.models_folder, keep=1)
    active = shelf.active()
    model = shelf.load(active) if active in shelf.ids() else None
    return None if model is None or model.text is None else model.text.encoder


def chat(settings: ChatSettings) -> Finding:
    """Tell whether the language model of the settings answers.

    Parameters
    ----------
    settings : ChatSettings
        Which one.

    Returns
    -------
    Finding
        Of what a question without meaning came to.
    """
    from api.wiring import chat_of

    model = chat_of(settings)
    if model is None:
        return Finding("chat", "ok", "off, by the settings: rules and templates do without")
    from llm.chat import Message

    schema = {
        "type": "object",
        "properties": {"ready": {"type": "boolean"}},
        "required": ["ready"],
        "additionalProperties": False,
    }
    started = time.perf_counter()
    model.chat([Message("user", 'Answer with {"ready": true} and nothing else.')], schema)
    seconds = time.perf_counter() - started
    return Finding("chat", "ok", f"{settings.kind} {model.name}: answered in {seconds:.1f} s")


def _device() -> Finding:
    version = importlib.metadata.version("torch")
    import torch

    found = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU, training on CPU"
    return Finding("device", "ok", f"torch {version}, {found}, {_cores()} cores")


def _cores() -> int:
    affinity: Sequence[int] = list(os.sched_getaffinity(0))
    return len(affinity)
