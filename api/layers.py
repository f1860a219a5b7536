"""Order in columns: where the nodes of a picture stand so that few of its lines cross.

References
----------
Sugiyama, Tagawa, Toda: Methods for Visual Understanding of Hierarchical System Structures, 1981
(layers, and the order in them by barycentre).
"""

from collections.abc import Iterator, Mapping, Sequence

Columns = Sequence[Sequence[str]]
Links = Sequence[tuple[str, str]]

_SWEEPS = 8


def ordered(columns: Columns, links: Links) -> list[list[str]]:
    """Order the nodes of each column so that links between neighbouring columns cross little.

    Parameters
    ----------
    columns : Sequence of Sequence of str
        Nodes from left to right; their order decides between arrangements that are equally good.
    links : Sequence of (str, str)
        A node and one in the column right of it.

    Returns
    -------
    list of list of str
        The same columns.
    """
    left, right = _neighbours(links, 1), _neighbours(links, 0)
    best = current = [list(column) for column in columns]
    fewest = crossings(best, links)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        forward = sweep % 2 == 0
        current = _swept(current, left if forward else right, forward=forward)
        found = crossings(current, links)
        if found < fewest:
            best, fewest = current, found
    return best


def crossings(columns: Columns, links: Links) -> int:
    """Count the pairs of links that cross.

    Parameters
    ----------
    columns : Sequence of Sequence of str
        Nodes from left to right, each column from top to bottom.
    links : Sequence of (str, str)
        As in :func:`ordered`.

    Returns
    -------
    int
        How many pairs cross; links that share an end do not.
    """
    column = {node: at for at, nodes in enumerate(columns) for node in nodes}
    place = heights(columns)
    return sum(
        (place[a] - place[c]) * (place[b] - place[d]) < 0
        for number, (a, b) in enumerate(links)
        for c, d in links[:number]
        if column[a] == column[c]
    )


def heights(columns: Columns) -> dict[str, float]:
    """Spread the nodes of each column evenly from top (0) to bottom (1), away from both rims.

    Parameters
    ----------
    columns : Sequence of Sequence of str
        Each column from top to bottom.

    Returns
    -------
    dict of str to float
        Height by node.
    """
    return {node: (at + 0.5) / len(nodes) for nodes in columns for at, node in enumerate(nodes)}


def _swept(
    columns: Columns, neighbours: Mapping[str, Sequence[str]], *, forward: bool
) -> list[list[str]]:
    """Order each column by the middle of each node's neighbours in the column before."""
    result = [list(column) for column in columns]
    for at in _inner(len(result), forward=forward):
        before = heights([result[at - 1 if forward else at + 1]])
        here = heights([result[at]])

        def middle(
            node: str, before: Mapping[str, float] = before, here: Mapping[str, float] = here
        ) -> float:
            near = [before[other] for other in neighbours.get(node, ()) if other in before]
            return sum(near) / len(near) if near else here[node]

        result[at].sort(key=middle)
    return result


def _inner(n_columns: int, *, forward: bool) -> Iterator[int]:
    """Visit all columns but the one that a sweep starts from."""
    return iter(range(1, n_columns) if forward else range(n_columns - 2, -1, -1))


def _neighbours(links: Links, end: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in links:
        found.setdefault(link[end], []).append(link[1 - end])
    return found
