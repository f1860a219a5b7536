"""Loads a catalog from files into a store: streaming, idempotent, resumable, every bad row told.

::

    files -> format (graph.formats) -> batches of checked records -> store

Nothing is held but one batch and the ids that were seen. Batches are cut the same way every time,
so a load that was interrupted skips the finished ones, and a repeated load changes nothing.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from graph.catalog_batches import BATCH_ROWS, Batches
from graph.catalog_state import LoadState
from graph.catalog_writing import DryWriter, EventCount, StoreWriter, Tally, Writer
from graph.errors import InvalidError
from graph.formats import films, kgat, movielens, recbole, tabular
from graph.formats.lines import Problem
from graph.formats.source import FormatModule, Source, listing
from graph.mapping import AttributeMapping
from graph.presets import Preset
from graph.progress import Progress, ProgressCallback, silent
from graph.store import GraphStore, WriteCount

__all__ = ["EventCount", "LoadSummary", "Problem", "formats", "load_catalog"]

_FORMATS: Mapping[str, FormatModule] = {
    "films": films,
    "movielens": movielens,
    "recbole": recbole,
    "kgat": kgat,
    "whyrec": tabular,
}


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """What a load did.

    Attributes
    ----------
    format : str
        The format that was read.
    preset : str
        Domain whose rules made the entities: the one asked for, or the one that fits the format.
    rows : int
        Rows read, good and bad.
    items, entities, users, triples : WriteCount
        What became of the records; after a dry run ``created`` counts what would be written.
    events : EventCount
        Events that were added, and those known already.
    problems : tuple of Problem
        The first rows that were left out, at most 1,000.
    n_problems : int
        All rows that were left out.
    dry_run : bool
        Whether nothing was written because nothing should be.
    refused : bool
        Whether nothing was written because a strict load found problems.
    resumed : bool
        Whether an interrupted load went on.
    seconds : float
        Wall time of this call.
    notes : Mapping[str, str | int | float]
        What the format has to say, such as the join rate of the films.
    """

    format: str
    preset: str
    rows: int
    items: WriteCount
    entities: WriteCount
    users: WriteCount
    triples: WriteCount
    events: EventCount
    problems: tuple[Problem, ...]
    n_problems: int
    dry_run: bool
    refused: bool
    resumed: bool
    seconds: float
    notes: Mapping[str, str | int | float] = field(default_factory=dict)


def formats() -> list[str]:
    """Return the names of all formats."""
    return list(_FORMATS)


async def load_catalog(  # noqa: PLR0913
    store: GraphStore,
    path: FilePath,
    *,
    format: str = "auto",  # noqa: A002
    preset: Preset | str | None = None,
    mapping: AttributeMapping | FilePath | None = None,
    strict: bool = False,
    dry_run: bool = False,
    state: FilePath | None = None,
    progress: ProgressCallback = silent,
) -> LoadSummary:
    """Load a catalog into a store.

    Parameters
    ----------
    store : GraphStore
        A prepared store.
    path : pathlib.Path
        Folder or file.
    format : str
        One of :func:`formats`, or ``"auto"``: what the file names suggest.
    preset : Preset, str or None
        Domain whose attribute rules hold; None and ``"generic"`` leave it to the format (films for
        ``films`` and ``movielens``).
    mapping : AttributeMapping, pathlib.Path or None
        Rules for the attributes, or a file with them; None takes those of the preset.
    strict : bool
        Write nothing when any row is bad.
    dry_run : bool
        Check everything and write nothing.
    state : pathlib.Path or None
        Folder that keeps how far a load came; None starts from the beginning every time.
    progress : callable
        Told after every batch how many bytes were read.

    Returns
    -------
    LoadSummary
        What came in, and every row that did not.

    Raises
    ------
    InvalidError
        If the path, the format, a header or the mapping file cannot be used; then nothing was
        written.
    """
    started = time.perf_counter()
    path = FilePath(path)
    module = _module(path, format)
    domain = module.DOMAIN if preset is None or preset == "generic" else preset
    rules = _mapping(mapping, domain)
    source = module.open_source(path, rules)
    load = _Load(store, source, rules, progress)
    name = domain if isinstance(domain, str) else domain.name
    if strict or dry_run:
        await load.run("checking", dry=True)
        if dry_run or load.tally.n_problems:
            return load.summary(name, started, dry_run=dry_run, refused=not dry_run)
        source = module.open_source(path, rules)
        load = _Load(store, source, rules, progress)
    kept = LoadState(state, source, f"{rules.digest}:{BATCH_ROWS}")
    await load.run("loading", state=kept)
    return load.summary(name, started)


class _Load:
    """One pass over a source."""

    def __init__(
        self,
        store: GraphStore,
        source: Source,
        mapping: AttributeMapping,
        progress: ProgressCallback,
    ) -> None:
        self._store = store
        self._source = source
        self._batches = Batches(source, mapping)
        self._progress = progress
        self._resumed = False
        self._rows = 0
        self.tally = Tally()

    async def run(self, verb: str, *, dry: bool = False, state: LoadState | None = None) -> None:
        """Read every batch and write it, or judge it."""
        kept = state.load(await self._store.version()) if state else {}
        done = kept.get("batches", 0)
        self._resumed = done > 0
        written = Tally.from_json(kept["tally"]) if done else Tally()
        writer = await self._writer(dry=dry)
        while (batch := await asyncio.to_thread(self._batches.next)) is not None:
            self._rows += batch.n_rows
            self.tally.report(batch.problems)
            if batch.number >= done:
                written.merge(await writer.write(batch))
                if state is not None:
                    content = {"batches": batch.number + 1, "tally": written.as_json()}
                    state.save(await self._store.version(), content)
            n_bytes = min(self._batches.n_bytes, self._batches.n_bytes_total)
            stage = f"{verb} {batch.part.file.name}"
            self._progress(Progress(stage, n_bytes, self._batches.n_bytes_total, "bytes"))
        self.tally.merge(written)
        if state is not None:
            state.finish()

    async def _writer(self, *, dry: bool) -> Writer:
        if dry:
            return DryWriter(self._store, self._batches.checks)
        counts = await self._store.counts()
        return StoreWriter(self._store, fresh=counts.entities == 0)

    def summary(
        self, preset: str, started: float, *, dry_run: bool = False, refused: bool = False
    ) -> LoadSummary:
        """Return what this pass did."""
        tally = self.tally
        return LoadSummary(
            format=self._source.format,
            preset=preset,
            rows=self._rows,
            items=tally.items,
            entities=tally.entities,
            users=tally.users,
            triples=tally.triples,
            events=tally.events,
            problems=tuple(sorted(tally.problems, key=lambda p: (p.file, p.line))),
            n_problems=tally.n_problems,
            dry_run=dry_run,
            refused=refused,
            resumed=self._resumed,
            seconds=time.perf_counter() - started,
            notes=dict(self._source.notes),
        )


def _module(path: FilePath, format: str) -> FormatModule:  # noqa: A002
    """Return the module of a format, or of the first that recognises the file names."""
    if format == "auto":
        names = listing(path)
        for module in _FORMATS.values():
            if module.recognises(names):
                return module
        raise InvalidError(
            f"No format is known by the file names in {path.name!r}.",
            fix=f"Name the format: {', '.join(formats())}; docs/catalog.md shows their files.",
        )
    if format not in _FORMATS:
        raise InvalidError(
            f"There is no format {format!r}.", fix=f"Formats are: auto, {', '.join(formats())}."
        )
    return _FORMATS[format]


def _mapping(mapping: AttributeMapping | FilePath | None, domain: Preset | str) -> AttributeMapping:
    """Return the rules that hold; see :func:`load_catalog`."""
    if isinstance(mapping, AttributeMapping):
        return mapping
    if mapping is None:
        return AttributeMapping.for_preset(domain)
    return AttributeMapping.from_file(FilePath(mapping), domain)
