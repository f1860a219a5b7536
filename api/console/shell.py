"""What surrounds every page: header, navigation, switches, and the main part."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import Request
from nicegui import events, ui

from api.console.frame import DARK_COOKIE, LANGUAGE_COOKIE, Frame, darkness_of, language_of
from api.console.places import PLACES, Place
from api.console.tags import block, text, with_attributes
from api.console.texts import Texts

_STYLES = (Path(__file__).parent / name for name in ("console.css", "pages.css"))
_STYLE = "".join(file.read_text(encoding="utf-8") for file in _STYLES)
_LOGO = """<svg viewBox="0 0 32 32" aria-hidden="true"><g fill="none" stroke="currentColor"
 stroke-width="2.4"><path d="M7 16 L16 8 L25 16 L16 24 Z"/></g><g fill="currentColor">
<circle cx="7" cy="16" r="4"/><circle cx="16" cy="8" r="3.2"/><circle cx="16" cy="24" r="3.2"/>
<circle cx="25" cy="16" r="4"/></g></svg>"""
_KEEP = "max-age=31536000;path=/;samesite=lax"
_TOLD_DARK = "whyrec-dark"
_TELL_DARK = f"emitEvent('{_TOLD_DARK}', Quasar.Dark.isActive)"
_TOGGLE_DARK = f"""() => {{
    Quasar.Dark.toggle();
    document.cookie = '{DARK_COOKIE}=' + (Quasar.Dark.isActive ? 1 : 0) + ';{_KEEP}';
    {_TELL_DARK};
}}"""


@contextmanager
def shell(request: Request, place: Place) -> Iterator[Frame]:
    """Draw what surrounds a page; the page itself is drawn inside the ``with`` statement.

    Parameters
    ----------
    request : Request
        The request for the page.
    place : Place
        Which page.

    Yields
    ------
    Frame
        What the page is given.
    """
    frame = frame_of(request)
    texts, client = frame.texts, ui.context.client
    client.page = ui.page(
        place.path,
        title=f"{texts(place.name)} · Whyrec",
        language="zh-CN" if texts.language == "zh" else "en-US",
        dark=darkness_of(request),
    )
    client.on_exception(frame.tell)
    ui.add_head_html(f"<style>{_STYLE}</style>")
    _header(frame, place)
    # NiceGUI's page is the main landmark already; this is what the first link of the page leads to.
    main = block("div", "console-main", id="main", tabindex="-1")
    ui.on(_TOLD_DARK, lambda event: _turned(frame, event))
    client.on_connect(lambda: frame.run(_TELL_DARK))
    with main:
        yield frame


def frame_of(request: Request) -> Frame:
    """Return what a page is given; the service comes with the request."""
    return Frame(
        request.state.services,
        request.state.jobs,
        Texts(language_of(request)),
        request,
        ui.context.client,
        bool(darkness_of(request)),
    )


def _turned(frame: Frame, event: events.GenericEventArguments) -> None:
    frame.turn(dark=bool(event.args))


def _header(frame: Frame, here: Place) -> None:
    texts = frame.texts
    with ui.header(elevated=False).classes("console-header"):
        with_attributes(text("a", texts("skip"), "nicegui-skip-link"), href="#main")
        with block("a", "console-brand", href=frame.address("/"), aria_label=texts("console")):
            ui.html(_LOGO, sanitize=False, tag="span").classes("console-logo")
            text("span", "Whyrec", "console-name")
        with block("nav", "console-nav", aria_label=texts("nav")):
            for place in PLACES:
                current = "page" if place == here else None
                with block("a", aria_current=current) as link:
                    frame.leads_to(place.path, link)
                    ui.icon(place.icon).props("aria-hidden=true")
                    text("span", texts(place.name))
        with block("div", "console-switches"):
            _language_switch(texts)
            button = ui.button(icon="contrast").props("flat round dense color=none")
            with_attributes(button, aria_label=texts("dark"), title=texts("dark"))
            button.on("click", js_handler=_TOGGLE_DARK)


def _language_switch(texts: Texts) -> None:
    other = "en" if texts.language == "zh" else "zh"
    button = ui.button(texts("language.other")).props("flat dense no-caps color=none")
    with_attributes(button, title=texts("language.switch"), lang=other)
    keep = f"document.cookie = '{LANGUAGE_COOKIE}={other};{_KEEP}'"
    button.on("click", js_handler=f"() => {{ {keep}; location.reload(); }}")
