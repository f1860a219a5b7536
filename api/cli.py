"""The command ``whyrec``.

Building the application imports no heavy library: every command imports what it needs when it runs,
so that ``whyrec --help`` and ``whyrec version`` answer at once.
"""

import os
import sys
from collections.abc import Sequence

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
from graph.errors import AppError, InvalidError

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
        _require_text(sys.argv[1:])
        application()()
    except BrokenPipeError:
        # Whoever read our output has had enough; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except SystemExit as ended:
        # A wrong call is told on stderr already, by typer, which leaves while it handles the error.
        told = getattr(ended.__context__, "format_message", None)
        if told is not None:
            _print_problem(InvalidError(told(), fix="Add --help to see how to call it."))
        raise
    except Exception as error:
        if os.environ.get(TRACE_VARIABLE):
            raise
        sys.stderr.write(
            f"Error: this should not have happened: {type(error).__name__}: {error}\n"
            f"Please report it, with what {TRACE_VARIABLE}=1 shows when you run it again.\n"
        )
        _print_problem(AppError(f"{type(error).__name__}: {error}"))
        raise SystemExit(70) from None


def _require_text(arguments: Sequence[str]) -> None:
    """Refuse arguments that are no text: nothing could be printed of them."""
    for place, argument in enumerate(arguments, 1):
        try:
            argument.encode()
        except UnicodeEncodeError:
            wrong = InvalidError(
                f"Argument {place} is not UTF-8.", fix="Check the terminal's locale."
            )
            sys.stderr.write(f"Error: {wrong}\n")
            _print_problem(wrong)
            raise SystemExit(2) from None


def _print_problem(error: AppError) -> None:
    """Print the one document that ``--json`` promises, also where no command came to run."""
    if "--json" in sys.argv[1:]:
        from api.commands.output import Output
        from api.problems import problem_document

        Output(as_json=True).document(problem_document(error))


if __name__ == "__main__":
    main()
