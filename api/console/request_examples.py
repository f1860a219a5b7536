"""Requests to try, in the words of the catalog."""

from collections.abc import Iterator, Sequence

from api.console.frame import Frame
from api.console.texts import OTHER, Texts
from graph.domain import Entity
from ranking.calibration import kinds_role
from ranking.domain import Language
from ranking.explain import name_of
from ranking.state import ServingState

_COMMON = 0.4


def examples_for(frame: Frame) -> list[str]:
    """Make requests from what is popular and from what popular things have in common.

    Parameters
    ----------
    frame : Frame
        The page.

    Returns
    -------
    list of str
        Two in the language of the page and one in the other, at most; none for an empty catalog.
    """
    recommender, other = frame.services.recommender, OTHER[frame.language]
    kinds = (("like", frame.language), ("unlike", frame.language), ("like", other))
    popular = [recommender.item(one.item_id) for one in recommender.popular(k=len(kinds))]
    return [
        Texts(language)(f"request.example.{kind}", title=name_of(item, language), name=name)
        for (kind, language), item in zip(kinds, popular, strict=False)
        if (name := next(_names(frame, frame.services.entities_of(item), language), None))
    ]


def _names(frame: Frame, entities: Sequence[Entity], language: Language) -> Iterator[str]:
    """Yield what an item shares with many others, not with nearly all; its kinds if it has any."""
    state = frame.services.recommender.state
    kinds = _kinds(state)
    chosen = [entity for entity in entities if entity.id in kinds] or entities
    counted = [(len(state.items_with(entity.id)), entity) for entity in chosen]
    telling = [one for one in counted if 1 < one[0] <= _COMMON * state.n_items]
    for _, entity in sorted(telling, key=lambda one: -one[0]):
        yield name_of(state.entity(entity.id) or entity, language)


def _kinds(state: ServingState) -> set[str]:
    """Return the ids of the entities that sort the catalog into kinds, such as genres."""
    attributes = state.attributes
    role = kinds_role(attributes, state.preset.kinds_relation)
    rows = attributes.entity_of[attributes.role_of == role] if role is not None else ()
    return {state.snapshot.entities.id(int(row)) for row in rows}
