import pytest

from api.console.model_charts import Ink, curve, gate, gate_weights, quality, quality_rows
from api.console.texts import Texts

CARD = {
    "gate": {
        "components": ["collaborative", "popularity"],
        "knots": [1.0, 25.0],
        "weights": [[0.0, 2.0], [1.0, 0.0]],
        "new_weights": [[0.5, 1.5], [1.4, 0.0]],
    },
    "graph_network": {
        "best_epoch": 1,
        "curve": [
            {"epoch": 0, "loss": None, "recall": 0.2, "ndcg": 0.1},
            {"epoch": 1, "loss": 6.9, "recall": 0.3, "ndcg": 0.2},
        ],
    },
    "validation": {"collaborative": [0.48, 0.39], "sum": [0.5, 0.4]},
}
TEXTS, INK = Texts("en"), Ink.of(dark=False)


def test_the_curve_has_a_point_for_each_epoch_and_marks_the_best():
    options = curve(CARD, TEXTS, INK)
    recall, ndcg, loss = options["series"]
    assert recall["data"] == [[0, 0.2], [1, 0.3]]
    assert ndcg["data"][-1] == [1, 0.2]
    assert loss["data"] == [[0, None], [1, 6.9]]
    assert (recall["yAxisIndex"], loss["yAxisIndex"]) == (0, 1)
    assert recall["markLine"]["data"] == [{"xAxis": 1}]


def test_the_gate_has_a_line_for_each_component():
    options = gate(CARD, TEXTS, INK)
    assert options["xAxis"]["data"] == ["1", "25"]
    assert [line["data"] for line in options["series"]] == [[0.0, 1.0], [2.0, 0.0]]
    assert options["series"][1]["name"] == "popularity"


def test_new_items_have_weights_of_their_own_where_the_model_has_them():
    assert gate_weights(CARD, new=True)[1] == [[0.5, 1.5], [1.4, 0.0]]
    without = {"gate": CARD["gate"] | {"new_weights": None}}
    assert gate_weights(without, new=True) == gate_weights(CARD)


def test_quality_is_drawn_for_each_component():
    options = quality(CARD, TEXTS, INK)
    assert [bar["data"] for bar in options["series"]] == [[0.48, 0.5], [0.39, 0.4]]
    assert quality_rows(CARD)[-1] == ("sum", 0.5, 0.4)


@pytest.mark.parametrize("draw", [curve, quality])
def test_what_was_not_measured_is_not_drawn(draw):
    assert draw({"graph_network": {}}, TEXTS, INK) is None


def test_dark_pages_have_lighter_ink():
    light, dark = Ink.of(dark=False), Ink.of(dark=True)
    assert int(dark.text[1:], 16) > int(light.text[1:], 16)
    assert len(set(dark.series)) == len(dark.series)
