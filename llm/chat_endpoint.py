"""Ask any server that speaks the OpenAI protocol: vLLM, Ollama, llama.cpp, hosted ones."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Literal

import httpx

from graph.errors import InvalidError, TimedOutError, UnavailableError
from llm.chat import Answer, Message, Schema
from llm.chat_answer import answer_in

MAX_READ_BYTES = 256 * 1024
MAX_TOKENS = 512
_AT_ONCE = 4

Format = Literal["json_schema", "json_object", "none"]
_AFTER: dict[Format, Format] = {"json_schema": "json_object", "json_object": "none"}
_LATER_LENGTH = "max_completion_tokens"
_MAY_BE_DIALECT = frozenset({400, 415, 422, 501})
_FIX_ADDRESS = "Check the address of the language model, and whether its server runs."


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server turned out to understand.

    Attributes
    ----------
    format : Format
        How it is told the shape of the answer; ``"none"`` only in words.
    length_field : str
        What it calls the longest answer.
    takes_temperature : bool
        Whether it lets the caller choose how much chance plays a part.
    """

    format: Format = "json_schema"
    length_field: str = "max_tokens"
    takes_temperature: bool = True

    def after(self, complaint: str) -> "Dialect | None":
        """Return what to try after a complaint of the server; None when all was tried."""
        if self.length_field != _LATER_LENGTH and _LATER_LENGTH in complaint:
            return replace(self, length_field=_LATER_LENGTH)
        if self.takes_temperature and "temperature" in complaint:
            return replace(self, takes_temperature=False)
        later = _AFTER.get(self.format)
        return None if later is None else replace(self, format=later)


