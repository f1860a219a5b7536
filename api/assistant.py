"""What a language model adds to answers, where one is configured; never on the event loop."""

import asyncio
from dataclasses import replace

import structlog

from graph.errors import AppError
from llm.breaker import BreakerState
from llm.chat import Chat
from llm.chat_guard import GuardedChat
from llm.extraction import Reader
from llm.personal_data import masked
from llm.rewriting import Rewrite, Rewriter
from ranking.domain import Explanation, Language, Query
from ranking.pipeline import Recommender

log = structlog.get_logger(__name__)

_OFF = "No language model may rewrite explanations here."


class Assistant:
    """Asks a language model on behalf of requests.

    Whatever the model does, a request is answered: as the rules understood it, and with a note.

    Parameters
    ----------
    chat : Chat or None
        The model; None leaves everything to the rules and the templates.
    rewrites : bool
        Whether explanations may be rewritten where a request asks for it.
    """

    def __init__(
        self,
        chat: Chat | None = None,
        *,
        rewrites: bool = False,
    ) -> None:
        self._chat = None if chat is None else GuardedChat(chat)
        self._reader = Reader(self._chat) if self._chat else None
        self._rewriter = Rewriter(self._chat) if self._chat and rewrites else None

    @property
    def state(self) -> BreakerState | None:
        """Whether the model is asked now; None when there is none."""
        return None if self._chat is None else self._chat.breaker.state

    def load(self) -> None:
        """Load the model before it is needed; one that cannot be loaded only leaves a log."""
        if self._chat is None:
            return
        try:
            self._chat.load()
        except AppError as error:
            log.warning("chat.unusable", model=self._chat.name, reason=error.detail)

    def close(self) -> None:
        """Release the model."""
        if self._chat is not None:
            self._chat.close()

    async def heard(self, recommender: Recommender, query: Query) -> Query:
        """Let the model add to what the rules find in the words of a query.

        Parameters
        ----------
        recommender : Recommender
            Whose names can be meant.
        query : Query
            What was asked.

        Returns
        -------
        Query
            With what its words mean; as it came where it has no words, where they are understood
            already, and without a model: then the rules are enough. The model is asked only where
            they left words unmatched.
        """
        if self._reader is None or not query.text or query.understood is not None:
            return query
        understood = recommender.understand(query.text, query.context)
        if understood.unmatched:
            text, _ = masked(query.text)
            reading = await asyncio.to_thread(self._reader.read, text)
            for note in reading.notes:
                log.warning("chat.unheard", reason=note)
            understood = recommender.hear(understood, reading, text)
        return replace(query, understood=understood)

    async def retold(
        self, recommender: Recommender, explanation: Explanation, *, language: Language
    ) -> Explanation:
        """Let the model tell an explanation in other words.

        Parameters
        ----------
        recommender : Recommender
            Where the explanation comes from.
        explanation : Explanation
            As the templates tell it.
        language : Language
            The language of its text.

        Returns
        -------
        Explanation
            With a note instead of new words where those are not to be had or say something else.
        """
        if self._rewriter is None:
            return recommender.retell(explanation, Rewrite("", _OFF))
        rewrite = await asyncio.to_thread(
            self._rewriter.rewrite, explanation.text, language=language
        )
        told = recommender.retell(explanation, rewrite)
        for note in told.notes:
            log.warning("chat.unheard", reason=note)
        return told
