# %% [markdown]
# # Train word vectors
#
# word2vec (Mikolov et al., 2013) reads a text and learns a vector for each word by telling the words that stand near it
# from words drawn at random. Nobody tells it what a word means.
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
text = "encyclopedia"  # encyclopedia, shakespeare, news
algorithm = "skip-gram"  # skip-gram: the words around from the word; cbow: the word from those around it
dimensions = 64  # how many numbers each word gets
window = 5  # how many words to each side count as near
negative = 5  # how many noise words each true pair is told from
epochs = 10  # how often the text is read
learning_rate = 0.05  # the size of the first steps; it falls to 0.0001
min_count = 5  # words that occur less often are left out
seed = 1  # fixes every random choice
watch = [
    *("france", "germany", "spain", "italy"),
    *("red", "green", "blue", "yellow"),
    *("physics", "chemistry", "biology", "mathematics"),
    *("river", "lake", "sea", "mountain"),
    *("painter", "composer", "poet", "novelist"),
]  # words of the text that the map follows

# %% [markdown]
# ## The training
#
# `Recorder` keeps what a training says while it goes on: rows of `metrics` for the loss, a `frame` for each map.

# %%
from mlcore.recording import Recorder
from mlcore.watched_word2vec import WatchedTraining
from mlcore.word2vec import Settings

settings = Settings(
    algorithm=algorithm,
    dimensions=dimensions,
    window=window,
    negative=negative,
    epochs=epochs,
    learning_rate=learning_rate,
    min_count=min_count,
    seed=seed,
)
with Recorder() as recorder:
    training = WatchedTraining(text=text, watch=watch, settings=settings, report=recorder)
    result = training.run()
print(
    f"{result['words']:,} words read in {result['epochs']} epochs; {result['vocabulary']:,} different ones have vectors"
)

# %% [markdown]
# ## The loss
#
# It is measured on pairs of words from sentences that the training never sees.

# %%
import matplotlib.pyplot as plt

rows = [row for event in recorder.events if event["kind"] == "metrics" for row in event["data"]["rows"]]
figure, axes = plt.subplots(figsize=(7, 3.5))
axes.plot([row["epoch"] for row in rows], [row["loss"] for row in rows])
axes.set_xlabel("epoch")
axes.set_ylabel("loss on held-out pairs")
plt.show()

# %% [markdown]
# ## Where the words have come to be

# %%
figure, axes = plt.subplots(figsize=(8, 6))
axes.scatter(result["map"]["x"], result["map"]["y"], s=16)
for watched, x, y in zip(result["map"]["words"], result["map"]["x"], result["map"]["y"], strict=True):
    axes.annotate(watched, (x, y), xytext=(4, 3), textcoords="offset points")
axes.set_aspect("equal", "datalim")
plt.show()

for watched in result["watched"]:
    print(f"{watched['word']:>12}: {', '.join(near['word'] for near in watched['neighbours'])}")
