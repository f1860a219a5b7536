"""How many rated films of the demo are found among the films of OMDb, with matches to check by eye.

    python benchmarks/catalog/join_rate.py FOLDER [--sample 50] [--seed 7]

FOLDER holds the two wheels of ``requirements-demo.lock``. Prints every match that is not by equal
title and year, then a random sample of all, each with what both sources say.
"""

import argparse
import random
from collections import Counter
from pathlib import Path

from graph.formats.film_join import Film, Match
from graph.formats.films import joined_films


def line(film: Film, match: Match) -> str:
    left = f"{film.title} ({film.year}) {'/'.join(sorted(film.genres))}"
    found = match.film
    return (
        f"{match.rule:11} {left}  =>  {found.title} ({found.year}) {'/'.join(sorted(found.genres))}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sample", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    films, matches = joined_films(arguments.folder)
    found = {film.id: film for film in films if film.id in matches}
    for id_, film in found.items():
        if matches[id_].rule != "exact":
            print(line(film, matches[id_]))
    print(f"\n{arguments.sample} at random:")
    sample = random.Random(arguments.seed).sample(sorted(found), arguments.sample)
    for id_ in sample:
        print(line(found[id_], matches[id_]))
    old = sum(1 for film in films if film.year is not None and film.year < 1940)
    rules = Counter(match.rule for match in matches.values())
    share = len(matches) / len(films)
    print(f"\n{len(matches)} of {len(films)} joined ({share:.1%}), by {dict(rules)}")
    print(f"{old} of the others are older than the other source")


if __name__ == "__main__":
    main()
