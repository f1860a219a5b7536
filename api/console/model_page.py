"""The page about the model: how it learned, what counts when, how good it is, and the graph."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui

from api.console import model_charts
from api.console.frame import Frame
from api.console.graph_counts import Count, edge_counts, node_counts
from api.console.model_charts import Card, Ink, Options
from api.console.tables import facts, table
from api.console.tags import block, heading, text, with_attributes
from api.console.training_panel import TrainingPanel
from graph.domain import PathEdge
from ranking.captions import edge_caption
from ranking.model import UNTRAINED

_FACTS = ("n_events", "n_items", "n_cold_items", "n_similar_edges", "n_dims")


async def build(frame: Frame) -> None:
    """Draw the page; what takes a while to count is filled in when it is known."""
    heading(1, frame.texts("nav.model"))
    page = block("div", "page-sections")

    async def draw() -> None:
        model = frame.services.recommender.state.model
        counts = await asyncio.to_thread(_counts, frame)
        page.clear()
        with page:
            _ModelPage(frame, model.card(), *counts, redraw=draw).draw()

    await draw()


def _counts(frame: Frame) -> tuple[list[Count], list[Count], dict[str, Any]]:
    state = frame.services.recommender.state
    return node_counts(state), edge_counts(state), frame.services.models()


class _ModelPage:
    """The sections of the page for one model."""

    def __init__(
        self,
        frame: Frame,
        card: Card,
        nodes: list[Count],
        edges: list[Count],
        models: Mapping[str, Any],
        *,
        redraw: Callable[[], Any],
    ) -> None:
        self._frame = frame
        self._texts = frame.texts
        self._card = card
        self._nodes = nodes
        self._edges = edges
        self._models = models
        self._redraw = redraw

    def draw(self) -> None:
        with block("div", "columns"):
            self._serving()
            TrainingPanel(self._frame, self._redraw)
        self._curve()
        with block("div", "columns"):
            self._gate()
            self._quality()
        self._graph()
        self._kept()

    def _serving(self) -> None:
        texts, card = self._texts, self._card
        with block("section", "card"):
            heading(2, texts("model.serving"))
            if card["id"] == UNTRAINED:
                text("p", texts("model.untrained"), "quiet")
            rows = [(texts("model.id"), card["id"])]
            if card.get("trained_at"):
                rows.append((texts("model.trained_at"), _moment(card["trained_at"])))
            rows += [(texts(f"model.{n}"), f"{card[n]:,}") for n in _FACTS if n in card]
            rows.append((texts("model.encoder"), card["encoder"] or texts("model.none")))
            if card.get("seconds"):
                seconds = sum(card["seconds"].values())
                rows.append((
                    texts("model.seconds"),
                    texts("model.seconds.value", n=f"{seconds:.0f}"),
                ))
            facts(rows)
            if card.get("notes"):
                text("p", texts("model.notes"), "small quiet")
                with block("ul", "notes small"):
                    for note in card["notes"]:
                        text("li", note)

    def _curve(self) -> None:
        texts, points = self._texts, self._card.get("graph_network", {}).get("curve") or []
        with self._section("model.curve"):
            if not points:
                text("p", texts("model.curve.none"), "quiet")
                return
            best = max(points, key=lambda point: point["ndcg"] or 0.0)
            read = texts(
                "model.curve.read",
                first=f"{points[0]['ndcg'] or 0:.3f}",
                best=f"{best['ndcg'] or 0:.3f}",
                epoch=best["epoch"],
            )
            self._chart(lambda ink: model_charts.curve(self._card, texts, ink), read, "chart")

    def _gate(self) -> None:
        texts, card = self._texts, self._card
        with self._section("model.gate"):
            if len(model_charts.gate_weights(card)[0]) == 1:
                self._weights(new=False)
                return
            which = {False: texts("model.gate.known"), True: texts("model.gate.new")}
            toggle = ui.toggle(which, value=False).props("dense no-caps unelevated")
            with_attributes(toggle, aria_label=texts("model.gate.which"), role="group")
            chart = self._chart(
                lambda ink: model_charts.gate(card, texts, ink, new=bool(toggle.value)),
                texts("model.gate"),
                "chart small-chart",
            )
            rows = block("div")

            def show() -> None:
                chart()
                rows.clear()
                with rows:
                    self._weights(new=bool(toggle.value))

            show()
            toggle.on_value_change(show)

    def _weights(self, *, new: bool) -> None:
        texts = self._texts
        knots, weights = model_charts.gate_weights(self._card, new=new)
        columns = (
            [f"{knot:g}" for knot in knots] if len(knots) > 1 else [texts("model.gate.weight")]
        )
        header = [texts("model.component"), *columns]
        names = self._card["gate"]["components"]
        rows = [
            [texts(f"component.{name}"), *(f"{value:.2f}" for value in column)]
            for name, column in zip(names, zip(*weights, strict=True), strict=True)
        ]
        table(f"{texts('model.gate.weight')}, {texts('model.gate.events')}", header, rows)

    def _quality(self) -> None:
        texts, rows = self._texts, model_charts.quality_rows(self._card)
        with self._section("model.quality"):
            if not rows:
                text("p", texts("model.quality.none"), "quiet")
                return
            read = texts("model.quality")
            self._chart(lambda ink: model_charts.quality(self._card, texts, ink), read, "chart")
            table(
                texts("model.quality"),
                [texts("model.component"), "Recall@20", "NDCG@20"],
                [[texts(f"component.{name}"), f"{r:.4f}", f"{n:.4f}"] for name, r, n in rows],
            )

    def _graph(self) -> None:
        texts = self._texts
        version = self._frame.services.recommender.state.snapshot.version
        with block("section", "card"):
            heading(2, texts("graph"))
            text("p", texts("graph.what", version=version), "quiet small")
            with block("div", "columns"):
                for name, counts, words in (
                    ("graph.nodes", self._nodes, self._label_in_words),
                    ("graph.edges", self._edges, self._type_in_words),
                ):
                    with block("div"):
                        heading(3, texts(name))
                        self._counted(texts(name), counts, words)

    def _counted(self, caption: str, counts: list[Count], words: Callable[[str], str]) -> None:
        header = [self._texts(f"graph.{name}") for name in ("kind", "words", "n")]
        rows: list[list[Any]] = [
            [count.name, words(count.name), f"{count.n:,}"] for count in counts
        ]
        self._table_or_none(caption, header, rows)

    def _table_or_none(self, caption: str, header: list[str], rows: list[list[Any]]) -> None:
        if rows:
            table(caption, header, rows)
        else:
            text("p", self._texts("model.none"), "quiet")

    def _label_in_words(self, label: str) -> str:
        if label in {"Item", "User"}:
            return self._texts(f"graph.{label}")
        preset = self._frame.services.recommender.state.preset
        return preset.label_name(label, self._frame.language)

    def _type_in_words(self, relation: str) -> str:
        preset = self._frame.services.recommender.state.preset
        edge = PathEdge("", relation, "", "out")
        return edge_caption(edge, preset=preset, language=self._frame.language)

    def _kept(self) -> None:
        texts = self._texts
        header = [texts("model.id"), texts("model.trained_at"), "NDCG@20", texts("models.state")]
        with block("section", "card"):
            heading(2, texts("models"))
            rows = [self._kept_row(card) for card in self._models["models"]]
            self._table_or_none(texts("models"), header, rows)

    def _kept_row(self, card: Card) -> list[Any]:
        sums = [ndcg for name, _, ndcg in model_charts.quality_rows(card) if name == "sum"]
        figure = f"{sums[0]:.4f}" if sums else ""
        return [card["id"], _moment(card.get("trained_at", "")), figure, lambda: self._choice(card)]

    def _choice(self, card: Card) -> None:
        texts, name = self._texts, card["id"]
        if name == self._card["id"]:
            text("span", texts("models.active"), "badge")
            return

        async def activate() -> None:
            await self._frame.services.activate(name)
            ui.notify(texts("models.activated", id=name), type="positive", position="top")
            await self._redraw()

        button = ui.button(texts("models.activate"), on_click=activate).props("flat dense no-caps")
        with_attributes(button, aria_label=texts("models.activate.which", id=name))

    def _section(self, name: str) -> ui.element:
        section = block("section", "card")
        with section:
            heading(2, self._texts(name))
            text("p", self._texts(f"{name}.what"), "quiet small")
        return section

    def _chart(
        self, options: Callable[[Ink], Options | None], read: str, css: str
    ) -> Callable[[], None]:
        """Draw a chart, and again when the page turns dark; returns what draws it anew."""
        chart = ui.echart(options(Ink.of(dark=self._frame.dark)) or {}).classes(css)
        with_attributes(chart, role="img", aria_label=read)

        def redraw() -> None:
            if not chart.is_deleted:
                chart.options.clear()
                chart.options.update(options(Ink.of(dark=self._frame.dark)) or {})

        self._frame.on_dark(redraw)
        return redraw


def _moment(written: str) -> str:
    """Shorten ``2026-11-28T08:56:14+00:00`` to what people read."""
    return written[:16].replace("T", " ")
