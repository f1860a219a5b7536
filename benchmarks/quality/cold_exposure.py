"""How often items come up while nobody knows them, and what that costs the lists of all.

    python benchmarks/quality/cold_exposure.py ml-100k-warm [--draws 2] [--share 0.2] [--json]

A data set is a folder under WHYREC_BENCHMARK_DATA/splits or ../shared/data/splits. A model is
trained as it is; then, draw by draw, all training events of a share of the items are hidden and
another model is trained. Both rank all items for the users of the test file, each without what
the user knew. Printed by number of training events: exposure, the share of the lists that the
hidden items get as part of what they get when known; and the loss of NDCG@20 on the test file
against lists without any hidden item, and against lists in which they gain nothing.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rows import splits

from graph.presets import preset
from graph.snapshot import Snapshot
from ranking.evaluation.batch import BatchScorer
from ranking.evaluation.files import Interactions, read_interactions, read_snapshot
from ranking.fusion import Gains
from ranking.model import Model
from ranking.training import train

K = 20
GENERIC = preset("generic")
OPTIONAL_FILES = ("kg", "items", "users")
BANDS = (0, 5, 10, 20, 50, 100, 250, np.inf)

Lists = NDArray[np.int64]


@dataclass(frozen=True)
class DataSet:
    """Events to learn from and to find, by the rows of a snapshot of all items and users."""

    folder: Path
    events: Interactions
    snapshot: Snapshot
    users: NDArray[np.int64]
    known: list[set[int]]
    wanted: list[set[int]]

    @classmethod
    def read(cls, folder: Path, scratch: Path) -> "DataSet":
        """Read the files of a folder."""
        events = read_interactions(folder / "train.tsv")
        every = scratch / "every.tsv"
        every.write_text("item\n" + "".join(f"{name}\n" for name in events.item_ids))
        snapshot = snapshot_of(folder, folder / "train.tsv", every)
        known, wanted = (
            pairs(snapshot, each) for each in (events, read_interactions(folder / "test.tsv"))
        )
        users = np.array(sorted(wanted.keys() & known.keys()))
        lists = [known[user] for user in users.tolist()], [wanted[user] for user in users.tolist()]
        return cls(folder, events, snapshot, users, *lists)

    def hide(self, hidden: set[str], scratch: Path) -> Snapshot:
        """Return the graph without the events of some items."""
        kept = scratch / "kept.tsv"
        with (self.folder / "train.tsv").open() as lines, kept.open("w") as out:
            header = next(lines)
            place = header.rstrip("\n").split("\t").index("item")
            out.write(header)
            out.writelines(
                line for line in lines if line.rstrip("\n").split("\t")[place] not in hidden
            )
        return snapshot_of(self.folder, kept, scratch / "every.tsv")


def snapshot_of(folder: Path, events: Path, every: Path) -> Snapshot:
    """Read a graph; items stay items when their events are hidden."""
    paths = {name: folder / f"{name}.tsv" for name in OPTIONAL_FILES}
    present = {name: path for name, path in paths.items() if path.exists()}
    return read_snapshot(events, candidates=every, **present)


def pairs(snapshot: Snapshot, events: Interactions) -> dict[int, set[int]]:
    """Return the item rows of each user row; what the snapshot does not know is left out."""
    items = [snapshot.items.find(name) for name in events.item_ids]
    users = [snapshot.users.find(name) for name in events.user_ids]
    found: dict[int, set[int]] = {}
    for user, item in zip(events.users.tolist(), events.items.tolist(), strict=True):
        user_row, item_row = users[user], items[item]
        if user_row is not None and item_row is not None:
            found.setdefault(user_row, set()).add(item_row)
    return found


def ranked(
    data: DataSet,
    snapshot: Snapshot,
    model: Model,
    candidates: Lists | None = None,
    arrived: Lists | None = None,
) -> Lists:
    """Rank for the test users, by the rows of the data set's snapshot; shape (n_users, 20).

    What has arrived is scored as an item that came into the running service.
    """
    to_all = np.array([data.snapshot.items.find(name) for name in snapshot.items.ids])
    here = np.array([snapshot.users.find(data.snapshot.users.id(u)) for u in data.users.tolist()])
    deep = K + max(map(len, data.known))
    scorer = BatchScorer(snapshot, model, GENERIC, arrived=arrived)
    found, _ = scorer.top_k(here, deep, candidates)
    lists = np.full((len(here), K), -1)
    for place, (row, known) in enumerate(zip(found.tolist(), data.known, strict=True)):
        new = [to_all[item] for item in row if item >= 0 and to_all[item] not in known][:K]
        lists[place, : len(new)] = new
    return lists


def ndcg(lists: Lists, wanted: list[set[int]]) -> NDArray[np.float64]:
    """Return NDCG@20 of each user; shape (n_users,)."""
    discount = 1.0 / np.log2(np.arange(2, K + 2))
    return np.array([
        sum(discount[place] for place, item in enumerate(row) if item in mine)
        / discount[: min(len(mine), K)].sum()
        for row, mine in zip(lists.tolist(), wanted, strict=True)
    ])


def one_draw(
    data: DataSet, warm: Lists, share: float, rng: np.random.Generator, scratch: Path
) -> dict[str, NDArray[np.float64]]:
    """Hide a share of the items, learn anew, and measure each user."""
    names = sorted(data.events.item_ids)
    hidden = set(rng.permutation(names)[: int(share * len(names))].tolist())
    snapshot = data.hide(hidden, scratch)
    model = train(snapshot, preset=GENERIC)
    is_hidden = np.zeros(len(data.snapshot.items) + 1, dtype=bool)
    is_hidden[[data.snapshot.items.find(name) for name in hidden]] = True
    shown = [row for row, name in enumerate(snapshot.items.ids) if name not in hidden]
    plain = replace(model, gate=replace(model.gate, placed=Gains(), arrived=Gains()))
    arrived = np.array([snapshot.items.find(name) for name in sorted(hidden)])
    served = ranked(data, snapshot, model, arrived=arrived)
    ungained = ranked(data, snapshot, plain)
    return {
        "warm": is_hidden[warm].mean(axis=1),
        "share": is_hidden[served].mean(axis=1),
        "ndcg": ndcg(served, data.wanted),
        "without": ndcg(ranked(data, snapshot, plain, np.array(shown)), data.wanted),
        "no gain": ndcg(ungained, data.wanted),
        "no gain share": is_hidden[ungained].mean(axis=1),
        "events": np.array([len(known) for known in data.known], dtype=np.float64),
    }


def summary(users: dict[str, NDArray[np.float64]], mine: NDArray[np.bool_]) -> dict[str, Any]:
    """Return exposure and losses of some users."""
    mean = {name: float(values[mine].mean()) for name, values in users.items()}
    warm = mean["warm"] or np.nan
    return {
        "users": int(np.count_nonzero(mine)),
        "share of the lists": mean["share"],
        "exposure": mean["share"] / warm,
        "exposure without gain": mean["no gain share"] / warm,
        "NDCG@20": mean["ndcg"],
        "loss against no hidden item": 1.0 - mean["ndcg"] / mean["without"],
        "loss against no gain": 1.0 - mean["ndcg"] / mean["no gain"],
    }


def measure(name: str, n_draws: int, share: float) -> dict[str, Any]:
    """Measure a data set."""
    folder = splits() / name
    if not (folder / "train.tsv").exists():
        sys.exit(f"There is no {folder / 'train.tsv'}. Set WHYREC_BENCHMARK_DATA.")
    with tempfile.TemporaryDirectory() as made:
        scratch = Path(made)
        data = DataSet.read(folder, scratch)
        warm = ranked(data, data.snapshot, train(data.snapshot, preset=GENERIC))
        draws = [
            one_draw(data, warm, share, np.random.default_rng(seed), scratch)
            for seed in range(n_draws)
        ]
    users = {key: np.concatenate([draw[key] for draw in draws]) for key in draws[0]}
    report = {"all users": summary(users, np.ones(len(users["events"]), dtype=bool))}
    for low, high in pairwise(BANDS):
        mine = (users["events"] >= low) & (users["events"] < high)
        if np.count_nonzero(mine) >= 10 * n_draws:
            report[f"{low} to {high} events"] = summary(users, mine)
    return {
        "name": name,
        "draws": n_draws,
        "warm NDCG@20": float(ndcg(warm, data.wanted).mean()),
        "users": report,
    }


def show(report: dict[str, Any]) -> None:
    """Print one line per group of users."""
    print(f"{report['name']}, {report['draws']} draws, all warm {report['warm NDCG@20']:.4f}")
    for group, figures in report["users"].items():
        values = "  ".join(
            f"{name} {value:.4f}" if isinstance(value, float) else f"{name} {value}"
            for name, value in figures.items()
        )
        print(f"  {group}: {values}")


def main() -> None:
    """Measure the data sets that are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="+", metavar="DATASET", help="ml-100k-warm ...")
    parser.add_argument("--draws", type=int, default=2, help="how often items are hidden")
    parser.add_argument("--share", type=float, default=0.2, help="share of the items hidden")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    choice = parser.parse_args()
    reports = [measure(name, choice.draws, choice.share) for name in choice.names]
    if choice.json:
        print(json.dumps(reports, indent=2))
    else:
        for report in reports:
            show(report)


if __name__ == "__main__":
    main()
