import numpy as np
import pytest

from llm.adapter import Adapter, fit_adapter
from llm.practice import Wording

N_DIMS = 32


class TwoTongues:
    """Encodes a word as its number; words of one tongue lie in another half than the other's."""

    name = "two tongues"
    n_dims = N_DIMS

    def encode(self, texts):
        vectors = np.zeros((len(texts), N_DIMS), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                half, _, number = word.partition("-")
                if number.isdigit() and int(number) < 15:
                    vectors[row, int(number) + 16 * (half == "b")] = 1.0
            vectors[row, 15] += 0.1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def two_names(n):
    return [Wording(at, f"{tongue}-{at}") for at in range(n) for tongue in "ab"]


def test_what_two_names_have_in_common_is_learned():
    # Nothing says that a-3 and b-3 are one thing but the catalog; some things are said both ways
    # in the lesson, and the maps need not hurt the others.
    encoder = TwoTongues()
    wordings = two_names(14) + [Wording(at, f"A-{at} b-{at}") for at in range(14)]
    adapter = fit_adapter(wordings, encoder.encode([one.text for one in wordings]), encoder)
    assert adapter is not None
    assert adapter.after >= adapter.before + 0.01
    asked = adapter.requests(encoder.encode(["a-3"]))
    names = adapter.names(encoder.encode([f"b-{at}" for at in range(14)]))
    assert int((asked @ names.T).argmax()) == 3
    np.testing.assert_allclose(np.linalg.norm(names, axis=1), 1.0, rtol=1e-5)
    assert 0.0 < adapter.sure <= 1.0


def test_it_is_the_same_each_time():
    encoder = TwoTongues()
    wordings = two_names(14) + [Wording(at, f"A-{at} b-{at}") for at in range(14)]
    vectors = encoder.encode([one.text for one in wordings])
    first, again = (fit_adapter(wordings, vectors, encoder, seed=4) for _ in range(2))
    np.testing.assert_array_equal(first.request_map, again.request_map)
    assert first.figures == again.figures


@pytest.mark.parametrize(
    "wordings",
    [[], [Wording(0, "a-1")], two_names(5), [Wording(at, f"a-{at}") for at in range(14)]],
)
def test_nothing_is_learned_from_too_little(wordings):
    encoder = TwoTongues()
    vectors = encoder.encode([one.text for one in wordings])
    assert fit_adapter(wordings, vectors, encoder) is None


def test_maps_that_do_not_help_are_not_kept():
    """Where every wording is a word of its own, no map finds what was never shown."""

    class Unrelated(TwoTongues):
        def encode(self, texts):
            rng = [np.random.default_rng(abs(hash(text)) % 2**32) for text in texts]
            vectors = np.array([one.standard_normal(N_DIMS) for one in rng], np.float32)
            vectors = vectors.reshape(len(texts), N_DIMS)
            return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encoder = Unrelated()
    wordings = [Wording(at, f"{word}{at}") for at in range(40) for word in ("x", "y")]
    adapter = fit_adapter(wordings, encoder.encode([one.text for one in wordings]), encoder)
    assert adapter is None or adapter.after >= adapter.before + 0.01


def test_without_maps_nothing_moves():
    still = Adapter(np.zeros((3, 3), np.float32), np.zeros((3, 3), np.float32), 0.5)
    rows = np.eye(3, dtype=np.float32)
    np.testing.assert_array_equal(still.requests(rows), rows)
    np.testing.assert_array_equal(still.names(rows), rows)
