"""The command ``whyrec``.

Building the application imports no heavy library: every command imports what it needs when it runs,
so that ``whyrec --help`` and ``whyrec version`` answer at once.
"""

import os
import sys

import typer

from api.commands import (
    adapting,
    answers,
    catalog,
    demo,
    diagnosis,
    evaluation,
    explanation_report,
    learning,
    offline,
    questions,
    serving,
    what_if,
    why_not,
)

TRACE_VARIABLE = "WHYREC_TRACE"

_HELP = "Recommendations that can say why, from a knowledge graph."
_EPILOG = "State lives in the folder WHYREC_HOME; other settings are listed in docs/settings.md."


def application() -> typer.Typer:
    """Put the commands together.

    Returns
    -------
    typer.Typer
        The application, ready to be called.
    """
    app = typer.Typer(
        name="whyrec",
        help=_HELP,
        epilog=_EPILOG,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    groups = (
        demo,
        catalog,
        learning,
        adapting,
        answers,
        what_if,
        why_not,
        explanation_report,
        questions,
        offline,
        evaluation,
        serving,
        diagnosis,
    )
    for commands in groups:
        commands.register(app)
    return app


def main() -> None:
    """Run the command; a mistake of ours ends with one line, and its trace only on request."""
    try:
        application()()
    except BrokenPipeError:
        # Whoever read our output has had enough; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except Exception as error:
        if os.environ.get(TRACE_VARIABLE):
            raise
        sys.stderr.write(
            f"Error: this should not have happened: {type(error).__name__}: {error}\n"
            f"Please report it, with what {TRACE_VARIABLE}=1 shows when you run it again.\n"
        )
        raise SystemExit(70) from None


if __name__ == "__main__":
    main()
