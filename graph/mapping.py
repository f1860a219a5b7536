"""How the attributes of an item become entities and triples.

One mapping serves every way in: files, the items of an offline ranking, one item sent to a running
service. The same value makes the same entity everywhere, since its id follows from label and name.
"""

import hashlib
import json
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from pathlib import Path as FilePath
from typing import Any

from graph.domain import (
    RESERVED_RELATIONS,
    AttributeValue,
    Entity,
    Item,
    Scalar,
    Triple,
    entity_label,
    relation_type,
)
from graph.errors import InvalidError
from graph.presets import Preset, preset
from graph.rules import (
    AttributeRule,
    KnownName,
    categorical,
    decade,
    default_rule,
    entity_id,
    scalar,
    split,
    words_of,
    year_of,
)

__all__ = ["AttributeMapping", "AttributeRule"]

_CACHE = 200_000


class AttributeMapping:
    """Rules for named columns, and defaults for all others.

    A column that no rule names is judged by its name and the value alone, so that one item gives
    the same entities as a whole catalog: titles, free text, links, ids and dates make none; neither
    do numbers, except years (``FROM_DECADE``); ``true`` makes a ``Feature``; a text of at most 60
    characters and 8 words makes an entity whose label comes from the column's name, linked by
    ``HAS_<COLUMN>``.

    Parameters
    ----------
    rules : Iterable of AttributeRule
        Several rules may name one column.
    ignored : Collection of str
        Columns that make no entities.
    known_names : Mapping[str, KnownName]
        Names and aliases by entity id.
    fields : Mapping[str, str]
        Which column of a file holds ``id``, ``title`` and ``text``, where it is called otherwise.
    columns : Collection of str or None
        If given, only these columns make entities.

    Examples
    --------
    >>> mapping = AttributeMapping([AttributeRule("brand", "Brand", "MADE_BY")])
    >>> entities, triples = mapping.describe(Item("1", "Boot", attributes={"brand": "Nike"}))
    >>> entities[0].id, triples[0].relation
    ('brand:nike', 'MADE_BY')
    """

    def __init__(
        self,
        rules: Iterable[AttributeRule] = (),
        *,
        ignored: Collection[str] = (),
        known_names: Mapping[str, KnownName] | None = None,
        fields: Mapping[str, str] | None = None,
        columns: Collection[str] | None = None,
    ) -> None:
        self._rules: dict[str, list[AttributeRule]] = defaultdict(list)
        for rule in rules:
            if rule.relation in RESERVED_RELATIONS:
                raise InvalidError(
                    f"The relation {rule.relation} is made by Whyrec and cannot be mapped to.",
                    fix=f"Choose another relation for the column {rule.column!r}.",
                )
            self._rules[rule.column.casefold()].append(rule)
        self._ignored = frozenset(name.casefold() for name in ignored)
        self._known = known_names or {}
        self._columns = None if columns is None else {name.casefold() for name in columns}
        self._defaults: dict[str, AttributeRule | None] = {}
        self._entities: dict[tuple[str, str], Entity] = {}
        self._learned: dict[str, Entity] = {}
        self.fields: Mapping[str, str] = fields or {}

    @classmethod
    def for_preset(
        cls, domain: Preset | str, columns: Collection[str] | None = None
    ) -> "AttributeMapping":
        """Return the mapping of a domain.

        Parameters
        ----------
        domain : Preset or str
            The preset or its name.
        columns : Collection of str or None
            If given, only these columns make entities.

        Returns
        -------
        AttributeMapping
            The rules and the known names of the preset.
        """
        chosen = preset(domain) if isinstance(domain, str) else domain
        return cls(chosen.attribute_rules, known_names=chosen.known_names, columns=columns)

    @classmethod
    def from_file(cls, path: FilePath, domain: Preset | str = "generic") -> "AttributeMapping":
        """Read a mapping file (TOML, or JSON of the same shape); see ``docs/catalog.md``.

        Parameters
        ----------
        path : pathlib.Path
            The file.
        domain : Preset or str
            Preset whose rules hold for the columns that the file does not name, unless the file
            names another with ``preset``.

        Returns
        -------
        AttributeMapping
            The rules of the file before those of the preset.

        Raises
        ------
        InvalidError
            If the file cannot be read or holds anything unknown.
        """
        content = _read(path)
        unknown = set(content) - {"preset", "rules", "ignore", "fields"}
        if unknown:
            raise InvalidError(
                f"{path.name} has the unknown entry {sorted(unknown)[0]!r}.",
                fix="A mapping file knows: preset, rules, ignore, fields.",
            )
        named = str(content["preset"]) if "preset" in content else domain
        chosen = preset(named) if isinstance(named, str) else named
        own = [_rule(entry, path.name) for entry in content.get("rules", [])]
        taken = {rule.column.casefold() for rule in own}
        inherited = [r for r in chosen.attribute_rules if r.column.casefold() not in taken]
        return cls(
            [*own, *inherited],
            ignored=_strings(content.get("ignore", []), path.name),
            known_names=chosen.known_names,
            fields=_fields(content.get("fields", {}), path.name),
        )

    @property
    def digest(self) -> str:
        """A short text that differs between mappings that differ."""
        parts = repr((sorted(self._rules.items()), sorted(self._ignored), self._columns))
        parts += repr((sorted(self._known.items(), key=str), sorted(self.fields.items())))
        return hashlib.blake2b(parts.encode(), digest_size=8).hexdigest()

    def attributes(self, cells: Mapping[str, str]) -> dict[str, AttributeValue]:
        """Give the cells of a table row their types.

        Parameters
        ----------
        cells : Mapping[str, str]
            Text by column.

        Returns
        -------
        dict
            Numbers, ``true`` and ``false`` are read as such, except where the column's rule makes
            entities; several values become a tuple; empty cells are left out.
        """
        typed: dict[str, AttributeValue] = {}
        for column, cell in cells.items():
            text = cell.strip()
            if text:
                typed[column] = self._typed(column, text)
        return typed

    def describe(self, item: Item) -> tuple[list[Entity], list[Triple]]:
        """Return what the attributes of an item say in the graph.

        Parameters
        ----------
        item : Item
            Any item.

        Returns
        -------
        entities : list of Entity
            Each entity once, in the order of the attributes.
        triples : list of Triple
            From the item to the entities; each once.
        """
        entities: dict[str, Entity] = {}
        edges: dict[tuple[str, str], None] = {}
        for column, value in item.attributes.items():
            for relation, entity in self._links(column, value):
                entities.setdefault(entity.id, entity)
                edges[relation, entity.id] = None
        triples = [Triple(item.id, relation, tail) for relation, tail in edges]
        return list(entities.values()), triples

    def entity(self, label: str, name: str) -> Entity:
        """Return the entity with a label and a name, with all that is known of it.

        Parameters
        ----------
        label : str
            Label, such as ``"Genre"``.
        name : str
            Its name as the catalog has it.

        Returns
        -------
        Entity
            Its id is the same for every spelling of the name.
        """
        key = (label, name)
        found = self._entities.get(key)
        if found is None:
            if len(self._entities) >= _CACHE:
                self._entities.clear()
            clean = " ".join(name.split())
            id_ = entity_id(label, clean)
            known = self._known.get(id_, KnownName())
            made = Entity(id_, label, clean, known.names, known.aliases)
            found = self._learned.get(id_, made)
            self._entities[key] = found
        return found

    def learn(self, entity: Entity) -> None:
        """Take an entity for every value that is one of its names or aliases.

        Parameters
        ----------
        entity : Entity
            An entity of the catalog, whatever its id: from now on a value that names it, in any of
            its languages, means it. The first that is learned for a name keeps it.
        """
        for name in (entity.name, *entity.names.values(), *entity.aliases):
            self._learned.setdefault(entity_id(entity.label, name), entity)
        self._entities.clear()

    def copy(self) -> "AttributeMapping":
        """Return a mapping with the same rules that can learn on its own."""
        twin = copy(self)
        twin._learned, twin._entities = dict(self._learned), {}
        return twin

    def _rules_for(self, column: str) -> list[AttributeRule]:
        name = column.casefold()
        if name in self._ignored or (self._columns is not None and name not in self._columns):
            return []
        if name in self._rules:
            return self._rules[name]
        if name not in self._defaults:
            self._defaults[name] = default_rule(name)
        rule = self._defaults[name]
        return [] if rule is None else [rule]

    def _typed(self, column: str, text: str) -> AttributeValue:
        rules = self._rules.get(column.casefold(), [])
        if any(rule.transform is None for rule in rules):
            separator = rules[0].separator
            parts = split(text, separator)
            return parts if separator and separator in text else text
        if "|" in text and default_rule(column.casefold()) is not None:
            return tuple(scalar(part) for part in split(text, "|"))
        return scalar(text)

    def _links(self, column: str, value: AttributeValue) -> Iterator[tuple[str, Entity]]:
        """Yield relation and entity for each value of a column."""
        own = column.casefold() in self._rules
        values = value if isinstance(value, tuple | list) else (value,)
        for rule in self._rules_for(column):
            for one in values:
                if rule.transform:
                    yield from self._year(rule, one)
                else:
                    yield from self._named(rule, one, own=own)

    def _named(
        self, rule: AttributeRule, value: Scalar, *, own: bool
    ) -> Iterator[tuple[str, Entity]]:
        """Yield what one value names; without a rule of its own only a categorical text counts."""
        if isinstance(value, bool):
            label, relation = (rule.label, rule.relation) if own else ("Feature", "HAS_FEATURE")
            if value:
                yield relation, self.entity(label, words_of(rule.column))
        elif isinstance(value, str):
            for name in split(value, rule.separator):
                if own or categorical(name):
                    yield rule.relation, self.entity(rule.label, name)
        elif own:
            yield rule.relation, self.entity(rule.label, str(value))

    def _year(self, rule: AttributeRule, value: Scalar) -> Iterator[tuple[str, Entity]]:
        year = year_of(value)
        if year is not None:
            as_decade = rule.transform == "decade"
            yield rule.relation, decade(year) if as_decade else self.entity(rule.label, str(year))


