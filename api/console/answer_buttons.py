"""Buttons to say that more, or less, is wanted because of what an item has."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.console.frame import Frame
from api.console.tags import block, heading, text, with_attributes
from ranking.domain import Explanation
from ranking.feedback import Word
from ranking.stated import answers_in

_WORDS: tuple[tuple[Word, str], ...] = (("like", "add"), ("dislike", "remove"))

Answer = Callable[[str, str, Word], Awaitable[None]]


def draw_answers(
    frame: Frame, explanation: Explanation, user_id: str | None, answer: Answer
) -> None:
    """Draw the buttons for what the shown paths lead over; nothing where that is only items.

    Parameters
    ----------
    frame : Frame
        The page.
    explanation : Explanation
        Whose shown paths.
    user_id : str or None
        Who may say something; nobody can where there is no user.
    answer : Callable[[str, str, Word], Awaitable[None]]
        Called with the id and the name of an entity, and with what is said of it.
    """
    found = {
        node.id: node.name
        for path in explanation.paths[: explanation.n_shown]
        for node in path.path.nodes
        if node.kind == "Entity"
    }
    if not found:
        return
    texts, said = frame.texts, _said_by(frame, user_id)
    with block("section", "answers", aria_labelledby="answers-title"):
        with_attributes(heading(3, texts("answers")), id="answers-title")
        if user_id is None:
            text("p", texts("rate.nobody"), "quiet small")
        with block("ul", "answer-rows"):
            for entity_id, name in found.items():
                with block("li", "answer-row"):
                    text("bdi", name)
                    for word, icon in _WORDS:
                        is_said = said.get(entity_id) == word
                        button = _button(frame, word, icon, name, is_said=is_said)
                        button.set_enabled(user_id is not None)
                        told: Word = "forget" if is_said else word
                        button.on("click", lambda i=entity_id, n=name, w=told: answer(i, n, w))


def _said_by(frame: Frame, user_id: str | None) -> dict[str, str]:
    """Return what a user said of entities, by entity id."""
    if user_id is None:
        return {}
    attributes = frame.services.recommender.state.user(user_id).attributes
    return {one.id: one.answer for one in answers_in(attributes) if one.kind == "entity"}


def _button(frame: Frame, word: Word, icon: str, name: str, *, is_said: bool) -> ui.button:
    button = ui.button(frame.texts(f"answer.{word}"), icon="check" if is_said else icon)
    button.props("outline dense no-caps size=12px")
    pressed = str(is_said).lower()
    label = frame.texts(f"answer.{word}.of", name=name)
    with_attributes(button, aria_label=label, aria_pressed=pressed)
    return button
