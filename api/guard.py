"""A check that the names ``graph gnn llm ranking api`` mean our packages.

Other distributions on the package index install top-level packages called ``llm`` and ``gnn``.
Where one of them wins, or overwrites ours, everything that follows would fail in ways nobody
understands; so it is looked at first. Imports nothing but the standard library: at this point
nothing else can be trusted. See ``docs/decisions/0003-names-and-guards.md``.
"""

import importlib.metadata
import importlib.util
from collections.abc import Iterable, Mapping
from pathlib import Path

DISTRIBUTION = "whyrec"
PACKAGES = ("graph", "gnn", "llm", "ranking", "api")

_FIX = (
    "Install Whyrec into an environment of its own, with 'pip install --constraint constraints.txt'"
    " so that nothing else can take these names."
)


class ForeignPackageError(ImportError):
    """One of our package names is taken by somebody else."""


def check_folders() -> None:
    """Make sure that all five packages are found in one folder, without importing them.

    Raises
    ------
    ForeignPackageError
        If a package is missing or lies elsewhere than this one.
    """
    home = Path(__file__).resolve().parent.parent
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        origin = spec.origin if spec else None
        if origin is None:
            raise ForeignPackageError(f"Whyrec's package {name!r} is missing. {_FIX}")
        found = Path(origin).resolve().parent.parent
        if found != home:
            raise ForeignPackageError(
                f"The name {name!r} leads to {found}, not to Whyrec's own package in {home}. {_FIX}"
            )


def foreign_owners(owners: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Name the other distributions that claim to have installed one of our packages.

    Parameters
    ----------
    owners : Mapping[str, Iterable[str]]
        Distributions by top-level package, as ``packages_distributions()`` tells.

    Returns
    -------
    dict[str, list[str]]
        Distributions other than ours by package; empty when all is well.

    Examples
    --------
    >>> foreign_owners({"llm": ["llm", "whyrec"], "numpy": ["numpy"]})
    {'llm': ['llm']}
    """
    claimed = {
        name: sorted({owner for owner in owners.get(name, ()) if owner.lower() != DISTRIBUTION})
        for name in PACKAGES
    }
    return {name: found for name, found in claimed.items() if found}


def check_owners() -> None:
    """Make sure that no other distribution has written into our packages.

    Takes up to a fifth of a second: for start-up, not for every import.

    Raises
    ------
    ForeignPackageError
        If another installed distribution owns one of the names.
    """
    foreign = foreign_owners(importlib.metadata.packages_distributions())
    if foreign:
        claims = "; ".join(f"{name!r}: {', '.join(who)}" for name, who in foreign.items())
        raise ForeignPackageError(
            f"Other installed distributions own names of Whyrec's packages ({claims}). {_FIX}"
        )
