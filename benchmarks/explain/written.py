"""How many learned edges an item must be written so that the strongest paths can be looked up.

For the best ten items of 100 users: of the paths through a learned edge that are among the three
strongest of an item and add at least half of what the strongest adds, the share whose edge is
stored, by how many edges of each type are written an item.

    python benchmarks/explain/written.py HOME
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from api.commands.session import with_services
from api.services import Services
from api.settings import Settings
from graph.learned import LearnedEdges, Relearned
from ranking.domain import Query
from ranking.learned_edges import StoredEdges
from ranking.pipeline import Recommender
from ranking.score_split import Breakdown
from ranking.summands import KINDS, Summands
from ranking.written_edges import WrittenEdges

N_USERS, N_ITEMS, N_PATHS, HALF = 100, 10, 3, 0.5
WRITTEN = (5, 10, 15, 20, 25, 30, 40, 50, 75, 100)
LEARNED = ("collaborative", "learned")


def strongest_paths(recommender: Recommender) -> Iterator[tuple[str, int, int]]:
    """Yield kind, row of the user's item and row of the recommended item of each such path."""
    state = recommender.state
    known = [u for u in range(len(state.snapshot.users)) if len(state.histories.of(u))]
    for user in np.random.default_rng(0).permutation(known)[:N_USERS].tolist():
        query = Query(user_id=state.snapshot.users.id(user), k=N_ITEMS)
        rows = [state.item_row(item.item_id) for item in recommender.recommend(query).items]
        question = recommender._ask(query)
        breakdown = Breakdown(state.scorer, question.profile)
        for row in rows:
            paths = Summands.of(breakdown, row, question.request)
            for place in range(min(N_PATHS, len(paths))):
                kind = KINDS[paths.kinds[place]]
                if kind in LEARNED and paths.values[place] >= HALF * paths.values[0]:
                    yield kind, int(paths.sources[place]), row


async def main(services: Services) -> None:
    """Print the table."""
    state = services.recommender.state
    paths = list(strongest_paths(services.recommender))
    print(f"model {state.model.id}; paths:", {k: sum(p[0] == k for p in paths) for k in LEARNED})
    print("written  SIMILAR_TO  CLOSE_TO")
    for n in WRITTEN:
        written = WrittenEdges.of(state.model, n_similar=n, n_close=n)
        model = replace(state.model, written=written)
        stored = StoredEdges(model, state.snapshot, state.owner_is_cold)
        stored.take(Relearned(model.id, (), LearnedEdges(model.id, (), (), ())), state.find_item)
        found = defaultdict(list)
        for kind, source, target in paths:
            verb = stored.similar if kind == "collaborative" else stored.close
            found[kind].append(verb(np.array([source]), target)[0])
        shares = [f"{100 * np.mean(found[kind]):8.1f} %" for kind in LEARNED if found[kind]]
        print(f"{n:7d}", *shares)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    with_services(main, settings=Settings(home=Path(sys.argv[1])))
