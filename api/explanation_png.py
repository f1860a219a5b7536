"""An explanation as a picture, PNG, for mails and wherever SVG is not shown.

Text is drawn with the fonts of the machine and, where these lack a character, with DejaVu Sans: it
comes with matplotlib and covers Latin, Greek, Cyrillic, Hebrew and Arabic letters. Chinese,
Japanese and Korean need a font of the machine.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from api.explanation_svg import as_svg
from api.picture_text import FONTS, xml
from graph.errors import UnsupportedError
from graph.presets import Preset
from ranking.domain import Explanation, Language

_NOWHERE = "\U0010fffd"
_USUAL = 0x250


def as_png(
    explanation: Explanation,
    *,
    preset: Preset,
    language: Language = "en",
    zoom: float = 2.0,
    system_fonts: bool = True,
) -> bytes:
    """Draw an explanation.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.
    preset : Preset
        Phrases of the domain.
    language : Language
        Language of the words in the picture.
    zoom : float
        Pixels of the picture for each of the 960 of the drawing's width; 2 is sharp on screens of
        double density.
    system_fonts : bool
        Whether fonts of the machine are used.

    Returns
    -------
    bytes
        A PNG file.

    Raises
    ------
    UnsupportedError
        If no font has the letters of a name, which would show as empty boxes.
    """
    svg = as_svg(explanation, preset=preset, language=language)
    lacking = sorted(
        letter for letter in _letters(svg) if not _is_drawn(letter, system_fonts=system_fonts)
    )
    if lacking:
        raise UnsupportedError(
            f"No font on this machine has the letters {''.join(lacking[:10])}, so the picture "
            "would show empty boxes.",
            fix="Install one (for Chinese, on Debian: apt install fonts-noto-cjk), or ask for "
            "svg, which is drawn by whoever looks at it.",
        )
    return _rendered(svg, zoom=zoom, system_fonts=system_fonts)


def _letters(svg: str) -> set[str]:
    """Return letters that not every font has; one stands for all Chinese characters."""
    rare = {one for one in set(svg) if ord(one) >= _USUAL and unicodedata.category(one)[0] == "L"}
    chinese = {one for one in rare if unicodedata.name(one, "").startswith("CJK")}
    return rare - chinese | ({"中"} if chinese else set())


@lru_cache(maxsize=4096)
def _is_drawn(letter: str, *, system_fonts: bool) -> bool:
    """Tell whether a letter looks different from a character that no font has."""
    return _sample(letter, system_fonts) != _sample(_NOWHERE, system_fonts)


def _sample(letter: str, system_fonts: bool) -> bytes:  # noqa: FBT001
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='24' height='24' "
        f"font-family=\"{FONTS}\"><text y='20' font-size='20'>{xml(letter)}</text></svg>"
    )
    return _rendered(svg, zoom=1.0, system_fonts=system_fonts)


def _rendered(svg: str, *, zoom: float, system_fonts: bool) -> bytes:
    import resvg_py

    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=zoom,
        skip_system_fonts=not system_fonts,
        font_files=_own_fonts(),
        sans_serif_family="DejaVu Sans",
    )


@cache
def _own_fonts() -> list[str]:
    """Return the font files that come with matplotlib."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return [str(folder / f"DejaVuSans{style}.ttf") for style in ("", "-Bold")]
