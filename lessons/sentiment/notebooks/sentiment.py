# %% [markdown]
# # How a sentence feels
#
# A bidirectional GRU reads a sentence of a few words and gives a probability to each of three classes: negative,
# neutral, positive. It learned them from tweets to airlines. A bag of words, a logistic regression on which words
# occur, reads the same sentence.
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
text = "My flight was cancelled, but the staff were wonderful"
other = ""  # a sentence to compare with, if you like

# %% [markdown]
# ## From text to words
#
# Letters become small; a handle, an address, a number is only that it is one.

# %%
from mlcore.data.tweets import LABELS
from mlcore.sentiment import sentence, shipped

model, bag = shipped()
words = sentence(text).words
print(words)
print("vectors:", model.vectors[model.vocabulary.encode(words)].shape)

# %% [markdown]
# ## The class after each word
#
# The model is run on the first word, on the first two, and so on.

# %%
reading = model.read(words)
for word, row in zip(words, reading.after, strict=True):
    print(f"{word:15s}", "  ".join(f"{label} {part:.3f}" for label, part in zip(LABELS, row, strict=True)))

# %% [markdown]
# ## Leaving a word out, by hand

# %%
at = len(words) - 1
shorter = [*words[:at], *words[at + 1 :]]
print(f"without “{words[at]}”:", model.probabilities([shorter])[0].round(3))
print("the difference: ", reading.without[at].round(3))

# %% [markdown]
# ## The slope at a word, by hand
#
# A class's score, with this word's vector made a little longer, less that with it a little shorter: the score's slope
# along the vector, which is gradient × input.

# %%
import numpy as np

from mlcore.sentiment import SentimentModel


def score_with(factor: float) -> np.ndarray:
    """The scores if the vector of the word at `at` were so many times as long."""
    longer = SentimentModel.__new__(SentimentModel)
    longer.__dict__.update(model.__dict__)
    longer.vectors = model.vectors.copy()
    longer.vectors[model.vocabulary.encode([words[at]])[0]] *= factor
    return longer.scores([words])[0]


print("by hand:  ", ((score_with(1.01) - score_with(0.99)) / 0.02).round(2))
print("the model:", reading.gradient[at].round(2))

# %% [markdown]
# ## A bag of words
#
# Each word has the same weights wherever it stands. They add up.

# %%
added = bag.contributions(words)
for word, row in zip(words, added, strict=True):
    print(f"{word:15s}", row.round(2))
print(dict(zip(LABELS, bag.probabilities(words).round(3).tolist(), strict=True)))

# %% [markdown]
# ## All that the demo shows

# %%
from mlcore.feeling import feel

result = feel([one for one in (text, other) if one], shipped())
print(", ".join(result["sentences"][0]))

# %% [markdown]
# ## The picture

# %%
import matplotlib.pyplot as plt

which = int(reading.probabilities.argmax())
figure, (above, below) = plt.subplots(2, 1, figsize=(max(6, len(words)), 5), sharex=True)
above.stackplot(range(len(words)), reading.after.T, labels=LABELS)
above.legend(loc="upper left")
above.set_ylabel("after each word")
slopes = reading.gradient - reading.gradient.mean(axis=1, keepdims=True)
below.bar(np.arange(len(words)) - 0.2, slopes[:, which], 0.4, label="slope × word")
below.bar(np.arange(len(words)) + 0.2, reading.without[:, which], 0.4, label="left out")
below.axhline(0, color="black", linewidth=0.5)
below.set_xticks(range(len(words)), words, rotation=45, ha="right")
below.set_ylabel(f"for “{LABELS[which]}”")
below.legend()
plt.tight_layout()
plt.show()
