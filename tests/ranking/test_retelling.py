import pytest

from llm.rewriting import Rewrite
from ranking.domain import Query
from ranking.retelling import retold


@pytest.fixture
def explanation(recommender):
    found = recommender.explain("comedy-1", Query(user_id="u3"), k=2)
    assert found.text_by == "template"
    return found


@pytest.fixture
def linker(recommender):
    return recommender._linker


def test_the_same_words_are_fit_to_be_shown(explanation, linker):
    found = retold(explanation, Rewrite(f"Well: {explanation.text}"), linker)
    assert (found.text, found.text_by) == (f"Well: {explanation.text}", "llm")
    assert found.notes == explanation.notes
    assert found.parts == explanation.parts


@pytest.mark.parametrize("added", ["Dorian Vance", "horror", "恐怖片", "777"])
def test_what_is_not_on_the_path_throws_the_words_away(explanation, linker, added):
    found = retold(explanation, Rewrite(f"{explanation.text[:-1]} and {added}."), linker)
    assert (found.text, found.text_by) == (explanation.text, "template")
    *others, note = found.notes
    assert tuple(others) == explanation.notes
    assert note.startswith("The rewritten explanation was thrown away: it")


def test_a_model_that_was_not_heard_leaves_its_note(explanation, linker):
    found = retold(explanation, Rewrite("", "It is away."), linker)
    assert (found.text, found.notes) == (explanation.text, (*explanation.notes, "It is away."))


def test_paths_that_are_not_told_allow_no_names(recommender, linker):
    explanation = recommender.explain("comedy-1", Query(user_id="u3"), k=1)
    told = {node.name for node in explanation.paths[0].path.nodes}
    rest = [node for path in explanation.paths[1:] for node in path.path.nodes]
    other = next(node.name for node in rest if node.kind == "Item" and node.name not in told)
    found = retold(explanation, Rewrite(f"{explanation.text} {other}."), linker)
    assert found.text_by == "template"
