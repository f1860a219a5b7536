from graph.rules import slug
from graph.vocabulary import FILM_NAMES, SHOP_NAMES


def test_every_line_was_read():
    assert FILM_NAMES["genre:sci-fi"].names == {"zh": "科幻片"}
    assert "science fiction" in FILM_NAMES["genre:sci-fi"].aliases
    assert FILM_NAMES["country:people-s-republic-of-china"].names == {"zh": "中国"}
    assert "夏天" in SHOP_NAMES["season:summer"].aliases
    assert len(FILM_NAMES) > 100


def test_no_line_is_broken():
    for id_, known in (FILM_NAMES | SHOP_NAMES).items():
        assert id_ == f"{id_.split(':')[0]}:{slug(id_.split(':', 1)[1])}"
        for name in (*known.names.values(), *known.aliases):
            assert name == name.strip()
            assert "=" not in name
            assert ";" not in name
