"""Explanations in Chinese."""

from collections.abc import Mapping, Sequence

from graph.presets import Preset
from ranking.domain import ASKED_ALIKE, PATHS, PEOPLE_LIKE_YOU, POPULARITY, SEMANTIC
from ranking.phrasing import ASKED, Link, Reason, Verb, is_phrased

_LIKED = Verb("喜欢{}", "喜欢")
_CHOSE = Verb("选过{}", "选过")
_VERBS: Mapping[str, Verb] = {
    "rating": _LIKED,
    "like": _LIKED,
    "review": _LIKED,
    "purchase": Verb("买过{}", "买过"),
    "view": Verb("看过{}", "看过"),
    "watch": Verb("看过{}", "看过"),
    "play": Verb("播放过{}", "播放过"),
    "listen": Verb("听过{}", "听过"),
    "read": Verb("读过{}", "读过"),
    "click": Verb("点开过{}", "点开过"),
    "session": Verb("刚看过{}", "看过"),
    "cart": Verb("把{}加入过购物车", "选过"),
    "save": Verb("收藏过{}", "收藏过"),
    "share": Verb("分享过{}", "分享过"),
    ASKED: Verb("想找与{}相似的", "选过"),
}
_THIS = "这个"
_BRIEF_PARTS: Mapping[str, str] = {
    POPULARITY: "很受大家欢迎。",
    PEOPLE_LIKE_YOU: "常被和你相似的人选择。",
    SEMANTIC: "它的介绍符合你的要求。",
    ASKED_ALIKE: "提出类似要求的人选了它或与之相近的。",
    "": "目前还没有推荐它的理由。",
}
_GROUNDS: Mapping[str, str] = {
    PATHS: "你的要求",
    PEOPLE_LIKE_YOU: "和你相似的人的选择",
    POPULARITY: "大家的喜好",
}


