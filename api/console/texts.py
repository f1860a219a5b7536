"""What the console says, in English and in Chinese side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.console.add_texts import ADD
from api.console.model_texts import MODEL
from api.console.rate_texts import RATE
from ranking.domain import Language

Table = Mapping[str, tuple[str, str]]

OTHER: Mapping[Language, Language] = {"en": "zh", "zh": "en"}

SHELL: Table = {
    "console": ("Whyrec console", "Whyrec 控制台"),
    "skip": ("Skip to the content", "跳到正文"),
    "nav": ("Pages", "页面"),
    "nav.recommend": ("Recommend", "推荐"),
    "language": ("Language", "语言"),
    "language.other": ("中文", "English"),
    "language.switch": ("Switch to Chinese", "切换到英文"),
    "dark": ("Switch between light and dark", "切换浅色与深色"),
    "failed": ("That did not work", "操作未成功"),
    "failed.unexpected": (
        "Something went wrong here. The log of the server says what.",
        "出现意外错误，详情见服务器日志。",
    ),
    "close": ("Close", "关闭"),
}

ASKING: Table = {
    "user": ("Who asks", "谁在提问"),
    "user.is": ("User {id}", "用户 {id}"),
    "user.nobody": ("Nobody in particular", "未指定用户"),
    "user.nobody.what": ("The list is what most people like.", "列表为大众喜欢的内容。"),
    "user.new.what": ("Nothing is known of this user yet.", "尚无此用户的记录。"),
    "user.history": ("{n} events; newest: {titles}", "{n} 条记录，最近：{titles}"),
    "user.history.one": ("{n} event: {titles}", "{n} 条记录，最近：{titles}"),
    "user.events": ("{n} events", "{n} 条记录"),
    "user.events.one": ("{n} event", "{n} 条记录"),
    "user.change": ("Change", "更换"),
    "user.search": ("Find a user by id", "按编号查找用户"),
    "user.none": ("No user has such an id.", "没有这样的用户编号。"),
    "user.try": ("Try a user", "试试这些用户"),
    "request.try": ("Try", "试试"),
    "user.create": ("New user", "新建用户"),
    "user.create.do": ("Create", "创建"),
    "user.id": ("Id", "编号"),
    "user.id.missing": ("A user needs an id.", "用户需要编号。"),
    "user.known": ("There is already a user with this id.", "该编号的用户已存在。"),
    "user.known.fix": (
        "Find the user above, or choose another id.",
        "请在上方查找，或换一个编号。",
    ),
    "user.attributes": ("Attributes (optional)", "属性（可选）"),
    "user.attributes.example": ("age: 24, occupation: student", "age: 24, occupation: student"),
    "search.nothing": ("Nothing has such a name.", "没有这样的名称。"),
    "search.count": ("{n} found", "找到 {n} 个"),
    "request": ("What are you looking for?", "想找什么？"),
    "request.example.like": ("{name} like {title}", "像《{title}》那样的{name}"),
    "request.example.unlike": ("like {title}, but not {name}", "类似《{title}》，但不要{name}"),
    "request.ask": ("Recommend", "推荐"),
    "understood": ("Understood as", "理解为"),
    "understood.nothing": ("nothing that the catalog has a name for", "目录中没有对应的名称"),
    "chip.include": ("with", "包含"),
    "chip.exclude": ("without", "排除"),
    "chip.similar": ("like", "类似"),
    "chip.limit": ("limit", "限制"),
    "chip.remove": ("Ask again without “{kind} {name}”", "去掉“{kind} {name}”再问"),
    "unmatched": ("not known", "未识别"),
    "unmatched.why": (
        "Nothing in the catalog has this name; it counts by its meaning only.",
        "目录中没有这个名称，仅按语义计入。",
    ),
    "outcome.widened": (
        "Nothing meets the limits; the items that come nearest are shown.",
        "没有符合限制的内容，显示最接近的。",
    ),
    "outcome.given_up": (
        "A soft wish was given up, because it would have left too few items.",
        "较弱的要求会使结果过少，已放弃。",
    ),
    "outcome.not_applied": (
        "The catalog has no such attribute, so a limit does not count.",
        "目录没有这个属性，限制未生效。",
    ),
    "masked": ("{n} pieces of personal data were covered.", "已遮盖 {n} 处个人信息。"),
    "masked.one": ("{n} piece of personal data was covered.", "已遮盖 {n} 处个人信息。"),
    "refine": ("Filters and variety", "筛选与多样性"),
    "refine.n": ("Filters and variety ({n} set)", "筛选与多样性（已设 {n} 项）"),
    "refine.reset": ("Reset the filters", "重置筛选"),
    "filters": ("Filters", "筛选"),
    "from": ("from", "从"),
    "to": ("to", "到"),
    "exclude": ("Leave an item out", "不要某个条目"),
    "exclude.undo": ("Allow “{title}” again", "重新允许“{title}”"),
    "variety": ("Variety", "多样性"),
    "strategy": ("Strategy", "策略"),
    "strategy.msd": ("Far apart on average", "平均距离大"),
    "strategy.mmr": ("Far from the nearest", "与最近者距离大"),
    "strategy.dpp": ("Large volume", "覆盖体积大"),
    "strategy.cover": ("Stand for the others", "代表其余条目"),
    "strategy.ssd": ("Wide spectrum", "谱宽"),
    "strength": ("Strength of variety", "多样性强度"),
    "strength.ends": ("0: by score only", "0：只按得分"),
    "calibration": ("Mix kinds as the user does", "按用户口味配比"),
    "calibration.ends": ("0: not at all", "0：不考虑"),
    "weights": ("Weights", "权重"),
    "request_weight": ("Request against taste", "请求与口味"),
    "request_weight.ends": ("0: taste only, 1: request only", "0：只看口味，1：只看请求"),
    "k": ("Number of items", "条目数"),
    "path_choice": ("Reasons shown", "展示的理由"),
    "path_choice.balanced": ("Balanced", "均衡"),
    "path_choice.strongest": ("Strongest", "最强"),
    "path_choice.varied": ("Varied", "多样"),
    "path_choice.recent": ("Recent", "最近"),
}

RESULTS: Table = {
    "results": ("Recommended", "推荐列表"),
    "results.count": ("{n} items", "{n} 个条目"),
    "results.count.one": ("{n} item", "{n} 个条目"),
    "results.copies": ("{n} copies hidden", "隐藏 {n} 个重复"),
    "results.copies.one": ("{n} copy hidden", "隐藏 {n} 个重复"),
    "result.open": ("Why {title}, number {rank}?", "为什么推荐第 {rank} 位的{title}？"),
    "reordered.themes": ("themes mixed", "已混合主题"),
    "reordered.diversity": ("variety {before} → {after}", "多样性 {before} → {after}"),
    "reordered.calibration": (
        "distance to your mix {before} → {after}",
        "与口味配比的差距 {before} → {after}",
    ),
    "moved": ("number {n} by score", "按得分为第 {n} 位"),
    "new": ("new", "新"),
    "new.why": ("Nobody has chosen it yet.", "还没有人选过它。"),
    "rate": ("Rate {title}", "评价{title}"),
    "rate.like": ("Like", "喜欢"),
    "rate.seen": ("Seen", "看过"),
    "rate.less": ("Less of this", "少推荐"),
    "rate.like.of": ("Like {title}", "喜欢{title}"),
    "rate.seen.of": ("Seen {title}", "看过{title}"),
    "rate.less.of": ("Less like {title}", "少推荐{title}这类"),
    "rate.nobody": ("Pick or create a user to rate.", "先选择或新建用户再评价。"),
    "rated.like": ("Liked: {title}. The list is new.", "已喜欢{title}，列表已更新。"),
    "rated.seen": ("Seen: {title}. The list is new.", "已看过{title}，列表已更新。"),
    "rated.less": ("Less of {title}. The list is new.", "将减少{title}这类，列表已更新。"),
    "undo": ("Undo", "撤销"),
    "part.paths": ("paths", "路径"),
    "part.popularity": ("popularity", "热度"),
    "part.people_like_you": ("people like you", "与你相似的人"),
    "part.semantic": ("meaning of the request", "请求语义"),
    "part.asked_alike": ("asked alike", "类似的请求"),
    "part.paths.what": (
        "What leads through the graph to the item: from what the user chose, and from the request.",
        "图谱中通向该条目的路径：来自用户选过的内容和当前请求。",
    ),
    "part.popularity.what": ("How many people chose it.", "有多少人选过它。"),
    "part.people_like_you.what": (
        "What people of the same age, occupation or the like choose.",
        "年龄、职业等相近的人所选的内容。",
    ),
    "part.semantic.what": (
        "How close its text is in meaning to the request.",
        "文本与请求在语义上的接近程度。",
    ),
    "part.asked_alike.what": (
        "What people took who asked for something alike.",
        "提出类似请求的人选了什么。",
    ),
    "state.command": ("or in a terminal", "或在终端运行"),
    "state.empty.do": ("Load a file or add an item", "导入文件或添加条目"),
    "state.untrained.do": ("Train a model", "训练模型"),
    "state.empty": ("The catalog is empty", "目录为空"),
    "state.empty.what": (
        "Load a file of your own, or try real films.",
        "请载入自己的文件，或先试用真实影片。",
    ),
    "state.empty.command": ("whyrec demo", "whyrec demo"),
    "state.untrained": ("No model is trained yet", "尚未训练模型"),
    "state.untrained.what": (
        "Items are found by what they have in common. Train a model to learn from events as well.",
        "目前只按共同属性推荐；训练模型后还会从记录中学习。",
    ),
    "state.untrained.command": ("whyrec train", "whyrec train"),
    "state.nothing": ("Nothing is left", "没有剩余条目"),
    "state.nothing.what": (
        "No item of the catalog meets the request and the filters together.",
        "目录中没有同时符合请求与筛选条件的条目。",
    ),
    "state.unknown": ("Nobody knows this user yet", "尚不认识该用户"),
    "state.unknown.what": (
        "“{id}” gets what a new user gets. The first rating makes the user known.",
        "“{id}”得到新用户的列表；第一次评价后即被记住。",
    ),
}

WHY: Table = {
    "why": ("Why “{title}”?", "为什么推荐“{title}”？"),
    "why.back": ("Back to the list", "回到列表"),
    "why.in": ("Tell it in the other language", "换一种语言说明"),
    "why.in.zh": ("中文", "中文"),
    "why.in.en": ("English", "English"),
    "why.weak": (
        "The paths shown carry {share} % of what speaks for it; the rest are many smaller ones.",
        "所示路径占全部理由的 {share}%，其余为许多较小的路径。",
    ),
    "nopaths": ("No path leads here yet", "还没有通向它的路径"),
    "nopaths.nobody": (
        "Pick a user, or say what you are looking for: the paths from there to this item are drawn "
        "here.",
        "选择一个用户，或说出想找什么：从那里通向该条目的路径会画在这里。",
    ),
    "nopaths.newcomer": (
        "Rate a few things: the paths from there to this item are drawn here.",
        "先评价几个条目：从那里通向该条目的路径会画在这里。",
    ),
    "nopaths.rate": ("Rate things", "去评价"),
    "nopaths.unlinked": (
        "Nothing that the user chose or asked for has anything in common with it.",
        "用户选过或想找的内容与它没有共同点。",
    ),
    "parts": ("What the score is made of", "得分构成"),
    "parts.score": ("Score {score}", "得分 {score}"),
    "graph.told": (
        "Picture of the paths from you to the item. The table below says the same.",
        "从你到条目的路径图，下方表格内容相同。",
    ),
    "graph.hint": (
        "Thicker lines add more. Click a line to see the score without it.",
        "线越粗贡献越大。点击一条线，看去掉它后的得分。",
    ),
    "legend.User": ("you", "你"),
    "legend.Request": ("your request", "你的请求"),
    "legend.Item": ("your items", "你的条目"),
    "legend.Entity": ("what they share", "共同点"),
    "legend.Target": ("recommended", "推荐条目"),
    "node.you": ("you", "你"),
    "node.request": ("your request", "你的请求"),
    "edge.asked_like": ("asked for one like", "想找类似"),
    "edge.by_people": ("{edge}: {n} people", "{edge}：{n} 人"),
    "edge.adds": (
        "Adds {value} to the score ({share} % of all reasons). Click to see the score without it.",
        "为得分贡献 {value}（占全部理由的 {share}%）。点击查看没有它时的得分。",
    ),
    "edge.gone": ("Taken away. Click to put it back.", "已去掉。点击恢复。"),
    "paths.caption": ("Paths that make the score", "构成得分的路径"),
    "paths.path": ("Path", "路径"),
    "paths.kind": ("Kind", "类型"),
    "paths.value": ("Adds", "贡献"),
    "paths.share": ("Share", "占比"),
    "paths.cut": ("Take away", "去掉"),
    "paths.people": ("{n} people", "{n} 人"),
    "paths.remove": ("Take “{name}” away", "去掉“{name}”"),
    "paths.restore": ("Put “{name}” back", "恢复“{name}”"),
    "kind.collaborative": ("chosen together", "共同选择"),
    "kind.content": ("alike in content", "内容相近"),
    "kind.learned": ("learned likeness", "学到的相似"),
    "kind.attribute": ("in common", "共同属性"),
    "kind.related": ("related", "直接相关"),
    "kind.request": ("asked for", "请求"),
    "kind.stated": ("said before", "曾表态"),
    "answers": ("More or less because of", "因此多一点或少一点"),
    "answer.like": ("More", "多一点"),
    "answer.dislike": ("Less", "少一点"),
    "answer.like.of": ("More because of {name}", "因为{name}多推荐"),
    "answer.dislike.of": ("Less of {name}", "少推荐{name}"),
    "answered.like": ("More because of {name}. The list is new.", "将因{name}多推荐，列表已更新。"),
    "answered.forget": (
        "Taken back: {name}. The list is new.",
        "已撤回对{name}的表态，列表已更新。",
    ),
    "answered.dislike": ("Less of {name}. The list is new.", "将减少{name}，列表已更新。"),
    "whatif": ("Without these steps", "如果没有这几步"),
    "whatif.all": ("Put all back", "全部恢复"),
    "whatif.score": ("Score", "得分"),
    "whatif.rank": ("Place by score", "得分名次"),
    "whatif.nowhere": ("none", "无"),
    "whatif.before": ("before", "之前"),
    "whatif.after": ("after", "之后"),
    "whynot": ("Why not …?", "为什么没有……？"),
    "whynot.what": (
        "Look up an item that is not on the list, to see what keeps it off.",
        "查找列表中没有的条目，看是什么把它挡在外面。",
    ),
    "whynot.search": ("Title of an item", "条目名称"),
    "whynot.score": ("score {score}", "得分 {score}"),
    "whynot.rank": ("place {rank} by score", "按得分第 {rank} 位"),
    "whynot.explain": ("What its score is made of", "看它的得分构成"),
    "reason.listed": ("on the list", "已在列表"),
    "reason.seen": ("seen", "已看过"),
    "reason.excluded": ("left out", "已排除"),
    "reason.filter": ("filter", "筛选"),
    "reason.refused": ("not wanted", "请求不要"),
    "reason.limit": ("limit", "限制"),
    "reason.copy": ("copy", "重复"),
    "reason.reordered": ("reordered", "重新排序"),
    "reason.score": ("score", "得分不足"),
    "whatif.cut": ("Take this away, or put it back", "去掉或恢复这一步"),
}

TEXTS: Table = {**SHELL, **ASKING, **RESULTS, **WHY, **MODEL, **ADD, **RATE}


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of the console in one language.

    Attributes
    ----------
    language : Language
        Which one.

    Examples
    --------
    >>> Texts("zh")("nav.recommend")
    '推荐'
    """

    language: Language

    def __contains__(self, name: str) -> bool:
        """Return whether there is a text of a name."""
        return name in TEXTS

    def __call__(self, name: str, /, **values: object) -> str:
        """Return a text.

        Parameters
        ----------
        name : str
            A key of :data:`TEXTS`.
        **values : object
            What stands in the place of ``{name}`` in the text.

        Returns
        -------
        str
            The text in this language.
        """
        english, chinese = TEXTS[name]
        text = chinese if self.language == "zh" else english
        return text.format(**values) if values else text

    def count(self, name: str, /, n: int, **values: object) -> str:
        """Return a text about a number of things, which is ``{n}`` in it; one is told as one."""
        one = f"{name}.one"
        return self(one if n == 1 and one in self else name, n=n, **values)
