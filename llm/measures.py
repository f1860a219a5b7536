"""What a request can set limits on: the numeric attributes that a catalog really has.

A limit is about something (a price, a running time) and the catalog says which of its attributes
that is and in which unit its values are. A limit on something that the catalog does not have is
still understood; it is marked as one that cannot be applied.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from llm.quantities import Quantity
from llm.units import Dimension, Unit, unit

KINDS: dict[str, Dimension | None] = {
    "year": None, "price": "money", "runtime": "time", "rating": "rating", "size": "size",
    "pages": None,
}  # fmt: skip
"""Kinds of attributes that requests speak of in words of their own, and what they measure."""

_NAMES = {
    "price": "price priced prices cost costs costing budget spend pay 价格 价钱 售价 价位 预算",
    "runtime": "runtime length duration 时长 片长 长度",
    "rating": "rated rating ratings score scores scored imdb 评分 打分 得分 分数 豆瓣",
    "size": "size sizes 尺码 码数 鞋码 尺寸",
    "year": "year 年份",
    "pages": "pages page 页数 页",
}
_CHINESE = {
    "memory": "内存", "ram": "内存", "storage": "存储", "weight": "重量", "screen": "屏幕",
    "battery": "电池", "height": "高度", "width": "宽度", "power": "功率", "capacity": "容量",
}  # fmt: skip
_CAPPED = frozenset({"budget", "预算"})
_USUAL = {"runtime": "min"}
_ENDINGS = {"s": "sec", "m": "metre", "l": "litre", "w": "watt", "in": "inch"}
_SCALES = (5.0, 10.0, 100.0)


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that limits can be about.

    Attributes
    ----------
    field : str
        Attribute of the catalog; the kind itself where the catalog has none.
    kind : str
        One of :data:`KINDS`, or empty.
    unit : Unit or None
        Unit of the attribute's values; None when the catalog does not tell.
    names : tuple of str
        What requests call it, in lower case.
    top : float
        Highest value; tells the scale of a rating.
    in_catalog : bool
        Whether the catalog has it.
    """

    field: str
    kind: str = ""
    unit: Unit | None = None
    names: tuple[str, ...] = ()
    top: float = 0.0
    in_catalog: bool = True

    @property
    def dimension(self) -> Dimension | None:
        """What it measures."""
        return self.unit.dimension if self.unit else KINDS.get(self.kind)

    def value_of(self, quantity: Quantity) -> float | None:
        """Return an amount in the unit of the attribute; None when the two do not compare."""
        asked = quantity.unit
        if self.kind == "rating":
            return self._on_scale(quantity)
        if asked is None or self.unit is None or self.dimension == "size":
            return quantity.value
        if asked.dimension != self.unit.dimension:
            return None
        if asked.dimension == "money":
            return quantity.value if asked.symbol == self.unit.symbol else None
        return round(quantity.value * asked.factor / self.unit.factor, 6)

    def _on_scale(self, quantity: Quantity) -> float:
        """Carry a mark over to the scale of the catalog: four of five stars are eight of ten."""
        own = next((scale for scale in _SCALES if self.top <= scale), self.top) if self.top else 0.0
        scale = quantity.unit.factor if quantity.unit else 0.0
        if not scale:
            scale = own if quantity.value <= own <= 10 else 0.0
        if quantity.value > scale:
            scale = next((one for one in _SCALES[1:] if quantity.value <= one), quantity.value)
        return quantity.value if not own else round(quantity.value * own / scale, 6)


