"""What is to be reached on each data set, and what was known before."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """Recall@20 and NDCG@20 to reach, and the most seconds of learning on two idle cores."""

    recall: float
    ndcg: float
    known: str
    seconds: float = float("inf")

    def __str__(self) -> str:
        return f"{self.recall:.3f} / {self.ndcg:.3f}"

    def missed(self, figures: dict[str, Any], seconds: float) -> list[str]:
        """Name what is not reached."""
        reached = {
            "recall": figures["recall"]["mean"] >= self.recall,
            "ndcg": figures["ndcg"]["mean"] >= self.ndcg,
            "seconds": seconds <= self.seconds,
        }
        return [what for what, good in reached.items() if not good]


GOALS = {
    "amazon-book": Goal(
        0.180, 0.103, "KGIN 0.1688 / 0.0914; item graph and iALS 0.1769 / 0.1013", 600.0
    ),
    "lastfm-2k-warm": Goal(0.400, 0.256, "closed forms fused 0.3893 / 0.2449"),
    "ml-100k-warm": Goal(0.382, 0.344, "EASE 0.3688 / 0.3317; closed forms fused 0.3749 / 0.3341"),
    "lastfm-2k-cold": Goal(
        0.165, 0.098, "random 0.027; content kNN 0.096; kernel ridge 0.162 / 0.096"
    ),
    "ml-100k-cold": Goal(
        0.305, 0.298, "kernel ridge 0.273 / 0.281; with GNN vectors 0.3035 / 0.2978"
    ),
}


def verdict(name: str, result: dict[str, Any]) -> str:
    """Say whether the goal of a data set is met, or what is missed; empty where it has none."""
    if name not in GOALS or "evaluate" not in result:
        return ""
    missed = GOALS[name].missed(result["evaluate"]["metrics"], result["rank"]["seconds"]["train"])
    return f"missed: {', '.join(missed)}" if missed else "met"
