"""The measures of explanations: what each tells, what is to be reached, what others reach.

``elsewhere`` quotes what the papers report of their own data sets and graphs; the order of size can
be compared, not the third digit.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes
    ----------
    name : str
        Its key in JSON.
    title : str
        Its name for people.
    tells : str
        What it tells.
    goal : float or None
        None for what is reported only.
    side : {"least", "most"}
        Whether the goal is the least or the most it may be.
    elsewhere : str
        The best that is known of others.
    """

    name: str
    title: str
    tells: str
    goal: float | None = None
    side: Literal["least", "most"] = "least"
    elsewhere: str = ""

    def is_met(self, value: float) -> bool | None:
        """Tell whether a value reaches the goal; None without a goal, and NaN reaches none."""
        if self.goal is None:
            return None
        below = value - self.goal if self.side == "most" else self.goal - value
        return below <= _ROUNDING

    @property
    def goal_text(self) -> str:
        """The goal as people read it; empty without one."""
        if self.goal is None:
            return ""
        return f"{'≥' if self.side == 'least' else '≤'} {self.goal:g}"


_ROUNDING = 1e-9
_NOBODY = "nobody reports it"

MEASURES = (
    Measure(
        "coverage",
        "coverage",
        "Share of the listed items that at least one path speaks for.",
        1.0,
        elsewhere="PGPR below 1, PEARLM 1",
    ),
    Measure(
        "coverage_entities",
        "coverage through an entity",
        "Share of the listed items with a path through an entity that at most 300 items share.",
        0.98,
        elsewhere="PGPR below 1",
    ),
    Measure(
        "coverage_shared",
        "the same, an entity of both",
        "The same, counting only entities that an item of the user has as well.",
    ),
    Measure(
        "validity",
        "validity",
        "Share of the shown edges that the store has, with that type and direction.",
        1.0,
        elsewhere="PEARLM 1.00",
    ),
    Measure(
        "additivity",
        "additivity error",
        "The largest distance between a score and the sum of its parts and paths, relative to it.",
        1e-6,
        "most",
        _NOBODY,
    ),
    Measure(
        "agreement",
        "leave-one-out agreement",
        "Spearman correlation over the paths of an item: what a path is said to add, and what the "
        "score loses when the edge is left out that only this path has.",
        0.95,
        elsewhere=_NOBODY,
    ),
    Measure(
        "agreement_event",
        "the same by event",
        "The event is left out, and compared with the sum of all paths that begin with it. The "
        "events before it become more recent, so that the two need not agree.",
        elsewhere=_NOBODY,
    ),
    Measure(
        "agreement_whole",
        "the same, all edges of the path",
        "All edges of the path are left out, the event among them: with it go the other paths that "
        "begin with it, so that this is not what the path alone adds.",
        elsewhere=_NOBODY,
    ),
    Measure(
        "comprehensiveness",
        "drop without the shown events",
        "Share of the score that is lost without the events of the shown paths.",
        elsewhere=_NOBODY,
    ),
    Measure(
        "comprehensiveness_random",
        "drop without random events",
        "The same without three random events of the user.",
        elsewhere=_NOBODY,
    ),
    Measure("ratio", "ratio of the two", "How many times as much.", 5.0, elsewhere=_NOBODY),
    Measure(
        "win_rate",
        "shown beats random",
        "How often the shown events cost more than random ones.",
        0.99,
        elsewhere=_NOBODY,
    ),
    Measure(
        "flips",
        "items that leave the list",
        "Share of the items that leave the list without the events of their shown paths.",
        0.40,
        elsewhere=_NOBODY,
    ),
    Measure(
        "flips_random",
        "the same, random events",
        "Share of the items that leave the list without three random events.",
        0.05,
        "most",
        _NOBODY,
    ),
    Measure(
        "sufficiency",
        "score from the shown paths alone",
        "Named parts and shown paths, without all others, as a share of the score.",
        elsewhere=_NOBODY,
    ),
    Measure(
        "aopc_comprehensiveness",
        "AOPC, comprehensiveness",
        "Mean drop without the events of the first 1, 3, 5 and 10 paths.",
        elsewhere=_NOBODY,
    ),
    Measure(
        "aopc_random",
        "AOPC, random events",
        "The same without as many random events.",
        elsewhere=_NOBODY,
    ),
    Measure(
        "aopc_sufficiency",
        "AOPC, sufficiency",
        "Mean share of the score from its parts and the first 1, 3, 5 and 10 paths.",
        elsewhere=_NOBODY,
    ),
    Measure(
        "recency",
        "LIR, recency of the events",
        "1 where the paths shown first begin with the user's newest event, 0 with the oldest.",
        0.62,
        elsewhere="PGPR 0.43, T-PGPR 0.67",
    ),
    Measure(
        "type_diversity",
        "ETD, types of paths",
        "Distinct types among the paths shown first / types that a path can have.",
        0.27,
        elsewhere="PGPR 0.12, D-PGPR 0.20",
    ),
    Measure(
        "linking_diversity",
        "LID, distinct linking items",
        "Distinct items of the user / paths shown first.",
        0.80,
        elsewhere="not in xrecsys",
    ),
    Measure(
        "entity_popularity",
        "SEP, popularity of the entities",
        "1 where the paths shown first lead through the entity of most items of its label.",
        elsewhere="PGPR 0.26, P-PGPR 0.41",
    ),
    Measure(
        "entity_diversity",
        "SED, distinct entities",
        "Distinct entities / paths shown first that have one.",
        elsewhere="not in xrecsys",
    ),
    Measure("recency_all", "LIR, all shown paths", "As LIR, over all shown paths."),
    Measure("type_diversity_all", "ETD, all shown paths", "As ETD, over all shown paths."),
    Measure("linking_diversity_all", "LID, all shown paths", "As LID, over all shown paths."),
    Measure("entity_popularity_all", "SEP, all shown paths", "As SEP, over all shown paths."),
    Measure("entity_diversity_all", "SED, all shown paths", "As SED, over all shown paths."),
    Measure(
        "value_kept",
        "value of the first path",
        "What the path shown first adds, as a share of what the strongest adds.",
        0.70,
        elsewhere=_NOBODY,
    ),
    Measure(
        "share_carried",
        "share carried",
        "Share of what speaks for an item that its shown paths add.",
        elsewhere=_NOBODY,
    ),
    Measure("paths_shown", "paths shown", "How many paths an item comes with, of those asked for."),
    Measure(
        "consistent",
        "list and explanation agree",
        "Share of the items whose own explanation shows the paths that the list shows.",
        1.0,
    ),
    Measure(
        "generic",
        "generic first reasons",
        "Share of first paths through an entity that over a tenth of the catalog has.",
        0.0,
        "most",
    ),
    Measure(
        "text",
        "faithful sentences",
        "Share of the sentences, English and Chinese, that name every item and entity of their "
        "path, and nothing else.",
        1.0,
        elsewhere="XRec: USR 1.000, likeness to other texts 82.6",
    ),
    Measure(
        "stable",
        "same answer again",
        "Share of the explanations that come back byte for byte, at once and after 100 unrelated "
        "writes.",
        1.0,
        elsewhere=_NOBODY,
    ),
    Measure(
        "latency_p50_ms",
        "time of an explanation, median",
        "Milliseconds in this process, one after the other.",
    ),
    Measure(
        "latency_p99_ms",
        "time of an explanation, 99 %",
        "The same, of the slowest hundredth.",
        elsewhere="GNNExplainer: seconds",
    ),
)
