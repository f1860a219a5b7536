"""Whether a sentence about paths names all that is on them, and nothing else."""

import re
from collections.abc import Sequence

from llm.linker import Linker
from ranking.domain import ScoredPath
from ranking.phrasing import plain

_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<![.!?;]\s)(?<!^)(?<![\w'’])[A-Z][\w'’-]*")
_QUOTED = re.compile(r"《([^》]*)》")
_GAP = "\ufffc"


def flaw(
    text: str,
    paths: Sequence[ScoredPath],
    *,
    target_implied: bool = False,
    linker: Linker | None = None,
) -> str:
    """Tell what is wrong with a text about paths.

    Users and requests are "you", whoever reads the text.

    Parameters
    ----------
    text : str
        A sentence about one path, or what is said of several.
    paths : Sequence of ScoredPath
        What it speaks of.
    target_implied : bool
        Whether the item that is explained may go without its name, as in a list.
    linker : Linker or None
        Knows every name of the catalog; with it, names are found that do not look like names.

    Returns
    -------
    str
        One reason; empty when every item and entity of the paths is named, and nothing and nobody
        else is, and every number is one of the names or counts people.

    Examples
    --------
    >>> from graph.domain import Path, PathNode
    >>> you, alien = PathNode("7", "User", "User", "7"), PathNode("1", "Item", "Item", "Alien")
    >>> heat = PathNode("2", "Item", "Item", "Heat")
    >>> path = ScoredPath(Path((you, alien, heat), ()), "learned", 1.0, 1.0, "")
    >>> flaw("You liked Alien, so here is Heat.", [path])
    ''
    >>> flaw("You liked Alien, so here it is.", [path])
    'Heat is not named'
    >>> flaw("You liked Alien and Fargo, so here is Heat.", [path])
    'Fargo is not on the path'
    """
    nodes = [node for scored in paths for node in scored.path.nodes]
    names = {node.id: plain(node.name) for node in nodes if node.kind in {"Item", "Entity"}}
    targets = {scored.path.nodes[-1].id for scored in paths} if target_implied else set()
    for id_, name in names.items():
        if name not in text and id_ not in targets:
            return f"{name} is not named"
    rest = text
    for name in sorted(names.values(), key=len, reverse=True):
        rest = rest.replace(name, _GAP)
    counts = {str(scored.people) for scored in paths if scored.people is not None}
    for number in _NUMBER.findall(rest):
        if number not in counts:
            return f"{number} counts nobody on the path"
    strangers = [*_NAME.findall(rest), *(name for name in _QUOTED.findall(rest) if name != _GAP)]
    if linker is not None:
        strangers += [rest[slice(*one.span)] for one in linker.link(rest).include]
    return f"{strangers[0]} is not on the path" if strangers else ""
