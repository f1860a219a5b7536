"""What training leaves behind: one folder of plain arrays and a JSON description."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path as FilePath
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from gnn.messages import Messages
from graph.columns import Csr, StringColumn, mapped
from graph.manifest import read_manifest
from graph.presets import Preset
from graph.snapshot import Snapshot
from llm.learned_names import LearnedNames
from ranking.asked import Asked
from ranking.content import ContentRecipe
from ranking.fusion import Gate
from ranking.profile import ProfileRule
from ranking.request_weights import USUAL, RequestWeights
from ranking.written_edges import WrittenEdges

UNTRAINED = "untrained"
_FORMAT = 2
_ARRAYS = ("source", "target", "entities", "owner_is_cold")


@dataclass(frozen=True, slots=True)
class TextVectors:
    """Vectors of texts, named by what they describe.

    Attributes
    ----------
    encoder : str
        Name of the encoder that made them.
    items : NDArray[np.float32]
        Unit length, all zero where there is no text; shape (n_items, n_dims).
    """

    encoder: str
    items: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that was learned from one snapshot, by item and entity row of that snapshot.

    Attributes
    ----------
    id : str
        Names the model; sorts by time.
    snapshot_version : int
        Version of the snapshot it was trained on.
    item_ids, entity_ids : StringColumn
        Ids by row, so that the model can serve a newer snapshot.
    similar : Csr
        Learned edges, the strongest of which are written back to the store. A warm item owns
        the edges to the items that it speaks for; a cold item owns those to the items that speak
        for it (see ``owner_is_cold``).
    owner_is_cold : NDArray[np.bool_]
        Shape (n_items,).
    source, target : NDArray[np.float32]
        Learned vectors of items; both of shape (n_items, n_dims).
    entities : NDArray[np.float32]
        Learned vectors of entities; shape (n_entities, n_dims).
    role_weights : Mapping[str, float]
        Weight of attribute paths per :attr:`ranking.attributes.Role.name`.
    gate : Gate
        Weights of the components.
    rule : ProfileRule
        How events become profiles.
    content : ContentRecipe
        Settings of the content map.
    messages : Messages or None
        What of the target vectors came over the edges of entities.
    text : TextVectors or None
        Text vectors, when an encoder was given.
    request_weights : RequestWeights
        How much each part of a request in words weighs.
    asked : Asked or None
        What those took who asked before, when requests were logged.
    names : LearnedNames or None
        What was learned of the names in the catalog, when an encoder was given.
    written : WrittenEdges or None
        The learned edges that are written to the store; None before that was decided.
    description : Mapping[str, Any]
        Settings chosen, validation figures, timings: JSON-able.
    """

    id: str
    snapshot_version: int
    item_ids: StringColumn
    entity_ids: StringColumn
    similar: Csr
    owner_is_cold: NDArray[np.bool_]
    source: NDArray[np.float32]
    target: NDArray[np.float32]
    entities: NDArray[np.float32]
    role_weights: Mapping[str, float]
    gate: Gate
    rule: ProfileRule
    content: ContentRecipe = field(default_factory=ContentRecipe)
    messages: Messages | None = None
    text: TextVectors | None = None
    request_weights: RequestWeights = USUAL
    asked: Asked | None = None
    names: LearnedNames | None = None
    written: WrittenEdges | None = None
    description: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def untrained(cls, snapshot: Snapshot, preset: Preset) -> Self:
        """Return the model that serves before the first training: attributes and popularity.

        Parameters
        ----------
        snapshot : Snapshot
            What it serves.
        preset : Preset
            Gives event strengths.

        Returns
        -------
        Model
            A model without learned edges and vectors.
        """
        n_items, n_entities = len(snapshot.items), len(snapshot.entities)
        none = np.zeros(0, dtype=np.int32)
        return cls(
            id=UNTRAINED,
            snapshot_version=snapshot.version,
            item_ids=snapshot.items.ids,
            entity_ids=snapshot.entities.ids,
            similar=Csr.of(none, none, none.astype(np.float32), (n_items, n_items)),
            owner_is_cold=np.zeros(n_items, dtype=bool),
            source=np.zeros((n_items, 1), dtype=np.float32),
            target=np.zeros((n_items, 1), dtype=np.float32),
            entities=np.zeros((n_entities, 1), dtype=np.float32),
            role_weights={},
            gate=Gate.default(),
            rule=ProfileRule.fit(
                snapshot.events, preset.event_strengths, half_life_s=preset.half_life_s
            ),
        )

    def card(self) -> dict[str, Any]:
        """Return what the model is and how good it was on validation, as plain values."""
        return {
            "id": self.id,
            "snapshot_version": self.snapshot_version,
            "n_items": len(self.item_ids),
            "n_similar_edges": self.similar.n_edges,
            "n_dims": int(self.source.shape[1]),
            "encoder": self.text.encoder if self.text else None,
            "role_weights": dict(self.role_weights),
            "gate": self.gate.to_json(),
            "request_weights": self.request_weights.to_json(),
            "n_logged_requests": len(self.asked) if self.asked else 0,
            "adapter": self.names.adapter.figures if self.names and self.names.adapter else None,
            **self.description,
        }

    def save(self, parent: FilePath) -> FilePath:
        """Write the model into a folder named after its id.

        Parameters
        ----------
        parent : pathlib.Path
            Folder of all models; made when missing.

        Returns
        -------
        pathlib.Path
            The folder of this model. It appears whole or not at all.
        """
        target = parent / self.id
        partial = parent / f".{self.id}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        self.item_ids.save(partial, "item_ids")
        self.entity_ids.save(partial, "entity_ids")
        self.similar.save(partial, "similar")
        for name in _ARRAYS:
            np.save(partial / f"{name}.npy", getattr(self, name))
        if self.messages:
            self.messages.save(partial)
        if self.text:
            np.save(partial / "text.items.npy", self.text.items)
        if self.asked:
            self.asked.save(partial)
        if self.names:
            self.names.save(partial)
        if self.written:
            self.written.save(partial)
        fields = {
            "format": _FORMAT,
            "id": self.id,
            "snapshot_version": self.snapshot_version,
            "role_weights": dict(self.role_weights),
            "gate": self.gate.to_json(),
            "rule": self.rule.to_json(),
            "content": asdict(self.content),
            "encoder": self.text.encoder if self.text else None,
            "request_weights": self.request_weights.to_json(),
            "description": dict(self.description),
        }
        (partial / "model.json").write_text(json.dumps(fields, indent=1))
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
        return target

    @classmethod
    def load(cls, folder: FilePath) -> Self:
        """Map a model that :meth:`save` wrote.

        Parameters
        ----------
        folder : pathlib.Path
            The folder of the model.

        Returns
        -------
        Model
            The model, its arrays read from the files when used.

        Raises
        ------
        InvalidError
            If the folder holds no model of this format.
        """
        fields = read_manifest(folder / "model.json", "model", format=_FORMAT)

        def array(name: str) -> NDArray[Any]:
            return mapped(folder / f"{name}.npy")

        item_ids = StringColumn.load(folder, "item_ids")
        text = fields["encoder"] and TextVectors(fields["encoder"], array("text.items"))
        return cls(
            id=fields["id"],
            snapshot_version=fields["snapshot_version"],
            item_ids=item_ids,
            entity_ids=StringColumn.load(folder, "entity_ids"),
            similar=Csr.load(folder, "similar", len(item_ids)),
            **{name: array(name) for name in _ARRAYS},
            role_weights=fields["role_weights"],
            gate=Gate.from_json(fields["gate"]),
            rule=ProfileRule.from_json(fields["rule"]),
            content=ContentRecipe(**fields["content"]),
            messages=Messages.load(folder),
            text=text or None,
            request_weights=_request_weights(fields),
            asked=Asked.load(folder, len(item_ids)),
            names=LearnedNames.load(folder),
            written=WrittenEdges.load(folder, len(item_ids)),
            description=fields["description"],
        )


def _request_weights(fields: Mapping[str, Any]) -> RequestWeights:
    """Return the weights of a request; the usual ones for a model of before they were learned."""
    kept = fields.get("request_weights")
    return RequestWeights(**kept) if kept else USUAL
