import pytest

from graph.presets import preset
from ranking.chinese import Chinese, listed, quoted
from ranking.phrasing import Link, Reason

DIRECTED = Link("DIRECTED_BY", True)


def sentence(reason: Reason, domain: str = "films") -> str:
    return Chinese(preset(domain)).sentence(reason)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("rating", "你喜欢《盗火线》，喜欢它的人也喜欢《浪人》。"),
        ("view", "你看过《盗火线》，看过它的人也看过《浪人》。"),
        ("purchase", "你买过《盗火线》，买过它的人也买过《浪人》。"),
        ("cart", "你把《盗火线》加入过购物车，选过它的人也选过《浪人》。"),
        ("other", "你选过《盗火线》，选过它的人也选过《浪人》。"),
    ],
)
def test_verbs_follow_the_event(event: str, expected: str) -> None:
    assert sentence(Reason("collaborative", event, "浪人", ("盗火线",))) == expected


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("DIRECTED_BY", "你喜欢《甲》，它和《乙》都由曼执导。"),
        ("HAS_GENRE", "你喜欢《甲》，它和《乙》都属于曼类型。"),
        ("HAS_BRAND", "你喜欢《甲》，它和《乙》品牌都为曼。"),
        ("HAS_STYLE", "你喜欢《甲》，它和《乙》都是曼风格。"),
        ("CREW", "你喜欢《甲》，它和《乙》都与曼相关（crew）。"),
        ("SOLD_IN", "你喜欢《甲》，它和《乙》都与曼相关（sold in）。"),
    ],
)
def test_shared_entities_read_as_the_relation_asks(relation: str, expected: str) -> None:
    link = Link(relation, True)
    assert sentence(Reason("attribute", "like", "乙", ("甲",), ("曼",), link, link)) == expected


def test_several_seeds_and_entities_are_joined() -> None:
    seeds = ("甲", "乙", "丙")
    assert sentence(Reason("learned", "like", "丁", seeds)) == (
        "你喜欢《甲》、《乙》和《丙》，从大家的选择来看，《丁》与它们口味相近。"
    )
    link = Link("STARRING", True)
    assert sentence(Reason("attribute", "like", "丁", seeds[:2], ("李", "王"), link, link)) == (
        "你喜欢《甲》和《乙》，它们和《丁》都由李和王主演。"
    )


def test_different_relations_to_one_entity_are_both_told() -> None:
    reason = Reason("attribute", "like", "乙", ("甲",), ("曼",), Link("WRITTEN_BY", True), DIRECTED)
    assert sentence(reason) == "你喜欢《甲》，它由曼编剧，《乙》由曼执导。"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (Link("PART_OF", True), "你喜欢《沙丘》，《沙丘2》是《沙丘》的一部分。"),
        (Link("PART_OF", False), "你喜欢《沙丘》，它是《沙丘2》的一部分。"),
        (Link("ALSO_BOUGHT", True), "你喜欢《沙丘》，《沙丘2》与它相关（also bought）。"),
    ],
)
def test_direct_relations_keep_their_direction(link: Link, expected: str) -> None:
    assert sentence(Reason("related", "like", "沙丘2", ("沙丘",), last=link)) == expected


def test_requests_are_answered() -> None:
    assert sentence(Reason("request", "", "乙", (), ("曼",), None, DIRECTED)) == (
        "你想找曼，《乙》由曼执导。"
    )
    assert sentence(Reason("request", "", "乙", ("甲",), ("曼",), DIRECTED, DIRECTED)) == (
        "你想找与《甲》相似的，它和《乙》都由曼执导。"
    )


def test_clauses_about_people() -> None:
    chinese = Chinese(preset("generic"))
    assert chinese.people("甲", popular=True, like_you=True, more=True) == (
        "《甲》也很受大家欢迎，常被和你相似的人选择。"
    )
    assert chinese.people("甲", popular=False, like_you=True, more=False) == (
        "《甲》常被和你相似的人选择。"
    )


def test_titles_are_quoted_once() -> None:
    assert quoted("甲") == "《甲》"
    assert quoted("《甲》") == "《甲》"
    assert listed(["《甲》"]) == "《甲》"


def test_nobody_is_said_to_have_chosen_what_is_new() -> None:
    reason = Reason("collaborative", "rating", "浪人", ("盗火线",), by_content=True)
    assert sentence(reason) == "你喜欢《盗火线》，从内容看，新上的《浪人》与它很相似。"
