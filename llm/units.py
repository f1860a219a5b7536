"""Units that a limit may have, in English and Chinese, and what they measure."""

import re
from typing import Literal, NamedTuple

Dimension = Literal[
    "money", "time", "mass", "length", "data", "volume", "power", "charge", "days", "rating", "size"
]


class Unit(NamedTuple):
    """A unit.

    Attributes
    ----------
    symbol : str
        Its short name; of money the code of the currency.
    dimension : Dimension
        What it measures.
    factor : float
        How many of the first unit of its dimension (minute, kilogram, centimetre, gigabyte, litre,
        watt) it makes; of a rating the highest value of its scale, 0 when unknown.
    """

    symbol: str
    dimension: Dimension
    factor: float = 1.0


# symbol, factor, surfaces; the unit with the factor 1 is what values are converted to
_TABLE: dict[Dimension, str] = {
    "money": """
        USD 1 usd; us dollars; us dollar; dollars; dollar; bucks; buck; us$; $; 美元; 美金; 刀
        EUR 1 eur; euros; euro; €; 欧元; 欧
        GBP 1 gbp; pounds sterling; quid; £; 英镑
        CNY 1 cny; rmb; yuan; kuai; ￥; ¥; 人民币; 元钱; 块钱; 元; 块
        HKD 1 hkd; hk$; 港币; 港元
        JPY 1 jpy; yen; 日元
    """,
    "time": """
        min 1 minutes; minute; mins; min; 分钟
        h 60 hours; hour; hrs; hr; h; 个小时; 小时; 个钟头; 钟头; 个钟
        s 0.0166666666666666667 seconds; second; secs; sec; 秒钟; 秒
        ms 0.0000166666666666666667 milliseconds; ms; 毫秒
    """,
    "days": """
        d 1 days; day; 天
    """,
    "charge": """
        mAh 1 mah; 毫安时; 毫安
    """,
    "mass": """
        kg 1 kilograms; kilogram; kilos; kilo; kgs; kg; 公斤; 千克
        g 0.001 grams; gram; g; 克
        lb 0.45359237 pounds; pound; lbs; lb; 磅
        oz 0.028349523125 ounces; ounce; oz; 盎司
        jin 0.5 斤
    """,
    "length": """
        cm 1 centimetres; centimeters; centimetre; centimeter; cm; 厘米; 公分
        mm 0.1 millimetres; millimeters; millimetre; millimeter; mm; 毫米
        m 100 metres; meters; metre; meter; 米
        km 100000 kilometres; kilometers; kilometre; kilometer; km; 公里; 千米
        in 2.54 inches; inch; 英寸; 寸
        ft 30.48 feet; foot; ft; 英尺
    """,
    "data": """
        GB 1 gigabytes; gigabyte; gb
        TB 1000 terabytes; terabyte; tb
        MB 0.001 megabytes; megabyte; mb
    """,
    "volume": """
        l 1 litres; liters; litre; liter; 公升; 升
        ml 0.001 millilitres; milliliters; millilitre; milliliter; ml; 毫升
    """,
    "power": """
        W 1 watts; watt; 瓦
        kW 1000 kilowatts; kilowatt; kw; 千瓦
    """,
    "rating": """
        star 5 stars; star; 颗星; 星级; 星
        point 0 points; point; 分
    """,
    "size": """
        - 1 码
    """,
}


def _units() -> dict[str, Unit]:
    found = {}
    for dimension, lines in _TABLE.items():
        for line in lines.strip().splitlines():
            symbol, factor, surfaces = line.strip().replace("- ", " ", 1).split(" ", 2)
            for surface in surfaces.split("; "):
                found[surface] = Unit(symbol, dimension, float(factor))
    return found


UNITS = _units()
"""Units by the ways in which they are written, in lower case."""

_SIGNS = ("us$", "hk$", "$", "€", "£", "￥", "¥", "usd", "eur", "gbp", "rmb", "cny")


def _either(surfaces: list[str]) -> str:
    ordered = sorted(surfaces, key=len, reverse=True)
    return "|".join(
        re.escape(one) + ("(?![A-Za-z])" if one.isascii() and one.isalpha() else "")
        for one in ordered
    )


UNIT = _either(list(UNITS))
"""Pattern of a unit behind a number."""

SIGN = _either(list(_SIGNS))
"""Pattern of a currency in front of an amount."""


def unit(written: str) -> Unit | None:
    """Return the unit that is written in some way; None when there is none.

    Parameters
    ----------
    written : str
        Such as ``"Minutes"``, ``"€"`` or ``"公斤"``.

    Returns
    -------
    Unit or None
        The unit.

    Examples
    --------
    >>> unit("hours").symbol, unit("公斤").symbol, unit("pages")
    ('h', 'kg', None)
    """
    return UNITS.get(" ".join(written.lower().split()))
