import pytest

from graph.domain import Entity, Item
from graph.presets import preset
from ranking.asking import question_text
from ranking.attributes import Role

COMEDY = Entity("genre:comedy", "Genre", "Comedy", {"zh": "喜剧"})
OZU = Entity("person:ozu", "Person", "Yasujirō Ozu", {"zh": "小津安二郎"})
FILM = Item("late-spring", "Late Spring (1949)", {"zh": "晚春"})


@pytest.mark.parametrize(
    ("thing", "role", "english", "chinese"),
    [
        (FILM, None, "Do you like Late Spring (1949)?", "你喜欢《晚春》吗？"),
        (
            COMEDY,
            Role("HAS_GENRE", "out"),
            "Do you like films in the genre Comedy?",
            "你喜欢属于喜剧类型的电影吗？",
        ),
        (
            OZU,
            Role("DIRECTED_BY", "out"),
            "Do you like films directed by Yasujirō Ozu?",
            "你喜欢由小津安二郎执导的电影吗？",
        ),
        (
            OZU,
            Role("FILM_DIRECTOR_FILM", "in"),
            "Do you like Yasujirō Ozu (person)?",
            "你喜欢小津安二郎（人物）吗？",
        ),
        (
            Entity("t", "Thing", "Tea"),
            None,
            "Do you like Tea?",
            "你喜欢Tea吗？",
        ),
    ],
)
def test_questions_read_well_in_both_languages(thing, role, english, chinese):
    films = preset("films")
    assert question_text(thing, role, films, "en") == english
    assert question_text(thing, role, films, "zh") == chinese


def test_other_domains_ask_about_things():
    shop = preset("generic")
    dry = Entity("feature:waterproof", "Feature", "waterproof")
    text = question_text(dry, Role("HAS_FEATURE", "out"), shop, "en")
    assert text == "Do you like things that are waterproof?"
    sold = Entity("shop:x", "Shop", "Xian")
    assert question_text(sold, Role("SOLD_IN", "out"), shop, "en") == (
        "Do you like things sold in Xian?"
    )
    assert question_text(sold, Role("SOLD_IN", "out"), shop, "zh") == "你喜欢Xian（shop）吗？"
