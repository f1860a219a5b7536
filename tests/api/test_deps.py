"""How routes answer."""

import numpy as np
import orjson

from api.deps import json_response


def test_an_answer_may_hold_numbers_of_numpy():
    answer = json_response({"score": np.float32(0.5), "ids": np.array([1, 2])}, status=202)
    assert orjson.loads(answer.body) == {"score": 0.5, "ids": [1, 2]}
    assert (answer.status_code, answer.media_type) == (202, "application/json")
