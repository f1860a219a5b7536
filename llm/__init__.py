"""What is said: text, encoders, and linking of requests to entities."""
