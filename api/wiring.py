"""The composition root: the only place that knows which parts are used."""

from api.assistant import Assistant
from api.encoders import EncoderShelf
from api.learning import Learning
from api.served import Served
from api.services import Services
from api.setting_groups import ChatSettings
from api.settings import Settings
from api.state import CatalogPreset, ModelShelf, SnapshotShelf
from graph.errors import InvalidError
from graph.store import GraphStore
from llm.chat import Chat, ChatConfig, load_chat


def store_of(settings: Settings) -> GraphStore:
    """Make the store that the settings name; nothing is connected or created yet."""
    neo4j = settings.neo4j
    if neo4j.uri is not None:
        from graph.neo4j_store import Neo4jStore

        return Neo4jStore(
            neo4j.uri,
            neo4j.user,
            neo4j.password.get_secret_value(),
            database=neo4j.database,
            query_timeout_s=neo4j.query_timeout_s,
        )
    from graph.embedded_store import EmbeddedStore

    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidError(
            f"The folder {settings.home} cannot be made: {error.strerror}.",
            fix="Set WHYREC_HOME to a folder that can be written.",
        ) from error
    return EmbeddedStore(settings.graph_file)


def chat_of(settings: ChatSettings) -> Chat | None:
    """Make the language model that the settings name; nothing is sent or loaded yet."""
    if settings.kind == "off":
        return None
    return load_chat(
        ChatConfig(
            settings.kind,
            base_url=settings.base_url,
            model=settings.model,
            api_key=settings.api_key.get_secret_value(),
            proxy=settings.proxy,
            path=settings.path,
            threads=settings.threads,
            timeout_s=settings.timeout_s,
        )
    )


def preset_of(settings: Settings) -> CatalogPreset:
    """Make what tells the preset of the catalog."""
    return CatalogPreset(settings.preset_file, chosen=settings.preset)


def encoders_of(settings: Settings) -> EncoderShelf:
    """Make the shelf of the text encoders; nothing is loaded yet."""
    return EncoderShelf(settings.encoders_folder, chosen=settings.training.encoder)


async def build(settings: Settings, *, serving: bool = True) -> Services:
    """Put the service together.

    Parameters
    ----------
    settings : Settings
        All settings.
    serving : bool
        Whether answers will be asked for: then the newest snapshot and the active model are loaded,
        and a store that is away is no error. Loading and training do without.

    Returns
    -------
    Services
        Ready to be called; ``await services.close()`` when done.
    """
    domain = preset_of(settings)
    domain.current()  # an unknown name is told here, not with the first request
    assistant = Assistant(chat_of(settings.chat), rewrites=settings.chat.rewrite)
    store = store_of(settings)
    learning = Learning(settings.training, domain, settings.work_folder, encoders_of(settings))
    shelf = ModelShelf(settings.models_folder, keep=settings.serving.keep_models)
    snapshots = SnapshotShelf(settings.snapshots_folder, keep=settings.serving.keep_snapshots)
    served = Served(store, domain, learning, shelf, snapshots)
    if serving:
        await served.open()
    else:
        await store.prepare()
    return Services(settings, store, domain, learning, shelf, served, assistant)
