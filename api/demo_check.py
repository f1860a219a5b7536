"""``whyrec demo --check``: one of each call against a real server, and what must hold of it."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from api.demo_film import Taste, strongest_tastes, unseen_film
from api.demo_server import Client
from graph.errors import UnavailableError
from graph.snapshot import Snapshot

TOLERANCE = 1e-6
VISIBLE_MS = 1000.0
K = 20
N_TASTES = 5


@dataclass(slots=True)
class Findings:
    """What was checked, and what came of it.

    Attributes
    ----------
    checks : list of dict
        ``name``, ``ok`` and ``detail`` of each check.
    shown : dict[str, Any]
        Answers worth showing, by name.
    """

    checks: list[dict[str, Any]] = field(default_factory=list)
    shown: dict[str, Any] = field(default_factory=dict)

    @property
    def all_hold(self) -> bool:
        """Whether every check held."""
        return all(check["ok"] for check in self.checks)

    def check(self, name: str, *, ok: bool, detail: str) -> None:
        """Note one check."""
        self.checks.append({"name": name, "ok": bool(ok), "detail": detail})


def check_service(client: Client, snapshot: Snapshot) -> Findings:
    """Call everything once and check what must hold of the answers.

    Parameters
    ----------
    client : Client
        Calls a ready server.
    snapshot : Snapshot
        The graph that the server serves; names somebody with a known taste.

    Returns
    -------
    Findings
        What was checked; the data of the server is as before.
    """
    findings = Findings()
    tastes = strongest_tastes(snapshot, n_most=N_TASTES)
    taste = tastes[0]
    titles = [snapshot.item(row).title for row in taste.liked]
    findings.shown["taste"] = {
        "user_id": taste.user_id,
        "director": taste.director,
        "liked": titles,
    }
    for step in (_recommendations, _explanation, _what_if, _why_not, _request):
        step(client, taste, findings)
    _event(client, findings)
    _onboarding(client, snapshot, tastes, findings)
    _other_calls(client, findings)
    return findings


def _recommendations(client: Client, taste: Taste, findings: Findings) -> None:
    started = time.perf_counter()
    answer = client.call(
        "POST", "/v1/recommendations", body={"user_id": taste.user_id, "k": 5, "explain": True}
    )
    seconds = time.perf_counter() - started
    items = answer["items"]
    findings.shown["recommendations"] = {"user_id": taste.user_id, **answer}
    findings.check(
        "five recommendations with titles",
        ok=len(items) == 5 and all(item["title"] for item in items),
        detail=f"{len(items)} items in {1000 * seconds:.0f} ms",
    )
    worst = max((abs(item["score"] - sum(item["parts"].values())) for item in items), default=1.0)
    findings.check(
        "every score is the sum of its parts",
        ok=worst <= TOLERANCE,
        detail=f"largest difference {worst:.1e}",
    )


def _explanation(client: Client, taste: Taste, findings: Findings) -> None:
    best = findings.shown["recommendations"]["items"][0]
    query = {"user_id": taste.user_id, "item_id": best["item_id"], "k": 3}
    answer = client.call("GET", "/v1/explanations", query=query)
    parts = abs(answer["score"] - sum(answer["parts"].values()))
    paths = abs(answer["parts"]["paths"] - sum(path["value"] for path in answer["paths"]))
    same = abs(answer["score"] - best["score"])
    findings.shown["explanation"] = answer | {
        "paths": [path for path in answer["paths"] if path["shown"]],
        "n_paths": len(answer["paths"]),
    }
    findings.check(
        "the explanation adds up to the score",
        ok=max(parts, paths, same) <= TOLERANCE and bool(answer["paths"]),
        detail=f"score {answer['score']:.6f}, off by {parts:.1e} from its parts; "
        f"{len(answer['paths'])} paths, off by {paths:.1e} from the part 'paths'",
    )


def _what_if(client: Client, taste: Taste, findings: Findings) -> None:
    """Leave out the first edge of the explanation: what that user did with an item."""
    best = findings.shown["recommendations"]["items"][0]
    asked = {"user_id": taste.user_id, "item_id": best["item_id"]}
    told = client.call("POST", "/v1/explanations", body=asked)
    edge = {name: told["paths"][0]["edges"][0][name] for name in ("from", "type", "to")}
    answer = client.call("POST", "/v1/what-if", body=asked | {"without": [edge]})
    findings.shown["what_if"] = answer
    off = max(
        abs(answer["score_before"] - told["score"]),
        abs(answer["score_after"] - sum(answer["parts_after"].values())),
    )
    findings.check(
        "what-if leaves an edge out",
        ok=off <= TOLERANCE and answer["rank_before"] == 1 and answer["removed"] == [edge],
        detail=f"without {edge['from']} {edge['type']} {edge['to']} the score is "
        f"{answer['score_after']:.4f} instead of {answer['score_before']:.4f}, the place "
        f"{answer['rank_after']} instead of 1",
    )


def _why_not(client: Client, taste: Taste, findings: Findings) -> None:
    """Ask for the item after the last one of a list."""
    items = client.call("POST", "/v1/recommendations", body={"user_id": taste.user_id, "k": 6})
    last, after = items["items"][-2:]
    asked = {"user_id": taste.user_id, "item_id": after["item_id"], "k": 5}
    answer = client.call("POST", "/v1/why-not", body=asked)
    findings.shown["why_not"] = answer
    off = abs(answer["needed"] - last["score"]) if answer["needed"] is not None else 1.0
    findings.check(
        "why-not says why a film is not in a list",
        ok=(answer["reason"], answer["rank"]) == ("score", 6) and off <= TOLERANCE,
        detail=answer["text"],
    )


def _request(client: Client, taste: Taste, findings: Findings) -> None:
    text = f"a film directed by {taste.director}"
    understood = client.call("POST", "/v1/query/understand", body={"text": text})
    names = [linked["name"] for linked in understood["include"]]
    findings.shown["understood"] = understood
    findings.check(
        "a request in words names its entities",
        ok=taste.director in names,
        detail=f"{text!r} means {', '.join(names) or 'nothing'}",
    )
    answer = client.call("POST", "/v1/recommendations", body={"query": text, "k": 5})
    findings.check(
        "a request in words is answered",
        ok=len(answer["items"]) == 5,
        detail=", ".join(item["title"] for item in answer["items"]),
    )


def _event(client: Client, findings: Findings) -> None:
    """Let a visitor nobody knows rate a film; the next answer is another one."""
    visitor = f"demo-visitor-{uuid4().hex[:8]}"
    asked = {"user_id": visitor, "k": K, "explain": True}
    client.call("POST", "/v1/users", body={"id": visitor})
    try:
        before = client.call("POST", "/v1/recommendations", body=asked)["items"]
        film = before[-1]
        event = {"user_id": visitor, "item_id": film["item_id"], "type": "rating", "value": 5}
        started = time.perf_counter()
        accepted = client.call("POST", "/v1/events", body=event)["accepted"]
        after = client.call("POST", "/v1/recommendations", body=asked)["items"]
        milliseconds = 1000 * (time.perf_counter() - started)
    finally:
        client.call("DELETE", f"/v1/users/{visitor}")
    ids = [item["item_id"] for item in after]
    because = any(
        node["id"] == film["item_id"]
        for item in after
        for path in item["paths"]
        for node in path["nodes"]
    )
    findings.shown["event"] = {
        "rated": film["title"],
        "before": [item["title"] for item in before[:5]],
        "after": [item["title"] for item in after[:5]],
        "milliseconds": round(milliseconds, 3),
    }
    findings.check(
        "an event changes the next answer",
        ok=accepted == 1
        and ids != [item["item_id"] for item in before]
        and film["item_id"] not in ids
        and because,
        detail=f"rated {film['title']!r}; {len(set(ids) - {i['item_id'] for i in before})} of {K} "
        f"films are others now, after {milliseconds:.0f} ms",
    )


def _onboarding(
    client: Client, snapshot: Snapshot, tastes: list[Taste], findings: Findings
) -> None:
    """Post a film that nobody has seen; a user whom it suits gets it at once."""
    tried = []
    for taste in tastes:
        tried.append(_onboarded(client, unseen_film(snapshot, taste), taste))
        if tried[-1]["rank"]:
            break
    shown = tried[-1]
    findings.shown["onboarding"] = shown
    findings.check(
        "a film nobody has seen is recommended at once to whom it suits",
        ok=shown["rank"] is not None and shown["visible_in_ms"] <= VISIBLE_MS,
        detail=f"{shown['item']['title']!r} is at rank {shown['rank']} of {K} for user "
        f"{shown['user_id']} (taste {len(tried)} of the {len(tastes)} strongest), "
        f"{shown['visible_in_ms']:.0f} ms after it was posted",
    )


def _onboarded(client: Client, film: dict[str, Any], taste: Taste) -> dict[str, Any]:
    """Post a film, ask for a user's recommendations, and take the film away again."""
    with suppress(UnavailableError):  # it is there only when an earlier run was cut off
        client.call("DELETE", f"/v1/items/{film['id']}")
    started = time.perf_counter()
    report = client.call("POST", "/v1/items", body=film)
    try:
        asked = {"user_id": taste.user_id, "k": K, "explain": True}
        items = client.call("POST", "/v1/recommendations", body=asked)["items"]
        milliseconds = 1000 * (time.perf_counter() - started)
    finally:
        client.call("DELETE", f"/v1/items/{film['id']}")
    ids = [item["item_id"] for item in items]
    rank = ids.index(film["id"]) + 1 if film["id"] in ids else None
    return {
        "item": film,
        "user_id": taste.user_id,
        "rank": rank,
        "visible_in_ms": round(milliseconds, 3),
        "linked": [entity["name"] for entity in report["linked"]],
        "neighbours": [neighbour["title"] for neighbour in report["neighbours"][:5]],
        "recommended": items[rank - 1] if rank else None,
    }


def _other_calls(client: Client, findings: Findings) -> None:
    best = findings.shown["recommendations"]["items"][0]["item_id"]
    user = findings.shown["taste"]["user_id"]
    calls = {
        f"/v1/users/{user}/recommendations": "items",
        f"/v1/items/{best}/similar": "items",
        f"/v1/items/{best}": "title",
        f"/v1/users/{user}": "user_id",
        f"/v1/users/{user}/export": "events",
        "/v1/popular": "items",
        "/v1/latest": "items",
        "/v1/entities?search=comedy": "entities",
        "/v1/models": "active",
        "/health/live": "status",
        "/health/ready": "status",
        "/openapi.json": "paths",
    }
    empty = [path for path, member in calls.items() if not client.call("GET", path).get(member)]
    metrics = client.call("GET", "/metrics")
    findings.check(
        "everything else answers",
        ok=not empty and "# TYPE" in metrics,
        detail=f"nothing from {', '.join(empty)}" if empty else f"{len(calls) + 1} addresses",
    )
