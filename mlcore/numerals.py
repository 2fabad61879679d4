"""English numerals from 0 to 9,999, as lists of words: three thousand four hundred and five."""

from __future__ import annotations

from collections.abc import Sequence

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = (*ONES, *TENS, "hundred", "thousand", "and")
LARGEST = 9999


def spelled(number: int, with_and: bool = True) -> list[str]:
    """The words of a number: British with the `and` before tens and ones, American without."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not from 0 to {LARGEST}")
    words: list[str] = []
    thousands, rest = divmod(number, 1000)
    hundreds, rest = divmod(rest, 100)
    if thousands:
        words += [ONES[thousands], "thousand"]
    if hundreds:
        words += [ONES[hundreds], "hundred"]
    if words and rest and with_and:
        words.append("and")
    if rest >= 20:
        words.append(TENS[rest // 10 - 2])
        rest %= 10
    if rest or not words:
        words.append(ONES[rest])
    return words


def value_of(words: Sequence[str]) -> int | None:
    """The number that some words spell; None where they spell none (`hundred three`, `twenty and and`)."""
    spoken = [word for word in words if word != "and"]
    total, rest = 0, spoken
    for unit, size in (("thousand", 1000), ("hundred", 100)):
        if unit in rest:
            at = rest.index(unit)
            if at != 1 or rest[0] not in ONES[1:10]:
                return None
            total += ONES.index(rest[0]) * size
            rest = rest[2:]
    if len(rest) == 2 and rest[0] in TENS and rest[1] in ONES[1:10]:
        total += 10 * (TENS.index(rest[0]) + 2) + ONES.index(rest[1])
    elif len(rest) == 1 and rest[0] in TENS:
        total += 10 * (TENS.index(rest[0]) + 2)
    elif len(rest) == 1 and rest[0] in ONES:
        total += ONES.index(rest[0])
    elif rest:
        return None
    return total if list(words) in (spelled(total), spelled(total, with_and=False)) else None
