"""The groups that settings come in; :mod:`api.settings` reads them."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

MIB = 1024 * 1024

Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser())]


class Section(BaseModel):
    """A group of settings: unknown names are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Neo4jSettings(Section):
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


class ServerSettings(Section):
    """How the HTTP server listens."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one."
    )
    workers: int = Field(default=1, ge=1, le=64, description="Processes that serve.")
    root_path: str = Field(default="", description="Path prefix that a proxy in front strips.")


class ConsoleSettings(Section):
    """The pages for people, at ``/``; see docs/console.md."""

    enabled: bool = Field(
        default=True,
        description="Whether they are served; more than one worker does without them.",
    )


class LimitSettings(Section):
    """What a single request may ask for."""

    body_bytes: int = Field(
        default=8 * MIB, ge=1024, description="Largest request body, except for catalog uploads."
    )
    upload_bytes: int = Field(
        default=2048 * MIB, ge=1024, description="Largest body of a catalog upload."
    )


class ServingSettings(Section):
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


class TrainingSettings(Section):
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
    reasons: float = Field(
        default=0.005,
        ge=0,
        le=0.1,
        description="Share of Recall@20 + NDCG@20 on validation that reasons which vary are worth; "
        "0: the best lists, whatever their reasons.",
    )
    encoder: str | None = Field(
        default=None,
        description="Text encoder: `use-m3` (bilingual), `minilm` (English), `minilm+NAME` (with "
        "an adapter) or `none`; empty: what `whyrec adapt --use` chose, else `use-m3`.",
    )
    requests: Path | None = Field(
        default=None,
        description="File of logged requests (columns `query`, `item`, `user`) to learn from.",
    )
    neighbours_written: int = Field(
        default=50,
        ge=0,
        le=200,
        description="Learned neighbours an item that are written to the store as SIMILAR_TO.",
    )
    close_written: int = Field(
        default=25,
        ge=0,
        le=200,
        description="The same for neighbours by learned vectors, written as CLOSE_TO.",
    )

    def but(self, **given: str | float | Path | None) -> Self:
        """Return these settings with what is given in the place of what they say."""
        return self.model_copy(update={k: v for k, v in given.items() if v is not None})


class ChatSettings(Section):
    """Which language model helps the rules, if any: see docs/chat.md."""

    kind: Literal["off", "endpoint", "local"] = Field(
        default="off",
        description="`endpoint` asks an OpenAI-compatible server, `local` runs a model in this "
        "process, `off` asks nobody.",
    )
    base_url: str = Field(default="", description="Address of the endpoint, up to `/v1`.")
    model: str = Field(default="", description="What the endpoint calls the model.")
    api_key: SecretStr = Field(
        default=SecretStr(""), description="Key for the endpoint; empty: none is sent."
    )
    proxy: str = Field(
        default="", description="Proxy on the way to the endpoint; empty: none is used."
    )
    path: Folder | None = Field(default=None, description="`gguf` file of the local model.")
    threads: int | None = Field(
        default=None,
        ge=1,
        le=512,
        description="Threads of the local model; empty: all cores but one.",
    )
    timeout_s: float = Field(
        default=10.0, gt=0, le=600, description="Seconds that a request waits for the model."
    )
    rewrite: bool = Field(
        default=False,
        description="Whether explanations may be rewritten by the model where a request asks "
        "for it.",
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "endpoint" and not self.base_url:
            raise ValueError("chat.kind is endpoint: set WHYREC_CHAT__BASE_URL as well")
        if self.kind == "local" and self.path is None:
            raise ValueError("chat.kind is local: set WHYREC_CHAT__PATH to a gguf file")
        return self


class LogSettings(Section):
    """What is logged, always to stderr."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe level that is logged."
    )
    format: Literal["json", "console"] = Field(
        default="json", description="`json` for machines, `console` for people."
    )