class Endpoint:
    """A server that speaks the OpenAI protocol.

    A server that does not know ``json_schema`` is asked for ``json_object``, one that does not know
    that either is told in words; what it understood is remembered. The answer is checked against
    the schema either way. Redirections are not followed, and no proxy is used unless given.

    Parameters
    ----------
    base_url : str
        The address before ``/chat/completions``.
    model : str
        As the server calls it; empty where it has one only.
    api_key : str
        Sent as bearer token; empty: none.
    timeout_s : float
        Seconds for one answer, from the connection to the last byte.
    max_tokens : int
        Longest answer, in tokens.
    proxy : str
        Address of a proxy; empty: none.

    Raises
    ------
    InvalidError
        The address is none.
    """

    def __init__(
        self,
        base_url: str,
        *,
        model: str = "",
        api_key: str = "",
        timeout_s: float = 10.0,
        max_tokens: int = MAX_TOKENS,
        proxy: str = "",
    ) -> None:
        self.name = model or "endpoint"
        self.at_once = _AT_ONCE
        self.dialect = Dialect()
        self._url = _completions_url(base_url)
        self._model = model
        self._api_key = api_key
        self._timeout_s = timeout_s
        self._max_tokens = max_tokens
        self._proxy = proxy or None

    def chat(self, messages: Sequence[Message], schema: Schema) -> Answer:
        """Ask the model; see :meth:`llm.chat.Chat.chat`."""
        self.load()
        try:
            content, is_cut_off = asyncio.run(self._answered(messages, schema))
        except (TimeoutError, httpx.TimeoutException) as error:
            raise TimedOutError(
                f"The language model did not answer within {self._timeout_s:g} seconds.",
                fix="Allow more time, or use a smaller model or a faster machine.",
            ) from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise UnavailableError(
                f"The language model cannot be reached ({type(error).__name__}).", fix=_FIX_ADDRESS
            ) from error
        try:
            return answer_in(content, schema)
        except InvalidError as error:
            if not is_cut_off:
                raise
            raise InvalidError(
                f"The language model did not come to an end within {self._max_tokens} tokens.",
                fix="Use a model that answers briefly.",
            ) from error

    def load(self) -> None:
        """Read the certificates to trust."""
        _ = self._trusted

    def close(self) -> None:
        """Do nothing: no connection outlives its answer."""

    async def _answered(self, messages: Sequence[Message], schema: Schema) -> tuple[str, bool]:
        """Ask in one dialect after the other, all within the time for one answer."""
        async with asyncio.timeout(self._timeout_s), self._client() as client:
            dialect = self.dialect
            while True:
                request = self._request(messages, schema, dialect)
                status, body = await self._posted(client, request)
                if status == httpx.codes.OK:
                    self.dialect = dialect
                    return _content(body)
                later = dialect.after(body) if status in _MAY_BE_DIALECT else None
                if later is None:
                    raise _refusal(status)
                dialect = later

    def _client(self) -> httpx.AsyncClient:
        headers = {"Accept-Encoding": "identity"}
        if self._api_key:
            headers["Authorization"] = f"Bearer {self._api_key}"
        return httpx.AsyncClient(
            headers=headers,
            timeout=self._timeout_s,
            trust_env=False,
            proxy=self._proxy,
            verify=self._trusted,
        )

    @cached_property
    def _trusted(self) -> Any:
        """The certificates to trust; reading them takes longer than a whole request."""
        return httpx.create_ssl_context(trust_env=False)

    def _request(
        self, messages: Sequence[Message], schema: Schema, dialect: Dialect
    ) -> dict[str, Any]:
        written = [asdict(message) for message in messages]
        body: dict[str, Any] = {"messages": written, dialect.length_field: self._max_tokens}
        if self._model:
            body["model"] = self._model
        if dialect.takes_temperature:
            body["temperature"] = 0
        if dialect.format == "json_schema":
            named = {"name": "answer", "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
            return body
        if dialect.format == "json_object":
            body["response_format"] = {"type": "json_object"}
        asked = f"Answer with nothing but one JSON object of this JSON schema: {json.dumps(schema)}"
        body["messages"] = [{"role": "system", "content": asked}, *written]
        if written and written[0]["role"] == "system":  # many templates take only one
            joined = f"{written[0]['content']}\n\n{asked}"
            body["messages"] = [{"role": "system", "content": joined}, *written[1:]]
        return body

    async def _posted(self, client: httpx.AsyncClient, body: dict[str, Any]) -> tuple[int, str]:
        """Send a request and read the answer, but not more of it than an answer may have."""
        async with client.stream("POST", self._url, json=body) as response:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise InvalidError("The language model's server sends packed answers unasked.")
            read = bytearray()
            async for block in response.aiter_raw():
                read += block
                if len(read) > MAX_READ_BYTES:
                    raise InvalidError(
                        f"The language model's answer is larger than {MAX_READ_BYTES} bytes."
                    )
            return response.status_code, read.decode("utf-8", "replace")


def _completions_url(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(f"{base_url.rstrip('/')}/chat/completions")
    except httpx.InvalidURL as error:
        raise InvalidError("The address of the language model is none.") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise InvalidError(
            "The address of the language model is none.",
            fix="It begins with http:// or https:// and mostly ends with /v1.",
        )
    return url


def _content(body: str) -> tuple[str, bool]:
    """Take the text of the answer, and whether it was cut off, out of the envelope."""
    try:
        choice = json.loads(body)["choices"][0]
        content, is_cut_off = choice["message"]["content"], choice.get("finish_reason") == "length"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidError(
            "The server answered nothing that the OpenAI protocol knows.",
            fix="Check that the address is that of an OpenAI-compatible server.",
        ) from error
    if not isinstance(content, str):
        raise InvalidError("The language model answered no text.")
    return content, is_cut_off


def _refusal(status: int) -> UnavailableError:
    """Turn a status into an error; what the server says about it may hold secrets of its own."""
    if status in {401, 403}:
        return UnavailableError(
            f"The language model's server refused the key (status {status}).",
            fix="Check the api_key.",
        )
    return UnavailableError(
        f"The language model's server answered with status {status}.", fix=_FIX_ADDRESS
    )
