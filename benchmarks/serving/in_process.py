"""CPU milliseconds of answers in process, on the demo's 17,000 films.

Run ``./run demo --no-serve`` once, then ``python benchmarks/serving/in_process.py`` with
``WHYREC_HOME`` set to the home of the demo.
"""

import asyncio
import time
from collections.abc import Callable

import numpy as np

from api.settings import load_settings
from api.wiring import build
from ranking.domain import Diversity, Query

N_CALLS = 200
REQUEST = "funny space movies from the 80s"


def cpu_ms(call: Callable[[int], object]) -> list[float]:
    """Return median, 90th and 99th percentile of the CPU time of a call."""
    call(0)
    times = []
    for number in range(N_CALLS):
        start = time.process_time()
        call(number)
        times.append((time.process_time() - start) * 1000)
    return [round(float(value), 2) for value in np.percentile(times, [50, 90, 99])]


async def main() -> None:
    """Measure and print a table."""
    services = await build(load_settings())
    recommender = services.recommender
    users = [recommender.state.snapshot.users.id(row) for row in range(N_CALLS)]
    first = [recommender.recommend(Query(user_id=user)).items[0].item_id for user in users]
    print(f"{recommender.state.n_items} items, {N_CALLS} users; CPU ms: p50, p90, p99")
    for name, call in {
        "recommend 10": lambda n: recommender.recommend(Query(user_id=users[n])),
        "recommend 10 with paths": lambda n: recommender.recommend(
            Query(user_id=users[n], explain=True)
        ),
        "recommend 10, varied": lambda n: recommender.recommend(
            Query(user_id=users[n], diversity=Diversity(0.5))
        ),
        "recommend 10, calibrated": lambda n: recommender.recommend(
            Query(user_id=users[n], calibration=0.5)
        ),
        "explain, all paths": lambda n: recommender.explain(first[n], Query(user_id=users[n])),
        "recommend 10 with text": lambda n: recommender.recommend(
            Query(user_id=users[n], text=REQUEST)
        ),
    }.items():
        print(f"{name:26}", *cpu_ms(call))
    await services.close()


asyncio.run(main())
