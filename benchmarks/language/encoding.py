"""How fast texts are encoded: ``python benchmarks/language/encoding.py``.

Each encoder is measured in a process of its own, one after the other in one call: milliseconds of
CPU for one short request, texts per second of CPU for short names and for descriptions of about
forty words, made up from a seed, memory, and for an exported encoder the lowest cosine with torch
over the same texts. ``minilm/onnx`` is what serves, ``minilm/torch`` what it is exported from; the
export itself, made where there is none yet, is not counted. Set ``OMP_NUM_THREADS=1`` to compare.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from goals import Row

from llm.encoder import TextEncoder, load_encoder

SYLLABLES = "ba co di fa ge hu jo ka li mo na pe ro su ta ve wi yo za chi tion ing er est".split()  # noqa: SIM905
ENCODERS = ("use-m3", "minilm/torch", "minilm/onnx")
ODD = (
    "",
    "funny films like that one, but not for kids",
    "适合夏季穿的鞋子",
    "film de guerre",
    "😀",
)
MIB = 1024


def make_texts(n: int, n_words: int, *, seed: int = 0) -> list[str]:
    """Return ``n`` different texts of made-up words."""
    random = np.random.default_rng(seed)
    words = ["".join(random.choice(SYLLABLES, random.integers(1, 4))) for _ in range(5000)]
    return [" ".join(random.choice(words, n_words)) for _ in range(n)]


def compared_texts() -> list[str]:
    """Return the texts over which encoders are compared."""
    return [*ODD, *make_texts(40, 3, seed=2), *make_texts(20, 60, seed=3)]


def resident_mb() -> float:
    """Return the memory of this process in MiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / MIB


def measure(which: str, state: Path, device: str, scale: float) -> dict[str, Any]:
    """Measure one encoder in this process, which has loaded nothing else."""
    name, _, engine = which.partition("/")
    before, start = resident_mb(), time.process_time()
    encoder = load_encoder(name, device=device, state=state if engine == "onnx" else None)
    encoder.encode(["ready"])
    report: dict[str, Any] = {"encoder": which, "class": type(encoder).__name__}
    report["load_cpu_s"] = time.process_time() - start
    singles = make_texts(50, 6, seed=1)
    start = time.process_time()
    for text in singles:
        encoder.encode([text])
    report["one_request_cpu_ms"] = 1000 * (time.process_time() - start) / len(singles)
    report["memory_mb"] = resident_mb() - before
    report |= rates(encoder, scale)
    report["vectors"] = encoder.encode(compared_texts()).tolist()
    return report


def rates(encoder: TextEncoder, scale: float) -> dict[str, float]:
    """Return texts per second of CPU, and of time, for many texts at once."""
    found = {}
    for name, n, n_words in (("names", 2000, 2), ("descriptions", 300, 40)):
        texts = make_texts(max(1, int(n * scale)), n_words)
        wall, start = time.perf_counter(), time.process_time()
        encoder.encode(texts)
        found[f"{name}_per_cpu_s"] = len(texts) / (time.process_time() - start)
        found[f"{name}_per_s"] = len(texts) / (time.perf_counter() - wall)
    return found


def in_a_process(which: str, state: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure one encoder where nothing else was loaded before."""
    command = [sys.executable, __file__, "--only", which, "--state", str(state)]
    command += ["--device", options.device, "--scale", str(options.scale)]
    outcome = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(outcome.stdout)


def compare(options: argparse.Namespace, state: Path) -> list[dict[str, Any]]:
    """Measure the encoders one after the other, and how far the exported one is from torch."""
    if "minilm/onnx" in options.encoder:
        load_encoder("minilm", device=options.device, state=state)  # exports, if it must
    reports = {which: in_a_process(which, state, options) for which in options.encoder}
    vectors = {which: np.array(report.pop("vectors")) for which, report in reports.items()}
    if {"minilm/torch", "minilm/onnx"} <= vectors.keys():
        cosines = (vectors["minilm/torch"] * vectors["minilm/onnx"]).sum(axis=1)
        reports["minilm/onnx"]["lowest_cosine"] = float(cosines.min())
        reports["minilm/onnx"]["mean_cosine"] = float(cosines.mean())
    return list(reports.values())


def rows(_options: argparse.Namespace) -> list[Row]:
    """Return the figures for ``benchmarks/language/run``."""
    usual = argparse.Namespace(encoder=list(ENCODERS), device="cpu", scale=1.0)
    with tempfile.TemporaryDirectory() as folder:
        found = {one["encoder"]: one for one in compare(usual, Path(folder))}
    torch, onnx = found["minilm/torch"], found["minilm/onnx"]
    faster = torch["one_request_cpu_ms"] / onnx["one_request_cpu_ms"]
    return [
        *(
            Row(f"{name}: memory", found[name]["memory_mb"], 200.0, "most", " MB")
            for name in ("use-m3", "minilm/onnx")
        ),
        *(
            Row(f"{name}: one request", one["one_request_cpu_ms"], unit=" ms")
            for name, one in found.items()
        ),
        Row("minilm: ONNX against torch, one request", faster, unit=" times as fast"),
        Row("minilm: lowest cosine of ONNX with torch", onnx["lowest_cosine"], 0.98),
    ]


def main() -> None:
    """Measure the encoders and print one JSON line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", choices=ENCODERS, nargs="+", default=list(ENCODERS))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual work")
    parser.add_argument(
        "--state", type=Path, help="folder of exported encoders; default: a new one"
    )
    parser.add_argument("--only", choices=ENCODERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(measure(options.only, options.state, options.device, options.scale)))
        return
    with tempfile.TemporaryDirectory() as folder:
        for report in compare(options, options.state or Path(folder)):
            shown = {k: v if isinstance(v, str) else round(v, 4) for k, v in report.items()}
            print(json.dumps(shown))


if __name__ == "__main__":
    main()
