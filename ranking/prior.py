"""What is shown to somebody of whom little is known."""

from collections.abc import Mapping

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.domain import ANSWER_PREFIX, Scalar, User
from graph.snapshot import Snapshot
from ranking.attributes import Attributes

_SHRINKAGE = 500.0
_MAX_GROUPS = 200
_AGE_STEP = 10
_MIX_POOL = 5


def groups_of(attributes: Mapping[str, Scalar]) -> list[str]:
    """Return the groups that a user's demographics name; numbers go by decade."""
    names = []
    for name, value in sorted(attributes.items()):
        if name.startswith(ANSWER_PREFIX):
            continue
        if isinstance(value, int | float) and not isinstance(value, bool):
            names.append(f"{name}={int(value) // _AGE_STEP * _AGE_STEP}s")
        elif value != "":
            names.append(f"{name}={str(value).casefold()}")
    return names


class Demographics:
    """How much more a group likes an item than everybody does.

    ``log p(item | group) / p(item)``, shrunk towards 0 for small groups and averaged over the
    groups of a user.

    Parameters
    ----------
    snapshot : Snapshot
        Users with attributes.
    strengths : csr_matrix
        Strengths of events; shape (n_users, n_items).
    """

    def __init__(self, snapshot: Snapshot, strengths: sp.csr_matrix) -> None:
        members: dict[str, list[int]] = {}
        for row in range(len(snapshot.users)):
            for name in groups_of(snapshot.user(row).attributes):
                members.setdefault(name, []).append(row)
        largest = sorted(members, key=lambda name: -len(members[name]))[:_MAX_GROUPS]
        total = np.asarray(strengths.sum(axis=0), dtype=np.float64).ravel()
        share = (total + 1.0) / (total.sum() + len(total))
        self._lift: dict[str, NDArray[np.float32]] = {}
        for name in largest:
            count = np.asarray(strengths[members[name]].sum(axis=0)).ravel()
            inside = (count + _SHRINKAGE * share) / (count.sum() + _SHRINKAGE)
            self._lift[name] = np.log(inside / share).astype(np.float32)

    def lift(self, user: User) -> NDArray[np.float32] | None:
        """Return the mean lift over a user's groups; shape (n_items,), None without any."""
        known = [self._lift[name] for name in groups_of(user.attributes) if name in self._lift]
        return sum(known[1:], start=known[0]) / np.float32(len(known)) if known else None


def themes(attributes: Attributes) -> NDArray[np.int64]:
    """Return one theme per item, for mixing lists: the entity of the role that sorts items best.

    The role is the one with 3 to 60 entities that covers most items, of several such the one with
    fewest entities. Of several entities an item takes the rarest; items without any have theme -1.

    Parameters
    ----------
    attributes : Attributes
        Features of the items.

    Returns
    -------
    NDArray[np.int64]
        Shape (n_items,).
    """
    n_items = attributes.matrix.shape[0]
    best, chosen = (0, 0), None
    for number in range(len(attributes.roles)):
        mine = np.flatnonzero(attributes.role_of == number)
        covered = int(np.count_nonzero(attributes.matrix[:, mine].getnnz(axis=1)))
        if 3 <= len(mine) <= 60 and (covered, -len(mine)) > best:
            best, chosen = (covered, -len(mine)), mine
    result = np.full(n_items, -1, dtype=np.int64)
    if chosen is not None:
        order = chosen[np.argsort(-attributes.degrees()[chosen], kind="stable")]
        for feature in order:
            result[attributes.matrix[:, [feature]].nonzero()[0]] = feature
    return result


def mixed(rows: NDArray[np.integer], themes: NDArray[np.integer], k: int) -> NDArray[np.int64]:
    """Reorder a ranked list so that no theme fills it: each next item has the least used theme.

    Parameters
    ----------
    rows : integer array
        Item rows, best first; shape (n,).
    themes : integer array
        Theme of each of them; shape (n,).
    k : int
        How many to return.

    Returns
    -------
    NDArray[np.int64]
        Positions in ``rows``; shape (min(k, n),). Only the next few are looked at, so that a
        popular item never falls far.
    """
    left = list(range(len(rows)))
    used: dict[int, int] = {}
    result: list[int] = []
    while left and len(result) < k:
        window = left[:_MIX_POOL]
        position = min(window, key=lambda p: used.get(int(themes[p]), 0))
        left.remove(position)
        used[int(themes[position])] = used.get(int(themes[position]), 0) + 1
        result.append(position)
    return np.array(result, dtype=np.int64)
