"""Every setting of Whyrec, from the environment and ``whyrec.toml``.

``WHYREC_NEO4J__URI=bolt://graph:7687`` and ::

    [neo4j]
    uri = "bolt://graph:7687"

say the same; the environment wins. ``docs/settings.md`` describes each one.
"""

import json
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from graph.errors import InvalidError

ENV_PREFIX = "WHYREC_"
ENV_DELIMITER = "__"
DEFAULT_NEO4J_PASSWORDS = frozenset({"neo4j", "password", "whyrec", "changeme", ""})
MIB = 1024 * 1024

Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser())]


class _Section(BaseModel):
    """A group of settings: unknown names are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Neo4jSettings(_Section):
    """Where the Neo4j server is; without ``uri`` the embedded store is used."""

    uri: str | None = Field(
        default=None, description="Bolt address; set it to keep the graph in Neo4j."
    )
    user: str = Field(default="neo4j", description="Name to log in with.")
    password: SecretStr = Field(
        default=SecretStr("neo4j"),
        description="Password to log in with; a default one is refused outside development.",
    )
    database: str = Field(default="neo4j", description="Database of the server.")
    query_timeout_s: float = Field(
        default=10.0, gt=0, le=3600, description="Seconds after which the server gives up a query."
    )


class ServerSettings(_Section):
    """How the HTTP server listens."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one."
    )
    workers: int = Field(default=1, ge=1, le=64, description="Processes that serve.")
    root_path: str = Field(default="", description="Path prefix that a proxy in front strips.")


class LimitSettings(_Section):
    """What a single request may ask for."""

    body_bytes: int = Field(
        default=8 * MIB, ge=1024, description="Largest request body, except for catalog uploads."
    )
    upload_bytes: int = Field(
        default=2048 * MIB, ge=1024, description="Largest body of a catalog upload."
    )


class ServingSettings(_Section):
    """How the served copy of the graph follows the store."""

    poll_s: float = Field(
        default=1.0, gt=0, le=60, description="Seconds between looks at the store's change log."
    )
    refresh_after_s: float = Field(
        default=5.0,
        ge=0,
        le=3600,
        description="Quiet seconds before a new snapshot is made of changes too big to follow.",
    )
    refresh_after_changes: int = Field(
        default=20_000,
        ge=1,
        description="Live changes after which a new snapshot is made in the background.",
    )
    keep_snapshots: int = Field(default=2, ge=1, le=1000, description="Snapshots kept on disk.")
    keep_models: int = Field(
        default=3, ge=1, le=1000, description="Models kept on disk, the active one among them."
    )


class TrainingSettings(_Section):
    """How models are trained, unless a call says otherwise."""

    device: Literal["auto", "cpu", "cuda"] = Field(
        default="auto", description="Where to train; `auto` takes a GPU when there is one."
    )
    epochs: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="Most epochs of the graph network; empty: early stop.",
    )
    seed: int = Field(default=42, ge=0, description="Seed of everything random.")
    time_budget_s: float | None = Field(
        default=None, ge=1, description="Most seconds to learn for, about; empty: as built in."
    )
    encoder: str | None = Field(
        default=None,
        description="Text encoder: `use-m3` (bilingual), `minilm` (English), `minilm+NAME` (with "
        "an adapter) or `none`; empty: what `whyrec adapt --use` chose, else `use-m3`.",
    )
    neighbours_written: int = Field(
        default=50,
        ge=0,
        le=200,
        description="Learned neighbours an item that are written to the store as SIMILAR_TO.",
    )


class LogSettings(_Section):
    """What is logged, always to stderr."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe level that is logged."
    )
    format: Literal["json", "console"] = Field(
        default="json", description="`json` for machines, `console` for people."
    )


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
    limits: LimitSettings = Field(default_factory=LimitSettings)
    serving: ServingSettings = Field(default_factory=ServingSettings)
    training: TrainingSettings = Field(default_factory=TrainingSettings)
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
