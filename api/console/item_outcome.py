"""What became of a new or changed item: its links, what it is like, in whose list it is."""

import asyncio
from dataclasses import dataclass

from nicegui import ui

from api.console.audience import Appearance, for_request, for_users
from api.console.frame import Frame
from api.console.link import draw_link
from api.console.places import RECOMMEND
from api.console.tags import block, heading, text
from graph.domain import Entity, Item
from ranking.domain import OnboardingReport

_LIST = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back when an item was taken in.

    Attributes
    ----------
    item : Item
        The item.
    report : OnboardingReport
        What it is linked to and like.
    entities : list of Entity
        What it is linked to.
    visible_in_ms : float
        After how many milliseconds recommendations knew it.
    """

    item: Item
    report: OnboardingReport
    entities: list[Entity]
    visible_in_ms: float


class OutcomePanel:
    """Shows an outcome; says what will be there before the first one.

    Parameters
    ----------
    frame : Frame
        The page.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        with block("section", "card outcome", aria_live="polite"):
            heading(2, frame.texts("add.outcome"))
            self._area = block("div", "outcome-parts")
        self.clear()

    def clear(self) -> None:
        """Show that there is nothing to tell."""
        self._area.clear()
        with self._area:
            text("p", self._frame.texts("add.outcome.none"), "quiet")

    async def show(self, outcome: Outcome) -> None:
        """Show an outcome, and look for a list that the item is in."""
        texts = self._frame.texts
        self._area.clear()
        with self._area:
            with block("div", "outcome-head"):
                text("bdi", outcome.item.title, "outcome-title")
                ms = f"{outcome.visible_in_ms:.0f}"
                text("span", texts("add.visible", ms=ms), "badge")
            self._linked(outcome)
            self._neighbours(outcome)
            heading(3, texts("add.appears"))
            place = block("div", "appears")
        with place:
            text("p", texts("add.appears.looking"), "quiet")
        await self._appearances(outcome, place)

    def _linked(self, outcome: Outcome) -> None:
        texts, state = self._frame.texts, self._frame.services.recommender.state
        heading(3, texts("add.linked"))
        if not outcome.entities:
            text("p", texts("add.linked.none"), "quiet")
        with block("ul", "chips"):
            for entity in outcome.entities:
                others = len(state.items_with(entity.id)) - 1
                note = texts("add.linked.others", n=others) if others else texts("add.linked.first")
                label = state.preset.label_name(entity.label, self._frame.language)
                with block("li", "chip"):
                    text("bdi", entity.names.get(self._frame.language, entity.name), "chip-name")
                    text("span", f"{label} · {note}", "chip-kind")

    def _neighbours(self, outcome: Outcome) -> None:
        texts, recommender = self._frame.texts, self._frame.services.recommender
        heading(3, texts("add.neighbours"))
        if not outcome.report.neighbours:
            text("p", texts("add.neighbours.none"), "quiet")
        with block("ol", "rows"):
            for item_id, weight in outcome.report.neighbours:
                with block("li"):
                    text("bdi", recommender.item(item_id).title)
                    text("span", f"{weight:.2f}", "quiet small number")

    async def _appearances(self, outcome: Outcome, place: ui.element) -> None:
        texts, recommender = self._frame.texts, self._frame.services.recommender
        item_id, language = outcome.item.id, self._frame.language
        asked = await asyncio.to_thread(
            for_request, recommender, item_id, outcome.entities, language
        )
        user = await asyncio.to_thread(for_users, recommender, item_id)
        if place.is_deleted:
            return
        place.clear()
        with place:
            if user is None:
                text("p", texts("add.appears.nowhere"), "quiet")
            else:
                self._appears("user", user, user=user.whose, item=item_id)
            if asked is not None:
                self._appears("request", asked, q=asked.whose, item=item_id)

    def _appears(self, kind: str, found: Appearance, **query: str) -> None:
        texts = self._frame.texts
        with block("p", "appearance"):
            text("bdi", texts(f"add.appears.{kind}", place=found.place, whose=found.whose))
            if found.place <= _LIST:
                label = texts(f"add.appears.{kind}.open")
                draw_link(self._frame, label, RECOMMEND.path, **query)
