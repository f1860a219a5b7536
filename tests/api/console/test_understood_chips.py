from api.console.understood_chips import chips_of, limit_text
from llm.intent import LinkedEntity, Understanding
from llm.limits import Constraint
from ranking.domain import RecommendationList, Removal

DRAMA = LinkedEntity("g:drama", "Entity", "Drama", (0, 5), 1.0, "exact")
CRIME = LinkedEntity("g:crime", "Entity", "Crime", (6, 9), 1.0, "exact")
SPRING = LinkedEntity("spring", "Item", "Late Spring", (10, 12), 1.0, "exact")
SHORT = Constraint("runtime", "<=", 120.0, (13, 20), "min")


def test_chips_say_what_is_asked_and_what_became_of_it():
    understood = Understanding(
        "en", include=(DRAMA,), exclude=(CRIME,), similar_to=(SPRING,), constraints=(SHORT,)
    )
    removals = (Removal(SHORT, 9, "widened"), Removal(CRIME, 2))
    chips = chips_of(RecommendationList((), understood, 1, "m", removals=removals))
    assert [(chip.kind, chip.name, chip.outcome) for chip in chips] == [
        ("include", "Drama", "applied"),
        ("similar", "Late Spring", "applied"),
        ("exclude", "Crime", "applied"),
        ("limit", "runtime ≤ 120 min", "widened"),
    ]


def test_without_a_request_there_are_none():
    assert chips_of(RecommendationList((), None, 1, "m")) == []


def test_large_limits_are_written_out():
    assert limit_text(Constraint("price", "<", 2_500_000.0, (0, 1), "¥")) == "price < 2,500,000 ¥"


async def test_words_that_match_nothing_are_shown(open_console):
    async with open_console() as tab:
        await tab.open("/?q=comedy with zyxwvut")
        assert "not known zyxwvut" in tab.texts("chip-unmatched")


async def test_chips_are_named_in_the_language_of_the_page(open_console):
    async with open_console({"accept-language": "zh-CN"}) as tab:
        await tab.open("/?user=ada&q=comedy films")
        assert tab.texts("chip-name") == ["喜剧片"]
