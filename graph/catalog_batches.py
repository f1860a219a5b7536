"""Cuts a source into batches of checked records."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graph.catalog_checks import Checks, RepeatedError
from graph.domain import Entity, Interaction, Item, Triple, User
from graph.formats.lines import Problem
from graph.formats.source import Described, Part, Record, Source
from graph.mapping import AttributeMapping

BATCH_ROWS = 10_000
_BATCH_TRIPLES = 50_000


@dataclass(slots=True)
class Batch:
    """Records of one part, checked, in lists that a store takes.

    Attributes
    ----------
    number : int
        Counted from 0 through the whole load; the same files give the same batches.
    part : Part
        Where the records come from.
    items, entities, users, triples, events : list
        Records; ``*_lines`` beside them are the lines they came from.
    described : dict of str to Entity
        Entities that attributes name: created where they are missing, never overwritten.
    new_described : list of Entity
        Those of them that no batch before had.
    n_rows : int
        Rows read, good and bad.
    problems : list of Problem
        Rows that were left out.
    lists : dict
        The lists above by type of record: records and lines.
    """

    number: int
    part: Part
    items: list[Item] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    triples: list[Triple] = field(default_factory=list)
    events: list[Interaction] = field(default_factory=list)
    item_lines: list[int] = field(default_factory=list)
    entity_lines: list[int] = field(default_factory=list)
    user_lines: list[int] = field(default_factory=list)
    triple_lines: list[int] = field(default_factory=list)
    event_lines: list[int] = field(default_factory=list)
    described: dict[str, Entity] = field(default_factory=dict)
    new_described: list[Entity] = field(default_factory=list)
    n_rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    lists: dict[type, tuple[list[Any], list[int]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.lists = {
            Item: (self.items, self.item_lines),
            Entity: (self.entities, self.entity_lines),
            User: (self.users, self.user_lines),
            Triple: (self.triples, self.triple_lines),
            Interaction: (self.events, self.event_lines),
        }

    def problem(self, line: int, reason: str) -> None:
        """Report a row of this batch's file."""
        self.problems.append(Problem(self.part.file.name, line, reason))


class Batches:
    """Reads a source batch by batch.

    Parameters
    ----------
    source : Source
        What to read.
    mapping : AttributeMapping
        What attributes of items mean.

    Attributes
    ----------
    checks : Checks
        What was let through so far.
    n_bytes, n_bytes_total : int
        How much of the files was read, as they are on disk.
    """

    def __init__(self, source: Source, mapping: AttributeMapping) -> None:
        self._source = source
        self._mapping = mapping.copy()
        self._batches = self._read()
        self._finished = 0
        self._part: Part | None = None
        self.checks = Checks()
        self.n_bytes_total = sum(part.file.size for part in source.parts)

    @property
    def n_bytes(self) -> int:
        """Bytes read so far, over all parts."""
        return self._finished + (self._part.file.position if self._part else 0)

    def next(self) -> Batch | None:
        """Return the next batch; None at the end."""
        return next(self._batches, None)

    def _read(self) -> Iterator[Batch]:
        number = 0
        for part in self._source.parts:
            self._part = part
            batch = Batch(number, part)
            for row in part.read():
                batch.n_rows += 1
                if isinstance(row, Problem):
                    batch.problems.append(row)
                else:
                    self._add(batch, row[0], row[1])
                if batch.n_rows >= BATCH_ROWS or len(batch.triples) >= _BATCH_TRIPLES:
                    yield batch
                    number += 1
                    batch = Batch(number, part)
            self._part = None
            self._finished += part.file.size
            if batch.n_rows:
                yield batch
                number += 1

    def _add(self, batch: Batch, line: int, record: Record) -> None:
        if isinstance(record, Described):
            self._describe(batch, record.entity)
            record = record.triple
        try:
            reason = self.checks.problem(record)
        except RepeatedError:
            return
        if reason:
            batch.problem(line, reason)
            return
        records, lines = batch.lists[type(record)]
        records.append(record)
        lines.append(line)
        if isinstance(record, Item):
            self._describe_item(batch, line, record)
        elif isinstance(record, Entity):
            self._mapping.learn(record)

    def _describe_item(self, batch: Batch, line: int, item: Item) -> None:
        entities, triples = self._mapping.describe(item)
        for entity in entities:
            self._describe(batch, entity)
        for triple in triples:
            if triple.tail in self.checks.items:
                batch.problem(line, f"the entity {triple.tail[:80]!r} has the id of an item")
            else:
                batch.triples.append(triple)
                batch.triple_lines.append(line)

    def _describe(self, batch: Batch, entity: Entity) -> None:
        batch.described[entity.id] = entity
        if self.checks.described(entity):
            batch.new_described.append(entity)
