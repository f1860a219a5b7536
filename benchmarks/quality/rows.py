"""The rows of the tables: who ranks, by which command, from which files."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sparse

from ranking.components.registry import components

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "quality"
PEERS = ROOT / "benchmarks" / "quality" / "peers"
WHYREC = ROOT / ".venv" / "bin" / "whyrec"
OWN_PYTHON = ROOT / ".venv" / "bin" / "python"
PEERS_PYTHON = ROOT / "build" / "peers" / "bin" / "python"
K = 20
GRAPH_FILES = ("kg", "items")


def splits() -> Path:
    """Return the folder of all data sets."""
    named = os.environ.get("WHYREC_BENCHMARK_DATA")
    return (Path(named).resolve() if named else ROOT.parent / "shared" / "data") / "splits"


def own_sources() -> tuple[Path, ...]:
    """Return the files that decide what Whyrec ranks."""
    packages = ("graph", "gnn", "llm", "ranking")
    return tuple(path for name in packages for path in sorted((ROOT / name).rglob("*.py")))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table.

    ``program`` writes the lists of the data set in ``folder``, with the files of the graph or
    without. The row is compared with the one whose key is ``against``. ``sources`` are the files
    whose change makes a stored result old.
    """

    dataset: str
    folder: Path
    key: str
    label: str
    group: str
    program: tuple[str, ...] = (str(WHYREC), "rank")
    graph: bool = True
    against: str = "fusion"
    sources: tuple[Path, ...] = field(default_factory=own_sources)

    @property
    def store(self) -> Path:
        """Where the result is kept."""
        return BUILD / self.dataset / f"{self.key}.json"

    @property
    def lists(self) -> Path:
        """Where the lists are kept."""
        return self.store.with_suffix(".tsv")

    def command(self, out: Path, options: Sequence[str] = ()) -> list[str]:
        """Return the call that writes the lists."""
        files = ["train", "users", "candidates", *(GRAPH_FILES if self.graph else ())]
        paths = {name: self.folder / f"{name}.tsv" for name in files}
        given = [w for n, path in paths.items() if path.exists() for w in (f"--{n}", str(path))]
        return [*self.program, *given, "-k", str(K), "--out", str(out), "--json", *options]


@dataclass(frozen=True)
class Peer:
    """Somebody else's recommender, or a simple one; ``apart`` are those in build/peers."""

    model: str
    label: str
    script: str
    apart: bool = False


BASELINES = (
    Peer("random", "random", "simple_models.py"),
    Peer("content-knn", "content kNN", "simple_models.py"),
)
PEER_MODELS = (
    Peer("als", "implicit ALS", "implicit_models.py"),
    Peer("bpr", "implicit BPR", "implicit_models.py"),
    Peer("itemknn", "LensKit item kNN", "lenskit_models.py", apart=True),
    Peer("lightgcn", "hopwise LightGCN", "hopwise_models.py", apart=True),
    Peer("cke", "hopwise CKE", "hopwise_models.py", apart=True),
    Peer("kgin", "hopwise KGIN", "hopwise_models.py", apart=True),
)


def rows_of(dataset: str, shares: Sequence[float] = ()) -> Iterator[Row]:
    """List all rows that a data set can have."""
    folder = splits() / dataset
    if not (folder / "train.tsv").exists():
        raise SystemExit(f"There is no {folder / 'train.tsv'}. Set WHYREC_BENCHMARK_DATA.")
    has_graph = any((folder / f"{name}.tsv").exists() for name in GRAPH_FILES)
    yield Row(
        dataset=dataset, folder=folder, key="fusion", label="Whyrec", group="fusion", against=""
    )
    if has_graph:
        yield Row(
            dataset=dataset,
            folder=folder,
            key="fusion-no-kg",
            label="Whyrec without the graph",
            group="no-kg",
            graph=False,
        )
    for name in components():
        yield Row(
            dataset=dataset,
            folder=folder,
            key=f"only-{name}",
            label=f"{name} alone",
            group="components",
            program=(str(WHYREC), "rank", "--only", name),
        )
    yield from (peer_row(dataset, folder, peer, "baseline") for peer in BASELINES)
    yield from (peer_row(dataset, folder, peer, "peer") for peer in PEER_MODELS)
    if has_graph:
        for share in shares:
            yield from sparse_rows(dataset, folder, share)


def peer_row(dataset: str, folder: Path, peer: Peer, group: str) -> Row:
    """Return the row of a recommender that is not ours."""
    python, script = PEERS_PYTHON if peer.apart else OWN_PYTHON, PEERS / peer.script
    return Row(
        dataset=dataset,
        folder=folder,
        key=f"{group}-{peer.model}",
        label=peer.label,
        group=group,
        program=(str(python), str(script), peer.model),
        sources=(script, PEERS / "interactions.py"),
    )


def sparse_rows(dataset: str, folder: Path, share: float) -> Iterator[Row]:
    """Yield the rows with and without the graph on a share of the training events."""
    percent = round(100 * share)
    thinned = sparse.thin(folder, BUILD / "data" / f"{dataset}-{percent}", share)
    for graph, suffix, what in ((True, "", "with"), (False, "-no-kg", "without")):
        yield Row(
            dataset=dataset,
            folder=thinned,
            key=f"sparse-{percent}{suffix}",
            label=f"Whyrec on {percent} % of the events, {what} the graph",
            group="sparse",
            graph=graph,
            against="" if graph else f"sparse-{percent}",
        )
