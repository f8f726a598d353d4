"""Words that are typed wrong: what may have been meant, among few candidates."""

from collections.abc import Iterable, Iterator
from string import ascii_lowercase

SHORT, LONG = 4, 6
"""So short a word is too like others to guess freely; in so long a one two letters may be wrong."""
SHORTEST, LONGEST = 3, 25
"""Words that are guessed at all."""


def one_away(word: str) -> Iterator[str]:
    """Words of one letter more, less, or other, or with two swapped.

    Of a short word the first letter is right, and one was left out or two are swapped: `nits` is
    not `its`, and `tots` are no `toys`.
    """
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    short = len(word) <= SHORT
    for before, after in parts[1:] if short else parts:
        yield from (before + letter + after for letter in ascii_lowercase)
    for before, after in parts:
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        if after and not short:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase)


def common_enough(known: Iterable[tuple[str, int]], *, seen: int) -> Iterator[tuple[str, int]]:
    """Those that much more entries say than the `seen` that say the word itself."""
    return ((other, count) for other, count in known if count >= max(2, 5 * seen))


def two_away(word: str, known: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Those of the known words in which two letters are wrong."""
    letters = set(word)
    for other, count in known:
        alike = abs(len(other) - len(word)) <= 2 and len(letters ^ set(other)) <= 4
        if alike and apart(word, other, 2) == 2:
            yield other, count


def apart(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with the next; more than `most` is not counted."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, there in enumerate(other, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
