"""A student's own text, as people have them: from an editor, a word processor, another country.

Only the standard library is used, because the web process reads a file when it comes in.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

SHORTEST = 2_000
"""In fewer characters there is too little to learn from, and a tenth of them says nothing about the rest."""
FOREIGN = 0.005
"""A file in which more than this share of the characters are no signs of a text is none."""

_SPACE = re.compile(r"[^\S\n\x1c-\x1f]")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_NO_SIGN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffd]")
MOST_MARKS = 30
"""So many accents on one letter are kept. To put them in order takes a time that grows with the square of their number,
and Unicode's "stream-safe" form (UAX #15) has no more either."""
_SPREADSHEETS_AND_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")


class TextError(ValueError):
    """What cannot be read or learned from, in a sentence for whoever chose the file."""


def read_text(data: bytes) -> str:
    """The text of a file, in UTF-8, UTF-16 or Windows-1252, with or without a byte-order mark.

    All line ends become one sign and all spaces another, rows of them become short, control characters go, and letters
    with accents become one character each.

    Raises:
        TextError: it is no text, or too short.
    """
    # Many scripts indent, or part words, with spaces of their own: they are as good as any.
    text = _INVISIBLE.sub("", _SPACE.sub(" ", _LINE_END.sub("\n", _decode(data))))
    strange = len(_NO_SIGN.findall(text))
    if strange > max(2, FOREIGN * len(text)):
        raise TextError("This is not a text file. Choose plain text: letters, in lines.")
    text = unicodedata.normalize("NFC", _with_few_marks(_NO_SIGN.sub("", text)))
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r" +\n", "\n", re.sub(r" {3,}", "  ", text))).strip() + "\n"
    if len(text) < SHORTEST:
        raise TextError(
            f"This text has {len(text):,} characters. Choose one of at least {SHORTEST:,}; "
            "from about 100,000 on a network learns words."
        )
    if len(set(text)) < 5:
        raise TextError("This text repeats the same few characters, so there is nothing to learn from it.")
    return text


def first_words(text: str, longest: int = 16) -> str:
    """What a text begins with, on one line."""
    line = " ".join(text[: 4 * longest].split())
    if len(line) <= longest:
        return line
    return line[:longest].rpartition(" ")[0] or line[:longest]


def _with_few_marks(text: str) -> str:
    """The text without the accents beyond the first ones of each row."""
    marks = "".join(sign for sign in set(text) if unicodedata.combining(unicodedata.normalize("NFD", sign)[0]))
    return re.sub(f"([{marks}]{{{MOST_MARKS}}})[{marks}]+", r"\1", text) if marks else text


def _decode(data: bytes) -> str:
    if not data.strip():
        raise TextError("This file is empty.")
    if data.startswith(_SPREADSHEETS_AND_DOCUMENTS):
        raise TextError("This is a document of a program. Save it there as plain text (.txt), and choose that file.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("utf-8-sig", errors="replace")
    # A file that was cut has half a character; one in which more are broken than whole was never written in UTF-8.
    broken, whole = text.count("\ufffd"), sum(sign > "\x7f" and sign != "\ufffd" for sign in text)
    return text if broken < whole else data.decode("cp1252", errors="replace")
