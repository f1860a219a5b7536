"""``whyrec doctor`` and ``whyrec version``: what is installed here, and whether it works."""

import importlib.metadata
import platform

import typer
from rich.console import Console

from api.commands.output import AsJson, output, table
from api.guard import DISTRIBUTION


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(doctor)
    app.command()(version)


def version(*, as_json: AsJson = False) -> None:
    """Print the version."""
    number = importlib.metadata.version(DISTRIBUTION)
    document = {"version": number, "python": platform.python_version()}
    with output(as_json=as_json) as out:
        out.answer(document, lambda console: console.print(f"whyrec {number}"))


def doctor(*, as_json: AsJson = False) -> None:
    """Check installation, settings, store, model, encoder and device; exit code 1 if one fails."""
    with output(as_json=as_json) as out:
        from api.diagnosis import examine

        with out.progress() as progress:
            findings = examine(progress)
        failed = [finding for finding in findings if finding.status == "failed"]
        document = {"healthy": not failed, "checks": findings}

        def render(console: Console) -> None:
            marks = {"ok": "ok", "note": "note", "failed": "FAILED"}
            rows = [[f.name, marks[f.status], f.detail] for f in findings]
            console.print(table("", ["check", "result", "what was found"], rows))
            for finding in findings:
                if finding.fix:
                    console.print(f"{finding.name}: {finding.fix}", markup=False)

        out.answer(document, render)
        if failed:
            raise typer.Exit(1)
