"""The trainability map, painted while it trains."""
