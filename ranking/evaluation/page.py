"""One page that shows an evaluation: it needs no network, no script, and no other file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ranking.evaluation import sections
from ranking.evaluation.plots import colour, mark
from ranking.evaluation.sections import Section
from ranking.evaluation.systems import Trial

_TEMPLATE = "page.html"
_WORDS = (
    ("recall", "Share of the user's test items that the list holds."),
    ("ndcg", "Hits, each worth less the later it comes, divided by what the best list would get."),
    ("mrr", "1 / place of the first hit."),
    ("map", "Sum of the precisions at the hits, divided by the number of test items."),
    ("hit", "Whether the list holds any test item."),
    ("precision", "Share of the places that hold a test item."),
    ("novelty", "How rarely users of the train file had the listed items, in bits."),
    ("coverage", "Share of all items that somebody's list shows."),
    ("already known", "Listed items that the same user has in the train file; best 0."),
    (
        "interval",
        "In brackets: 95 % of the means over as many users, drawn with replacement, lie in it.",
    ),
    (
        "p",
        "How often a difference as large as this one would come by chance alone: by the paired "
        "t-test; by exchanging the two systems for random users; and the latter corrected (Holm) "
        "for comparing with several systems.",
    ),
    ("cold", "Without any event in the train file."),
)


def write_page(
    path: Path,
    trial: Trial,
    figures: Mapping[str, Any],
    *,
    titles: Mapping[str, str] | None = None,
    seed: int = 0,
) -> None:
    """Write an evaluation as a page; whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder is made when missing.
    trial : Trial
        Judged lists.
    figures : Mapping
        What :func:`ranking.evaluation.report.figures` found of them.
    titles : Mapping of str to str or None
        Names of items by id.
    seed : int
        Start of the draws for the intervals.
    """
    write(path, render(trial, figures, titles=titles or {}, seed=seed))


def render(
    trial: Trial, figures: Mapping[str, Any], *, titles: Mapping[str, str], seed: int = 0
) -> str:
    """Return the page as text.

    Parameters
    ----------
    trial, figures, titles, seed
        As in :func:`write_page`.

    Returns
    -------
    str
        HTML. Names are escaped wherever they stand.
    """
    return filled(
        title=f"Evaluation of {figures['name']}",
        summary=_summary(figures),
        systems=legend([system.name for system in trial.systems]),
        parts=sections.of(trial, figures, titles=titles, seed=seed),
        words=_WORDS,
    )


def filled(
    *,
    title: str,
    summary: str,
    parts: Sequence[Section],
    words: Sequence[tuple[str, str]],
    systems: Sequence[Mapping[str, str]] = (),
) -> str:
    """Return a page of sections as text.

    Parameters
    ----------
    title, summary : str
        What stands above.
    parts : Sequence of Section
        What it shows.
    words : Sequence of (str, str)
        What the words mean that it uses.
    systems : Sequence of Mapping
        What its plots tell apart, as :func:`legend` gives it.

    Returns
    -------
    str
        HTML. Names are escaped wherever they stand.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_TEMPLATE).render(
        title=title, summary=summary, systems=systems, sections=parts, words=words
    )


def write(path: Path, page: str) -> None:
    """Write a page; whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder is made when missing.
    page : str
        Its text.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".partial-{path.name}")
    partial.write_text(page, encoding="utf-8")
    partial.replace(path)


def legend(names: Sequence[str]) -> list[dict[str, str]]:
    """Return name, colour and mark of what plots tell apart, in the order of their styles."""
    return [
        {"name": name, "colour": colour(style), "mark": mark(style)}
        for style, name in enumerate(names)
    ]


def _summary(figures: Mapping[str, Any]) -> str:
    return (
        f"The first {figures['k']} places of each list, measured on {figures['relevant']:,} test "
        f"events of {figures['users']:,} users; {figures['catalog']:,} items could be listed."
    )
