"""Let an explanation be told in other words, if they say the same."""

from dataclasses import replace

from llm.linker import Linker
from llm.rewriting import Rewrite, what_is_wrong
from ranking.domain import Explanation


def retold(explanation: Explanation, rewrite: Rewrite, linker: Linker) -> Explanation:
    """Put the words of a language model in the place of those of the templates.

    Parameters
    ----------
    explanation : Explanation
        As the templates tell it.
    rewrite : Rewrite
        What the model made of its text.
    linker : Linker
        Knows every name of the catalog.

    Returns
    -------
    Explanation
        Unchanged but for a note, unless the new words pass every check of
        :func:`llm.rewriting.what_is_wrong`.
    """
    if rewrite.note:
        return replace(explanation, notes=(*explanation.notes, rewrite.note))
    wrong = what_is_wrong(
        rewrite.text, explanation.text, linker=linker, on_path=_names(explanation)
    )
    if wrong:
        note = f"The rewritten explanation was thrown away: {wrong}."
        return replace(explanation, notes=(*explanation.notes, note))
    return replace(explanation, text=rewrite.text, text_by="llm")


def _names(explanation: Explanation) -> dict[str, str]:
    """Return the names of the items and entities on the paths that are told."""
    names = {explanation.item_id: explanation.title}
    for scored in explanation.paths[: explanation.n_shown]:
        for node in scored.path.nodes:
            if node.kind in {"Item", "Entity"}:
                names[node.id] = node.name
    return names
