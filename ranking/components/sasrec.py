"""The network of :mod:`ranking.components.transformer`."""

import torch
from torch import Tensor, nn


class SasRec(nn.Module):
    """A causal Transformer whose input and output tables are the same.

    Parameters
    ----------
    n_items : int
        Items are tokens 1 to n_items; 0 fills up at the end of a row.
    dims, layers, heads, longest : int
        Size of a vector, number of blocks, attention heads, most places of a row.
    dropout : float
        Share of values dropped in training.
    """

    def __init__(
        self, n_items: int, *, dims: int, layers: int, heads: int, longest: int, dropout: float
    ) -> None:
        super().__init__()
        self.items = nn.Embedding(n_items + 1, dims, padding_idx=0)
        self.places = nn.Embedding(longest, dims)
        for table in (self.items, self.places):
            nn.init.normal_(table.weight, std=0.02)
        with torch.no_grad():
            self.items.weight[0] = 0.0
        block = nn.TransformerEncoderLayer(
            dims, heads, 4 * dims, dropout, activation="gelu", batch_first=True, norm_first=True
        )
        self.blocks = nn.TransformerEncoder(block, layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(dims)
        self.drop = nn.Dropout(dropout)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the state at each place; (n, length) tokens, (n, length, dims) states."""
        length = tokens.shape[1]
        places = torch.arange(length, device=tokens.device)
        entered = self.drop(self.items(tokens) + self.places(places))
        # Rows are filled up at the end, and no place looks ahead: fillers are never looked at.
        ahead = nn.Transformer.generate_square_subsequent_mask(length, device=tokens.device)
        states: Tensor = self.norm(self.blocks(entered, mask=ahead, is_causal=True))
        return states

    def loss(self, tokens: Tensor) -> Tensor:
        """Return the mean cross entropy of each next item; tokens of shape (n, length > 1)."""
        states, following = self(tokens[:, :-1]), tokens[:, 1:]
        real = following > 0
        logits = states[real] @ self.items.weight[1:].T
        return nn.functional.cross_entropy(logits, following[real] - 1)

    def next_items(self, tokens: Tensor) -> Tensor:
        """Return the logit of each item after the last real one; shape (n, n_items)."""
        last = (tokens > 0).sum(dim=1) - 1
        states = self(tokens)[torch.arange(len(tokens), device=tokens.device), last]
        logits: Tensor = states @ self.items.weight[1:].T
        return logits
