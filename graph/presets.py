"""What is known of a domain beforehand: attribute rules, event strengths, phrases, names."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.errors import InvalidError
from graph.rules import AttributeRule, KnownName, MeasureRule
from graph.vocabulary import FILM_NAMES, SHOP_NAMES


@dataclass(frozen=True, slots=True)
class RelationPhrase:
    """How a relation reads in a sentence; ``{entity}`` stands for the name of the entity.

    Attributes
    ----------
    en, zh : str
        Such as ``"directed by {entity}"`` and ``"由{entity}执导"``.
    """

    en: str
    zh: str

    def text(self, entity: str, language: str) -> str:
        """Return the phrase about an entity.

        Parameters
        ----------
        entity : str
            Name of the entity in the language asked for.
        language : str
            ``"zh"`` for Chinese, anything else for English.

        Returns
        -------
        str
            The phrase with the name in it.
        """
        return (self.zh if language == "zh" else self.en).replace("{entity}", entity)


@dataclass(frozen=True, slots=True)
class Preset:
    """A domain.

    Attributes
    ----------
    name : str
        What it is chosen by.
    attribute_rules : tuple of AttributeRule
        How the usual columns of the domain become entities.
    event_strengths : Mapping[str, float]
        How much one event of a type tells, in [0, 1]; see :meth:`strength`.
    half_life_s : float or None
        Seconds after which an event counts half; None where taste does not fade.
    relation_phrases : Mapping[str, RelationPhrase]
        Relations in words; see :meth:`phrase`.
    label_names : Mapping[str, (str, str)]
        Labels in English and Chinese; see :meth:`label_name`.
    known_names : Mapping[str, KnownName]
        By entity id: names per language and aliases of entities that many catalogs share.
    measure_rules : tuple of MeasureRule
        Which columns requests speak of in words of their own, such as prices.
    kinds_relation : str or None
        The relation whose entities are the kinds that a user mixes; None: chosen by the catalog.
    """

    name: str
    attribute_rules: tuple[AttributeRule, ...] = ()
    event_strengths: Mapping[str, float] = field(default_factory=dict)
    half_life_s: float | None = None
    relation_phrases: Mapping[str, RelationPhrase] = field(default_factory=dict)
    label_names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    known_names: Mapping[str, KnownName] = field(default_factory=dict)
    measure_rules: tuple[MeasureRule, ...] = ()
    kinds_relation: str | None = None

    def strength(self, event_type: str) -> float:
        """Return how much an event of a type tells; 1 for a type that is not listed."""
        return self.event_strengths.get(event_type, 1.0)

    def phrase(self, relation: str) -> RelationPhrase:
        """Return a relation in words.

        Parameters
        ----------
        relation : str
            Relation type.

        Returns
        -------
        RelationPhrase
            The preset's, or one made from the relation's name: ``HAS_COLOR`` reads
            ``"with the color {entity}"``, ``SOLD_IN`` reads ``"sold in {entity}"``.
        """
        known = self.relation_phrases.get(relation)
        if known is not None:
            return known
        words = relation.lower().replace("_", " ")
        if words.startswith("has "):
            thing = words.removeprefix("has ")
            label = "".join(word.capitalize() for word in thing.split())
            chinese = self.label_names[label][1] if label in self.label_names else thing
            return RelationPhrase(f"with the {thing} {{entity}}", f"{chinese}为{{entity}}")
        return RelationPhrase(f"{words} {{entity}}", f"{words}：{{entity}}")

    def label_name(self, label: str, language: str) -> str:
        """Return a label in words; the label itself in lower case when it is not known."""
        names = self.label_names.get(label)
        if names is None:
            return label.lower()
        return names[1] if language == "zh" else names[0]


_STRENGTHS = {
    "interaction": 1.0,
    "rating": 1.0,
    "like": 1.0,
    "purchase": 1.0,
    "review": 1.0,
    "share": 0.8,
    "cart": 0.7,
    "save": 0.7,
    "play": 0.5,
    "listen": 0.5,
    "watch": 0.5,
    "read": 0.5,
    "click": 0.3,
    "view": 0.3,
    "impression": 0.0,
    "skip": 0.0,
    "dislike": 0.0,
    "return": 0.0,
}

_PHRASES = {
    "HAS_BRAND": RelationPhrase("made by {entity}", "品牌为{entity}"),
    "MADE_BY": RelationPhrase("made by {entity}", "由{entity}出品"),
    "HAS_CATEGORY": RelationPhrase("in the category {entity}", "属于{entity}类"),
    "HAS_GENRE": RelationPhrase("in the genre {entity}", "属于{entity}类型"),
    "HAS_COLOR": RelationPhrase("in {entity}", "颜色为{entity}"),
    "HAS_SIZE": RelationPhrase("in size {entity}", "尺码为{entity}"),
    "HAS_MATERIAL": RelationPhrase("made of {entity}", "材质为{entity}"),
    "HAS_SEASON": RelationPhrase("for {entity}", "适合{entity}"),
    "HAS_STYLE": RelationPhrase("in {entity} style", "{entity}风格"),
    "HAS_FEATURE": RelationPhrase("that is {entity}", "具有{entity}特点"),
    "HAS_OCCASION": RelationPhrase("for {entity}", "适合{entity}"),
    "HAS_AUDIENCE": RelationPhrase("for {entity}", "适合{entity}"),
    "HAS_TAG": RelationPhrase("tagged {entity}", "带有“{entity}”标签"),
    "FROM_DECADE": RelationPhrase("from the {entity}", "来自{entity}"),
    "FROM_COUNTRY": RelationPhrase("from {entity}", "来自{entity}"),
    "IN_LANGUAGE": RelationPhrase("in {entity}", "语言为{entity}"),
    "WRITTEN_BY": RelationPhrase("written by {entity}", "由{entity}创作"),
    "SUBCLASS_OF": RelationPhrase("a kind of {entity}", "属于{entity}"),
    "PART_OF": RelationPhrase("part of {entity}", "是{entity}的一部分"),
}

_LABELS = {
    "Thing": ("thing", "事物"),
    "Person": ("person", "人物"),
    "Genre": ("genre", "类型"),
    "Category": ("category", "类别"),
    "Brand": ("brand", "品牌"),
    "Color": ("color", "颜色"),
    "Size": ("size", "尺码"),
    "Material": ("material", "材质"),
    "Season": ("season", "季节"),
    "Style": ("style", "风格"),
    "Feature": ("feature", "特点"),
    "Occasion": ("occasion", "场合"),
    "Audience": ("audience", "人群"),
    "Tag": ("tag", "标签"),
    "Decade": ("decade", "年代"),
    "Country": ("country", "国家"),
    "Language": ("language", "语言"),
    "Author": ("author", "作者"),
    "Publisher": ("publisher", "出版社"),
    "Artist": ("artist", "艺人"),
}


def _rules(*specs: tuple[str, str, str]) -> tuple[AttributeRule, ...]:
    """Make one rule for each column named in ``"column column"``, label, relation."""
    return tuple(
        AttributeRule(column, label, relation)
        for columns, label, relation in specs
        for column in columns.split()
    )


_DECADES = tuple(
    AttributeRule(column, "Decade", "FROM_DECADE", transform="decade")
    for column in ("year", "release_year", "release_date", "released")
)

_GENERIC_RULES = (
    *_rules(
        ("country countries 国家 产地", "Country", "FROM_COUNTRY"),
        ("language languages 语言", "Language", "IN_LANGUAGE"),
        ("author authors 作者", "Person", "WRITTEN_BY"),
        ("brand 品牌", "Brand", "HAS_BRAND"),
        ("category categories 类别 分类 品类", "Category", "HAS_CATEGORY"),
        ("genre genres 类型", "Genre", "HAS_GENRE"),
        ("color colors colour colours 颜色", "Color", "HAS_COLOR"),
        ("material materials 材质", "Material", "HAS_MATERIAL"),
        ("season seasons 季节", "Season", "HAS_SEASON"),
        ("style styles 风格", "Style", "HAS_STYLE"),
        ("tag tags 标签", "Tag", "HAS_TAG"),
    ),
    *_DECADES,
)

_FILM_RULES = (
    *_rules(
        ("genre genres class 类型", "Genre", "HAS_GENRE"),
        ("director directors 导演", "Person", "DIRECTED_BY"),
        ("writer writers 编剧", "Person", "WRITTEN_BY"),
        ("cast actor actors star stars 主演 演员", "Person", "STARRING"),
        ("country countries 国家", "Country", "FROM_COUNTRY"),
        ("language languages 语言", "Language", "IN_LANGUAGE"),
        ("studio studios production", "Studio", "PRODUCED_BY"),
        ("certificate", "Certificate", "HAS_CERTIFICATE"),
        ("tag tags 标签", "Tag", "HAS_TAG"),
    ),
    *_DECADES,
)

_MEASURES = tuple(
    MeasureRule(column, kind, unit)
    for columns, kind, unit in (
        ("year release_year release_date released published 年份 上映年份 出版年份", "year", ""),
        ("price prices cost sale_price 价格 售价 单价", "price", ""),
        ("runtime runtime_minutes duration minutes length 时长 片长", "runtime", "min"),
        ("runtime_min duration_min runtime_s duration_s duration_ms", "runtime", ""),
        ("duration_hours duration_minutes duration_seconds", "runtime", ""),
        ("rating ratings stars score average_rating imdb_rating metacritic 评分", "rating", ""),
        ("size sizes shoe_size 尺码 码数 鞋码", "size", "码"),
        ("pages num_pages page_count 页数", "pages", ""),
    )
    for column in columns.split()
)

_FILM_PHRASES = {
    **_PHRASES,
    "DIRECTED_BY": RelationPhrase("directed by {entity}", "由{entity}执导"),
    "WRITTEN_BY": RelationPhrase("written by {entity}", "由{entity}编剧"),
    "STARRING": RelationPhrase("starring {entity}", "由{entity}主演"),
    "PRODUCED_BY": RelationPhrase("produced by {entity}", "由{entity}出品"),
    "HAS_CERTIFICATE": RelationPhrase("rated {entity}", "分级为{entity}"),
}

_FILM_LABELS = {
    **_LABELS,
    "Studio": ("studio", "制片公司"),
    "Certificate": ("certificate", "分级"),
}

_PRESETS = {
    "generic": Preset(
        "generic",
        _GENERIC_RULES,
        _STRENGTHS,
        relation_phrases=_PHRASES,
        label_names=_LABELS,
        known_names=SHOP_NAMES,
        measure_rules=_MEASURES,
    ),
    "films": Preset(
        "films",
        _FILM_RULES,
        _STRENGTHS,
        relation_phrases=_FILM_PHRASES,
        label_names=_FILM_LABELS,
        known_names=FILM_NAMES,
        measure_rules=_MEASURES,
        kinds_relation="HAS_GENRE",
    ),
}


def preset(name: str) -> Preset:
    """Return a preset by name.

    Parameters
    ----------
    name : str
        ``"generic"`` or ``"films"``.

    Returns
    -------
    Preset
        What is known of the domain.

    Raises
    ------
    InvalidError
        If there is no such preset; the message names those that exist.
    """
    found = _PRESETS.get(name)
    if found is None:
        raise InvalidError(
            f"There is no preset {name!r}.", fix=f"Presets are: {', '.join(presets())}."
        )
    return found


def presets() -> list[str]:
    """Return the names of all presets."""
    return list(_PRESETS)
