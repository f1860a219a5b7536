"""How it is reached: HTTP, the command line, and the composition root."""
