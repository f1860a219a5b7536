"""What is learned of the names of a catalog at training: their vectors and the adapter."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from graph.columns import StringColumn
from graph.progress import ProgressCallback, silent
from llm.adapter import Adapter, fit_adapter
from llm.encoder import TextEncoder
from llm.meaning import NameVectors, name_vectors, wordings
from llm.surfaces import NamedThing, has_chinese_name, is_attribute

MAX_ATTRIBUTES = 10_000
MAX_TITLES = 5_000
"""How many things have vectors; the best known do, the rest is found by name only."""

_NAMES = "names"
_TITLES = "names.titles"
_ADAPTER = "names.adapter"


@dataclass(frozen=True, slots=True)
class LearnedNames:
    """Names of a catalog by their vectors, and what was learned from them.

    Attributes
    ----------
    encoder : str
        Name of the encoder that made the vectors.
    attributes : NameVectors
        What requests may mean without naming it.
    titles : NameVectors
        Titles and people without a Chinese name, for requests in Chinese.
    adapter : Adapter or None
        None where nothing is gained by one.
    """

    encoder: str
    attributes: NameVectors
    titles: NameVectors
    adapter: Adapter | None = None

    def known(self, ids: Iterable[str]) -> Self:
        """Return the same without the things that are not among ``ids``."""
        kept = frozenset(ids)
        return type(self)(
            self.encoder, self.attributes.of(kept), self.titles.of(kept), self.adapter
        )

    def save(self, folder: Path) -> None:
        """Write everything into the folder of a model."""
        for name, vectors in ((_NAMES, self.attributes), (_TITLES, self.titles)):
            StringColumn.of(vectors.ids).save(folder, f"{name}.ids")
            np.save(folder / f"{name}.vectors.npy", vectors.vectors.astype(np.float16))
            np.save(folder / f"{name}.described.npy", np.array(sorted(vectors.described), np.int64))
        fields: dict[str, object] = {"encoder": self.encoder, "adapter": None}
        if self.adapter is not None:
            maps = np.stack([self.adapter.request_map, self.adapter.name_map])
            np.save(folder / f"{_ADAPTER}.npy", maps)
            fields["adapter"] = self.adapter.figures
        (folder / f"{_NAMES}.json").write_text(json.dumps(fields))

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Read what :meth:`save` wrote; None where there is nothing of it."""
        described = folder / f"{_NAMES}.json"
        if not described.exists():
            return None
        fields = json.loads(described.read_text())
        adapter = None
        if fields["adapter"] is not None:
            maps = np.load(folder / f"{_ADAPTER}.npy")
            adapter = Adapter(maps[0], maps[1], **fields["adapter"])
        return cls(fields["encoder"], _loaded(folder, _NAMES), _loaded(folder, _TITLES), adapter)


def learn_names(
    things: Iterable[NamedThing],
    encoder: TextEncoder,
    *,
    seed: int = 0,
    progress: ProgressCallback = silent,
) -> LearnedNames:
    """Encode the names of a catalog and learn from them; takes seconds.

    Parameters
    ----------
    things : Iterable of NamedThing
        Everything that can be named.
    encoder : TextEncoder
        What encodes.
    seed : int
        The same seed and things give the same result.
    progress : ProgressCallback
        Told how far it is.

    Returns
    -------
    LearnedNames
        Vectors of the 10,000 best known attributes, of the 5,000 best known titles and people
        without a Chinese name, and an adapter where it helps.
    """
    by_weight = sorted(things, key=lambda thing: -thing.weight)
    attributes = [thing for thing in by_weight if is_attribute(thing)][:MAX_ATTRIBUTES]
    titles = [
        thing for thing in by_weight if not is_attribute(thing) and not has_chinese_name(thing)
    ][:MAX_TITLES]
    vectors = name_vectors(attributes, encoder, progress=progress)
    return LearnedNames(
        encoder.name,
        vectors,
        name_vectors(titles, encoder, progress=progress),
        fit_adapter(wordings(attributes), vectors.vectors, encoder, seed=seed, progress=progress),
    )


def _loaded(folder: Path, name: str) -> NameVectors:
    return NameVectors(
        tuple(StringColumn.load(folder, f"{name}.ids")),
        np.load(folder / f"{name}.vectors.npy").astype(np.float32),
        frozenset(np.load(folder / f"{name}.described.npy").tolist()),
    )
