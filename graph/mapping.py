"""How the attributes of an item become entities and triples.

One mapping serves every way in: files, the items of an offline ranking, one item sent to a running
service. The same value makes the same entity everywhere, since its id follows from label and name.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from pathlib import Path as FilePath
from typing import NamedTuple

from graph.domain import (
    RESERVED_RELATIONS,
    AttributeValue,
    Entity,
    Item,
    Scalar,
    Triple,
)
from graph.errors import InvalidError
from graph.mapping_file import MappingFile
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

Link = tuple[str, Entity]
Links = tuple[Link, ...]

_CACHE = 200_000
_NOTHING_KNOWN = KnownName()


class _Rules(NamedTuple):
    rules: tuple[AttributeRule, ...]
    own: bool


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
        self._columns_seen: dict[str, _Rules] = {}
        self._cached: dict[tuple[str, Scalar], Links] = {}
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
        file = MappingFile.read(path)
        named = domain if file.preset is None else file.preset
        chosen = preset(named) if isinstance(named, str) else named
        taken = {rule.column.casefold() for rule in file.rules}
        inherited = [r for r in chosen.attribute_rules if r.column.casefold() not in taken]
        return cls(
            [*file.rules, *inherited],
            ignored=file.ignored,
            known_names=chosen.known_names,
            fields=file.fields,
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
            for one in value if isinstance(value, tuple | list) else (value,):
                for relation, entity in self._links(column, one):
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
        clean = " ".join(name.split())
        id_ = entity_id(label, clean)
        learned = self._learned.get(id_)
        if learned is not None:
            return learned
        known = self._known.get(id_, _NOTHING_KNOWN)
        return Entity(id_, label, clean, known.names, known.aliases)

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
        self._cached.clear()

    def copy(self) -> "AttributeMapping":
        """Return a mapping with the same rules that can learn on its own."""
        twin = copy(self)
        twin._learned, twin._cached = dict(self._learned), {}
        return twin

    def _rules_for(self, column: str) -> _Rules:
        """Return the rules of a column, and whether they are its own or the default."""
        found = self._columns_seen.get(column)
        if found is None:
            name = column.casefold()
            if name in self._ignored or (self._columns is not None and name not in self._columns):
                found = _Rules((), own=False)
            elif name in self._rules:
                found = _Rules(tuple(self._rules[name]), own=True)
            else:
                rule = default_rule(column)
                found = _Rules(() if rule is None else (rule,), own=False)
            self._columns_seen[column] = found
        return found

    def _typed(self, column: str, text: str) -> AttributeValue:
        own = [rule for rule in self._rules.get(column.casefold(), ()) if rule.transform is None]
        if own:
            separator = own[0].separator
            return split(text, separator) if separator and separator in text else text
        if "|" in text and default_rule(column) is not None:
            return tuple(scalar(part) for part in split(text, "|"))
        return scalar(text)

    def _links(self, column: str, value: Scalar) -> Links:
        """Return relation and entity of all that one value of a column names."""
        key = (column, value)
        found = self._cached.get(key) if isinstance(value, str) else None
        if found is None:
            rules = self._rules_for(column)
            found = tuple(
                link for rule in rules.rules for link in self._link(rule, value, rules.own)
            )
            if isinstance(value, str):
                if len(self._cached) >= _CACHE:
                    self._cached.clear()
                self._cached[key] = found
        return found

    def _link(self, rule: AttributeRule, value: Scalar, own: bool) -> Iterator[Link]:  # noqa: FBT001
        """Yield what one value names; without a rule of its own only a categorical text counts."""
        if rule.transform:
            yield from self._year(rule, value)
        elif isinstance(value, bool):
            label, relation = (rule.label, rule.relation) if own else ("Feature", "HAS_FEATURE")
            if value:
                yield relation, self.entity(label, words_of(rule.column))
        elif isinstance(value, str):
            for name in split(value, rule.separator):
                if own or categorical(name):
                    yield rule.relation, self.entity(rule.label, name)
        elif own:
            yield rule.relation, self.entity(rule.label, str(value))

    def _year(self, rule: AttributeRule, value: Scalar) -> Iterator[Link]:
        year = year_of(value)
        if year is not None:
            as_decade = rule.transform == "decade"
            yield rule.relation, decade(year) if as_decade else self.entity(rule.label, str(year))
