from api.console.audience import for_request, for_users, likely_users


async def test_whom_an_item_may_suit_has_done_most_with_what_is_like_it(open_console):
    async with open_console() as tab:
        users = likely_users(tab.services.recommender, "samurai", limit=2)
        assert len(users) == 2
        assert set(users) <= {"cleo", "eve", "fay"}  # with four events each


async def test_an_item_is_found_in_the_list_of_a_user(open_console):
    async with open_console() as tab:
        found = for_users(tab.services.recommender, "traffic")
        assert found is not None
        assert found.place <= 10


async def test_an_item_is_found_by_what_it_is_linked_to(open_console):
    async with open_console() as tab:
        recommender = tab.services.recommender
        entities = tab.services.entities_of(recommender.item("traffic"))
        found = for_request(recommender, "traffic", entities, "en")
        assert "Jacques Tati" in found.whose
        assert found.place <= 4
        assert for_request(recommender, "traffic", [], "en") is None
