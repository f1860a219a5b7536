"""All components by name."""

from collections.abc import Sequence

from graph.errors import InvalidError
from ranking.components.attributes import AttributePaths
from ranking.components.component import Component
from ranking.components.content import ContentRidge
from ranking.components.ease import BalancedEase, Ease
from ranking.components.gnn import GraphNetwork
from ranking.components.ials import ImplicitAls
from ranking.components.item_graph import ItemGraph
from ranking.components.kg_similarity import KgSimilarity1, KgSimilarity2
from ranking.components.linear import SparseLinear
from ranking.components.mf import MatrixFactorization
from ranking.components.popularity import Popularity
from ranking.components.transformer import Transformer

ALL = "all"
_COMPONENTS: tuple[Component, ...] = (
    Popularity(),
    ItemGraph(),
    Ease(),
    BalancedEase(),
    ImplicitAls(),
    KgSimilarity1(),
    KgSimilarity2(),
    AttributePaths(),
    GraphNetwork(),
    ContentRidge(),
    MatrixFactorization(),
    SparseLinear(),
    Transformer(),
)


def components() -> tuple[str, ...]:
    """Return the names of all components, the field's baselines last.

    Returns
    -------
    tuple of str
        The names.

    Examples
    --------
    >>> components()[:3]
    ('popularity', 'item-graph', 'ease')
    """
    return tuple(each.name for each in _COMPONENTS)


def component(name: str) -> Component:
    """Return a component.

    Parameters
    ----------
    name : str
        As :func:`components` lists it.

    Returns
    -------
    Component
        Not fitted.

    Raises
    ------
    InvalidError
        If there is none of this name; lists those there are.
    """
    for each in _COMPONENTS:
        if each.name == name:
            return each
    raise InvalidError(
        f"There is no component '{name[:40]}'.", fix=f"Take one of: {', '.join(components())}."
    )


def components_of(names: Sequence[str]) -> list[Component]:
    """Return several components, each once.

    Parameters
    ----------
    names : Sequence of str
        Names, or ``"all"``.

    Returns
    -------
    list of Component
        In the order of the names.

    Raises
    ------
    InvalidError
        If there is none of a name.
    """
    wanted = [each for name in names for each in (components() if name == ALL else (name,))]
    return [component(name) for name in dict.fromkeys(wanted)]
