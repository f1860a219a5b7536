"""What is learned from structure: embeddings of items and entities."""
