"""The airline tweets: nobody named, no copy in another part, the same parts every time."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from mlcore.data.tweets import LABELS, TWEETS, Tweet, airline_tweets, clean, said_by, split
from mlcore.data.word_vectors import vectors_for
from mlcore.tokens import USER


def test_the_package_has_the_file_that_is_expected() -> None:
    assert TWEETS.verify().is_file()
    tweets = airline_tweets()
    assert len(tweets) == 14_638
    assert Counter(tweet.label for tweet in tweets) == {"negative": 9176, "neutral": 3099, "positive": 2363}


def test_no_tweet_names_anybody_or_holds_what_is_left_of_emoji() -> None:
    for tweet in airline_tweets():
        assert not re.search(r"@(?!user\b)\w", tweet.text)
        assert tweet.text.isascii()
        assert "&amp;" not in tweet.text


def test_copies_become_one_and_contradicting_ones_none() -> None:
    tweets = [
        Tweet("@user Thanks!!", "positive", 1.0),
        Tweet("@user @user thanks http://t.co/x", "positive", 0.7),
        Tweet("@user late again", "negative", 1.0),
        Tweet("@user Late again?", "neutral", 1.0),
        Tweet("@user :)", "positive", 1.0),
    ]
    cleaned = clean(tweets)
    assert cleaned.tweets == [tweets[0], tweets[4]]
    assert (cleaned.rows, cleaned.repeated, cleaned.contradicting) == (5, 1, 2)


def test_the_parts_share_no_words_in_order_and_have_the_labels_alike() -> None:
    parts = split()
    said = {part: {said_by(tweet.forms) for tweet in tweets} for part, tweets in parts.items()}
    assert not said["train"] & said["test"]
    assert not said["train"] & said["validation"]
    assert not said["validation"] & said["test"]
    total = sum(map(len, parts.values()))
    for part, share in (("train", 0.8), ("validation", 0.1), ("test", 0.1)):
        ours = parts[part]  # type: ignore[index]
        assert abs(len(ours) / total - share) < 0.001
        negative = sum(tweet.label == "negative" for tweet in ours) / len(ours)
        assert abs(negative - 0.641) < 0.001
    assert set(LABELS) == {tweet.label for tweet in parts["test"]}
    split.cache_clear()
    assert split() == parts


def test_words_as_people_write_them_find_a_vector() -> None:
    words = ["good", "#good", "awesomee", "don't", "can't", USER, "zzxqy"]
    found = dict(zip(words, vectors_for(words), strict=True))
    assert np.array_equal(found["good"], found["#good"])
    for word in words[:-1]:
        assert found[word].any()
    assert not found["zzxqy"].any()
