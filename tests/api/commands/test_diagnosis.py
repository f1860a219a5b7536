def by_name(document):
    return {check["name"]: check for check in document["checks"]}


def test_a_fresh_machine_is_healthy_with_notes(whyrec):
    answer = whyrec("doctor", "--json")
    assert answer.code == 0, answer.stderr
    checks = by_name(answer.document)
    assert answer.document["healthy"]
    assert checks["names"]["status"] == "ok"
    assert checks["store"]["status"] == "note"
    assert checks["model"]["fix"] == "Run 'whyrec train'."


def test_what_was_loaded_is_counted(whyrec, loaded):
    checks = by_name(whyrec("doctor", "--json").document)
    assert "6 items" in checks["store"]["detail"]


def test_a_broken_setting_fails_and_says_which(whyrec, monkeypatch):
    monkeypatch.setenv("WHYREC_SERVING__POLL_S", "-1")
    answer = whyrec("doctor")
    assert answer.code == 1
    assert "FAILED" in answer.stdout
    assert "serving.poll_s" in answer.stdout


def test_a_store_that_is_away_fails(whyrec, monkeypatch):
    monkeypatch.setenv("WHYREC_NEO4J__URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("WHYREC_NEO4J__PASSWORD", "something")
    answer = whyrec("doctor", "--json")
    assert answer.code == 1
    assert by_name(answer.document)["store"]["status"] == "failed"
