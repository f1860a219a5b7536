"""What is said about the items of an answer: names, parts, and the paths that made the score."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ranking.co_users import CoUsers
from ranking.domain import PATHS, POPULARITY, Explanation, Query, Recommendation, ScoredPath
from ranking.explain import Explainer, name_of
from ranking.path_choice import PathChooser
from ranking.path_list import OtherPaths, PathList
from ranking.question import SUMMANDS, Question, parts_beside, parts_of
from ranking.recency import Recency
from ranking.request import examples_of
from ranking.score_split import Breakdown
from ranking.state import ServingState
from ranking.summands import Summands
from ranking.wording import confidence_note

_SHOWN = 3
_WORTH_TELLING = 0.05
_ENOUGH = 0.5


class Answers:
    """Describes scored items for people.

    Parameters
    ----------
    state : ServingState
        What is served.
    """

    def __init__(self, state: ServingState) -> None:
        self._state = state
        self._chooser = PathChooser(state)
        self._together = CoUsers(state.snapshot, state.histories)

    def recommendations(
        self,
        question: Question,
        rows: NDArray[np.int64],
        summands: NDArray[np.float64],
        query: Query,
    ) -> list[Recommendation]:
        """Describe the items of a list.

        Parameters
        ----------
        question : Question
            Whose scores.
        rows : NDArray[np.int64]
            Item rows, in the order of the list; shape (n,).
        summands : NDArray[np.float64]
            What their scores are made of, as in :func:`ranking.question.exact`.
        query : Query
            In which language, and whether with paths.

        Returns
        -------
        list of Recommendation
            One an item, in the same order.
        """
        described = []
        parts_of_each = [parts_of(values) for values in summands]
        explained = self._explained(question, rows, parts_of_each, query)
        for row, values, parts, (paths, reason) in zip(
            rows.tolist(), summands, parts_of_each, explained, strict=True
        ):
            item = self._state.item(row)
            described.append(
                Recommendation(
                    item.id,
                    name_of(item, query.language),
                    sum(parts.values()),
                    parts,
                    SUMMANDS[int(np.argmax(values))],
                    self._state.is_cold(row),
                    paths,
                    reason=reason,
                )
            )
        return described

    def _explained(
        self,
        question: Question,
        rows: NDArray[np.int64],
        parts: Sequence[Mapping[str, float]],
        query: Query,
    ) -> list[tuple[tuple[ScoredPath, ...], str]]:
        """Return the paths shown beside each item, and the reason in short, if asked for."""
        if not query.explain:
            return [((), "")] * len(rows)
        breakdown = Breakdown(self._state.scorer, question.profile)
        stored, asked = self._state.stored, question.request
        every = [Summands.of(breakdown, row, asked, stored) for row in rows.tolist()]
        chosen = self._chosen(question, every, query, _SHOWN)
        explainer = self._explainer(question, query)
        found = []
        for row, summands, places, its_parts in zip(
            rows.tolist(), every, chosen, parts, strict=True
        ):
            total = summands.total + _beside(its_parts)
            paths = explainer.paths(summands, places, row, n_worded=len(places), total=total)
            found.append((paths, explainer.summary(paths, self._worth_telling(its_parts, row))))
        return found

    def explanation(self, question: Question, row: int, query: Query, *, k: int) -> Explanation:
        """Say why an item has its score.

        Parameters
        ----------
        question : Question
            Whose score.
        row : int
            Row of the item.
        query : Query
            Who asks, in which language, and which paths are to be shown.
        k : int
            How many paths to show.

        Returns
        -------
        Explanation
            Every path, and parts that sum to the score.
        """
        state = self._state
        breakdown = Breakdown(state.scorer, question.profile)
        summands = Summands.of(breakdown, row, question.request, state.stored)
        (shown,) = self._chosen(question, [summands], query, k)
        parts = parts_beside(state, question, row, paths=float(summands.values.sum()))
        total = summands.total + _beside(parts)
        explainer = self._explainer(question, query)
        paths = explainer.paths(summands, shown, row, n_worded=len(shown), total=total)
        item, told = state.item(row), self._worth_telling(parts, row)
        title = name_of(item, query.language)
        share = sum(path.share for path in paths)
        n_more = int(np.count_nonzero(summands.values > 0)) - len(shown)
        return Explanation(
            query.user_id,
            item.id,
            title,
            sum(parts.values()),
            parts,
            PathList(paths, OtherPaths(explainer, summands.without(shown), row, total)),
            len(shown),
            explainer.paragraph(
                title,
                paths,
                told,
                is_stranger=not (len(question.profile.rows) or question.has_answers),
            ),
            state.graph_version,
            state.model.id,
            notes=self._notes(share, n_more, told, query) if shown else (),
            summary=explainer.summary(paths, told),
            share_shown=share,
            event_types=explainer.told_types(paths),
        )

    def _chosen(
        self, question: Question, every: Sequence[Summands], query: Query, k: int
    ) -> list[list[int]]:
        """Choose the paths to show of each item."""
        recency = Recency.in_history(question.history)
        return self._chooser.choose(every, recency, k=k, choice=query.path_choice)

    def _explainer(self, question: Question, query: Query) -> Explainer:
        understood = question.understood
        return Explainer(
            self._state,
            question.request,
            self._together,
            user_id=query.user_id,
            language=query.language,
            examples=() if understood is None else examples_of(self._state, understood),
        )

    def _worth_telling(self, parts: Mapping[str, float], row: int) -> dict[str, float]:
        """Return the parts that are told: what is new is not called popular."""
        score = sum(parts.values())
        return {
            name: value
            for name, value in parts.items()
            if value > _WORTH_TELLING * score
            and not (name == POPULARITY and self._state.is_cold(row))
        }

    def _notes(
        self, share: float, n_more: int, told: Mapping[str, float], query: Query
    ) -> tuple[str, ...]:
        """Say so where the shown paths are less than half of what speaks for the item."""
        if share >= _ENOUGH:
            return ()
        return (
            confidence_note(
                share,
                n_more=n_more,
                has_parts=any(name != PATHS for name in told),
                preset=self._state.preset,
                language=query.language,
            ),
        )


def _beside(parts: Mapping[str, float]) -> float:
    """Return what speaks for an item beside its paths."""
    return sum(max(value, 0.0) for name, value in parts.items() if name != PATHS)
