from graph.learned import LearnedEdges

EDGES = LearnedEdges(
    "m", ["a", "a", "b"], ["b", "c", "a"], [1, 2, 3], ["CLOSE_TO", "CLOSE_TO", "SIMILAR_TO"]
)


def test_edges_come_by_type_source_and_target():
    assert len(EDGES) == 3
    assert EDGES.of_type("CLOSE_TO") == {"a": {"b": 1.0, "c": 2.0}}
    assert EDGES.of_type("SIMILAR_TO") == {"b": {"a": 3.0}}
    plain = LearnedEdges("m", ["a"], ["b"], [1])
    assert plain.of_type("SIMILAR_TO") == {"a": {"b": 1.0}}
    assert plain.of_type("CLOSE_TO") == {}


def test_a_part_keeps_the_columns_together():
    assert EDGES.part(1, 9) == LearnedEdges(
        "m", ["a", "b"], ["c", "a"], [2, 3], ["CLOSE_TO", "SIMILAR_TO"]
    )
    assert LearnedEdges("m", ["a"], ["b"], [1]).part(0, 1).of_type("SIMILAR_TO")
