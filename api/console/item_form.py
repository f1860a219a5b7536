"""The form of one item: what the catalog knows of its items, to fill in."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from nicegui import ui
from pydantic import ValidationError

from api.console.frame import Frame
from api.console.item_fields import ItemField, fields_of
from api.console.names_field import NamesField
from api.console.tags import block
from api.schemas import ItemRequest
from graph.domain import AttributeValue, Item
from graph.errors import InvalidError
from graph.rules import slug


class ItemForm:
    """Title, a field for each column of the catalog, text; for a new item or one to change.

    Parameters
    ----------
    frame : Frame
        The page.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._changed: Item | None = None
        texts, state = frame.texts, frame.services.recommender.state
        self._inputs: list[tuple[ItemField, Any]] = []
        self._title = ui.input(texts("add.title")).props("outlined dense maxlength=2000")
        with block("div", "form-grid item-fields"):
            for field in fields_of(state):
                self._inputs.append((field, self._input(field)))
        self._text = ui.textarea(texts("add.text")).props("outlined dense autogrow")
        self._id = ui.input(texts("add.id")).props("outlined dense maxlength=512")
        self._id.props["hint"] = texts("add.id.hint")

    @property
    def changed(self) -> Item | None:
        """The item that is being changed; None for a new one."""
        return self._changed

    def _input(self, field: ItemField) -> Any:
        title = field.title(self._frame.language)
        if field.kind == "names":
            return NamesField(self._frame, title, field.label)
        if field.kind == "flag":
            return ui.checkbox(title)
        return ui.number(title).props("outlined dense clearable")

    def fill(self, item: Item | None) -> None:
        """Show an item to change, or nothing for a new one."""
        self._changed = item
        attributes: Mapping[str, AttributeValue] = item.attributes if item else {}
        self._title.set_value(item.title if item else "")
        self._text.set_value(item.text if item else "")
        self._id.set_value(item.id if item else "")
        self._id.set_enabled(item is None)
        for field, shown in self._inputs:
            value = attributes.get(field.column)
            if field.kind == "names":
                shown.fill(_names(value))
            else:
                shown.set_value(bool(value) if field.kind == "flag" else value)

    def item(self) -> Item:
        """Return what was filled in.

        Returns
        -------
        Item
            What the form does not show of an item that is changed stays as it is.

        Raises
        ------
        InvalidError
            If there is no title, or a value cannot be one.
        """
        title = " ".join((self._title.value or "").split())
        if not title:
            raise InvalidError(self._frame.texts("add.title.missing"))
        before = self._changed
        kept = dict(before.attributes) if before else {}
        attributes: dict[str, Any] = {
            name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()
        }
        for field, shown in self._inputs:
            attributes[field.column] = _value(field, shown)
        try:
            return ItemRequest(
                id=before.id if before else self._new_id(title),
                title=title,
                names=dict(before.names) if before else {},
                text=(self._text.value or "").strip(),
                attributes={n: v for n, v in attributes.items() if v not in (None, [], False)},
            ).item()
        except ValidationError as error:
            first = error.errors()[0]
            raise InvalidError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.") from error

    def _new_id(self, title: str) -> str:
        typed = (self._id.value or "").strip()
        return typed or new_id(title, self._frame.services.recommender.state.find_item)


def new_id(title: str, find: Any) -> str:
    """Make an id of a title that no item has yet.

    Parameters
    ----------
    title : str
        The title.
    find : Callable[[str], int or None]
        Tells whether an item has an id.

    Returns
    -------
    str
        Such as ``"late-spring"``, with something at its end where that is taken.

    Examples
    --------
    >>> new_id("Late Spring!", lambda id: None)
    'late-spring'
    """
    plain = re.sub(r"[^\w]+", "-", slug(title)[:80]).strip("-") or "item"
    return plain if find(plain) is None else f"{plain}-{secrets.token_hex(3)}"


def _names(value: AttributeValue | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(one) for one in (value if isinstance(value, tuple) else (value,)))


def _value(field: ItemField, shown: Any) -> Any:
    if field.kind == "names":
        return list(shown.names)
    value = shown.value
    if field.kind == "number" and value is not None and float(value).is_integer():
        return int(value)
    return value
