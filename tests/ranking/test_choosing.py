import numpy as np
import pytest
import scipy.sparse as sp

from graph.presets import preset
from ranking.attributes import Attributes
from ranking.choosing import Chooser
from ranking.fusion import Gate
from ranking.networks import Networks
from ranking.profile import Histories, ProfileRule
from ranking.selection import ItemGraphRecipe
from ranking.stages import Stages
from ranking.training_config import TrainingConfig
from ranking.validation import MIN_USERS


def choice_of(snapshot, rule, X, told=None, **settings):
    config = TrainingConfig(graph_network=False, **settings)
    stages = Stages((told if told is not None else []).append)
    attributes = Attributes.of(snapshot)
    n_entities = len(snapshot.entities)
    roles = attributes.by_role(n_entities)
    n_items = len(snapshot.items)
    networks = Networks(roles, n_items, n_entities, config=config, stages=stages, work=None)
    return Chooser(X, attributes, rule, config=config, stages=stages).choose(networks)


@pytest.fixture
def events(films):
    rule = ProfileRule.fit(films.events, preset("films").event_strengths, half_life_s=None)
    return rule, Histories(films.events, rule).matrix(len(films.items))


def test_a_small_catalog_is_chosen_on_three_folds(films, events):
    told = []
    choice = choice_of(films, *events, told)
    assert len(choice.networks) == 3
    assert choice.notes == ()
    assert sum(choice.figures["sum"]) > sum(choice.figures["popularity"])
    assert {"choosing the item graph", "weighing the components"} <= {e.stage for e in told}


def test_the_number_of_folds_can_be_set(films, events):
    assert len(choice_of(films, *events, folds=1).networks) == 1


def test_with_too_few_users_the_defaults_hold_and_it_is_said(films, events):
    rule, X = events
    few = sp.vstack([X[: MIN_USERS - 1], sp.csr_matrix((1, X.shape[1]), dtype=np.float32)])
    choice = choice_of(films, rule, few.tocsr())
    assert choice.recipe == ItemGraphRecipe()
    assert choice.gate.to_json() == Gate.default().to_json()
    assert "defaults hold" in choice.notes[0]
