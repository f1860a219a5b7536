import json
from dataclasses import replace

import numpy as np
import pytest

from graph.domain import Interaction, Item
from graph.logged_requests import LoggedRequest
from ranking.domain import Query
from ranking.fusion import Gate
from ranking.pipeline import Recommender
from ranking.training import TrainingConfig, train

FAST = TrainingConfig(graph_network=False)


def test_the_model_knows_the_two_tastes(films, model):
    rows = {name: films.items.find(name) for name in films.items.ids}
    edges = np.zeros((34, 34))
    for row in range(34):
        edges[row, model.similar.row(row)] = model.similar.row_weights(row)
    side = np.array([name.startswith("comedy") for name in rows])
    warm = ~model.owner_is_cold
    same = (side[:, None] == side[None, :]) & warm[:, None] & warm[None, :]
    other = ~same & warm[:, None] & warm[None, :]
    # Factorisation of so few events links everything a little; the own taste stays well ahead.
    assert edges[same].mean() > 1.3 * max(edges[other].mean(), 0.0)
    assert np.diag(edges).max() == 0


def test_directors_and_genres_tell_more_than_countries(model):
    weights = model.role_weights
    assert weights["FROM_COUNTRY:out"] < 0.3 * max(weights.values())
    assert max(weights.values()) == 1.0
    assert min(weights.values()) >= 0.0


def test_cold_items_are_placed_by_their_content(films, model):
    rows = [films.items.find(name) for name in ("comedy-new", "horror-new", "bare")]
    assert np.flatnonzero(model.owner_is_cold).tolist() == [
        *rows[:2],
        films.items.find("comedy-twin"),
        rows[2],
    ]
    names = [{films.items.id(int(c)) for c in model.similar.row(row)} for row in rows]
    weights = [model.similar.row_weights(row) for row in rows]
    strongest = films.items.id(int(model.similar.row(rows[0])[weights[0].argmax()]))
    assert strongest.startswith("comedy")
    assert names[2] == set()
    assert model.target[rows[0]].any()
    assert not model.target[rows[2]].any()


def test_the_description_says_what_was_chosen_and_how_good_it_was(model):
    told = model.description
    assert told["n_cold_items"] == 4
    assert told["notes"] == []
    assert set(told["item_graph"]["ridges"]) == {"ease", "balanced_ease"}
    assert len(told["graph_network"]["best_epochs"]) == 3
    assert set(told["validation"]) == {
        "collaborative",
        "learned",
        "attribute",
        "popularity",
        "sum",
    }
    assert told["config"]["epochs"] == 3
    assert all(seconds >= 0 for seconds in told["seconds"].values())


def arrays_of(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.npy"))}


def plain_fields(folder):
    """What is saved beside the arrays, without times."""
    fields = json.loads((folder / "model.json").read_text())
    told = fields.pop("description")
    fields.pop("id")
    return fields, told["item_graph"], told["validation"]


def test_the_same_seed_gives_the_same_bytes(films, model, preset_films, quick, tmp_path):
    again = train(films, preset=preset_films, config=quick)
    first, second = model.save(tmp_path / "one"), again.save(tmp_path / "two")
    assert arrays_of(first) == arrays_of(second)
    assert plain_fields(first) == plain_fields(second)


def test_another_seed_gives_another_validation_split(films, preset_films):
    gates = [
        train(films, preset=preset_films, config=replace(FAST, seed=seed)).gate.to_json()
        for seed in (1, 2)
    ]
    assert gates[0] != gates[1]


def test_progress_is_told_stage_by_stage(films, preset_films, use_m3):
    told = []
    train(films, preset=preset_films, config=FAST, encoder=use_m3, progress=told.append)
    stages = list(dict.fromkeys(step.stage for step in told))
    assert stages.index("choosing the item graph") < stages.index("weighing the components")
    assert stages.index("placing cold items") < stages.index("calibrating new items")
    assert stages[-2:] == ["names", "encoding names"]
    assert {"encoding item texts", "encoding names"} <= set(stages)


def test_a_work_folder_keeps_checkpoints(films, preset_films, quick, tmp_path):
    train(films, preset=preset_films, config=replace(quick, epochs=1), work=tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        *(f"choosing-the-graph-network-{number}-of-3" for number in (1, 2, 3)),
        *(f"graph-network-{number}-of-3" for number in (1, 2, 3)),
    }


def test_with_few_users_the_defaults_hold_and_are_noted(small, preset_films):
    world = small(["a", "b", "c", "d"], events=[("u", "a"), ("u", "b"), ("v", "b"), ("w", "d")])
    model = train(world.snapshot(), preset=preset_films, config=FAST)
    assert "defaults hold" in model.description["notes"][0]
    assert model.gate.to_json() == Gate.default().to_json()
    # a and b have a common user; c is cold, d has a user of its own.
    assert model.similar.row(0).tolist() == [1]
    assert model.similar.row(1).tolist() == [0]
    assert len(model.similar.row(2)) == len(model.similar.row(3)) == 0


@pytest.mark.parametrize("items", [[], ["a"], ["a", "b"]])
def test_a_catalog_without_events_can_be_trained_on(items, small, preset_films):
    triples = [(name, "HAS_GENRE", "Genre:War") for name in items]
    model = train(small(items, triples).snapshot(), preset=preset_films)
    assert model.similar.n_edges == 0
    assert model.owner_is_cold.tolist() == [True] * len(items)


def test_users_whose_items_nobody_shares_can_be_trained_on(small, preset_films):
    items = [f"i{user}-{n}" for user in range(30) for n in range(8)]
    events = [Interaction(name.split("-")[0], name) for name in items]
    model = train(small([Item(i, i) for i in items], events=events).snapshot(),
                  preset=preset_films, config=FAST)  # fmt: skip
    assert model.similar.n_edges == 30 * 8 * 7


def test_logged_requests_are_learned_from(films, preset_films, use_m3):
    rng = np.random.default_rng(0)
    words = {"comedy": "my kids are bored", "horror": "to shiver at midnight"}
    requests = [
        LoggedRequest(f"{words[side]} {n}", (f"{side}-{rng.integers(15)}",), f"u{n % 60}")
        for n in range(300)
        for side in ["comedy" if n % 60 < 30 else "horror"]
    ]
    model = train(films, preset=preset_films, encoder=use_m3, requests=requests, config=FAST)
    told = model.card()["requests"]
    assert told["n_requests"] == 300
    assert told["recall@10"]["fitted weights"] > 0.3
    recommender = Recommender(films, model, preset=preset_films, encoder=use_m3)
    for side, asked in words.items():
        answer = recommender.recommend(Query(text=f"{asked} again", k=5))
        assert all(item.item_id.startswith(side) for item in answer.items)
        assert all(item.parts["asked_alike"] > 0 for item in answer.items)
