"""The errors that Whyrec raises on purpose.

::

    AppError
    ├── NotFoundError       an id that names nothing
    ├── InvalidError        input that cannot be accepted as it is
    ├── ConflictError       input that contradicts what is already known
    ├── UnavailableError    a part that is needed is away for now
    ├── TimedOutError       a part that is needed did not answer in time
    └── UnsupportedError    a request for something this build or store cannot do

Every error says what happened and how to mend it. ``api.problems`` is the only place that knows how
a kind of error becomes an HTTP status.
"""

from typing import ClassVar


class AppError(Exception):
    """Base of every error raised on purpose.

    Parameters
    ----------
    detail : str
        What happened, in one sentence that contains no secret.
    fix : str
        What the caller can do about it; empty when there is nothing to do.
    """

    kind: ClassVar[str] = "internal"

    def __init__(self, detail: str, *, fix: str = "") -> None:
        super().__init__(f"{detail} {fix}".strip())
        self.detail = detail
        self.fix = fix


class NotFoundError(AppError):
    """An id that names nothing.

    Parameters
    ----------
    what : str
        Kind of the missing thing: ``"item"``, ``"user"``, ``"entity"``, ``"job"``, ``"model"``.
    id : str
        The id that was asked for.
    fix : str
        How to find ids that exist.
    """

    kind = "not_found"

    def __init__(self, what: str, id: str, *, fix: str = "") -> None:  # noqa: A002
        super().__init__(f"There is no {what} with the id {id!r}.", fix=fix)
        self.what = what
        self.id = id


class InvalidError(AppError):
    """Input that cannot be accepted as it is."""

    kind = "invalid"


class ConflictError(AppError):
    """Input that contradicts what is already known."""

    kind = "conflict"


class UnavailableError(AppError):
    """A part that is needed is away for now.

    Parameters
    ----------
    detail, fix : str
        As in :class:`AppError`.
    retry_after_s : float
        Seconds after which a new try makes sense.
    """

    kind = "unavailable"

    def __init__(self, detail: str, *, fix: str = "", retry_after_s: float = 5.0) -> None:
        super().__init__(detail, fix=fix)
        self.retry_after_s = retry_after_s


class TimedOutError(UnavailableError):
    """A part that is needed did not answer in time."""

    kind = "timeout"


class UnsupportedError(AppError):
    """A request for something that this build or this store cannot do."""

    kind = "unsupported"
