"""The recommender: the only file that knows the order of the stages.

A request becomes a profile (history, session, examples named in the text), the profile becomes
scores over all items, the best few are scored again exactly and what is listed twice among them is
left out; diversity and calibration may reorder them, and each comes with the summands of its score.
Nothing here touches a database; a model is called only when the request has text.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.presets import Preset
from graph.snapshot import Snapshot
from llm.dialogue import Turn
from llm.encoder import TextEncoder
from llm.extraction import Reading, add_mentions
from llm.intent import LinkedEntity, Understanding
from llm.personal_data import masked
from llm.rewriting import Rewrite
from ranking.answers import Answers
from ranking.calibration import Mixes
from ranking.columns import Columns
from ranking.conversation import Conversation
from ranking.copies import Copies
from ranking.domain import (
    Explanation,
    OnboardingReport,
    Query,
    Recommendation,
    RecommendationList,
)
from ranking.model import Model
from ranking.naming import linker_of, named_entity, named_item
from ranking.ordering import Ordering
from ranking.prior import themes
from ranking.question import Question, alike, ask, exact
from ranking.retelling import retold
from ranking.shortlist import shortlist
from ranking.state import ServingState
from ranking.stated import Said
from ranking.texts import ItemTexts
from ranking.vectors import ItemVectors
from ranking.what_if import Alternatives, Edge, WhatIf
from ranking.why_not import Absences, WhyNot


class Recommender:
    """Recommends and explains; takes changes in at once.

    Parameters
    ----------
    snapshot : Snapshot
        The graph.
    model : Model
        A model of this snapshot or of an earlier one.
    preset : Preset
        What is known of the domain.
    encoder : TextEncoder or None
        Encodes requests and new items; None serves without text similarity.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        model: Model,
        *,
        preset: Preset,
        encoder: TextEncoder | None = None,
    ) -> None:
        self.state = ServingState(snapshot, model, preset)
        self._encoder = encoder
        self._linker = linker_of(self.state, encoder)
        text = model.text
        reads = encoder is not None and text is not None and text.encoder == encoder.name
        self._texts = ItemTexts(snapshot, self.state.attributes, encoder if reads else None)
        self._answers = Answers(self.state)
        self._copies = Copies(self.state)
        self._columns = Columns(self.state)
        self._alternatives = Alternatives(self.state, self._copies, self._columns, self._texts)
        self._absences = Absences(self.state, self._copies, self._columns)
        self._conversation = Conversation(self.state, self._columns, self._linker)
        self._themes = themes(self.state.attributes)
        self._vectors = ItemVectors(self.state)
        self._mixes = Mixes(self.state, self._vectors)

    @property
    def graph_version(self) -> int:
        """Graph version that the answers know."""
        return self.state.graph_version

    @property
    def model_version(self) -> str:
        """Id of the model."""
        return self.state.model.id

    # --- answers ---

    def recommend(self, query: Query) -> RecommendationList:
        """Return the best items for a request.

        Parameters
        ----------
        query : Query
            Who asks, for what.

        Returns
        -------
        RecommendationList
            At most ``query.k`` items, best first; fewer when filters leave fewer.

        Raises
        ------
        NotFoundError
            If a session names an item that does not exist.
        """
        question = self._ask(query)
        order = self._listed(question, query)
        best = order.best
        items = self._answers.recommendations(
            question, best.rows[order.shown], best.summands[order.shown], query
        )
        if order.stages:
            items = [replace(i, moved=moved) for i, moved in zip(items, order.moves(), strict=True)]
        return RecommendationList(
            tuple(items),
            question.understood,
            self.graph_version,
            self.model_version,
            order.stages,
            best.n_copies,
            best.removals,
        )

    def explain(self, item_id: str, query: Query, *, k: int = 3) -> Explanation:
        """Say why an item has its score.

        Parameters
        ----------
        item_id : str
            The item, recommended or not.
        query : Query
            The request that it would answer, and the language of names and text.
        k : int
            How many paths to show.

        Returns
        -------
        Explanation
            Every path, and parts that sum to the score.

        Raises
        ------
        NotFoundError
            If the item, or one of the session, does not exist.
        """
        row = self.state.item_row(item_id)
        return self._answers.explanation(self._ask(query), row, query, k=k)

    def what_if(self, item_id: str, query: Query, without: Sequence[Edge]) -> WhatIf:
        """Say how an item would stand without some edges; see :mod:`ranking.what_if`."""
        row = self.state.item_row(item_id)
        return self._alternatives.what_if(row, self._heard(query), without, self._ask)

    def why_not(self, item_id: str, query: Query) -> WhyNot:
        """Say why an item is not in the list of a query; see :mod:`ranking.why_not`."""
        row, question = self.state.item_row(item_id), self._ask(query)
        return self._absences.why_not(row, query, question, self._listed(question, query))

    def similar(self, item_id: str, *, k: int = 10) -> list[Recommendation]:
        """Return the items most like an item; raises ``NotFoundError``."""
        row = self.state.item_row(item_id)
        question = alike(self.state, row)
        query = Query(k=k, exclude=frozenset({item_id}))
        best = shortlist(self.state, question, query, self._copies, self._columns, seen=(row,))
        return self._answers.recommendations(question, best.rows[:k], best.summands[:k], query)

    def popular(self, *, k: int = 10) -> list[Recommendation]:
        """Return popular items, mixed by theme."""
        return list(self.recommend(Query(k=k)).items)

    def latest(self, *, k: int = 10) -> list[Recommendation]:
        """Return the newest items, newest first."""
        rows = np.arange(self.state.n_items)[::-1]
        kept = rows[self.state.is_served(rows)]
        kept = kept[self._copies.distinct(kept, enough=k, limit=k)[0]]
        question = self._ask(Query())
        summands = exact(self.state, question, kept)
        return self._answers.recommendations(question, kept, summands, Query(k=k))

    def understand(self, text: str, context: Sequence[Turn] = ()) -> Understanding:
        """Say what a request in words means.

        Personal data in it is covered first: what follows never sees it.

        Parameters
        ----------
        text : str
            The request.
        context : Sequence of Turn
            Earlier turns of the dialogue, oldest first.

        Returns
        -------
        Understanding
            What was taken from the text, and what was not.
        """
        covered, n_covered = masked(text)
        turns = [(masked(turn.text), turn.items) for turn in context]
        understood = self._conversation.understand(
            covered, [Turn(said, items) for (said, _), items in turns]
        )
        return replace(understood, masked=n_covered + sum(n for (_, n), _ in turns))

    def hear(self, understood: Understanding, reading: Reading, text: str) -> Understanding:
        """Add what a language model found in a request; see :func:`llm.extraction.add_mentions`."""
        return add_mentions(understood, reading, text, self._linker)

    def retell(self, explanation: Explanation, rewrite: Rewrite) -> Explanation:
        """Tell an explanation in other words; see :func:`ranking.retelling.retold`."""
        return retold(explanation, rewrite, self._linker)

    def search(self, text: str, *, limit: int = 20) -> list[LinkedEntity]:
        """Look up items and entities by the beginning of a name."""
        return self._linker.search(masked(text)[0], limit)

    def item(self, item_id: str) -> Item:
        """Return an item; raises ``NotFoundError``."""
        return self.state.item(self.state.item_row(item_id))

    # --- changes ---

    def apply_events(self, events: Sequence[Interaction]) -> None:
        """Count events, each of them in its user's very next answer."""
        self.state.apply_events(events)

    def remove_events(self, user_id: str, item_id: str) -> None:
        """Forget what a user did with an item, from the very next answer on."""
        self.state.remove_events(user_id, item_id)

    def apply_item(
        self, item: Item, entities: Sequence[Entity], triples: Sequence[Triple]
    ) -> OnboardingReport:
        """Take a new or changed item in.

        Parameters
        ----------
        item : Item
            The item.
        entities : Sequence of Entity
            What it is linked to.
        triples : Sequence of Triple
            The links.

        Returns
        -------
        OnboardingReport
            Its links and its nearest items.
        """
        for entity in entities:
            if self.state.entity(entity.id) is None:
                self._linker.add(named_entity(entity, 1.0))
        row = self.state.apply_item(item, entities, triples, self._texts.vector(item, triples))
        self._copies.put(row)
        self._columns.put(row)
        self._linker.add(named_item(item, 0.0))
        near = self.similar(item.id, k=5)
        linked = {t.other(item.id) for t in self.state.links(row) or ()}
        return OnboardingReport(
            item.id, tuple(sorted(linked)), tuple((other.item_id, other.score) for other in near)
        )

    def apply_user(self, user: User) -> None:
        """Create a user or replace the attributes."""
        self.state.apply_user(user)

    def remove_item(self, item_id: str) -> None:
        """Take an item out of every answer."""
        self.state.remove_item(item_id)
        self._linker.remove(item_id)

    def remove_user(self, user_id: str) -> None:
        """Forget a user."""
        self.state.remove_user(user_id)

    def advance(self, graph_version: int) -> None:
        """Note up to which graph version changes were applied."""
        self.state.graph_version = graph_version

    # --- stages ---

    def _heard(self, query: Query) -> Query:
        """Understand the words of a query, if that is not done yet."""
        if query.understood is not None or not query.text:
            return query
        return replace(query, understood=self.understand(query.text, query.context))

    def _ask(self, query: Query, state: ServingState | None = None) -> Question:
        """Make a question of a query, to what is served or to another state."""
        query = self._heard(query)
        turns = [*(turn.text for turn in query.context), query.text or ""]
        return ask(
            state or self.state,
            user_id=query.user_id,
            text="\n".join(masked(turn)[0] for turn in turns),
            understood=query.understood,
            session=query.session,
            encoder=self._encoder,
            said=Said(query.answers, query.attributes),
            request_weight=query.request_weight,
        )

    def _listed(self, question: Question, query: Query) -> Ordering:
        """Find the best items, and put them in the order in which they are shown."""
        best = shortlist(self.state, question, query, self._copies, self._columns)
        order = Ordering.by_score(best, query.k)
        if question.is_empty:
            order = order.with_themes_mixed(self._themes)
        if query.diversity is not None and query.diversity.strength > 0:
            order = order.diversified(self._vectors, query.diversity)
        if query.calibration > 0:
            order = order.calibrated(self._mixes, question.profile, query.calibration)
        return order
