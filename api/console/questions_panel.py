"""Questions about taste for somebody new, at most five; the list changes with every answer."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from api.console.frame import Frame
from api.console.tags import block, heading, text, with_attributes
from api.onboarding import next_step
from ranking.domain import Answer, Query, Reply
from ranking.onboarding import MAX_QUESTIONS

_REPLIES: tuple[tuple[Reply, str], ...] = (
    ("like", "thumb_up_off_alt"),
    ("dislike", "thumb_down_off_alt"),
    ("unknown", "help_outline"),
)


class QuestionsPanel:
    """Asks one question after the other.

    Parameters
    ----------
    frame : Frame
        The page.
    answered : Callable[[Query], Awaitable[None]]
        Called after every answer with the request that the list answers from now on.
    """

    def __init__(self, frame: Frame, answered: Callable[[Query], Awaitable[None]]) -> None:
        self._frame = frame
        self._answered = answered
        self._user_id: str | None = None
        self._answers: tuple[Answer, ...] = ()
        with block("section", "card questions", aria_live="polite"):
            heading(2, frame.texts("questions"))
            self._area = block("div", "questions-area")
        self.start_anew(None)

    def start_anew(self, user_id: str | None) -> None:
        """Offer to ask somebody."""
        self._user_id, self._answers = user_id, ()
        texts = self._frame.texts
        self._area.clear()
        with self._area:
            text("p", texts("questions.what", n=MAX_QUESTIONS), "quiet")
            ui.button(texts("questions.start"), on_click=self._ask).props("unelevated no-caps")

    def query(self) -> Query:
        """Return the request with the answers so far."""
        language = self._frame.language
        return Query(user_id=self._user_id, answers=self._answers, explain=True, language=language)

    async def _ask(self) -> None:
        step = await next_step(self._frame.services, self.query())
        self._area.clear()
        with self._area:
            if step["question"] is None:
                key = "questions.done.kept" if step["saved"] else "questions.done"
                text("p", self._frame.texts(key))
            else:
                self._draw(step["question"])
        await self._answered(self.query())

    def _draw(self, question: dict[str, Any]) -> None:
        texts, number = self._frame.texts, len(self._answers) + 1
        text("p", texts("questions.number", n=number, of=MAX_QUESTIONS), "quiet small")
        with block("p", "question"):
            text("bdi", question["text"])
        with block("div", "buttons"):
            for reply, icon in _REPLIES:
                button = ui.button(texts(f"questions.{reply}"), icon=icon).props("outline no-caps")
                button.on("click", lambda reply=reply: self._reply(question, reply))
        share = (number - 1) / MAX_QUESTIONS
        bar = ui.linear_progress(share, show_value=False, size="4px").props("rounded")
        with_attributes(bar, aria_label=texts("questions.progress"))

    async def _reply(self, question: dict[str, Any], reply: Reply) -> None:
        answer = Answer(question["id"], question["kind"], reply)
        self._answers = (*self._answers, answer)
        await self._ask()
