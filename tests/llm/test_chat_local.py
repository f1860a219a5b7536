import threading
from pathlib import Path

import httpx
import pytest

from graph.errors import InvalidError, NotFoundError, TimedOutError, UnavailableError
from llm.chat import Message
from llm.chat_local import LocalModel, gguf_in_package

YES = {
    "type": "object",
    "properties": {"yes": {"type": "boolean"}},
    "required": ["yes"],
    "additionalProperties": False,
}


def test_the_model_of_a_package_is_found_without_importing_it(gguf):
    assert gguf.suffix == ".gguf"
    with pytest.raises(UnavailableError, match="no_such_package"):
        gguf_in_package("no_such_package")
    with pytest.raises(UnavailableError):
        gguf_in_package("json")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(NotFoundError, match=r"gone\.gguf"):
        LocalModel(Path("/nowhere/gone.gguf")).load()


def test_a_file_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / "text.gguf"
    path.write_text("this is no model")
    model = LocalModel(path)
    with pytest.raises(InvalidError, match=r"text\.gguf"):
        model.chat([Message("user", "Hello")], YES)


def test_a_model_answers_several_at_once_stops_in_time_and_is_released(gguf):
    model = LocalModel(gguf, threads=1, timeout_s=30.0, max_tokens=32)
    answers: list[dict] = []

    def ask(number: int) -> None:
        answers.append(model.chat([Message("user", f"Is {number} even?")], YES))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [set(answer) for answer in answers] == [{"yes"}] * 3
    address = model._ready()._url
    assert httpx.post(address, json={}, trust_env=False).status_code == 401  # only for this process
    model.close()
    with pytest.raises(httpx.ConnectError):
        httpx.post(address, json={}, trust_env=False)


def test_a_slow_answer_ends_in_time(gguf):
    model = LocalModel(gguf, threads=1, timeout_s=0.3, max_tokens=1000)
    model.load()
    with pytest.raises(TimedOutError):
        model.chat([Message("user", "Tell a long story.")], {"type": "object"})
    model.close()