def _read(path: FilePath) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise InvalidError(f"The mapping file {path} cannot be read.") from error
    except ValueError as error:
        raise InvalidError(
            f"{path.name} is not {'JSON' if path.suffix == '.json' else 'TOML'}: {error}.",
            fix="docs/catalog.md shows a mapping file.",
        ) from error
    if not isinstance(content, dict):
        raise InvalidError(f"{path.name} holds no mapping.", fix="docs/catalog.md shows one.")
    return content


def _rule(entry: Any, file: str) -> AttributeRule:
    known = {"column", "label", "relation", "separator", "transform"}
    if not isinstance(entry, dict) or "column" not in entry or not set(entry) <= known:
        raise InvalidError(
            f"{file} has a rule that cannot be read: {entry!r}.",
            fix="A rule has a column and may have: label, relation, separator, transform.",
        )
    column = str(entry["column"])
    default = default_rule(column.casefold())
    label = entry.get("label") or (default.label if default else entity_label(words_of(column)))
    relation = entry.get("relation") or (
        default.relation if default else relation_type(f"HAS {words_of(column)}")
    )
    return AttributeRule(
        column, str(label), str(relation), entry.get("separator", "|"), entry.get("transform")
    )


def _strings(value: Any, file: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InvalidError(f"'ignore' in {file} must be a list of column names.")
    return value


def _fields(value: Any, file: str) -> dict[str, str]:
    if not isinstance(value, dict) or not set(value) <= {"id", "title", "text"}:
        raise InvalidError(
            f"'fields' in {file} cannot be read.",
            fix="It may name the columns that hold id, title and text.",
        )
    return {name: str(column) for name, column in value.items()}
