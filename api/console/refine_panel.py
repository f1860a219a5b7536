"""How the list is made: filters, variety, weights."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from api.console.asking import Asking
from api.console.catalog_fields import NumberField, ValueField, fields_of
from api.console.frame import Frame
from api.console.item_fields import column_name
from api.console.item_line import names_in
from api.console.search_box import Hit, SearchBox, items_found
from api.console.tags import block, heading, text, with_attributes
from graph.domain import Item

STRATEGIES = ("msd", "mmr", "dpp", "cover", "ssd")
CHOICES = ("balanced", "strongest", "varied", "recent")
_SLOW = "debounce=400"


class RefinePanel:
    """Settings of the list, folded away at first.

    Parameters
    ----------
    frame : Frame
        The page.
    asking : Asking
        What is changed.
    ask : Callable[[], Awaitable[None]]
        Called after every change.
    """

    def __init__(self, frame: Frame, asking: Asking, ask: Callable[[], Awaitable[None]]) -> None:
        self._frame = frame
        self._asking = asking
        self._ask = ask
        self._fields: list[NumberField | ValueField] = []
        self._is_drawn = False
        self._panel = ui.expansion(frame.texts("refine"), icon="tune", on_value_change=self._opened)
        self._panel.classes("quiet-expansion refine")
        self.show()

    def show(self) -> None:
        """Say how many settings differ from the usual ones."""
        texts, n = self._frame.texts, self._asking.n_refined
        self._panel.text = texts("refine.n", n=n) if n else texts("refine")

    async def _opened(self) -> None:
        if self._is_drawn or not self._panel.value:
            return
        self._is_drawn = True
        snapshot = self._frame.services.recommender.state.snapshot
        self._fields = await asyncio.to_thread(fields_of, snapshot)
        self._draw()

    def _draw(self) -> None:
        texts = self._frame.texts
        self._panel.clear()
        with self._panel, block("div", "refine-grid"):
            with block("section"):
                heading(3, texts("filters"))
                with block("div", "filters"):
                    for one in self._fields:
                        self._numbers(one) if isinstance(one, NumberField) else self._values(one)
                self._exclusion()
            with block("section"):
                heading(3, texts("variety"))
                self._choice("strategy", {name: texts(f"strategy.{name}") for name in STRATEGIES})
                self._slider("strength")
                self._slider("calibration")
            with block("section"):
                heading(3, texts("weights"))
                self._slider("request_weight")
                self._choice(
                    "path_choice", {name: texts(f"path_choice.{name}") for name in CHOICES}
                )
                self._slider("k", lowest=1, highest=50, step=1)
                reset = ui.button(texts("refine.reset"), icon="restart_alt", on_click=self._reset)
                reset.props("flat no-caps dense")

    def _numbers(self, one: NumberField) -> None:
        low, high = self._asking.numbers.get(one.name, (None, None))
        with block("fieldset", "range"):
            text("legend", self._title(one.name), "small")
            ends = [
                ui.number(label, value=value, placeholder=f"{edge:g}").props(
                    f"outlined dense clearable stack-label {_SLOW}"
                )
                for label, value, edge in (
                    (self._frame.texts("from"), low, one.lowest),
                    (self._frame.texts("to"), high, one.highest),
                )
            ]

        async def changed() -> None:
            self._asking.numbers[one.name] = ends[0].value, ends[1].value
            await self._changed()

        for end in ends:
            end.on_value_change(changed)

    def _values(self, one: ValueField) -> None:
        chosen = [v for v in self._asking.values.get(one.name, ()) if v in one.values]
        names = names_in(self._frame, Item("-", "-", attributes={one.name: one.values}))
        options = {value: names.get(value.casefold(), value) for value in one.values}
        select = ui.select(
            options, label=self._title(one.name), value=chosen, multiple=True, with_input=True
        ).props("outlined dense use-chips clearable")

        async def changed() -> None:
            self._asking.values[one.name] = tuple(select.value or ())
            await self._changed()

        select.on_value_change(changed)

    def _exclusion(self) -> None:
        texts = self._frame.texts
        SearchBox(
            self._frame, texts("exclude"), lambda w: items_found(self._frame, w), self._exclude
        )
        self._excluded = block("div", "chips")
        self._show_excluded()

    def _show_excluded(self) -> None:
        self._excluded.clear()
        with self._excluded:
            for item_id, title in self._asking.excluded.items():
                label = self._frame.texts("exclude.undo", title=title)
                with block("span", "chip chip-exclude"):
                    text("bdi", title, "chip-name")
                    cross = block("button", "chip-cross", type="button", aria_label=label)
                    cross.on("click", lambda item_id=item_id: self._include(item_id))
                    with cross:
                        ui.icon("close").props("aria-hidden=true")

    async def _exclude(self, hit: Hit) -> None:
        self._asking.excluded[hit.id] = hit.name
        self._show_excluded()
        await self._changed()

    async def _include(self, item_id: str) -> None:
        self._asking.excluded.pop(item_id, None)
        self._show_excluded()
        await self._changed()

    def _choice(self, name: str, options: dict[str, str]) -> None:
        texts = self._frame.texts
        select = ui.select(options, label=texts(name), value=getattr(self._asking, name))
        select.props("outlined dense")
        select.on_value_change(lambda: self._set(name, select.value))

    def _slider(
        self, name: str, *, lowest: float = 0.0, highest: float = 1.0, step: float = 0.05
    ) -> None:
        texts, value = self._frame.texts, getattr(self._asking, name)
        with block("div", "slider"):
            with block("div", "slider-head small"):
                text("span", texts(name))
                shown = text("span", f"{value:g}", "quiet")
            slider = ui.slider(min=lowest, max=highest, step=step, value=value)
            with_attributes(slider, aria_label=texts(name))
            if f"{name}.ends" in texts:
                text("span", texts(f"{name}.ends"), "quiet small")
        slider.on_value_change(lambda: shown.set_text(f"{slider.value:g}"))
        slider.on("change", lambda: self._set(name, slider.value))

    async def _set(self, name: str, value: Any) -> None:
        before = getattr(self._asking, name)
        setattr(self._asking, name, type(before)(value))
        await self._changed()

    async def _changed(self) -> None:
        self.show()
        await self._ask()

    async def _reset(self) -> None:
        self._asking.starts_anew()
        self._draw()
        await self._changed()

    def _title(self, column: str) -> str:
        preset = self._frame.services.recommender.state.preset
        return column_name(column, preset, self._frame.language)
