"""Scorers that can each rank alone: the parts of the score, and what the field compares with."""
