"""Find what a request names: by name, and by name with a slip."""

from collections.abc import Iterator, Sequence

from llm.spans import (
    Mention,
    Region,
    Span,
    choose,
    covered_by,
    is_slip,
    may_be_slip,
    open_spans,
)
from llm.surface_index import SurfaceIndex
from llm.text import Folded

_FUZZY_CUTOFF = 84.0
_FUZZY_CUTOFF_ACROSS = 88.0
_MAX_FUZZY_SPANS = 64


class NameFinder:
    """Finds names in requests.

    Parameters
    ----------
    index : SurfaceIndex
        Knows the names.
    """

    def __init__(self, index: SurfaceIndex) -> None:
        self._index = index

    def find(
        self, request: Folded, examples: Sequence[Region], *, forgiving: bool = True
    ) -> list[Mention]:
        """Return what a request names, in the order of the text.

        Parameters
        ----------
        request : Folded
            The request.
        examples : Sequence of Region
            Where titles are expected.
        forgiving : bool
            Whether to forgive slips.

        Returns
        -------
        list of Mention
            No two cover the same token; the longest name wins.
        """
        mentions = list(self._exact(request, examples))
        if forgiving:
            mentions = self._slips_across(request, mentions, examples)
            mentions += self._fuzzy(request, covered_by(mentions), examples)
        return sorted(mentions, key=lambda mention: mention.first)

    def _slips_across(
        self, request: Folded, exact: list[Mention], examples: Sequence[Region]
    ) -> list[Mention]:
        """Let a long misspelt name take the place of what its words name apart."""
        covered = covered_by(exact)
        if not covered:
            return exact
        spans = [
            span
            for span in open_spans(request, frozenset())
            if 0 < len(covered.intersection(range(*span))) < span[1] - span[0]
            and may_be_slip(request, span)
        ]
        for span in spans[:_MAX_FUZZY_SPANS]:
            inside = [one for one in exact if one.first < span[1] and span[0] < one.end]
            within = all(span[0] <= one.first and one.end <= span[1] for one in inside)
            if inside and within:
                found = self._meant(request, span, examples, cutoff=_FUZZY_CUTOFF_ACROSS)
                if found is not None:
                    exact = [one for one in exact if one not in inside] + [found]
        return exact

    def _exact(self, request: Folded, examples: Sequence[Region]) -> Iterator[Mention]:
        first, n = 0, len(request.tokens)
        while first < n:
            step = 1
            for end in range(min(n, first + self._index.reach(request.tokens[first])), first, -1):
                candidates = self._index.named(request.phrase(first, end))
                chosen = choose(candidates, request, (first, end), examples)
                if chosen is not None:
                    yield Mention(first, end, chosen.thing, chosen.certainty, "exact")
                    step = end - first
                    break
            first += step

    def _fuzzy(
        self, request: Folded, covered: frozenset[int], examples: Sequence[Region]
    ) -> list[Mention]:
        found: list[Mention] = []
        taken = covered
        spans = [span for span in open_spans(request, covered) if may_be_slip(request, span)]
        for first, end in spans[:_MAX_FUZZY_SPANS]:
            if taken.isdisjoint(range(first, end)):
                mention = self._meant(request, (first, end), examples)
                if mention is not None:
                    found.append(mention)
                    taken |= frozenset(range(first, end))
        return found

    def _meant(
        self,
        request: Folded,
        span: Span,
        examples: Sequence[Region],
        *,
        cutoff: float = _FUZZY_CUTOFF,
    ) -> Mention | None:
        key = request.phrase(*span)
        for surface, similarity in self._index.nearly_named(key, cutoff=cutoff):
            if is_slip(key, surface):
                chosen = choose(self._index.named(surface), request, span, examples)
                if chosen is not None:
                    score = chosen.certainty * similarity / 100.0
                    return Mention(*span, chosen.thing, score, "fuzzy")
        return None
