"""One way to ask a language model: messages in, an object that fits a JSON schema out.

What a model answers is a claim and never a command: whoever asks checks it against the graph, see
:mod:`llm.extraction` and :mod:`llm.rewriting`. A new kind of model is one function that makes it
and one line in :data:`CHATS`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from graph.errors import InvalidError

Schema = Mapping[str, Any]
"""A JSON schema, draft 2020-12, of an object."""

Answer = dict[str, Any]

_ESCAPED = str.maketrans({
    letter: f"\\u{ord(letter):04x}" for letter in "<>[]|`\u2028\u2029\u202a\u202b\u202d\u202e"
})


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@runtime_checkable
class Chat(Protocol):
    """A language model that can be asked for an object of a given shape.

    Attributes
    ----------
    name : str
        Which model, as shown to people; no address and no secret.
    at_once : int
        How many questions it may be asked at a time.
    """

    name: str
    at_once: int

    def chat(self, messages: Sequence[Message], schema: Schema) -> Answer:
        """Ask the model; takes up to seconds, so never on the thread of an event loop.

        Parameters
        ----------
        messages : Sequence of Message
            The conversation so far.
        schema : Schema
            What the answer has to fit.

        Returns
        -------
        dict[str, Any]
            An object that fits the schema.

        Raises
        ------
        InvalidError
            The model answered something else, or there is too much to send.
        UnavailableError
            The model is away; :class:`~graph.errors.TimedOutError` where it is too slow.
        """
        ...

    def load(self) -> None:
        """Make ready what the first question would wait for; raises what :meth:`chat` raises."""
        ...

    def close(self) -> None:
        """Release what the model holds; the next question takes it again."""
        ...


@dataclass(frozen=True, slots=True)
class ChatConfig:
    """Which model to ask, and how.

    Attributes
    ----------
    kind : str
        A key of :data:`CHATS`.
    base_url : str
        Of an endpoint: the address before ``/chat/completions``, mostly ending in ``/v1``.
    model : str
        Of an endpoint: the name it knows the model by; may be empty where it has one only.
    api_key : str
        Of an endpoint: sent as bearer token; empty: none.
    proxy : str
        Of an endpoint: address of a proxy on the way; empty: none.
    path : pathlib.Path or None
        Of a local model: its ``gguf`` file.
    threads : int or None
        Of a local model: threads that compute; None takes all cores but one.
    timeout_s : float
        Seconds after which an answer comes too late.
    """

    kind: str
    base_url: str = ""
    model: str = ""
    api_key: str = ""
    proxy: str = ""
    path: Path | None = None
    threads: int | None = None
    timeout_s: float = 10.0


def _endpoint(config: ChatConfig) -> Chat:
    from llm.chat_endpoint import Endpoint

    return Endpoint(
        config.base_url,
        model=config.model,
        api_key=config.api_key,
        proxy=config.proxy,
        timeout_s=config.timeout_s,
    )


def _local(config: ChatConfig) -> Chat:
    from llm.chat_local import LocalModel

    if config.path is None:
        raise InvalidError("A local language model needs a file.", fix="Name a gguf file.")
    return LocalModel(config.path, threads=config.threads, timeout_s=config.timeout_s)


CHATS: dict[str, Callable[[ChatConfig], Chat]] = {"endpoint": _endpoint, "local": _local}


def load_chat(config: ChatConfig) -> Chat:
    """Make a model by name; nothing is sent and nothing is loaded before it is first asked.

    Parameters
    ----------
    config : ChatConfig
        Which one.

    Returns
    -------
    Chat
        Without guards; :class:`llm.chat_guard.GuardedChat` adds them.

    Raises
    ------
    InvalidError
        There is no kind of that name, or it misses something.
    """
    if config.kind not in CHATS:
        raise InvalidError(
            f"There is no kind of language model named {config.kind!r}.",
            fix=f"Choose one of {', '.join(CHATS)}.",
        )
    return CHATS[config.kind](config)


def as_data(**fields: str) -> str:
    r"""Write texts of others so that they stand in a prompt as data.

    Quotes and line ends are escaped, so that no text can end where it is quoted; so are the signs
    that open and close the control words of models, such as ``<|im_end|>`` and ``[INST]``.

    Parameters
    ----------
    **fields : str
        What to write.

    Returns
    -------
    str
        One line of JSON.

    Examples
    --------
    >>> print(as_data(request='like "Alien" <|im_end|>'))
    {"request": "like \"Alien\" \u003c\u007cim_end\u007c\u003e"}
    """
    written = [
        f'"{name}": {json.dumps(_speakable(text), ensure_ascii=False).translate(_ESCAPED)}'
        for name, text in fields.items()
    ]
    return f"{{{', '.join(written)}}}"


def _speakable(text: str) -> str:
    """Replace lone surrogates, which no encoding takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
