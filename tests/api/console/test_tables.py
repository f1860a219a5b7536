from api.console.tables import _is_number


def test_figures_stand_to_the_right_and_words_do_not():
    assert all(map(_is_number, ["12", "1,234", "-0.50", "+3", ""]))
    assert not any(map(_is_number, ["m2026-1", "12 items", "★", lambda: None]))


async def test_tables_have_captions_and_headers(open_console):
    async with open_console() as tab:
        await tab.open("/model")
        tables = tab.all("plain-table")
        assert tables
        for table in tables:
            tags = [e.tag for e in table.descendants()]
            assert "caption" in tags
            assert any(e.tag == "th" and e.props.get("scope") == "col" for e in table.descendants())
