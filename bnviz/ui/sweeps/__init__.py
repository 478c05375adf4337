"""One choice over a range, every arm a curve over it."""
