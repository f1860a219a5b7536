"""The graph of the demo without some users, learned from, and then told what these users did.

Everything is kept in a folder, so that it is made once: the events of the users held out in
``held-out.json``, the home beside it, and the snapshot that was learned from. Training takes some
minutes; nothing of these users is in it.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from api import demo
from api.commands.session import with_services
from api.services import Services
from api.settings import Settings, load_settings
from graph.domain import Interaction
from graph.progress import Progress
from graph.snapshot import Snapshot

HELD_OUT = "held-out.json"
HOME = "home"
TOLD = "told"
PACKAGES = "downloads"
LEARNED_FROM = "learned-from"


def prepared(folder: Path, n_users: int, *, seed: int = 0) -> Settings:
    """Load, hold out, train and tell, each only where it was not done before.

    Parameters
    ----------
    folder : pathlib.Path
        What is made is kept here.
    n_users : int
        How many users are held out.
    seed : int
        Start of the draw.

    Returns
    -------
    Settings
        Of the home whose model knows nothing of these users, and whose store has their events.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = load_settings().model_copy(update={"home": folder / HOME})
    if not (folder / HELD_OUT).exists():
        say("downloading and loading the films ...")
        _load(settings, folder, n_users, seed)
    if len(users_of(folder)) != n_users:
        raise SystemExit(f"{folder} holds out other users; name another folder or remove it.")
    if not (settings.models_folder / "active").exists():
        say("training without these users; minutes on two idle cores ...")
        with_services(lambda s: s.train(progress=_tell), serving=False, settings=settings)
        learned_from(settings.snapshots_folder).save(folder / LEARNED_FROM)
    if not (folder / TOLD).exists():
        say("sending what they did ...")
        with_services(lambda services: _told(services, events_of(folder)), settings=settings)
        (folder / TOLD).touch()
    return settings


def learned_from(folder: Path) -> Snapshot:
    """Return the newest snapshot of a folder."""
    snapshot = Snapshot.latest(folder)
    if snapshot is None:
        raise SystemExit(f"{folder} holds no snapshot; remove the folder it is in.")
    return snapshot


def users_of(folder: Path) -> list[str]:
    """Return the ids of the users held out."""
    return list(json.loads((folder / HELD_OUT).read_text())["users"])


def events_of(folder: Path) -> list[Interaction]:
    """Return the events of the users held out, oldest first."""
    held_out = json.loads((folder / HELD_OUT).read_text())
    events = [Interaction(**event) for event in held_out["events"]]
    return sorted(events, key=lambda event: event.at)


def _load(settings: Settings, folder: Path, n_users: int, seed: int) -> None:
    """Load everything, keep what some users did in a file, and delete them."""
    packages = folder / PACKAGES
    demo.fetch(packages)

    async def hold_out(services: Services) -> dict[str, Any]:
        await services.load_catalog(
            packages, format=demo.FORMAT, preset=demo.PRESET, progress=_tell
        )
        export = await services.store.export()
        with_events = np.unique(export.events.users)
        drawn = np.random.default_rng(seed).choice(with_events, n_users, replace=False)
        users = [export.users[place].id for place in np.sort(drawn).tolist()]
        events = [event for user in users for event in await services.store.events_of(user)]
        for user in users:
            await services.store.delete_user(user)
        return {"users": users, "events": [asdict(event) for event in events]}

    content = with_services(hold_out, serving=False, settings=settings)
    (folder / HELD_OUT).write_text(json.dumps(content))


async def _told(services: Services, events: Sequence[Interaction]) -> None:
    """Tell what the users did, as if they did it now."""
    outcome = await services.record_events(events)
    if outcome.rejected:
        raise SystemExit(f"{len(outcome.rejected)} events were refused: {outcome.rejected[0][1]}")


def say(text: str) -> None:
    """Tell what is done next."""
    print(text, file=sys.stderr, flush=True)


def _tell(progress: Progress) -> None:
    if progress.total and progress.done >= progress.total:
        say(f"  {progress.stage}")
