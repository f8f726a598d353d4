"""How much one client may ask for: a token bucket for each, in this process."""

from math import ceil

Headers = dict[str, str]
_MOST = 10_000
"""Buckets that are kept before the full ones are forgotten: anybody may bring a new address."""


class Limit:
    """At most `burst` at once, refilled at `rate` a second.

    Told to the client by the fields of draft-ietf-httpapi-ratelimit-headers.
    """

    def __init__(self, burst: int, rate: float) -> None:
        self._burst, self._rate = float(burst), rate
        self._buckets: dict[str, tuple[float, float]] = {}
        self._policy = f'"client";q={burst};w={max(1, ceil(burst / rate))}'

    def take(self, client_id: str, now: float) -> float:
        """How many are left after this one; below zero when this one is refused."""
        if client_id not in self._buckets and len(self._buckets) >= _MOST:
            self._forget_full(now)
        left, since = self._buckets.get(client_id, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate) - 1.0
        self._buckets[client_id] = (left if left >= 0 else left + 1.0), now
        return left

    def _forget_full(self, now: float) -> None:
        """Whoever has asked for nothing lately has a full bucket again, kept or not."""
        self._buckets = {
            who: (left, since)
            for who, (left, since) in self._buckets.items()
            if left + (now - since) * self._rate < self._burst
        }

    def headers(self, left: float) -> Headers:
        """What the answer tells the client; with Retry-After when it was refused."""
        full = ceil((self._burst - max(left, 0.0)) / self._rate)
        rest = f'"client";r={max(0, int(left))};t={full}'
        told = {"RateLimit-Policy": self._policy, "RateLimit": rest}
        if left < 0:
            told["Retry-After"] = str(max(1, ceil(-left / self._rate)))
        return told
