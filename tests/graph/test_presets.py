import pytest

from graph.domain import entity_label, relation_type
from graph.errors import InvalidError
from graph.presets import preset, presets


def test_an_unknown_preset_names_those_that_exist():
    with pytest.raises(InvalidError, match="generic, films"):
        preset("cars")


@pytest.mark.parametrize("name", presets())
def test_presets_are_consistent(name):
    domain = preset(name)

    assert domain.name == name
    assert all(0 <= strength <= 1 for strength in domain.event_strengths.values())
    for rule in domain.attribute_rules:
        assert rule.label in domain.label_names, rule
        assert rule.relation in domain.relation_phrases, rule
    for relation, phrase in domain.relation_phrases.items():
        assert relation_type(relation) == relation
        assert phrase.en.count("{entity}") == phrase.zh.count("{entity}") == 1
    for label in domain.label_names:
        assert entity_label(label) == label
    for known in domain.known_names.values():
        assert known.names["zh"]


def test_phrases_in_both_languages():
    films = preset("films")

    assert films.phrase("DIRECTED_BY").text("Ann Lee", "en") == "directed by Ann Lee"
    assert films.phrase("DIRECTED_BY").text("李安", "zh") == "由李安执导"


def test_an_unknown_relation_gets_a_phrase_from_its_name():
    generic = preset("generic")

    assert generic.phrase("SOLD_IN").text("Paris", "en") == "sold in Paris"
    assert generic.phrase("HAS_HEEL_TYPE").text("flat", "en") == "with the heel type flat"
    assert "flat" in generic.phrase("HAS_HEEL_TYPE").text("flat", "zh")


def test_unknown_events_count_fully_and_unknown_labels_name_themselves():
    generic = preset("generic")

    assert generic.strength("made-up") == 1.0
    assert generic.strength("view") < generic.strength("purchase")
    assert generic.label_name("Brand", "zh") == "品牌"
    assert generic.label_name("Gadget", "zh") == "gadget"
