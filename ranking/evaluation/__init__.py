"""How good the lists are: splits, metrics, offline ranking."""
