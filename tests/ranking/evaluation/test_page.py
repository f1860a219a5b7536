import re
from pathlib import Path

import numpy as np
import pytest

from ranking.evaluation.report import evaluate


def write(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("".join(f"{row}\n" for row in [header, *rows]), encoding="utf-8")
    return path


NAMES = ("ours", "<b>other & co", "中文 $x$")


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("page")
    rng = np.random.default_rng(2)
    train, test, lists = [], [], {name: [] for name in NAMES}
    for user in range(40):
        items = rng.permutation(30).tolist()
        n = int(rng.integers(0, 12))
        train += [f"u{user}\ti{item}\t{86_400 * (item + 1)}" for item in items[:n] if item < 25]
        test += [f"u{user}\ti{item}" for item in items[n : n + 4]]
        for name in NAMES:
            shown = rng.permutation(items[n:])[:6].tolist()
            lists[name] += [f"u{user}\t{p}\ti{item}\t{-p}" for p, item in enumerate(shown, 1)]
    header = "user\trank\titem\tscore"
    items = [f"i{n}\t<i>Title {n}</i>" for n in range(30)]
    return {
        "lists": [write(folder / f"{name}.tsv", header, lists[name]) for name in NAMES],
        "test": write(folder / "test.tsv", "user\titem", test),
        "train": write(folder / "train.tsv", "user\titem\ttimestamp", train),
        "items": write(folder / "items.tsv", "item\ttitle", items),
        "page": folder / "made" / "page.html",
    }


@pytest.fixture(scope="module")
def text(files) -> str:
    first, *others = files["lists"]
    report = evaluate(
        first,
        test=files["test"],
        train=files["train"],
        items=files["items"],
        against=others,
        k=6,
        page=files["page"],
    )
    assert report["page"] == str(files["page"])
    return files["page"].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text, parsed):
    return parsed(text)


def test_the_page_needs_no_network_and_no_script(text, page) -> None:
    assert page.all("script") == page.all("link") == page.all("img") == page.all("iframe") == []
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert "url(" not in re.sub(r"url\(#[^)]*\)", "", text)
    assert "@import" not in text


def test_names_of_systems_and_items_are_escaped(text) -> None:
    assert "&lt;b&gt;other &amp; co" in text
    assert "<b>" not in text
    assert "&lt;i&gt;Title" in text
    assert "<i>" not in text
    assert "中文 $x$" in text


def test_every_part_is_there(page) -> None:
    words = " ".join(page.texts)
    for heading in (
        *("Metrics", "Differences", "Recall by length", "By activity of the user"),
        *("By popularity of the item", "By age of the item", "Coverage and novelty"),
        *("Items shown most", "What the words mean"),
    ):
        assert heading in words
    assert "ours minus <b>other & co" in words
    assert "cold" in page.texts
    assert len(page.all("svg")) == 9


def test_ids_are_unique_and_what_they_label_exists(page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(set(ids)) == len(ids)
    named = {
        name
        for _, attributes in page.elements
        for name in (attributes.get("aria-labelledby") or "").split()
    }
    assert named
    assert named <= set(ids)


def test_readers_of_the_screen_find_their_way(page) -> None:
    assert page.all("html")[0]["lang"] == "en"
    assert all(svg["role"] == "img" and svg["aria-labelledby"] for svg in page.all("svg"))
    assert all(cell.get("scope") in {"row", "col"} for cell in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) > 10
    assert all(
        box["aria-label"] and box["tabindex"] == "0"
        for box in page.all("div")
        if box.get("class") == "scroll"
    )
    headings = [tag for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert headings[0] == "h1"
    assert set(headings[1:]) == {"h2"}


def test_the_page_fits_a_phone_and_a_dark_room(text, page) -> None:
    metas = {meta.get("name"): meta.get("content") for meta in page.all("meta")}
    assert metas["viewport"] == "width=device-width, initial-scale=1"
    assert metas["color-scheme"] == "light dark"
    assert "prefers-color-scheme: dark" in text
    assert "currentColor" in text


def test_the_same_files_make_the_same_page(files, text, tmp_path) -> None:
    first, *others = files["lists"]
    evaluate(
        first,
        test=files["test"],
        train=files["train"],
        items=files["items"],
        against=others,
        k=6,
        page=tmp_path / "again.html",
    )
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text


def test_one_system_without_a_train_file_makes_a_page_too(files, tmp_path, parsed) -> None:
    out = tmp_path / "small.html"
    evaluate(files["lists"][0], test=files["test"], k=3, page=out)
    small = parsed(out.read_text(encoding="utf-8"))
    words = " ".join(small.texts)
    assert "Differences" not in words
    assert "By activity" not in words
    assert len(small.all("svg")) == 2


def test_lists_without_rows_make_a_page_too(files, tmp_path, parsed) -> None:
    empty = write(tmp_path / "none.tsv", "user\trank\titem\tscore", [])
    train = write(tmp_path / "train.tsv", "user\titem", ["u1\ti2"])
    out = tmp_path / "none.html"
    evaluate(empty, test=files["test"], train=train, page=out)
    assert "0.0000 (0.0000 to 0.0000)" in parsed(out.read_text(encoding="utf-8")).texts
