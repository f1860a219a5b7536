from graph.progress import Progress, silent


def test_a_total_may_be_unknown_and_silence_takes_everything():
    step = Progress("reading", 3)
    assert (step.total, step.unit, dict(step.values)) == (None, "steps", {})
    assert silent(step) is None
