"""What the nets of `mlcore.shapes` can read: a word, a text, a numeral, a drawing, brought to one form or refused.

Each function raises ValueError with a sentence for whoever typed it. No numpy here: the web process imports it.
"""

from __future__ import annotations

from mlcore.numerals import WORDS

WORD_LETTERS = "abcdefghijklmnopqrstuvwxyzàâçèéêëîïôùûüÿœæáíñóúäö"
LONGEST_WORD = 20
LONGEST_TEXT = 60
MOST_NUMBER_WORDS = 12
GREYS = "0123456789abcdefg"
PIXELS = 64


def read_word(typed: str) -> str:
    """One word in small letters."""
    word = typed.strip().lower()
    if not word:
        raise ValueError("Type a word.")
    if any(letter.isspace() for letter in word):
        raise ValueError("Type one word, without blanks: the net was never shown two.")
    if len(word) > LONGEST_WORD:
        raise ValueError(f"This word has {len(word)} letters; {LONGEST_WORD} is the most the net was shown.")
    strange = next((letter for letter in word if letter not in WORD_LETTERS), None)
    if strange is not None and strange.isdigit():
        raise ValueError(f"Write letters only: the net has never read a “{strange}”.")
    if strange is not None:
        raise ValueError(f"The net has never read “{strange}”. It knows the letters of English, French and Spanish.")
    return word


def read_french(typed: str) -> str:
    """A text in Latin letters; blanks count once."""
    text = " ".join(typed.split())
    if not any(letter.isalpha() for letter in text):
        raise ValueError("Type some French.")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"This text has {len(text)} characters; {LONGEST_TEXT} is the most.")
    strange = next((letter for letter in text if letter.isalpha() and letter.lower() not in WORD_LETTERS), None)
    if strange is not None:
        raise ValueError(f"“{strange}” is no letter of French, and the net has never read it.")
    return text


def read_numeral(typed: str) -> str:
    """Number words, with blanks between them: Forty-two is forty two."""
    words = typed.lower().replace("-", " ").split()
    if not words:
        raise ValueError("Type a number in words, such as three hundred and five.")
    for word in words:
        if any(letter.isdigit() for letter in word):
            raise ValueError(f"Write “{word}” in words: the net answers in figures, and reads words only.")
        if word not in WORDS:
            raise ValueError(f"“{word}” is none of the {len(WORDS)} words that the net reads, from zero to thousand.")
    if len(words) > MOST_NUMBER_WORDS:
        raise ValueError(f"{len(words)} words are too many: the longest number it knows has 7, and 12 fit here.")
    return " ".join(words)


def read_drawing(drawn: str) -> str:
    """64 greys, row by row, from 0 for paper to g for ink; an empty drawing is none."""
    if drawn and (len(drawn) != PIXELS or set(drawn) - set(GREYS)):
        raise ValueError("A drawing has 64 pixels, each from 0 to g. Choose a picture instead, and draw on it.")
    return drawn if drawn.strip("0") else ""


def pixels_of(drawn: str) -> list[int]:
    return [GREYS.index(grey) for grey in drawn]
