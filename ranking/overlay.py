"""What would be served after a few changes, beside what is served: nobody else sees it."""

from collections.abc import Collection
from copy import copy

import numpy as np
import scipy.sparse as sp

from graph.domain import Triple, User
from ranking.links import links_of
from ranking.respondents import Respondents
from ranking.state import ServingState
from ranking.texts import ItemTexts


class Overlay(ServingState):
    """A serving state that shares everything with another one, except what is changed in it.

    Changes go the same way as those that are served (:meth:`ServingState.apply_item` and so on), so
    that what is computed here is what would be computed after them.

    Parameters
    ----------
    base : ServingState
        What is served; it stays as it is.
    """

    def __init__(self, base: ServingState) -> None:
        # What changes in place is copied: these hold only what came since the snapshot.
        self.__dict__.update({
            name: copy(value) if isinstance(value, dict | set) else value
            for name, value in vars(base).items()
        })
        self._base = base
        self.scorer = base.scorer.branch()
        self.histories = base.histories.branch()

    @property
    def respondents(self) -> Respondents:
        """Known users; those of what is served."""
        return self._base.respondents

    @property
    def _by_feature(self) -> sp.csc_matrix:
        return self._base._by_feature

    def forget_events(self, user_id: str, rows: Collection[int]) -> None:
        """Take away what a user did with some items, as if it had never happened."""
        row = self.find_user(user_id)
        if row is not None and rows:
            history = self.histories.of(row).without(np.array(sorted(rows)))
            self.histories.replace(row, history)

    def forget_attributes(self, user_id: str, names: Collection[str]) -> None:
        """Take away attributes of a user."""
        user = self.user(user_id)
        if not user.attributes.keys().isdisjoint(names):
            kept = {name: value for name, value in user.attributes.items() if name not in names}
            self.apply_user(User(user_id, kept))

    def unlink(self, row: int, links: Collection[Triple], texts: ItemTexts | None) -> None:
        """Take links of an item away, as if it had been sent again without them.

        Parameters
        ----------
        row : int
            Row of the item.
        links : Collection of Triple
            What goes.
        texts : ItemTexts or None
            Encodes what the item says now; None where nothing depends on it.
        """
        kept = [link for link in links_of(self, row) if link not in links]
        item = self.item(row)
        self.apply_item(item, (), kept, texts.vector(item, kept) if texts else None)
