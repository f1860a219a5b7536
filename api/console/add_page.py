"""The page for new things: one item, or the files of a whole catalog."""

import time

from nicegui import ui

from api.console.frame import Frame
from api.console.item_form import ItemForm
from api.console.item_outcome import Outcome, OutcomePanel
from api.console.load_panel import LoadPanel
from api.console.search_box import Hit, SearchBox, items_found
from api.console.tags import block, heading, text
from graph.domain import Item


async def build(frame: Frame) -> None:
    """Draw the page."""
    heading(1, frame.texts("nav.add"))
    text("p", frame.texts("add.intro"), "quiet intro")
    with block("div", "two-to-one"):
        _ItemSection(frame)
    LoadPanel(frame)


class _ItemSection:
    """The form of an item and, beside it, what became of it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        texts = frame.texts
        with block("section", "card item-form"):
            with block("div", "card-head"):
                self._heading = heading(2, texts("add.new"))
                SearchBox(frame, texts("add.find"), lambda w: items_found(frame, w), self._picked)
            with block("form", "form-column") as form:
                form.on("submit.prevent", self._save)
                self._form = ItemForm(frame)
                with block("div", "buttons"):
                    self._submit = ui.button(texts("add.do")).props(
                        "unelevated no-caps type=submit"
                    )
                    self._new = ui.button(texts("add.another"), on_click=self._start_anew)
                    self._new.props("flat no-caps type=button")
                    self._delete = ui.button(texts("add.delete"), on_click=self._ask_to_delete)
                    self._delete.props("flat no-caps color=negative type=button")
        self._outcome = OutcomePanel(frame)
        self._show(None)

    def _show(self, item: Item | None) -> None:
        """Turn the form to an item that is there, or to a new one."""
        texts = self._frame.texts
        self._form.fill(item)
        self._heading.text = texts("add.edit" if item else "add.new")
        self._submit.text = texts("add.save" if item else "add.do")
        self._new.visible = self._delete.visible = item is not None

    async def _picked(self, hit: Hit) -> None:
        self._show(self._frame.services.recommender.item(hit.id))
        self._outcome.clear()

    def _start_anew(self) -> None:
        self._show(None)
        self._outcome.clear()

    async def _save(self) -> None:
        services = self._frame.services
        item, is_change = self._form.item(), self._form.changed is not None
        started = time.perf_counter()
        report = await services.put_item(item, replace=is_change)
        visible_in_ms = 1000 * (time.perf_counter() - started)
        self._show(item)
        entities = services.entities_of(item)
        await self._outcome.show(Outcome(item, report, entities, visible_in_ms))

    async def _ask_to_delete(self) -> None:
        texts, item = self._frame.texts, self._form.changed
        if item is None:
            return
        with ui.dialog() as dialog, block("div", "card dialog-card"):
            with block("p"):
                text("bdi", texts("add.delete.sure", title=item.title))
            with block("div", "buttons"):
                yes = ui.button(texts("add.delete"), on_click=lambda: dialog.submit("yes"))
                yes.props("unelevated no-caps color=negative")
                no = ui.button(texts("add.delete.no"), on_click=lambda: dialog.submit(None))
                no.props("flat no-caps autofocus")
        if await dialog:
            await self._frame.services.remove_item(item.id)
            told = texts("add.deleted", title=item.title)
            ui.notify(told, type="positive", position="top")
            self._start_anew()
        dialog.delete()
