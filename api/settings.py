"""Every setting of Whyrec, from the environment and ``whyrec.toml``.

``WHYREC_NEO4J__URI=bolt://graph:7687`` and ::

    [neo4j]
    uri = "bolt://graph:7687"

say the same; the environment wins. ``docs/settings.md`` describes each one.
"""

import json
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from api.setting_groups import (
    ChatSettings,
    ConsoleSettings,
    Folder,
    LimitSettings,
    LogSettings,
    Neo4jSettings,
    ServerSettings,
    ServingSettings,
    TrainingSettings,
)
from graph.errors import InvalidError

ENV_PREFIX = "WHYREC_"
ENV_DELIMITER = "__"
DEFAULT_NEO4J_PASSWORDS = frozenset({"neo4j", "password", "whyrec", "changeme", ""})


class Settings(BaseSettings):
    """All settings.

    Raises
    ------
    pydantic.ValidationError
        If a value is out of range; :func:`load_settings` turns it into a sentence.

    Examples
    --------
    >>> Settings(home="/srv/whyrec").snapshots_folder.name
    'snapshots'
    """

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_nested_delimiter=ENV_DELIMITER,
        env_ignore_empty=True,
        toml_file="whyrec.toml",
        extra="forbid",
        frozen=True,
    )

    home: Folder = Field(
        default=Path("~/.local/share/whyrec"),
        validate_default=True,
        description="Folder of all state: graph, snapshots, models, jobs.",
    )
    environment: Literal["development", "production"] = Field(
        default="development", description="`production` refuses default passwords."
    )
    preset: str | None = Field(
        default=None,
        description="Domain preset of the catalog, such as `films`; empty: that of the last load.",
    )
    imports: Folder | None = Field(
        default=None,
        description="Folder whose files `POST /v1/catalog/loads` may load by path; empty: none.",
    )
    neo4j: Neo4jSettings = Field(default_factory=Neo4jSettings)
    server: ServerSettings = Field(default_factory=ServerSettings)
    console: ConsoleSettings = Field(default_factory=ConsoleSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    serving: ServingSettings = Field(default_factory=ServingSettings)
    training: TrainingSettings = Field(default_factory=TrainingSettings)
    chat: ChatSettings = Field(default_factory=ChatSettings)
    log: LogSettings = Field(default_factory=LogSettings)

    @model_validator(mode="after")
    def _refuse_default_password(self) -> Self:
        exposed = self.environment == "production" and self.neo4j.uri is not None
        if exposed and self.neo4j.password.get_secret_value() in DEFAULT_NEO4J_PASSWORDS:
            raise ValueError(
                "neo4j.password is a default one, which is refused in production: "
                "set WHYREC_NEO4J__PASSWORD"
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read constructor arguments, then the environment, then ``whyrec.toml``."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def graph_file(self) -> Path:
        """File of the embedded store."""
        return self.home / "graph.db"

    @property
    def preset_file(self) -> Path:
        """File that remembers the preset of the last load."""
        return self.home / "preset"

    @property
    def snapshots_folder(self) -> Path:
        """Folder of all snapshots."""
        return self.home / "snapshots"

    @property
    def models_folder(self) -> Path:
        """Folder of all models and of the file that names the active one."""
        return self.home / "models"

    @property
    def encoders_folder(self) -> Path:
        """Folder of the adapters and exports of text encoders, and of the choice among them."""
        return self.home / "encoders"

    @property
    def jobs_folder(self) -> Path:
        """Folder of the records of all jobs."""
        return self.home / "jobs"

    @property
    def loads_folder(self) -> Path:
        """Folder of the state that lets an interrupted load go on."""
        return self.home / "loads"

    @property
    def uploads_folder(self) -> Path:
        """Folder of uploaded files until their job has ended."""
        return self.home / "uploads"

    @property
    def exports_folder(self) -> Path:
        """Folder of exports that nobody named a place for."""
        return self.home / "exports"

    @property
    def work_folder(self) -> Path:
        """Folder of checkpoints and training curves."""
        return self.home / "training"


def to_child(settings: Settings) -> bytes:
    """Write settings for the standard input of a child process: passwords are in clear.

    Parameters
    ----------
    settings : Settings
        The settings of this process.

    Returns
    -------
    bytes
        JSON that :func:`from_parent` reads.
    """
    content = settings.model_dump(mode="json")
    content["neo4j"]["password"] = settings.neo4j.password.get_secret_value()
    del content["chat"]  # what loads and learns asks no language model
    return json.dumps(content).encode()


def from_parent(content: bytes) -> Settings:
    """Read what :func:`to_child` wrote; nothing else can change it."""
    return Settings(**json.loads(content))


def load_settings() -> Settings:
    """Read the settings of this process.

    Returns
    -------
    Settings
        From the environment and ``whyrec.toml`` in the current folder.

    Raises
    ------
    InvalidError
        If a setting is unknown or out of range; says which.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in line['loc']) or 'settings'}: {line['msg']}"
            for line in error.errors(include_input=False, include_url=False)
        )
        raise InvalidError(
            f"The settings cannot be used. {problems}.",
            fix="See docs/settings.md; settings are WHYREC_ variables or lines of whyrec.toml.",
        ) from error
    except ValueError as error:
        raise InvalidError(
            f"whyrec.toml cannot be read: {error}.", fix="Check its syntax; see docs/settings.md."
        ) from error
