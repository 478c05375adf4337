"""A token bucket: so much at once, and from then on so much a second. Holds no clock: the caller brings the time."""

from __future__ import annotations


class TokenBucket:
    """Full at first; ``most`` is what it holds, ``per_second`` what flows in. Times are in seconds."""

    def __init__(self, most: float, per_second: float, now: float) -> None:
        self._most, self._per_second = most, per_second
        self._left, self._counted = most, now

    def take(self, cost: float, now: float) -> bool:
        """Take so much out, if that much is there."""
        self._left = min(self._most, self._left + (now - self._counted) * self._per_second)
        self._counted = now
        enough = self._left >= cost
        self._left -= cost if enough else 0.0
        return enough
