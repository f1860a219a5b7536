"""The pages of the console: where they are and what they are called."""

from dataclasses import dataclass

STATIC = "/_nicegui"
UPLOADS = f"{STATIC}/client/"


@dataclass(frozen=True, slots=True)
class Place:
    """A page.

    Attributes
    ----------
    path : str
        Its address.
    name : str
        Key of its name among the texts.
    icon : str
        Its picture in the navigation.
    """

    path: str
    name: str
    icon: str


RECOMMEND = Place("/", "nav.recommend", "auto_awesome")
RATE = Place("/rate", "nav.rate", "star_rate")
ADD = Place("/add", "nav.add", "add_circle_outline")
MODEL = Place("/model", "nav.model", "insights")
PLACES = (RECOMMEND, RATE, ADD, MODEL)


def belongs_to_console(path: str) -> bool:
    """Tell whether an address is a page of the console or one of the files that pages need."""
    is_file = path.startswith((f"{STATIC}/", f"{STATIC}_ws/"))
    return is_file or any(path == place.path for place in PLACES)
