from api.console.asking import Asking, without
from llm.intent import LinkedEntity, Understanding
from llm.limits import Constraint
from ranking.domain import Diversity

HORROR = LinkedEntity("g:horror", "Entity", "Horror", (0, 6), 1.0, "exact")
SHORT = Constraint("runtime", "<", 120.0, (7, 20))


def test_the_query_says_all_that_was_asked():
    asking = Asking(user_id="ada", k=5, excluded={"x": "X"}, strength=0.4, strategy="mmr")
    asking.numbers["year"] = (1950.0, None)
    asking.values = {"genres": ("Drama", "Crime"), "countries": ()}
    asking.say("  slow films ")
    query = asking.query("zh")
    assert (query.user_id, query.text, query.k, query.language) == ("ada", "slow films", 5, "zh")
    assert query.filters == {"min_year": 1950.0, "genres": ("Drama", "Crime")}
    assert query.exclude == {"x"}
    assert query.diversity == Diversity(0.4, "mmr")
    assert query.explain


def test_without_strength_nothing_is_reordered():
    assert Asking(strategy="dpp").query("en").diversity is None


def test_a_new_request_forgets_what_was_taken_away():
    asking = Asking(text="horror", understood=Understanding("en"))
    asking.say("drama")
    assert asking.understood is None


def test_starting_anew_keeps_who_asks_and_what_for():
    asking = Asking(user_id="ada", text="drama", k=3, calibration=0.5, excluded={"x": "X"})
    assert asking.n_refined == 3
    asking.starts_anew()
    assert asking == Asking(user_id="ada", text="drama")
    assert asking.n_refined == 0


def test_without_takes_away_one_part_and_no_other():
    understood = Understanding("en", include=(HORROR,), exclude=(HORROR,), constraints=(SHORT,))
    assert without(understood, SHORT).constraints == ()
    assert without(understood, SHORT).include == (HORROR,)
    assert without(understood, HORROR) == Understanding("en", constraints=(SHORT,))
