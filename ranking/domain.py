"""What a caller asks, and what the answer is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from graph.domain import AttributeValue, Path, Scalar
from llm.dialogue import Turn
from llm.intent import Constraint, LinkedEntity, Understanding

Language = Literal["en", "zh"]
PathKind = Literal["collaborative", "learned", "attribute", "related", "request", "stated"]
Reply = Literal["like", "dislike", "unknown"]
TopicKind = Literal["item", "entity"]
PathChoice = Literal["strongest", "balanced", "varied", "recent"]
Strategy = Literal["mmr", "msd", "dpp", "cover", "ssd"]
Stage = Literal["themes", "diversity", "calibration"]
Outcome = Literal["applied", "widened", "given_up", "not_applied"]

PATHS = "paths"
POPULARITY = "popularity"
PEOPLE_LIKE_YOU = "people_like_you"
SEMANTIC = "semantic"
ASKED_ALIKE = "asked_alike"
BALANCED = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said when asked about an item or an entity.

    Attributes
    ----------
    id : str
        Id of the item or the entity.
    kind : TopicKind
        Which of the two.
    answer : Reply
        ``"unknown"`` for somebody who does not know it or has no opinion.
    """

    id: str
    kind: TopicKind
    answer: Reply


@dataclass(frozen=True, slots=True)
class Diversity:
    """How much variety weighs against score.

    Attributes
    ----------
    strength : float
        Between 0 (only the score counts) and 1 (hardly more than variety does).
    strategy : Strategy
        How variety is sought: ``"msd"`` (sum of distances), ``"mmr"`` (distance to the nearest),
        ``"dpp"`` (volume), ``"ssd"`` (spectrum) set the items of a list apart; ``"cover"`` chooses
        items that stand for the others.
    """

    strength: float
    strategy: Strategy = "msd"


@dataclass(frozen=True, slots=True)
class Query:
    """A request for recommendations.

    Attributes
    ----------
    user_id : str or None
        Whose history counts; a user nobody knows is served like none.
    text : str or None
        A request in words.
    understood : Understanding or None
        What the text means, where that is known already.
    context : tuple of Turn
        Earlier turns of the dialogue that the text refines, oldest first.
    session : tuple of str
        Item ids looked at just now; they count as fresh events of this request only.
    k : int
        How many items to return.
    filters : Mapping[str, AttributeValue]
        Attributes that an item must have: a scalar must be equal or contained, a tuple lists
        alternatives; ``"min_year"`` and ``"max_year"`` style keys bound a number.
    exclude : frozenset of str
        Item ids that must not appear.
    diversity : Diversity or None
        Whether the list is reordered so that its items differ.
    calibration : float
        How much it weighs against score that the list mixes kinds of items as the user does, in
        [0, 1].
    copies : bool
        Whether the same thing listed twice in the catalog may appear twice.
    explain : bool
        Whether each item comes with its paths.
    path_choice : PathChoice
        Which paths are shown; see :mod:`ranking.path_choice`.
    language : Language
        Language of the explanation text.
    request_weight : float
        How much the text weighs against the user's taste, in [0, 1]: at 0 it only excludes and
        limits, at 0.5 both count in full, at 1 the taste does not count.
    answers : tuple of Answer
        Answers to questions about taste, beside those that are kept of the user.
    attributes : Mapping[str, Scalar]
        Demographics, beside those that are kept of the user.
    """

    user_id: str | None = None
    text: str | None = None
    understood: Understanding | None = None
    context: tuple[Turn, ...] = ()
    session: tuple[str, ...] = ()
    k: int = 10
    filters: Mapping[str, AttributeValue] = field(default_factory=dict)
    exclude: frozenset[str] = frozenset()
    diversity: Diversity | None = None
    calibration: float = 0.0
    copies: bool = False
    explain: bool = False
    path_choice: PathChoice = "balanced"
    language: Language = "en"
    request_weight: float = BALANCED
    answers: tuple[Answer, ...] = ()
    attributes: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScoredPath:
    """One summand of a score: a path and what it adds.

    Attributes
    ----------
    path : Path
        From the user (or the request) to the item.
    kind : PathKind
        Which part of the model walked it.
    value : float
        What it adds to the score; may be negative.
    share : float
        ``value`` divided by the sum of all positive summands of the score, in [0, 1]; 0 when
        ``value`` is negative.
    text : str
        The path in words.
    people : int or None
        How many people like both items of a collaborative path; None below five.
    """

    path: Path
    kind: PathKind
    value: float
    share: float
    text: str
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Places in a list, counted from 1: by score alone, and after reordering."""

    by_score: int
    to: int


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One item of an answer.

    Attributes
    ----------
    item_id, title : str
        Which item.
    score : float
        Sum of ``parts``.
    parts : Mapping[str, float]
        Summands by name; ``"paths"`` is the sum over all graph paths.
    source : str
        The path kind or part that added most: where the item comes from.
    cold : bool
        Whether nobody has interacted with the item yet.
    paths : tuple of ScoredPath
        The strongest paths, when asked for.
    moved : Moved or None
        Where it stood by score, in a list that was reordered.
    reason : str
        One short sentence on why, when asked for.
    """

    item_id: str
    title: str
    score: float
    parts: Mapping[str, float]
    source: str
    cold: bool
    paths: tuple[ScoredPath, ...] = ()
    moved: Moved | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reordering:
    """What a stage after the score did to the order of a list; it never changes a score.

    Attributes
    ----------
    by : Stage
        Which stage: ``"themes"`` mixes popular items for those of whom nothing is known.
    how : str
        Strategy of diversity, role whose entities calibration mixes, else empty.
    strength : float
        As asked for; 1 for themes.
    before, after : float or None
        What the stage is about, for the items shown before and after it: mean distance between two
        of them (diversity, higher is more varied); divergence of their mix from the user's mix
        (calibration, lower is closer); None for themes.
    """

    by: Stage
    how: str
    strength: float
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """What became of one refusal or one limit of a request.

    Attributes
    ----------
    by : LinkedEntity or Constraint
        What the request refuses, or the limit it sets.
    items : int
        How many items it takes away from those that could come otherwise, each counted by itself.
    outcome : Outcome
        ``"applied"``; ``"widened"``: nothing met the limits, so those that come nearest are shown;
        ``"given_up"``: a soft wish that left too few; ``"not_applied"``: the catalog has no such
        attribute, or has it in another currency, so it takes nothing away.
    """

    by: LinkedEntity | Constraint
    items: int
    outcome: Outcome = "applied"