class Chinese:
    """Chinese sentences; titles stand in 《》, entities as they are.

    Parameters
    ----------
    preset : Preset
        Phrases of the domain.
    """

    def __init__(self, preset: Preset) -> None:
        self._preset = preset

    def sentence(self, reason: Reason) -> str:
        """Return one sentence, with its full stop."""
        return self._told(reason, quoted(reason.target))

    def brief(self, reason: Reason) -> str:
        """Return one short sentence for a list, in which the target needs no name."""
        if reason.kind not in {"attribute", "request", "stated"} or reason.last is None:
            return self._told(reason, _THIS)
        entities, seeds = listed(reason.entities), listed([quoted(seed) for seed in reason.seeds])
        what = self._predicate(reason.last, entities)
        if reason.kind == "stated":
            return f"符合你说过的喜好：{what}。"
        if not reason.seeds or reason.event_type == ASKED:
            return f"符合你的要求：{f'和{seeds}一样' if seeds else ''}{what}。"
        own = _VERBS.get(reason.event_type, _CHOSE).own.replace("把{}", "").replace("{}", "")
        if reason.first in {None, reason.last}:
            return f"和你{own}的{seeds}一样{what}。"
        return f"{what}，你{own}的{seeds}{self._predicate(reason.first, entities)}。"

    def brief_part(self, part: str) -> str:
        """Return a short sentence on a named part of the score; ``""`` stands for no part."""
        return _BRIEF_PARTS[part]

    def people(self, target: str, *, popular: bool, like_you: bool, more: bool) -> str:
        """Return the sentence on what others choose; ``more`` where other sentences precede it."""
        also = "也" if more else ""
        clauses = ["很受大家欢迎"] * popular + ["常被和你相似的人选择"] * like_you
        return f"{quoted(target)}{also}{'，'.join(clauses)}。"

    def semantic(self, target: str) -> str:
        """Return the sentence on a description that fits the request."""
        return f"{quoted(target)}的介绍符合你的要求。"

    def asked(self, target: str) -> str:
        """Return the sentence on what others took who asked alike."""
        return f"提出类似要求的人选了{quoted(target)}或与之相近的。"

    def nothing(self, target: str) -> str:
        """Return the sentence for an item that nothing speaks for."""
        return f"目前还没有推荐{quoted(target)}的理由。"

    def stranger(self, parts: Sequence[str]) -> str:
        """Return the sentence on what counts where nothing is known of the user's taste."""
        return f"目前还不了解你的喜好，所以依据的是{listed([_GROUNDS[part] for part in parts])}。"

    def confidence(self, share: float, *, n_more: int, has_parts: bool) -> str:
        """Return the note that the reasons told carry only a share of what speaks for an item."""
        rest = [f"另外{n_more}条路径"] * (n_more > 0) + ["得分的其他部分"] * has_parts
        return f"这里说出的理由占全部依据的{share:.0%}，其余来自{listed(rest)}。"

    def join(self, sentences: Sequence[str]) -> str:
        """Put sentences behind each other."""
        return "".join(sentences)

    def did(self, event_type: str) -> str:
        """Return what somebody did with an item, as one verb."""
        return _VERBS.get(event_type, _CHOSE).others

    def _opening(self, reason: Reason) -> str:
        if reason.kind == "stated":
            return f"你说过喜欢{listed(reason.entities)}"
        seeds = listed([quoted(seed) for seed in reason.seeds])
        if reason.kind != "request":
            return f"你{_VERBS.get(reason.event_type, _CHOSE).own.replace('{}', seeds)}"
        return f"你想找与{seeds}相似的" if seeds else f"你想找{listed(reason.entities)}"

    def _told(self, reason: Reason, target: str) -> str:
        if not reason.seeds and not reason.entities:
            return f"你想找{target}。"
        return f"{self._opening(reason)}，{self._rest(reason, target)}。"

    def _rest(self, reason: Reason, target: str) -> str:
        entities = listed(reason.entities)
        it = "它们" if len(reason.seeds) > 1 else "它"
        if reason.last is None:
            return self._learned(reason, target, it)
        if not reason.entities:
            return self._related(reason, reason.last, target)
        if reason.first is None:
            return f"{target}{self._predicate(reason.last, entities)}"
        if reason.first == reason.last:
            return f"{it}和{target}{self._predicate(reason.last, entities, all_of='都')}"
        first = self._predicate(reason.first, entities)
        return f"它{first}，{target}{self._predicate(reason.last, entities)}"

    def _learned(self, reason: Reason, target: str, it: str) -> str:
        """Say why a learned edge leads from the seeds to the target."""
        if reason.by_content:
            return f"从内容看，新上的{target}与{it}很相似"
        if reason.kind == "learned":
            return f"从大家的选择来看，{target}与{it}口味相近"
        others = _VERBS.get(reason.others or reason.event_type, _CHOSE).others
        if len(reason.people) < 2:
            number = "".join(f"中有{count}人" for count in reason.people)
            return f"{others}{it}的人{number}也{others}{target}"
        groups = [
            f"{others}{quoted(seed)}的人中有{count}人"
            for count, seed in zip(reason.people, reason.seeds, strict=True)
        ]
        return f"{'、'.join(groups)}也{others}{target}"

    def _related(self, reason: Reason, link: Link, target: str) -> str:
        """Say how the target and its one seed are related."""
        seed = listed([quoted(name) for name in reason.seeds])
        if is_phrased(link.turned, self._preset):
            return f"它{self._predicate(link.turned, target)}"
        if is_phrased(link, self._preset):
            return f"{target}{self._predicate(link, seed)}"
        return f"{target}与它相关（{link.words}）"

    def _predicate(self, link: Link, entities: str, *, all_of: str = "") -> str:
        """Say what one item (or with ``all_of`` several) has to do with some entities."""
        phrase = self._preset.phrase(link.relation).zh
        if not is_phrased(link, self._preset) or "：{entity}" in phrase:
            return f"{all_of}与{entities}相关（{link.words}）"
        subject, is_, rest = phrase.partition("为{entity}")
        if is_ and subject:
            return f"{subject}{all_of}为{entities}{rest}"
        if phrase.startswith("{entity}"):
            return f"{all_of}是{phrase.replace('{entity}', entities)}"
        return f"{all_of}{phrase.replace('{entity}', entities)}"


def listed(names: Sequence[str]) -> str:
    """Join names with 、 and 和.

    Parameters
    ----------
    names : Sequence[str]
        At least one.

    Returns
    -------
    str
        The names in order.

    Examples
    --------
    >>> listed(["甲", "乙", "丙"])
    '甲、乙和丙'
    """
    return "和".join(filter(None, ["、".join(names[:-1]), *names[-1:]]))


def quoted(title: str) -> str:
    """Put a title between 《》, unless it stands there already."""
    return title if title.startswith("《") and title.endswith("》") else f"《{title}》"
