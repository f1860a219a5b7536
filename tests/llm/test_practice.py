import numpy as np
import pytest

from llm.practice import Wording, practice_requests, slip

WORDINGS = [
    Wording(0, "Night Trains"),
    Wording(0, "夜行列车"),
    Wording(1, "Lighthouses"),
    Wording(2, "quiet stories about the sea, told slowly", is_description=True),
]


def made(seed=1, **options):
    return practice_requests(WORDINGS, 300, random=np.random.default_rng(seed), **options)


def test_requests_say_what_they_mean():
    for request in made():
        assert {WORDINGS[at].thing for at in request.wordings} == set(request.things)
        assert 1 <= len(request.things) <= 2
        assert request.text.strip()


def test_every_thing_is_as_likely_however_many_names_it_has():
    counts = np.bincount([request.things[0] for request in made()])
    assert counts.min() > 60


def test_templates_of_the_check_are_not_those_of_the_lesson():
    def frames(requests):
        return {
            request.text.lower().replace("lighthouses", "{}")
            for request in requests
            if request.things == (1,) and "lighthouses" in request.text.lower()
        }

    learned, checked = frames(made()), frames(made(held_out=True))
    assert len(learned) > 5 < len(checked) + 3
    assert not learned & checked


def test_names_in_chinese_are_asked_for_in_chinese():
    chinese = [request for request in made() if "夜行列车" in request.text]
    assert any("推荐夜行列车" in request.text for request in chinese)


def test_the_same_seed_makes_the_same_requests():
    assert made() == made() != made(seed=2)
    assert practice_requests([], 5, random=np.random.default_rng(0)) == []


@pytest.mark.parametrize("seed", range(20))
def test_a_slip_changes_a_word_but_not_its_beginning(seed):
    slipped = slip("umbrella", np.random.default_rng(seed))
    assert slipped[0] == "u"
    assert abs(len(slipped) - 8) <= 1
    assert set(slipped) <= set("umbrella")
