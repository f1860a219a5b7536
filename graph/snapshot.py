"""An immutable, numbered copy of the graph for serving and training.

Items, entities and users each have rows counted from 0 in the order of their creation. Edges are
CSR per relation and pair of kinds, from both sides, ``int32`` with ``float32`` weights. Everything
is a plain ``.npy`` file, so that many processes map one copy.
"""

import json
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Self

import numpy as np

from graph.columns import Csr, Float32Array, Int32Array, Int64Array, Nodes, StringColumn, mapped
from graph.domain import Entity, Item, Kind, User
from graph.manifest import read_manifest
from graph.records import pack, with_tuples
from graph.store import EventBlock, GraphExport

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Relation:
    """All edges of one relation type between two kinds of nodes.

    Attributes
    ----------
    name : str
        Relation type.
    head_kind, tail_kind : Kind
        What the rows of ``forward`` and its columns are.
    forward : Csr
        Head rows to tail rows.
    backward : Csr
        Tail rows to head rows.
    """

    name: str
    head_kind: Kind
    tail_kind: Kind
    forward: Csr
    backward: Csr


@dataclass(frozen=True, slots=True)
class Events:
    """All events sorted by user, oldest first within a user.

    Attributes
    ----------
    indptr : Int32Array
        The events of user row ``u`` are ``indptr[u]:indptr[u + 1]``; shape (n_users + 1,).
    items : Int32Array
        Item rows; shape (n_events,).
    types : Int32Array
        Positions in ``type_names``; shape (n_events,).
    values : Float32Array
        NaN where there is none; shape (n_events,).
    times : Int64Array
        Unix seconds, 0 where unknown; shape (n_events,).
    type_names : tuple of str
        Event types that occur.
    """

    indptr: Int32Array
    items: Int32Array
    types: Int32Array
    values: Float32Array
    times: Int64Array
    type_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.items)

    @classmethod
    def of(cls, block: EventBlock, n_users: int) -> Self:
        """Sort exported events by user and time.

        Parameters
        ----------
        block : EventBlock
            Events in any order.
        n_users : int
            Number of users.

        Returns
        -------
        Events
            The same events, sorted; events of equal time keep their order.
        """
        order = np.lexsort((block.times, block.users))
        indptr = np.zeros(n_users + 1, dtype=np.int32)
        np.cumsum(np.bincount(block.users, minlength=n_users), out=indptr[1:])
        return cls(
            indptr,
            block.items[order].astype(np.int32),
            block.types[order].astype(np.int32),
            block.values[order].astype(np.float32),
            block.times[order].astype(np.int64),
            block.type_names,
        )


