from api.commands.recipe import component_rows, figures_text, pairs_text, recipe_rows

CARD = {
    "gate": {
        "components": ["collaborative", "popularity"],
        "knots": [1.0, 12.34],
        "weights": [[1.0, 0.2], [0.75, -0.1]],
    },
    "item_graph": {"source_exponent": 0.5, "ridge": None, "figures": {"mix": [0.1, 0.2]}},
    "graph_network": {"best_epoch": 7, "curve": [1, 2], "device": "cpu"},
    "validation": {"sum": [0.25, 0.125]},
    "role_weights": {f"R{n}:out": n / 10 for n in range(10)},
    "notes": ["said"],
}


def test_weights_settings_figures_relations_and_notes_are_told():
    assert recipe_rows(CARD) == [
        ["weights with 1 events", "collaborative 1, popularity 0.2"],
        ["weights with 12.3 events", "collaborative 0.75, popularity -0.1"],
        ["item graph", "source exponent 0.5"],
        ["graph network", "best epoch 7, device cpu"],
        ["validation, sum", "Recall@20 0.2500, NDCG@20 0.1250"],
        [
            "relations",
            "R9:out 0.9, R8:out 0.8, R7:out 0.7, R6:out 0.6, R5:out 0.5, R4:out 0.4",
        ],
        ["note", "said"],
    ]


def test_a_card_that_tells_little_makes_few_rows():
    assert recipe_rows({"id": "untrained"}) == []


def test_a_component_is_told_with_its_settings():
    part = {
        "description": "does something",
        "settings": {"ridge": 120.0, "role_weights": {"A:out": 1.0}},
        "validation": {"ridge 120.0": [0.5, 0.25]},
        "notes": [],
    }
    assert component_rows(part) == [
        ["what", "does something"],
        ["settings", "ridge 120"],
        ["relations", "A:out 1"],
        ["validation, ridge 120.0", "Recall@20 0.5000, NDCG@20 0.2500"],
    ]


def test_numbers_are_short():
    assert pairs_text([("a", 0.123456), ("b", 3), ("c", "x")]) == "a 0.1235, b 3, c x"
    assert figures_text((1, 0)) == "Recall@20 1.0000, NDCG@20 0.0000"
