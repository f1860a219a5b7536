"""What is known: the vocabulary, the stores, the catalog and the snapshot."""
