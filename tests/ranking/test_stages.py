from ranking.stages import Stages


def test_a_stage_is_told_timed_and_gives_its_result():
    told = []
    stages = Stages(told.append)
    assert stages.timed("adding", lambda: 1 + 1) == 2
    assert [(each.stage, each.done) for each in told] == [("adding", 0), ("adding", 1)]
    assert stages.seconds["adding"] >= 0
