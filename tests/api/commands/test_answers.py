import json
from xml.etree import ElementTree as ET

import pytest


def test_recommend_gives_the_answer_of_the_http_interface(whyrec, loaded):
    answer = whyrec("recommend", "--user", "u1", "-k", 3, "--explain", "--json")
    assert answer.code == 0, answer.stderr
    document = answer.document
    assert {"items", "graph_version", "model_version", "stale"} <= set(document)
    first = document["items"][0]
    assert {"item_id", "title", "score", "parts", "source", "cold", "paths"} <= set(first)
    assert first["score"] == pytest.approx(sum(first["parts"].values()), abs=1e-6)


def test_recommend_for_people_is_a_table(whyrec, loaded):
    answer = whyrec("recommend", "--user", "u1", "-k", 2)
    assert "title" in answer.stdout
    assert "Nothing is learned yet" in answer.stdout


def test_recommend_varies_and_calibrates_and_says_so(whyrec, loaded):
    options = ("--diversity", 0.8, "--strategy", "mmr", "--calibration", 0.5)
    document = whyrec("recommend", "--user", "u1", "-k", 3, *options, "--json").document
    stages = [(stage["by"], stage["strength"]) for stage in document["reordered"]]
    assert stages == [("diversity", 0.8), ("calibration", 0.5)]
    assert document["reordered"][0]["how"] == "mmr"
    assert [item["moved"]["to"] for item in document["items"]] == [1, 2, 3]
    shown = whyrec("recommend", "--user", "u1", "-k", 3, *options).stdout
    assert "Reordered by diversity (mmr, strength 0.8)" in shown
    assert whyrec("recommend", "--diversity", 1.5).code == 2
    assert whyrec("recommend", "--strategy", "best").code == 2


def test_the_weight_of_a_request_is_an_option(whyrec, loaded):
    plain = whyrec("recommend", "--user", "u1", "--json").document["items"]
    words = ("--user", "u1", "--query", "crime", "--request-weight", 0)
    assert whyrec("recommend", *words, "--json").document["items"] == plain
    told = whyrec("explain", "--item", plain[0]["item_id"], *words, "--json").document
    assert told["score"] == pytest.approx(plain[0]["score"], abs=1e-6)
    assert whyrec("recommend", "--query", "crime", "--request-weight", 2).code == 2


def test_an_unknown_user_is_served_and_an_empty_graph_too(whyrec):
    assert whyrec("recommend", "--user", "nobody", "--json").document["items"] == []


def test_explain_adds_up_in_json(whyrec, loaded):
    answer = whyrec("explain", "--user", "u1", "--item", "heat", "--format", "json")
    document = answer.document
    assert document["score"] == pytest.approx(sum(document["parts"].values()), abs=1e-6)
    total = sum(path["value"] for path in document["paths"])
    assert document["parts"]["paths"] == pytest.approx(total, abs=1e-6)
    same = whyrec("explain", "--user", "u1", "--item", "heat", "--json").document
    assert same["score"] == document["score"]


def test_explain_writes_the_other_formats(whyrec, loaded):
    def explained(*more):
        return whyrec("explain", "--user", "u1", "--item", "heat", *more).stdout

    assert explained().startswith("Heat (heat) for user u1")
    assert explained("--format", "mermaid").startswith("flowchart LR")
    assert ET.fromstring(explained("--format", "graphml")).tag.endswith("graphml")


def test_a_language_model_adds_and_rewrites(whyrec, loaded, monkeypatch, peer):
    for name, value in (("KIND", "endpoint"), ("BASE_URL", peer.url), ("REWRITE", "true")):
        monkeypatch.setenv(f"WHYREC_CHAT__{name}", value)
    peer.says('{"mentions": [{"text": "heat", "polarity": "like"}]}')
    text = "i watched heat and want more of that"
    document = whyrec("understand", text, "--json").document
    assert [one["method"] for one in document["similar_to"]] == ["llm"]
    found = whyrec("recommend", "--query", text, "--json").document
    assert found["understood"] == document | {"removed": []}
    told = whyrec("explain", "--user", "u1", "--item", "heat", "--json").document
    peer.says('{"text": "nothing"}')
    shown = whyrec("explain", "--user", "u1", "--item", "heat", "--rewrite").stdout
    assert told["text"] in " ".join(shown.split())
    assert "thrown away" in shown


