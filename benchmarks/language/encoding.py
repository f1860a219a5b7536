"""How fast texts are encoded: ``python benchmarks/language/encoding.py --encoder use-m3``.

Prints texts per second of CPU for short names and for descriptions of about forty words, made up
from a seed, and milliseconds of CPU for one short request. Set ``OMP_NUM_THREADS=1`` to compare.
"""

import argparse
import json
import time

import numpy as np

from llm.encoder import ENCODERS, load_encoder

SYLLABLES = "ba co di fa ge hu jo ka li mo na pe ro su ta ve wi yo za chi tion ing er est".split()  # noqa: SIM905


def make_texts(n: int, n_words: int, *, seed: int = 0) -> list[str]:
    """Return ``n`` different texts of made-up words."""
    random = np.random.default_rng(seed)
    words = ["".join(random.choice(SYLLABLES, random.integers(1, 4))) for _ in range(5000)]
    return [" ".join(random.choice(words, n_words)) for _ in range(n)]


def main() -> None:
    """Measure one encoder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", choices=sorted(ENCODERS), default="use-m3")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual work")
    options = parser.parse_args()
    start = time.process_time()
    encoder = load_encoder(options.encoder, device=options.device)
    encoder.encode(["ready"])
    report = {"encoder": options.encoder, "load_cpu_s": time.process_time() - start}
    for name, n, n_words in (("names", 4000, 2), ("descriptions", 600, 40)):
        texts = make_texts(max(1, int(n * options.scale)), n_words)
        wall, start = time.perf_counter(), time.process_time()
        encoder.encode(texts)
        report[f"{name}_per_cpu_s"] = len(texts) / (time.process_time() - start)
        report[f"{name}_per_s"] = len(texts) / (time.perf_counter() - wall)
    singles = make_texts(50, 6, seed=1)
    start = time.process_time()
    for text in singles:
        encoder.encode([text])
    report["one_request_cpu_ms"] = 1000 * (time.process_time() - start) / len(singles)
    print(json.dumps({k: v if isinstance(v, str) else round(v, 2) for k, v in report.items()}))


if __name__ == "__main__":
    main()
