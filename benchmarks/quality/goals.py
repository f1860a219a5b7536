"""What is to be reached on each data set, and what others have published."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """Recall@20 and NDCG@20 to reach, and the most seconds of learning on two idle cores."""

    recall: float
    ndcg: float
    seconds: float = float("inf")

    def missed(self, figures: dict[str, Any], seconds: float) -> list[str]:
        """Name what is not reached."""
        reached = {
            "recall": figures["recall"]["mean"] >= self.recall,
            "ndcg": figures["ndcg"]["mean"] >= self.ndcg,
            "seconds": seconds <= self.seconds,
        }
        return [what for what, good in reached.items() if not good]


GOALS = {
    "ml-100k-warm": Goal(0.382, 0.344),
    "lastfm-2k-warm": Goal(0.400, 0.256),
    "amazon-book": Goal(0.180, 0.103, 600.0),
    "ml-100k-cold": Goal(0.305, 0.298),
    "lastfm-2k-cold": Goal(0.165, 0.098),
}


def verdict(name: str, result: dict[str, Any]) -> str:
    """Say whether the goal of a data set is met, or what is missed; empty where it has none."""
    if name not in GOALS or "evaluate" not in result:
        return ""
    missed = GOALS[name].missed(result["evaluate"]["metrics"], result["rank"]["seconds"]["train"])
    return f"missed: {', '.join(missed)}" if missed else "met"
