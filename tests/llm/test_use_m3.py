import numpy as np

from llm.use_m3 import UseM3Encoder


def test_more_threads_change_nothing_but_rounding(use_m3):
    texts = ["a quiet film", "一部安静的电影"] * 20
    np.testing.assert_allclose(
        UseM3Encoder(threads=2).encode(texts), use_m3.encode(texts), atol=1e-5
    )
