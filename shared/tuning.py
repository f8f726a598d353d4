"""Two lines that halve the tail: what was made at start-up is never looked at again."""

import gc


def settle() -> None:
    """Call once when everything is built. Measured in benchmarks/README.md."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
