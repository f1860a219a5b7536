"""Paths in words, English or Chinese.

Whatever a sentence names is on its path, and every item and entity of the path is named; the user
is "you". Nothing is made up: relations read as the preset phrases them, and a relation without a
phrase is named as it is called.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from graph.domain import CLOSE_TO, RESERVED_RELATIONS, SIMILAR_TO, Path, PathEdge, PathNode
from graph.presets import Preset
from ranking.chinese import Chinese
from ranking.domain import (
    ASKED_ALIKE,
    PATHS,
    PEOPLE_LIKE_YOU,
    POPULARITY,
    SEMANTIC,
    Language,
    PathKind,
    ScoredPath,
)
from ranking.english import English
from ranking.phrasing import Grammar, Link, Reason, plain

DEFAULT_EVENT = "interaction"

_MERGED: frozenset[PathKind] = frozenset({"collaborative", "learned"})
_NAMED = (POPULARITY, PEOPLE_LIKE_YOU, SEMANTIC, ASKED_ALIKE)
_NO_TYPES: Mapping[str, str] = MappingProxyType({})


def path_text(
    kind: PathKind,
    path: Path,
    *,
    preset: Preset,
    language: Language = "en",
    event_type: str = DEFAULT_EVENT,
    people: int | None = None,
    others: str = "",
) -> str:
    """Write one path as a sentence.

    Parameters
    ----------
    kind : PathKind
        Which part of the score walked the path.
    path : Path
        From the user or the request to an item.
    preset : Preset
        Phrases of the domain.
    language : Language
        Language of the sentence.
    event_type : str
        What the user did with the first item; ``"session"`` for an item looked at just now,
        ``"asked"`` for one that the request names.
    people : int or None
        How many people like both items of the path; None where that is not told.
    others : str
        What these people did with both, where it is not what the user did.

    Returns
    -------
    str
        Plain text; names longer than 80 characters are shortened.
    """
    return _grammar(preset, language).sentence(_reason(kind, path, event_type, people, others))


def summary(
    paths: Sequence[ScoredPath],
    parts: Mapping[str, float],
    *,
    preset: Preset,
    language: Language = "en",
    event_types: Mapping[str, str] = _NO_TYPES,
    others: str = "",
) -> str:
    """Write the first reason for an item as one short sentence, to stand beside its title.

    Parameters
    ----------
    paths : Sequence[ScoredPath]
        The paths to tell of, most important first.
    parts : Mapping[str, float]
        Summands of the score by name.
    preset : Preset
        Phrases of the domain.
    language : Language
        Language of the text.
    event_types : Mapping[str, str]
        As in :func:`paragraph`.
    others : str
        As in :func:`path_text`.

    Returns
    -------
    str
        Of the first path; without paths, of the largest part.
    """
    grammar = _grammar(preset, language)
    if paths and paths[0].value > 0:
        return grammar.brief(_told(paths[0], event_types, others))
    named = {part: parts.get(part, 0.0) for part in _NAMED}
    part = max(named, key=named.__getitem__)
    return grammar.brief_part(part if named[part] > 0 else "")


def confidence_note(
    share: float, *, n_more: int, has_parts: bool, preset: Preset, language: Language
) -> str:
    """Write that the paths told carry only a share of what speaks for an item.

    Parameters
    ----------
    share : float
        What they carry, in [0, 1].
    n_more : int
        How many paths that speak for the item are not told.
    has_parts : bool
        Whether parts of the score without paths speak for the item as well.
    preset : Preset
        What is known of the domain.
    language : Language
        Language of the text.

    Returns
    -------
    str
        One sentence.
    """
    return _grammar(preset, language).confidence(share, n_more=n_more, has_parts=has_parts)


def paragraph(  # noqa: PLR0913
    title: str,
    paths: Sequence[ScoredPath],
    parts: Mapping[str, float],
    *,
    preset: Preset,
    language: Language = "en",
    event_types: Mapping[str, str] = _NO_TYPES,
    others: str = "",
    is_stranger: bool = False,
) -> str:
    """Write what speaks for an item as a short paragraph.

    Paths that read alike share a sentence: the same relation to the same entity from several items,
    or to several entities from the same items. Paths and parts that speak against the item are left
    to the numbers.

    Parameters
    ----------
    title : str
        Title of the item.
    paths : Sequence[ScoredPath]
        The paths to tell of, most important first.
    parts : Mapping[str, float]
        Summands of the score by name.
    preset : Preset
        Phrases of the domain.
    language : Language
        Language of the text.
    event_types : Mapping[str, str]
        What the user did, by item id; ``"interaction"`` for those that are missing.
    others : str
        As in :func:`path_text`.
    is_stranger : bool
        Whether nothing is known of the user's taste; the text says so.

    Returns
    -------
    str
        Plain text on one line.
    """
    grammar = _grammar(preset, language)
    reasons = [_told(path, event_types, others) for path in paths if path.value > 0]
    target = plain(title)
    sentences = [grammar.sentence(reason) for reason in _merged(reasons)]
    if parts.get(SEMANTIC, 0) > 0:
        sentences.append(grammar.semantic(target))
    if parts.get(ASKED_ALIKE, 0) > 0:
        sentences.append(grammar.asked(target))
    popular, like_you = (parts.get(name, 0) > 0 for name in (POPULARITY, PEOPLE_LIKE_YOU))
    if popular or like_you:
        more = bool(sentences)
        sentences.append(grammar.people(target, popular=popular, like_you=like_you, more=more))
    sentences = sentences or [grammar.nothing(target)]
    if is_stranger:
        sentences.append(grammar.stranger(_grounds(reasons, parts)))
    return grammar.join(sentences)


def _grammar(preset: Preset, language: Language) -> Grammar:
    return Chinese(preset) if language == "zh" else English(preset)


def _grounds(reasons: Sequence[Reason], parts: Mapping[str, float]) -> list[str]:
    """Return what speaks for an item to somebody of whom nothing is known."""
    asked = bool(reasons) or any(parts.get(part, 0) > 0 for part in (SEMANTIC, ASKED_ALIKE))
    found = [PATHS] * asked
    found += [part for part in (PEOPLE_LIKE_YOU, POPULARITY) if parts.get(part, 0) > 0]
    return found or [POPULARITY]


def _told(path: ScoredPath, event_types: Mapping[str, str], others: str) -> Reason:
    event_type = event_types.get(_first_item(path.path), DEFAULT_EVENT)
    return _reason(path.kind, path.path, event_type, path.people, others)


def _reason(kind: PathKind, path: Path, event_type: str, people: int | None, others: str) -> Reason:
    """Read off a path what it says."""
    *before, target = path.nodes
    last = _link(path.edges[-1], target)
    seeds = [node for node in before if node.kind == "Item"]
    entities = [node for node in before if node.kind == "Entity"]
    first = None
    if seeds and entities:
        edge = path.edges[path.nodes.index(seeds[-1])]
        first = _link(edge, seeds[-1])
    by_content = _is_by_content(path.edges[-1])
    return Reason(
        kind="collaborative" if by_content else kind,
        event_type=DEFAULT_EVENT if kind == "request" else event_type,
        target=plain(target.name),
        seeds=tuple(plain(node.name) for node in seeds),
        entities=tuple(plain(node.name) for node in entities),
        first=first,
        last=last,
        by_content=by_content,
        people=() if people is None else (people,),
        others="" if people is None else others,
    )


def _is_by_content(edge: PathEdge) -> bool:
    """Tell whether an item without events owns this learned edge: only its content spoke for it."""
    return edge.type in {SIMILAR_TO, CLOSE_TO} and edge.direction == "in"


def _link(edge: PathEdge, item: PathNode) -> Link | None:
    """Return an edge as its item sees it; None for edges that no catalog gave."""
    if edge.type in RESERVED_RELATIONS:
        return None
    return Link(edge.type, forward=edge.source == item.id)


def _first_item(path: Path) -> str:
    return next((node.id for node in path.nodes if node.kind == "Item"), "")


def _merged(reasons: Sequence[Reason]) -> list[Reason]:
    """Join reasons that differ in their seeds only, then those that differ in entities only."""
    joined: dict[Reason, Reason] = {}
    for reason in reasons:
        shared = bool(reason.entities) and reason.first == reason.last
        mergeable = reason.kind in _MERGED or shared
        # What is counted and what is not stay apart: -1 stands for any number.
        key = replace(reason, seeds=(), people=(-1,) * len(reason.people))
        _add(joined, key if mergeable else reason, reason)
    result: dict[Reason, Reason] = {}
    for reason in joined.values():
        _add(result, replace(reason, entities=()) if reason.entities else reason, reason)
    return list(result.values())


def _add(joined: dict[Reason, Reason], key: Reason, reason: Reason) -> None:
    known = joined.get(key)
    if known is None:
        joined[key] = reason
    else:
        # Two items of the same title are told once, with the people of the first.
        people = dict(zip(reason.seeds, reason.people, strict=False))
        joined[key] = replace(
            known,
            seeds=tuple(dict.fromkeys([*known.seeds, *reason.seeds])),
            entities=tuple(dict.fromkeys([*known.entities, *reason.entities])),
            people=(
                *known.people,
                *(count for seed, count in people.items() if seed not in known.seeds),
            ),
        )
