"""Finds the words that a glossary explains in a text, each once, in time linear in the text's length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.token import Token

Forms = tuple[tuple[str, str], ...]
"""Each form of each term, and the address where it is explained; forms of one term share theirs."""

LONGEST_FORM = 6
"""Words. At each word of a text, a form of every length is looked for."""

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class _Index:
    addresses: dict[str, str]
    """By the form as `_folded` writes it."""
    lengths: dict[str, tuple[int, ...]]
    """For each first word, how many words the forms have that begin with it: the most first."""


def link_terms(children: list[Token], forms: Forms, used: list[str]) -> list[Token]:
    """The tokens of a paragraph, where the first use of each term that is not in `used` yet is a link. Text in links,
    code and formulas stays as it is. `used` grows by the addresses that were linked."""
    index = _index_of(forms)
    linked: list[Token] = []
    run: list[Token] = []
    depth = 0
    for token in children:
        if depth == 0 and token.type in ("text", "softbreak"):
            run.append(token)
            continue
        linked += _link_run(run, index, used)
        run = []
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        linked.append(token)
    return linked + _link_run(run, index, used)


@lru_cache(maxsize=256)
def _index_of(forms: Forms) -> _Index:
    addresses: dict[str, str] = {}
    lengths: dict[str, set[int]] = {}
    for form, address in forms:
        folded = _folded(form)
        words = _WORD.findall(folded)
        if 0 < len(words) <= LONGEST_FORM and addresses.setdefault(folded, address) == address:
            lengths.setdefault(words[0], set()).add(len(words))
    return _Index(addresses, {word: tuple(sorted(found, reverse=True)) for word, found in lengths.items()})


def _folded(text: str) -> str:
    """As terms are compared: capitals, curly apostrophes and where a line ends do not matter."""
    return _SPACE.sub(" ", text.strip()).replace("’", "'").casefold()


def _link_run(run: list[Token], index: _Index, used: list[str]) -> list[Token]:
    """`run`: texts and line ends that follow each other, so that a term may go over the end of a line."""
    text = "".join("\n" if token.type == "softbreak" else token.content for token in run)
    pieces: list[Token] = []
    done = 0
    for start, end, address in _found(text, index, used):
        pieces += _text_tokens(text[done:start])
        pieces.append(Token("link_open", "a", 1, attrs={"href": address, "class": "term"}))
        pieces += _text_tokens(text[start:end])
        pieces.append(Token("link_close", "a", -1))
        done = end
    return [*pieces, *_text_tokens(text[done:])] if pieces else run


def _found(text: str, index: _Index, used: list[str]) -> Iterator[tuple[int, int, str]]:
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    place = 0
    while place < len(words):
        start, end = words[place]
        place += 1
        for length in index.lengths.get(text[start:end].casefold(), ()):
            last = place + length - 2
            if last >= len(words):
                continue
            address = index.addresses.get(_folded(text[start : words[last][1]]))
            if address is not None:
                place = last + 1  # also where it was linked before: no shorter term inside
                if address not in used:
                    used.append(address)
                    yield start, words[last][1], address
                break


def _text_tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            tokens.append(Token("softbreak", "br", 0))
        if line:
            tokens.append(Token("text", "", 0, content=line))
    return tokens