def test_a_note_of_what_was_ignored_is_shown(whyrec, loaded, monkeypatch, peer):
    monkeypatch.setenv("WHYREC_CHAT__KIND", "endpoint")
    monkeypatch.setenv("WHYREC_CHAT__BASE_URL", peer.url)
    peer.says("nonsense")
    assert "Only the rules were used." in whyrec("understand", "gloomy").stdout


def test_explain_names_an_item_that_is_not_there(whyrec, loaded):
    answer = whyrec("explain", "--user", "u1", "--item", "nothing", "--json")
    assert answer.code == 1
    assert answer.document["status"] == 404
    assert "'nothing'" in answer.document["detail"]


def test_understand_names_what_is_meant(whyrec, loaded):
    answer = whyrec("understand", "a comedy by Jim Abrahams", "--json")
    names = {linked["name"] for linked in answer.document["include"]}
    assert {"Comedy", "Jim Abrahams"} <= names
    shown = whyrec("understand", "a comedy by Jim Abrahams").stdout
    assert "Jim Abrahams" in shown
    assert "language: en" in shown


def test_a_request_in_words_shows_how_it_was_understood(whyrec, loaded):
    answer = whyrec("recommend", "--query", "a film by Jim Abrahams", "-k", 3, "--json")
    assert json.loads(answer.stdout)["understood"]["include"]
    assert "Jim Abrahams" in whyrec("recommend", "--query", "a film by Jim Abrahams").stdout


def test_limits_are_shown_with_what_they_left_out(whyrec, loaded):
    shown = whyrec("recommend", "--query", "a crime film from the 90s under $5, no comedy")
    assert shown.code == 0, shown.stderr
    assert "year >= 1990" in shown.stdout
    assert "cannot be applied: price < 5" in shown.stdout
    assert "left out by not Comedy: 3." in shown.stdout
    assert "left out by year >= 1990: 3." in shown.stdout
    document = whyrec("recommend", "--query", "a film from before 1950", "--json").document
    (removed,) = document["understood"]["removed"]
    assert removed["outcome"] == "widened"
    assert removed["items"] == 6
    assert removed["note"]
    assert document["items"]


def test_a_dialogue_goes_on_with_context(whyrec, loaded):
    turn = json.dumps({"text": "crime films", "items": ["heat", "thief"]})
    answer = whyrec("understand", "older than the first one", "--context", turn, "--json")
    limits = [(one["field"], one["op"], one["value"]) for one in answer.document["constraints"]]
    assert limits == [("year", "<", 1995.0)]
    assert [(one["name"], one["turn"]) for one in answer.document["include"]] == [("Crime", 1)]
    found = whyrec(
        "recommend",
        "--query",
        "no, comedies instead",
        "--context",
        "crime films",
        "-k",
        "3",
        "--json",
    )
    assert {item["item_id"] for item in found.document["items"]} == {
        "airplane",
        "hotshots",
        "topsecret",
    }


def test_a_turn_that_is_none_is_refused(whyrec, loaded):
    answer = whyrec("understand", "older", "--context", '{"say": "crime"}')
    assert answer.code != 0
    assert "no turn of a dialogue" in answer.stderr


def test_personal_data_is_covered_and_counted(whyrec, loaded):
    shown = whyrec("understand", "a comedy for ada@example.org").stdout
    assert "personal data covered: 1" in shown
    assert "example.org" not in shown


def test_a_picture_goes_to_a_file_or_a_pipe(whyrec, loaded, tmp_path):
    asked = ("explain", "--user", "u1", "--item", "heat", "--format")
    assert whyrec(*asked, "svg").stdout.startswith("<svg ")
    answer = whyrec(*asked, "png", "--out", tmp_path / "why.png")
    assert answer.code == 0, answer.stderr
    assert answer.stdout == ""
    assert (tmp_path / "why.png").read_bytes().startswith(b"\x89PNG")
    whyrec(*asked, "json", "--out", tmp_path / "why.json")
    assert json.loads((tmp_path / "why.json").read_text())["item_id"] == "heat"


def test_a_file_that_cannot_be_written_is_named(whyrec, loaded, tmp_path):
    answer = whyrec("explain", "--user", "u1", "--item", "heat", "--out", tmp_path / "no" / "why")
    assert answer.code == 1
    assert "Cannot write" in answer.stderr


def test_a_user_nobody_knows_is_told_as_over_http(whyrec, loaded):
    answer = whyrec("explain", "--user", "nobody", "--item", "heat", "--json")
    assert answer.code == 1
    assert (answer.document["status"], answer.document["what"]) == (404, "user")
