"""Teach the transformers encoder a catalog: pairs of texts that belong together.

The texts of a pair should be near one another, and far from those of the other pairs of a batch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graph.progress import ProgressCallback, silent
from llm.encoder import TextEncoder
from llm.encoding import cleaned
from llm.lora import Fit, Schedule, attach, fit
from llm.minilm import MiniLmEncoder

TEMPERATURE = 0.05
TRAINING_TOKENS = 96
PLACES = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together.

    Attributes
    ----------
    left, right : str
        The texts.
    key : int
        What the right one speaks of.
    also : frozenset of int
        Keys that would be right for the left text as well: no counterexamples to it.
    """

    left: str
    right: str
    key: int
    also: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A test: find the right candidates for each text.

    Attributes
    ----------
    name : str
        What is tested.
    texts : Sequence of str
        What is looked for with.
    candidates : Sequence of str
        What is looked through.
    relevant : Sequence of frozenset of int
        Places of the right candidates of each text, at least one.
    known : Sequence of frozenset of int
        Places of candidates that do not count, such as the text itself.
    """

    name: str
    texts: Sequence[str]
    candidates: Sequence[str]
    relevant: Sequence[frozenset[int]]
    known: Sequence[frozenset[int]]


@dataclass(frozen=True, slots=True)
class FineTuning:
    """How long and how wide to train.

    Attributes
    ----------
    rank : int
        Rank of the weights that are added.
    epochs : int
        Most epochs.
    minutes : float
        Most minutes, validation not counted.
    batch_size : int
        Pairs that are told apart at a time.
    device : {"auto", "cpu", "cuda"}
        Where to train.
    seed : int
        Seed of everything random.
    """

    rank: int = 16
    epochs: int = 3
    minutes: float = 5.0
    batch_size: int = 48
    device: str = "auto"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Tuned:
    """An encoder with an adapter that is not saved yet.

    Attributes
    ----------
    model : peft.PeftModel
        The model with the adapter.
    fit : Fit
        How the training went.
    before, after : Mapping[str, Mapping[str, float]]
        Figures of every test with the base and with the adapter.
    device : {"cpu", "cuda"}
        Where it was trained.
    """

    model: Any
    fit: Fit
    before: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    after: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    device: str = "cpu"


Epoch = Callable[[np.random.Generator], Mapping[str, Sequence[Pair]]]


def tune(
    pairs_of: Epoch,
    tests: Sequence[Retrieval],
    *,
    options: FineTuning | None = None,
    progress: ProgressCallback = silent,
) -> Tuned:
    """Train an adapter of the transformers encoder.

    Parameters
    ----------
    pairs_of : Callable
        Draws the pairs of one epoch, by kind; a batch holds pairs of one kind.
    tests : Sequence of Retrieval
        Validation; the mean of all their figures decides which epoch is kept.
    options : FineTuning or None
        Length and width of the training.
    progress : ProgressCallback
        Told of every step.

    Returns
    -------
    Tuned
        With the best epoch's weights; those of the base where no epoch is better.

    References
    ----------
    .. [1] van den Oord et al., "Representation Learning with Contrastive Predictive Coding", 2018.
    .. [2] Gao et al., "SimCSE: Simple Contrastive Learning of Sentence Embeddings", EMNLP 2021.
    """
    chosen = options or FineTuning()
    encoder = MiniLmEncoder(device=chosen.device)
    encoder.model = attach(
        encoder.model, task="feature-extraction", rank=chosen.rank, seed=chosen.seed
    ).to(encoder.device)
    rng = np.random.default_rng(chosen.seed)
    measured: list[dict[str, dict[str, float]]] = []

    def score() -> float:
        measured.append({test.name: measure(encoder, test) for test in tests})
        return float(np.mean([list(one.values()) for one in measured[-1].values()]))

    found = fit(
        encoder.model,
        batches=lambda _epoch: batches(pairs_of(rng), chosen.batch_size, rng),
        loss_of=lambda batch: contrast(encoder, batch),
        score=score,
        schedule=Schedule(chosen.epochs, chosen.minutes),
        progress=progress,
    )
    return Tuned(encoder.model, found, measured[0], measured[found.best], encoder.device)


def contrast(encoder: MiniLmEncoder, pairs: Sequence[Pair]) -> Any:
    """Return the loss of a batch: the cross entropy of finding the other half, both ways.

    Parameters
    ----------
    encoder : MiniLmEncoder
        Encoder in training.
    pairs : Sequence of Pair
        The batch.

    Returns
    -------
    torch.Tensor
        The loss, of no dimension.
    """
    import torch
    from torch.nn.functional import cross_entropy, normalize

    texts = [cleaned(one.left) for one in pairs] + [cleaned(one.right) for one in pairs]
    vectors = normalize(encoder.forward(texts, max_tokens=TRAINING_TOKENS), dim=1)
    logits = vectors[: len(pairs)] @ vectors[len(pairs) :].T / TEMPERATURE
    too = [[two is not one and _is_right_too(one, two) for two in pairs] for one in pairs]
    logits = logits.masked_fill(torch.tensor(too, device=logits.device), float("-inf"))
    wanted = torch.arange(len(pairs), device=logits.device)
    return (cross_entropy(logits, wanted) + cross_entropy(logits.T, wanted)) / 2


def _is_right_too(one: Pair, other: Pair) -> bool:
    """Tell whether the right text of another pair would be right for this left one."""
    return other.key == one.key or other.key in one.also


def batches(
    pairs: Mapping[str, Sequence[Pair]], size: int, rng: np.random.Generator
) -> list[list[Pair]]:
    """Put pairs into batches of one kind each, in random order.

    Parameters
    ----------
    pairs : Mapping[str, Sequence[Pair]]
        Pairs by kind.
    size : int
        Most pairs of a batch; one of a single pair teaches nothing and is left out.
    rng : numpy.random.Generator
        Of the order.

    Returns
    -------
    list of list of Pair
        The batches.
    """
    made = []
    for same in pairs.values():
        order = rng.permutation(len(same))
        for start in range(0, len(order), size):
            batch = [same[place] for place in order[start : start + size]]
            if len(batch) > 1:
                made.append(batch)
    return [made[place] for place in rng.permutation(len(made))]


def measure(encoder: TextEncoder, test: Retrieval) -> dict[str, float]:
    """Measure how well an encoder finds what belongs together.

    Parameters
    ----------
    encoder : TextEncoder
        Any encoder.
    test : Retrieval
        What to find.

    Returns
    -------
    dict[str, float]
        ``hit@1``, the share of texts whose first candidate is right, and ``recall@10``, the share
        of the right ones (ten at most) among the first ten; both means over texts.
    """
    scores = encoder.encode(test.texts) @ encoder.encode(test.candidates).T
    for row, places in enumerate(test.known):
        scores[row, list(places)] = -np.inf
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, :PLACES]
    hits, recalls = [], []
    for row, relevant in zip(ranked.tolist(), test.relevant, strict=True):
        hits.append(row[0] in relevant)
        recalls.append(len(relevant.intersection(row)) / min(len(relevant), PLACES))
    return {"hit@1": float(np.mean(hits)), "recall@10": float(np.mean(recalls))}