@dataclass(frozen=True, slots=True)
class RecommendationList:
    """An answer.

    Attributes
    ----------
    items : tuple of Recommendation
        Best first.
    understood : Understanding or None
        What the text was taken to mean; None without text.
    graph_version : int
        Graph version of the snapshot plus what was applied since.
    model_version : str
        Id of the model; ``"untrained"`` before the first training.
    reordered : tuple of Reordering
        Stages that reordered the list after the score, in turn; empty when items stand by score.
    hidden_copies : int
        How many items were left out because the same thing stands above them or was seen.
    removals : tuple of Removal
        What became of the refusals and limits of the text.
    """

    items: tuple[Recommendation, ...]
    understood: Understanding | None
    graph_version: int
    model_version: str
    reordered: tuple[Reordering, ...] = ()
    hidden_copies: int = 0
    removals: tuple[Removal, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an item has its score for a user.

    Attributes
    ----------
    user_id : str or None
        For whom.
    item_id, title : str
        Which item.
    score : float
        Sum of ``parts``.
    parts : Mapping[str, float]
        Summands by name; ``parts["paths"]`` is the sum of the values of all ``paths``.
    paths : Sequence of ScoredPath
        All paths; the first ``n_shown`` are those chosen to be shown, the rest follow by value.
    n_shown : int
        How many paths were chosen.
    text : str
        One short paragraph in the language asked for.
    graph_version : int
        As in :class:`RecommendationList`.
    model_version : str
        As in :class:`RecommendationList`.
    text_by : {"template", "llm"}
        Whose words the text is.
    notes : tuple of str
        That the shown paths are less than half of the reasons; why a rewritten text is not shown.
    summary : str
        One short sentence for a list, in the language asked for.
    share_shown : float
        Share of all that speaks for the item which the shown paths carry, in [0, 1].
    event_types : Mapping[str, str]
        What the user did with the items of the shown paths, by item id.
    """

    user_id: str | None
    item_id: str
    title: str
    score: float
    parts: Mapping[str, float]
    paths: Sequence[ScoredPath]
    n_shown: int
    text: str
    graph_version: int
    model_version: str
    text_by: Literal["template", "llm"] = "template"
    notes: tuple[str, ...] = ()
    summary: str = ""
    share_shown: float = 0.0
    event_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnboardingReport:
    """What became of a new or changed item.

    Attributes
    ----------
    item_id : str
        Which item.
    linked : tuple of str
        Ids of the entities it is linked to now.
    neighbours : tuple of (str, float)
        The items it is most similar to, by the learned edges it got, best first.
    """

    item_id: str
    linked: tuple[str, ...]
    neighbours: tuple[tuple[str, float], ...]
