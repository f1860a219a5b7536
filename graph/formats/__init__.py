"""One module per file format that a catalog can come in."""
