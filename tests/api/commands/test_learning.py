def test_train_makes_a_model_that_serves(whyrec, loaded):
    answer = whyrec("train", "--device", "cpu", "--epochs", 2, "--seed", 1, "--json")
    assert answer.code == 0, answer.stderr
    assert "... " in answer.stderr
    served = whyrec("recommend", "--user", "u1", "--json").document
    assert served["model_version"] == answer.document["id"]


def test_what_was_learned_is_shown_to_people(whyrec, loaded):
    answer = whyrec("train", "--device", "cpu", "--epochs", 1)
    assert answer.code == 0, answer.stderr
    assert "n_items" in answer.stdout
    assert "weights with" in answer.stdout
    recommended = whyrec("recommend", "--user", "u1", "-k", 1, "--json").document["items"]
    # u1 liked two of the three crime films: the third is what follows.
    assert [item["item_id"] for item in recommended] == ["insider"] or recommended[0][
        "item_id"
    ] in {"heat", "thief"}


def test_training_on_nothing_is_told_in_a_sentence(whyrec):
    answer = whyrec("train", "--epochs", 1)
    assert answer.code in {0, 1}
    assert "Traceback" not in answer.stderr


def test_the_time_budget_reaches_the_training(whyrec, loaded):
    answer = whyrec("train", "--device", "cpu", "--epochs", 1, "--time-budget", 33, "--json")
    assert answer.code == 0, answer.stderr
    assert answer.document["config"]["time_budget_s"] == 33.0


def test_a_time_budget_below_a_second_is_refused(whyrec, loaded):
    answer = whyrec("train", "--time-budget", 0)
    assert answer.code == 2
    assert "--time-budget" in answer.stderr


def test_logged_requests_teach_and_bad_rows_are_told(whyrec, loaded, tmp_path):
    log = tmp_path / "requests.tsv"
    log.write_text("query\titem\tuser\na heist\theat\tu1\na heist\t\tu1\na heist\tgone\tu2\n")
    answer = whyrec("train", "--device", "cpu", "--epochs", 1, "--requests", log, "--json")
    assert answer.code == 0, answer.stderr
    card = answer.document
    assert card["requests"] == {"n_requests": 1, "n_held_out": 0}
    assert "requests.tsv were left out; line 3" in card["notes"][-1]


def test_a_log_that_is_not_there_is_told_before_training(whyrec, loaded, tmp_path):
    answer = whyrec("train", "--requests", tmp_path / "none.tsv")
    assert answer.code == 1
    assert "none.tsv" in answer.stderr
