"""What stands around every language model: bounds, a memory of answers, a circuit breaker."""

import copy
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from threading import BoundedSemaphore, Lock

from cachetools import TTLCache

from graph.errors import InvalidError, UnavailableError
from llm.breaker import Breaker
from llm.chat import Answer, Chat, Message, Schema

MAX_SENT_CHARACTERS = 16_000
_REMEMBERED = 1000
_REMEMBERED_S = 3600.0
_BUSY = "The language model is busy with other requests."


class GuardedChat:
    """A model that cannot hold up or flood those who ask it.

    Answers are remembered for an hour, in memory only, under a hash of the question. What comes
    while the model has as many questions as it may be asked at a time is refused at once, and so is
    everything while the breaker is open.

    Parameters
    ----------
    chat : Chat
        The model.
    breaker : Breaker or None
        Counts its failures; None makes one with the usual numbers.

    Attributes
    ----------
    name, at_once : str, int
        Those of the model.
    breaker : Breaker
        Tells whether the model is asked now.
    """

    def __init__(self, chat: Chat, *, breaker: Breaker | None = None) -> None:
        self.name = chat.name
        self.at_once = chat.at_once
        self.breaker = breaker or Breaker("The language model")
        self._chat = chat
        self._free = BoundedSemaphore(chat.at_once)
        self._answers: TTLCache[bytes, Answer] = TTLCache(_REMEMBERED, _REMEMBERED_S)
        self._lock = Lock()

    def chat(self, messages: Sequence[Message], schema: Schema) -> Answer:
        """Ask the model, or remember what it said; see :meth:`llm.chat.Chat.chat`."""
        key = _fingerprint(messages, schema)
        with self._lock:
            known = self._answers.get(key)
        if known is not None:
            return copy.deepcopy(known)
        n_characters = sum(len(message.content) for message in messages)
        if n_characters > MAX_SENT_CHARACTERS:
            raise InvalidError(
                f"The question to the language model has {n_characters} characters.",
                fix=f"Send at most {MAX_SENT_CHARACTERS}.",
            )
        answer = self._asked(messages, schema)
        with self._lock:
            self._answers[key] = copy.deepcopy(answer)
        return answer

    def load(self) -> None:
        """Make the model ready; see :meth:`llm.chat.Chat.load`."""
        self._chat.load()

    def close(self) -> None:
        """Release the model; see :meth:`llm.chat.Chat.close`."""
        self._chat.close()

    def _asked(self, messages: Sequence[Message], schema: Schema) -> Answer:
        if not self._free.acquire(blocking=False):
            raise UnavailableError(_BUSY, retry_after_s=1.0)
        try:
            with self.breaker.attempt():
                return self._chat.chat(messages, schema)
        finally:
            self._free.release()


def _fingerprint(messages: Sequence[Message], schema: Schema) -> bytes:
    content = json.dumps([[asdict(message) for message in messages], schema], sort_keys=True)
    return hashlib.sha256(content.encode()).digest()
