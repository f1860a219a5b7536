"""One sentence that says why an item is not in a list, in English and Chinese."""

from collections.abc import Mapping

from ranking.chinese import quoted
from ranking.domain import Language

_ENGLISH: Mapping[str, str] = {
    "listed": "{title} is in the list.",
    "seen": "You know {title} already, so it is not recommended again.",
    "seen session": "You have just looked at {title}, so it is not recommended again.",
    "seen request": "Your request names {title} as an example, so it is no answer to it.",
    "seen answer": "You have said what you think of {title}, so it is not recommended again.",
    "excluded": "{title} was to be left out of this list.",
    "filter": "The filter {field} lets only {wanted} pass; {title} has {found}.",
    "filter none": "The filter {field} lets only {wanted} pass; {title} has no {field}.",
    "filter least": "The filter wants {field} to be {wanted} at least; {title} has {found}.",
    "filter least none": "The filter wants {field} to be {wanted} at least; {title} has none.",
    "filter most": "The filter wants {field} to be {wanted} at most; {title} has {found}.",
    "filter most none": "The filter wants {field} to be {wanted} at most; {title} has none.",
    "refused": "Your request does not want {name}, and {title} belongs to it.",
    "refused itself": "Your request does not want {title}.",
    "limit": "Your request wants {field} {op} {wanted}; {title} has {found}.",
    "limit none": "Your request wants {field} {op} {wanted}; of {title} it is not known.",
    "copy": "{title} is the same as {other}, which comes before it.",
    "copy seen": "{title} is the same as {other}, which you know already.",
    "reordered": "By score {title} would be at place {rank}, but {stages} put others before it.",
    "score": "{title} is at place {rank} with a score of {score}; a list of {k} needs {needed}.",
}
_CHINESE: Mapping[str, str] = {
    "listed": "{title}就在列表里。",
    "seen": "你已经看过{title}，所以不再推荐。",
    "seen session": "你刚刚看过{title}，所以不再推荐。",
    "seen request": "你的要求以{title}为例，所以它本身不算答案。",
    "seen answer": "你已经说过对{title}的看法，所以不再推荐。",
    "excluded": "这次列表不要{title}。",
    "filter": "筛选条件 {field} 只要{wanted}，而{title}是{found}。",
    "filter none": "筛选条件 {field} 只要{wanted}，而{title}没有 {field}。",
    "filter least": "筛选条件要求 {field} 至少为 {wanted}，而{title}是{found}。",
    "filter least none": "筛选条件要求 {field} 至少为 {wanted}，而{title}没有这一项。",
    "filter most": "筛选条件要求 {field} 至多为 {wanted}，而{title}是{found}。",
    "filter most none": "筛选条件要求 {field} 至多为 {wanted}，而{title}没有这一项。",
    "refused": "你的要求不要{name}，而{title}属于{name}。",
    "refused itself": "你的要求不要{title}。",
    "limit": "你的要求是 {field} {op} {wanted}，而{title}是{found}。",
    "limit none": "你的要求是 {field} {op} {wanted}，而{title}没有这一项。",
    "copy": "{title}和{other}是同一个，后者排在前面。",
    "copy seen": "{title}和你已经看过的{other}是同一个。",
    "reordered": "按得分{title}排第 {rank}，但{stages}把别的排到了前面。",
    "score": "{title}得分 {score}，排第 {rank}；进入前 {k} 名需要 {needed}。",
}
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "themes": "the mix of themes",
        "diversity": "diversity",
        "calibration": "calibration",
        "and": " and ",
        "or": " or ",
    },
    "zh": {
        "themes": "题材的搭配",
        "diversity": "多样性",
        "calibration": "口味比例",
        "and": "和",
        "or": "或",
    },
}


def sentence(key: str, language: Language, facts: Mapping[str, object]) -> str:
    """Say one reason.

    Parameters
    ----------
    key : str
        Which sentence: the reason, and the case of it where there are several.
    language : Language
        In which language.
    facts : Mapping[str, object]
        What the sentence tells of, by name.

    Returns
    -------
    str
        With its full stop.

    Examples
    --------
    >>> sentence("copy", "en", {"title": "Heat", "other": "Heat (1995)"})
    'Heat is the same as Heat (1995), which comes before it.'
    >>> sentence("copy", "zh", {"title": "盗火线", "other": "Heat"})
    '《盗火线》和《Heat》是同一个，后者排在前面。'
    """
    told = {name: _told(name, value, language) for name, value in facts.items()}
    return (_ENGLISH if language == "en" else _CHINESE)[key].format(**told)


def _told(name: str, value: object, language: Language) -> str:
    """Write one fact: titles as the language quotes them, several values as alternatives."""
    words = _WORDS[language]
    if name in {"title", "other"} and language == "zh":
        return quoted(str(value))
    if isinstance(value, tuple):
        joint = words["and"] if name == "stages" else words["or"]
        return joint.join(words.get(str(one), str(one)) for one in value)
    return f"{value:.4f}" if isinstance(value, float) else str(value)
