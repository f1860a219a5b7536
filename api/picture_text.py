"""Text in pictures: how wide it is, how it is shortened and broken into lines, and as safe SVG.

A picture is drawn without knowing the font of whoever looks at it, so widths are estimates that
rather say too much.
"""

import re
import unicodedata
from html import escape

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW = frozenset("iljtfrI.,:;'|!()[]·-")
_ELLIPSIS = "…"

FONTS = (
    "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'Noto Sans CJK SC', "
    "'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', 'DejaVu Sans', sans-serif"
)
INK, SOFT, GROUND, RIM = "#1f2937", "#5b6472", "#ffffff", "#e5e7eb"


def xml(text: str) -> str:
    r"""Write text so that XML shows it: markup escaped, characters that XML forbids left out.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Safe between tags and between quotes.

    Examples
    --------
    >>> xml('<b>"\x00')
    '&lt;b&gt;&quot;'
    """
    return escape(without_forbidden(text), quote=True)


def without_forbidden(text: str) -> str:
    """Leave out the characters that no XML document may hold."""
    return _NOT_IN_XML.sub("", text)


def text_svg(  # noqa: PLR0913
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    bold: str = "",
    colour: str = INK,
    anchor: str = "start",
    weight: int = 400,
) -> str:
    """Write one line of text, with a rim in the colour of the ground where it covers something.

    Parameters
    ----------
    x, y : float
        Where the baseline starts, or has its middle or end, in pixels.
    text : str
        Any text.
    size : float
        Font size in pixels.
    bold : str
        More text behind it, in bold.
    colour : str
        Colour of the text.
    anchor : str
        ``"start"``, ``"middle"`` or ``"end"``: which point of the line stands at ``x``.
    weight : int
        Font weight.

    Returns
    -------
    str
        A ``text`` element.
    """
    more = f"<tspan dx='5' font-weight='600' fill='{INK}'>{xml(bold)}</tspan>" if bold else ""
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size:g}' font-weight='{weight}' "
        f"fill='{colour}' text-anchor='{anchor}' paint-order='stroke' stroke='{GROUND}' "
        f"stroke-width='4' stroke-linejoin='round'>{xml(text)}{more}</text>"
    )


def width(text: str, size: float) -> float:
    """Estimate how wide text is drawn.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Font size in pixels.

    Returns
    -------
    float
        Pixels.
    """
    return size * sum(map(_ems, text))


def shortened(text: str, size: float, room: float) -> str:
    """Cut text to a width, with an ellipsis where something is missing.

    Parameters
    ----------
    text : str
        One line.
    size, room : float
        Font size and width in pixels.

    Returns
    -------
    str
        The text, or its beginning.

    Examples
    --------
    >>> shortened("The Empire Strikes Back", 12, 80)
    'The Empire…'
    """
    if width(text, size) <= room:
        return text
    kept = ""
    for character in text:
        if width(kept + character + _ELLIPSIS, size) > room:
            break
        kept += character
    while kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS


def lines(text: str, size: float, room: float, n_most: int) -> list[str]:
    """Break text into lines; the last one is cut where it does not end there.

    Parameters
    ----------
    text : str
        Words, or characters of a language that is written without spaces.
    size, room : float
        Font size and width in pixels.
    n_most : int
        How many lines at most.

    Returns
    -------
    list of str
        At least one.

    Examples
    --------
    >>> lines("The Empire Strikes Back", 12, 80, 2)
    ['The Empire', 'Strikes Back']
    """
    result = [""]
    pieces = _pieces(text)
    for at, piece in enumerate(pieces):
        longer = result[-1] + piece
        if not result[-1].strip() or width(longer.rstrip(), size) <= room:
            result[-1] = longer
        elif len(result) < n_most:
            result.append(piece)
        else:
            result[-1] += "".join(pieces[at:])
            break
    return [shortened(line.strip(), size, room) for line in result]


def _pieces(text: str) -> list[str]:
    """Split text where a line may end: behind spaces and behind wide characters."""
    pieces = [""]
    for character in text:
        if pieces[-1] and (pieces[-1].endswith(" ") or _may_end(pieces[-1][-1], character)):
            pieces.append("")
        pieces[-1] += character
    return pieces


def _may_end(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters: never in front of a full stop."""
    return _is_wide(before) and _is_wide(after) and unicodedata.category(after)[0] != "P"


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}


def _ems(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return 0.0
    if _is_wide(character):
        return 1.0
    if character in _NARROW:
        return 0.36
    return 0.70 if character.isupper() or character in "mwMW%@—" else 0.56