class Measures:
    """The measures of a catalog.

    Parameters
    ----------
    measures : iterable of Measure
        What the catalog has; the first of a kind is the one that is meant.

    Examples
    --------
    >>> measures = Measures([measure("runtime", "runtime", unit_name="min"), measure("memory_gb")])
    >>> measures.measuring("time").field, measures.measuring("data").names
    ('runtime', ('memory', '内存'))
    >>> measures.measuring("money").in_catalog
    False
    """

    def __init__(self, measures: Iterable[Measure] = ()) -> None:
        self._known = tuple(measures)
        self._kinds = {
            kind: measure(kind, kind, unit_name=_USUAL.get(kind, ""), in_catalog=False)
            for kind in KINDS
        }
        for one in reversed(self._known):
            if one.kind:
                self._kinds[one.kind] = one
        self._by_name = {name: one for one in self._all() for name in one.names}
        names = "|".join(_pattern(name) for name in sorted(self._by_name, key=len, reverse=True))
        self._before = re.compile(
            rf"(?P<name>{names})\s*(?:is|are|of|at|in|:|：|为|是|在)?\s*$", re.IGNORECASE
        )
        self._after = re.compile(rf"\s*-?(?P<name>{names})", re.IGNORECASE)

    def __iter__(self) -> Iterator[Measure]:
        return iter(self._known)

    def of_kind(self, kind: str) -> Measure:
        """Return the measure of a kind, in the catalog or not."""
        return self._kinds[kind]

    def measuring(self, dimension: Dimension, name: str = "") -> Measure | None:
        """Return what is meant by an amount of a dimension.

        Parameters
        ----------
        dimension : Dimension
            What the amount measures.
        name : str
            A name that stands beside it, if any.

        Returns
        -------
        Measure or None
            The named one, else the one of a known kind, else the only one; None when several
            could be meant, or none.
        """
        named = self._by_name.get(name)
        if named is not None and named.dimension == dimension:
            return named
        kind = next((kind for kind, measured in KINDS.items() if measured == dimension), "")
        fitting = [one for one in self._known if one.dimension == dimension]
        of_kind = [one for one in fitting if one.kind == kind and kind]
        if of_kind or len(fitting) == 1:
            return (of_kind or fitting)[0]
        return self._kinds[kind] if kind and not fitting else None

    def named(self, name: str) -> Measure | None:
        """Return the measure that has a name."""
        return self._by_name.get(name.lower())

    def name_before(self, text: str) -> re.Match[str] | None:
        """Find the name of a measure at the end of a text."""
        return self._before.search(text)

    def name_after(self, text: str) -> re.Match[str] | None:
        """Find the name of a measure at the beginning of a text."""
        return self._after.match(text)

    def _all(self) -> Iterator[Measure]:
        yield from self._known
        yield from self._kinds.values()


def measure(
    field: str, kind: str = "", *, unit_name: str = "", top: float = 0.0, in_catalog: bool = True
) -> Measure:
    """Describe an attribute by its name.

    Parameters
    ----------
    field : str
        Name of the attribute; a unit at its end is its unit.
    kind : str
        One of :data:`KINDS`, where it is known to be one.
    unit_name : str
        Unit of its values where its name tells none.
    top : float
        Highest value.
    in_catalog : bool
        Whether the catalog has it.

    Returns
    -------
    Measure
        With the names that requests use for it.

    Examples
    --------
    >>> one = measure("weight_kg")
    >>> one.names, one.unit.symbol
    (('weight', '重量'), 'kg')
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", field).replace("_", " ").casefold().split()
    told = unit(_ENDINGS.get(words[-1], words[-1])) if len(words) > 1 else None
    own = " ".join(words[:-1] if told else words)
    names = [*_NAMES.get(kind, "").split(), own, _CHINESE.get(own, "")]
    if own.endswith("s") and len(own) > 3:
        names.append(own[:-1])
    return Measure(
        field,
        kind,
        told or unit(unit_name),
        tuple(dict.fromkeys(name for name in names if name)),
        top,
        in_catalog,
    )


def is_capped(name: str) -> bool:
    """Tell whether a name says by itself that the amount is the most: ``budget 500``."""
    return name.lower() in _CAPPED


def _pattern(name: str) -> str:
    return rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name)
