"""Settings: where they come from, what is refused, and that each one is documented."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from api.settings import ENV_PREFIX, Settings, from_parent, load_settings, to_child
from graph.errors import InvalidError

DOCUMENT = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()


def names(model: type[BaseModel], path: str = ""):
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from names(kind, f"{path}{name}.")
        else:
            yield f"{path}{name}", field


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    import os

    for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("name", "field"), list(names(Settings)), ids=lambda x: str(x)[:40])
def test_every_setting_is_documented_as_variable_and_as_line_of_the_file(name, field):
    variable = ENV_PREFIX + name.replace(".", "__").upper()
    lines = [line for line in DOCUMENT.splitlines() if f"| `{variable}` | `{name}` |" in line]
    assert lines, f"docs/settings.md lacks {variable}"
    assert field.description in lines[0]


def test_defaults_need_no_server():
    settings = load_settings()
    assert settings.neo4j.uri is None
    assert settings.graph_file.name == "graph.db"
    assert settings.home.is_absolute()


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / "whyrec.toml").write_text('preset = "films"\n[server]\nport = 9\nhost = "h"\n')
    monkeypatch.setenv("WHYREC_SERVER__PORT", "8123")
    settings = load_settings()
    assert (settings.preset, settings.server.host, settings.server.port) == ("films", "h", 8123)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colour = 1\n", "colour"),
        ("[server]\nprot = 1\n", "server.prot"),
        ("[serving]\npoll_s = -1\n", "serving.poll_s"),
        ("not toml at all", "whyrec.toml"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path, text, named):
    (tmp_path / "whyrec.toml").write_text(text)
    with pytest.raises(InvalidError, match=named):
        load_settings()


def test_a_default_password_is_refused_in_production_only(monkeypatch):
    monkeypatch.setenv("WHYREC_NEO4J__URI", "bolt://graph:7687")
    assert load_settings().neo4j.user == "neo4j"
    monkeypatch.setenv("WHYREC_ENVIRONMENT", "production")
    with pytest.raises(InvalidError, match="WHYREC_NEO4J__PASSWORD"):
        load_settings()
    monkeypatch.setenv("WHYREC_NEO4J__PASSWORD", "hard-to-guess")
    assert load_settings().environment == "production"


@pytest.mark.parametrize(
    ("kind", "missing"), [("endpoint", "WHYREC_CHAT__BASE_URL"), ("local", "WHYREC_CHAT__PATH")]
)
def test_a_language_model_without_its_place_is_refused(monkeypatch, kind, missing):
    assert load_settings().chat.kind == "off"
    monkeypatch.setenv("WHYREC_CHAT__KIND", kind)
    with pytest.raises(InvalidError, match=missing):
        load_settings()
    monkeypatch.setenv(missing, "http://localhost/v1")
    assert load_settings().chat.kind == kind


def test_passwords_do_not_show(monkeypatch):
    monkeypatch.setenv("WHYREC_NEO4J__PASSWORD", "hard-to-guess")
    monkeypatch.setenv("WHYREC_CHAT__API_KEY", "hard-to-guess")
    settings = load_settings()
    assert "hard-to-guess" not in repr(settings)
    assert "hard-to-guess" not in settings.model_dump_json()


def test_a_child_process_gets_the_same_settings_whatever_its_environment(monkeypatch, tmp_path):
    settings = Settings(home=tmp_path, neo4j={"password": "hard-to-guess"}, training={"seed": 7})
    monkeypatch.setenv("WHYREC_TRAINING__SEED", "8")
    monkeypatch.setenv("WHYREC_PRESET", "films")
    same = from_parent(to_child(settings))
    assert same == settings
    assert same.neo4j.password.get_secret_value() == "hard-to-guess"


def test_a_child_process_is_told_of_no_language_model(tmp_path):
    chat = {"kind": "endpoint", "base_url": "http://localhost/v1", "api_key": "hard-to-guess"}
    written = to_child(Settings(home=tmp_path, chat=chat))
    assert b"hard-to-guess" not in written
    assert from_parent(written).chat.kind == "off"


def test_an_empty_variable_counts_as_none(monkeypatch):
    monkeypatch.setenv("WHYREC_HOME", "")
    monkeypatch.setenv("WHYREC_SERVER__PORT", "")
    settings = load_settings()
    assert settings.home == Path("~/.local/share/whyrec").expanduser()
    assert settings.server.port == 8000
