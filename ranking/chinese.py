"""Explanations in Chinese."""

from collections.abc import Mapping, Sequence

from graph.presets import Preset
from ranking.phrasing import Link, Reason, Verb, is_phrased

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
        if not reason.seeds and not reason.entities:
            return f"你想找{quoted(reason.target)}。"
        return f"{self._opening(reason)}，{self._rest(reason)}。"

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

    def join(self, sentences: Sequence[str]) -> str:
        """Put sentences behind each other."""
        return "".join(sentences)

    def _opening(self, reason: Reason) -> str:
        if reason.kind == "stated":
            return f"你说过喜欢{listed(reason.entities)}"
        seeds = listed([quoted(seed) for seed in reason.seeds])
        if reason.kind != "request":
            return f"你{_VERBS.get(reason.event_type, _CHOSE).own.replace('{}', seeds)}"
        return f"你想找与{seeds}相似的" if seeds else f"你想找{listed(reason.entities)}"

    def _rest(self, reason: Reason) -> str:
        target, entities = quoted(reason.target), listed(reason.entities)
        it = "它们" if len(reason.seeds) > 1 else "它"
        if reason.last is None:
            return self._learned(reason, target, it)
        if not reason.entities:
            return self._related(reason, reason.last)
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
        others = _VERBS.get(reason.event_type, _CHOSE).others
        return f"{others}{it}的人也{others}{target}"

    def _related(self, reason: Reason, link: Link) -> str:
        """Say how the target and its one seed are related."""
        target, seed = quoted(reason.target), listed([quoted(name) for name in reason.seeds])
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
