import html
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from api.explanation_text import as_mermaid, as_text

NODE = re.compile(r'    n\d+(\(\["|\["|\{\{")([^"<>`\\\n]*)("\]\)|"\]|"\}\}):::(User|Item|Entity)')
EDGE = re.compile(r'    n\d+ -->\|"[A-Z_]+ [+-]\d+\.\d{3}"\| n\d+')


def test_text_shows_parts_that_add_up_and_the_shown_paths_only(explained):
    text = as_text(explained())
    assert text.startswith("Thief (8) for user 7\n")
    assert "+0.5000  paths" in text
    assert "+0.7500  score" in text
    assert "2 of 3 paths" in text
    assert "7 -INTERACTED-> " in text
    assert "<-DIRECTED_BY- Thief" in text
    assert "CLOSE_TO" not in text


def test_text_is_chinese_when_asked(explained):
    text = as_text(explained(), "zh")
    assert "得分" in text
    assert "3 条路径（合计为 paths）中的 2 条" in text


def test_text_without_paths(bare_explanation):
    assert "Popular." in as_text(bare_explanation)
    assert as_mermaid(bare_explanation).startswith("flowchart LR")


def test_mermaid_draws_every_node_once_and_escapes_names(explained):
    text = as_mermaid(explained())
    assert text.startswith("flowchart LR\n")
    assert text.count("Thief") == 1
    assert 'Heat &quot;1995&quot; &lt;uncut&gt;"]' in text
    assert text.count("-->") == 4


def labels_of(text):
    """Read the labels of a flowchart; whatever is no node, edge or style fails."""
    first, *lines = text.splitlines()
    assert first == "flowchart LR"
    labels = []
    for line in lines:
        node = NODE.fullmatch(line)
        assert node or EDGE.fullmatch(line) or line.startswith("    classDef "), line
        if node:
            labels.append(html.unescape(node[2]))
    return labels


def test_a_hostile_name_stays_one_label(explained, hostile_names):
    for name in hostile_names:
        labels = labels_of(as_mermaid(explained(film=name, person=name, title=name)))
        assert len(labels) == 4
        assert all(len(label) <= 82 for label in labels)


def test_a_hostile_name_stays_on_its_line(explained, hostile_names):
    usual = len(as_text(explained()).split("\n"))
    for name in hostile_names:
        lines = as_text(replace(explained(title=name), text="Because.")).split("\n")
        assert lines[0].endswith(" (8) for user 7")
        assert len(lines) == usual
        assert not any("\x1b" in line for line in lines)


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_name_stays_one_label(explained, name):
    assert len(labels_of(as_mermaid(explained(film=name, person=name, title=name)))) == 4
