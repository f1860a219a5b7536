"""What every command does with its answer, its progress and its errors.

The answer goes to stdout, as one JSON document or as text for people; everything else goes to
stderr. An error raised on purpose becomes one line that says what happened and one that says how to
mend it, or a problem document with ``--json``; never a stack trace.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from api.commands.progress import shown
from graph.errors import AppError, InvalidError
from graph.progress import ProgressCallback

PIPED_WIDTH = 120

AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document, the same as over HTTP.")
]


class Output:
    """Where a command writes.

    Parameters
    ----------
    as_json : bool
        Whether the answer is one JSON document.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.console = _console()
        self.messages = _console(stderr=True)

    def document(self, document: Any) -> None:
        """Print a JSON document."""
        sys.stdout.write(self.as_json_text(document))

    @staticmethod
    def as_json_text(document: Any) -> str:
        """Write a JSON document: records, mappings, arrays of numbers, all that answers hold."""
        import orjson

        options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
        return orjson.dumps(document, default=_jsonable, option=options).decode() + "\n"

    def answer(self, document: Any, render: Callable[[Console], None]) -> None:
        """Print the answer.

        Parameters
        ----------
        document : Any
            What ``--json`` prints.
        render : Callable[[Console], None]
            Prints the same for people.
        """
        if self.as_json:
            self.document(document)
        else:
            render(self.console)

    def require_pipe_or(self, path: Path | None, what: str) -> None:
        """Make sure that what is no text does not end up on a terminal.

        Parameters
        ----------
        path : pathlib.Path or None
            File to write to; None prints.
        what : str
            What it is, as the subject of a sentence.

        Raises
        ------
        InvalidError
            If it would be printed on a terminal.
        """
        if path is None and self.console.is_terminal:
            raise InvalidError(
                f"{what} is no text for a terminal.", fix="Name a file with --out, or use a pipe."
            )

    def write(self, content: str | bytes, path: Path | None) -> None:
        """Write an answer that is a document of its own format.

        Parameters
        ----------
        content : str or bytes
            The document, as it is.
        path : pathlib.Path or None
            File to write to; None prints.

        Raises
        ------
        InvalidError
            If the file cannot be written.
        """
        data = content if isinstance(content, bytes) else content.encode()
        if path is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            return
        try:
            path.write_bytes(data)
        except OSError as error:
            raise InvalidError(
                f"Cannot write {path}: {error.strerror}.", fix="Choose another --out."
            ) from error

    def say(self, message: str) -> None:
        """Tell people something beside the answer."""
        self.messages.print(message, markup=False)

    @contextmanager
    def progress(self) -> Iterator[ProgressCallback]:
        """Show progress on stderr while the block runs."""
        with shown(self.messages) as callback:
            yield callback


@contextmanager
def output(*, as_json: bool) -> Iterator[Output]:
    """Give a command its output, and turn an error raised on purpose into exit code 1.

    Parameters
    ----------
    as_json : bool
        Whether the answer, and an error, is one JSON document on stdout.

    Yields
    ------
    Output
        Where to write.

    Raises
    ------
    typer.Exit
        With code 1 after an :class:`graph.errors.AppError`.
    """
    channel = Output(as_json=as_json)
    try:
        yield channel
    except AppError as error:
        report(channel, error)
        raise typer.Exit(1) from error


def report(channel: Output, error: AppError) -> None:
    """Print an error that was raised on purpose."""
    if channel.as_json:
        from api.problems import problem_document

        channel.document(problem_document(error))
    channel.messages.print(f"Error: {error.detail}", style="red", markup=False)
    if error.fix:
        channel.messages.print(error.fix, markup=False)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """Lay out rows under headings; numbers go to the right.

    Parameters
    ----------
    title : str
        Shown above; empty for none.
    columns : Sequence[str]
        Headings.
    rows : Sequence[Sequence[object]]
        One sequence of cells per row.

    Returns
    -------
    rich.table.Table
        To be printed on a console.
    """
    numeric = [all(isinstance(row[at], int | float) for row in rows) for at in range(len(columns))]
    made = Table(title=title or None, title_justify="left", header_style="bold", box=None)
    for name, right in zip(columns, numeric, strict=True):
        made.add_column(name, justify="right" if right else "left")
    for row in rows:
        made.add_row(*(_cell(value) for value in row))
    return made


def _console(*, stderr: bool = False) -> Console:
    """Make a console; what is no terminal has no width of its own."""
    console = Console(stderr=stderr, highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    return console


def _cell(value: object) -> str:
    from rich.markup import escape

    if isinstance(value, bool) or not isinstance(value, int | float):
        return escape(str(value))
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"


def _jsonable(value: object) -> object:
    """Turn what answers are made of, beyond what JSON knows, into what it knows."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "items"):
        return dict(value.items())
    return str(value)
