"""``whyrec explain-report``: how good the explanations of a graph are."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from api.commands.asking import Choice, PathChoice
from api.commands.output import AsJson, output, table


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("explain-report")(explain_report)


def explain_report(
    *,
    users: Annotated[int, typer.Option("--users", min=1, help="How many users are drawn.")] = 100,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Length of the lists.")] = 10,
    path_choice: Choice = PathChoice.balanced,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all draws.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Folder for a page with the table and plots.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure whether explanations are true, in the graph, varied and stable, for some users.

    Works on the graph and the active model of this home, and asks its store for every edge shown.
    Nothing is written to the store.
    """
    with output(as_json=as_json) as channel:
        from api.commands.session import with_services
        from api.explanation_quality import measured, quality_report
        from api.services import Services
        from ranking.evaluation.explanation_collecting import Scope

        scope = Scope(k=k, choice=path_choice.value, seed=seed)

        async def measure(services: Services) -> dict[str, Any]:
            with channel.progress() as progress:
                collected = await measured(services, scope, n_users=users, progress=progress)
            return await quality_report(services, collected, scope)

        found = with_services(measure)
        if out is not None:
            from ranking.evaluation.explanation_page import write_explanation_page

            found["page"] = str(write_explanation_page(out, found))
        channel.answer(found, lambda console: _show(console, found))


def _show(console: Console, found: dict[str, Any]) -> None:
    from ranking.evaluation.explanation_page import goal, spread, verdict

    rows = [
        [one["title"], spread(one), goal(one), verdict(one), one["elsewhere"]]
        for one in found["measures"].values()
    ]
    console.print(table("", ["", "value", "goal", "", "best known elsewhere"], rows))
    console.print(
        f"{found['explanations']:,} explanations for {found['users']:,} users, "
        f"{found['path_types']} types of paths, model {found['model_version']}",
        markup=False,
    )
    for head, relation, tail in found["missing_edges"]:
        console.print(f"not in the store: {head} {relation} {tail}", markup=False)
    if "page" in found:
        console.print(f"Page: {found['page']}", markup=False)
