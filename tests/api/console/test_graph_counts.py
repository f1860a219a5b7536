from api.console.graph_counts import edge_counts, node_counts


async def test_nodes_are_counted_by_label_and_edges_by_type(open_console):
    async with open_console() as tab:
        state = tab.services.recommender.state
        nodes = dict(node_counts(state))
        assert (nodes["Item"], nodes["User"]) == (12, 6)
        assert nodes["Genre"] == 5
        assert nodes["Person"] == 3
        edges = dict(edge_counts(state))
        assert edges["INTERACTED"] == 21
        assert edges["DIRECTED_BY"] == 12
        assert "SIMILAR_TO" not in edges  # nothing is trained
        assert list(edges.values()) == sorted(edges.values(), reverse=True)
