"""What is said about the items of an answer: names, parts, and the paths that made the score."""

import numpy as np
from numpy.typing import NDArray

from ranking.domain import POPULARITY, Explanation, Language, Query, Recommendation, ScoredPath
from ranking.explain import Explainer, Summands, hubs, name_of, shown_paths
from ranking.question import SUMMANDS, Question, exact, parts_of
from ranking.score_split import Breakdown
from ranking.state import ServingState
from ranking.wording import paragraph

_SHOWN = 3
_WORTH_TELLING = 0.05


class Answers:
    """Describes scored items for people.

    Parameters
    ----------
    state : ServingState
        What is served.
    """

    def __init__(self, state: ServingState) -> None:
        self._state = state
        self._hubs = hubs(state)

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
        explained = self._shown(question, rows, query)
        for row, values, paths in zip(rows.tolist(), summands, explained, strict=True):
            item, parts = self._state.item(row), parts_of(values)
            described.append(
                Recommendation(
                    item.id,
                    name_of(item, query.language),
                    sum(parts.values()),
                    parts,
                    SUMMANDS[int(np.argmax(values))],
                    self._state.is_cold(row),
                    paths,
                )
            )
        return described

    def _shown(
        self, question: Question, rows: NDArray[np.int64], query: Query
    ) -> list[tuple[ScoredPath, ...]]:
        """Return the paths that are shown beside each item: none unless asked for."""
        if not query.explain:
            return [()] * len(rows)
        return shown_paths(
            Explainer(
                self._state, question.request, user_id=query.user_id, language=query.language
            ),
            Breakdown(self._state.scorer, question.profile, rows),
            rows,
            k=_SHOWN,
            hubs=self._hubs,
        )

    def explanation(
        self, question: Question, row: int, *, user_id: str | None, k: int, language: Language
    ) -> Explanation:
        """Say why an item has its score.

        Parameters
        ----------
        question : Question
            Whose score.
        row : int
            Row of the item.
        user_id : str or None
            Who asks.
        k : int
            How many paths to show.
        language : Language
            Language of names and text.

        Returns
        -------
        Explanation
            Every path, and parts that sum to the score.
        """
        state, alone = self._state, np.array([row])
        summands = Summands.of(
            Breakdown(state.scorer, question.profile, alone), row, question.request
        )
        shown = summands.chosen(k, self._hubs)
        rest = np.setdiff1d(np.arange(len(summands)), shown)
        explainer = Explainer(state, question.request, user_id=user_id, language=language)
        paths = explainer.paths(summands, [*shown, *rest.tolist()], row, n_worded=len(shown))
        parts = parts_of(exact(state, question, alone)[0], paths=float(summands.values.sum()))
        score = sum(parts.values())
        item = state.item(row)
        title = name_of(item, language)
        told = paragraph(
            title,
            paths[: len(shown)],
            {
                name: value
                for name, value in parts.items()
                if value > _WORTH_TELLING * score
                and not (name == POPULARITY and state.is_cold(row))
            },
            preset=state.preset,
            language=language,
            event_types=explainer.told_types(summands, shown),
        )
        return Explanation(
            user_id,
            item.id,
            title,
            score,
            parts,
            paths,
            len(shown),
            told,
            state.graph_version,
            state.model.id,
        )