_EVENT_ARRAYS = ("indptr", "items", "types", "values", "times")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The graph at one version; see the module's text.

    Attributes
    ----------
    version : int
        Graph version of the store at the time of the export.
    items, entities, users : Nodes
        Nodes by row.
    relations : Sequence[Relation]
        Every relation with at least one edge, in a fixed order.
    events : Events
        What users did.
    """

    version: int
    items: Nodes
    entities: Nodes
    users: Nodes
    relations: Sequence[Relation] = field(default_factory=tuple)
    events: Events = field(default_factory=lambda: _no_events(0))

    @classmethod
    def of(cls, export: GraphExport) -> Self:
        """Build the snapshot of an export.

        Parameters
        ----------
        export : GraphExport
            The whole graph of a store.

        Returns
        -------
        Snapshot
            The same graph with CSR edges.
        """
        sizes: Mapping[Kind, int] = {
            "Item": len(export.items),
            "Entity": len(export.entities),
            "User": len(export.users),
        }
        relations = []
        for block in sorted(export.edges, key=lambda b: (b.relation, b.head_kind, b.tail_kind)):
            shape = (sizes[block.head_kind], sizes[block.tail_kind])
            forward = Csr.of(block.heads, block.tails, block.weights, shape)
            relations.append(
                Relation(
                    block.relation,
                    block.head_kind,
                    block.tail_kind,
                    forward,
                    Csr.of(block.tails, block.heads, block.weights, (shape[1], shape[0])),
                )
            )
        return cls(
            export.version,
            _nodes(export.items),
            _nodes(export.entities),
            _nodes(export.users),
            tuple(relations),
            Events.of(export.events, len(export.users)),
        )

    def item(self, row: int) -> Item:
        """Return the item of a row."""
        return Item(id=self.items.id(row), **with_tuples(self.items.record(row)))

    def entity(self, row: int) -> Entity:
        """Return the entity of a row."""
        return Entity(id=self.entities.id(row), **with_tuples(self.entities.record(row)))

    def user(self, row: int) -> User:
        """Return the user of a row."""
        return User(id=self.users.id(row), **with_tuples(self.users.record(row)))

    def nodes(self, kind: Kind) -> Nodes:
        """Return the nodes of a kind."""
        return {"Item": self.items, "Entity": self.entities, "User": self.users}[kind]

    def save(self, parent: FilePath) -> FilePath:
        """Write the snapshot into a folder named after its version.

        Parameters
        ----------
        parent : pathlib.Path
            Folder of all snapshots; made when missing.

        Returns
        -------
        pathlib.Path
            The folder of this snapshot. It appears whole or not at all.
        """
        target = parent / f"{self.version:08d}"
        if target.exists():
            return target
        # Every writer has a folder of its own; the first to rename it wins, and all wrote the same.
        partial = parent / f".{target.name}.{uuid.uuid4().hex}.partial"
        partial.mkdir(parents=True)
        try:
            self._write(partial)
            partial.rename(target)
        except BaseException as error:
            shutil.rmtree(partial, ignore_errors=True)
            if not (isinstance(error, OSError) and target.exists()):
                raise
        return target

    def _write(self, folder: FilePath) -> None:
        for name in ("items", "entities", "users"):
            getattr(self, name).save(folder, name)
        for number, relation in enumerate(self.relations):
            relation.forward.save(folder, f"relation{number}.forward")
            relation.backward.save(folder, f"relation{number}.backward")
        for name in _EVENT_ARRAYS:
            np.save(folder / f"events.{name}.npy", getattr(self.events, name))
        manifest = {
            "format": _FORMAT,
            "version": self.version,
            "event_types": self.events.type_names,
            "relations": [[r.name, r.head_kind, r.tail_kind] for r in self.relations],
        }
        (folder / "manifest.json").write_text(json.dumps(manifest))

    @classmethod
    def load(cls, folder: FilePath) -> Self:
        """Map a snapshot that :meth:`save` wrote.

        Parameters
        ----------
        folder : pathlib.Path
            The folder of the snapshot.

        Returns
        -------
        Snapshot
            The snapshot, its arrays read from the files when used.

        Raises
        ------
        InvalidError
            If the folder holds no snapshot of this format.
        """
        manifest = read_manifest(folder / "manifest.json", "snapshot", format=_FORMAT)
        items, entities, users = (
            Nodes.load(folder, name) for name in ("items", "entities", "users")
        )
        sizes = {"Item": len(items), "Entity": len(entities), "User": len(users)}
        relations = tuple(
            Relation(
                name,
                head,
                tail,
                Csr.load(folder, f"relation{number}.forward", sizes[tail]),
                Csr.load(folder, f"relation{number}.backward", sizes[head]),
            )
            for number, (name, head, tail) in enumerate(manifest["relations"])
        )
        arrays = {name: mapped(folder / f"events.{name}.npy") for name in _EVENT_ARRAYS}
        events = Events(**arrays, type_names=tuple(manifest["event_types"]))
        return cls(manifest["version"], items, entities, users, relations, events)

    @classmethod
    def latest(cls, parent: FilePath) -> Self | None:
        """Map the snapshot with the highest version in a folder; None when there is none."""
        folders = sorted(parent.glob("[0-9]*")) if parent.is_dir() else []
        return cls.load(folders[-1]) if folders else None


def _no_events(n_users: int) -> Events:
    none = np.zeros(0)
    return Events.of(
        EventBlock(none.astype(int), none.astype(int), none.astype(int), none, none, ()), n_users
    )


def _nodes(records: Sequence[Item] | Sequence[Entity] | Sequence[User]) -> Nodes:
    """Pack records into columns; empty fields are left out."""
    return Nodes(
        StringColumn.of([record.id for record in records]),
        StringColumn.of([pack(record) for record in records]),
    )
