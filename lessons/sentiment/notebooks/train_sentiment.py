# %% [markdown]
# # Train on tweets
#
# A recurrent network reads what people wrote to six American airlines, and learns to say whether it sounds negative,
# neutral or positive. It is held against a regression that only counts words and pairs of words.
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
tweets = 11297  # how many it learns from; 11,297 are all
embeddings = "both"  # glove (frozen), own (learned), both
cell = "gru"  # simple, gru, lstm
units = 32  # neurons of the recurrent layer, in each direction
bidirectional = True  # read each tweet from its end too
answer = "strongest"  # the class from the greatest value of each unit, or from the last state
dropout = 0.5  # share of the states left out at each update
class_weights = False  # each class counts as much as the others
epochs = 4  # how often each tweet is seen
learning_rate = 0.002  # the size of the first steps; to the end they fall to a tenth of it
seed = 1  # fixes the first weights and the order of the tweets

# %% [markdown]
# ## The training
#
# `Recorder` keeps what the training says while it goes on: the tweets it is watched on in a `log`, rows of `metrics`
# for the curves, and a `frame` for each look at the validation part.

# %%
from mlcore.recording import Recorder
from mlcore.training import Settings
from mlcore.watched_sentiment import Task, WatchedSentiment

task = Task(tweets, cell, units, bidirectional, answer, embeddings, dropout, class_weights)
settings = Settings(epochs, batch=64, learning_rate=learning_rate, clip=1.0, seed=seed)
with Recorder() as recorder:
    result = WatchedSentiment(task, settings, recorder).run()
data = next(event["data"] for event in recorder.events if event["kind"] == "log")
frames = [event["data"] for event in recorder.events if event["kind"] == "frame"]
print(f"{result['tweets']:,} tweets, {result['weights']:,} weights, {result['steps']:,} updates")

# %% [markdown]
# ## The loss, and the macro-F1 against the baseline's

# %%
import matplotlib.pyplot as plt

rows = [row for event in recorder.events if event["kind"] == "metrics" for row in event["data"]["rows"]]
looked = [row for row in rows if row["validation"] is not None]
figure, (left, right) = plt.subplots(ncols=2, figsize=(10, 3.5))
for name, words in (("train", "on tweets it learned from"), ("validation", "on tweets it did not")):
    left.plot([row["epoch"] for row in looked], [row[name] for row in looked], label=words)
for name, words in (("train_f1", "on tweets it learned from"), ("f1", "on tweets it did not")):
    right.plot([row["epoch"] for row in looked], [row[name] for row in looked], label=words)
right.axhline(result["baseline"]["f1"], color="grey", linestyle="--", label="TF-IDF and logistic regression")
left.set_title("loss")
right.set_title("macro-F1")
for axes in (left, right):
    axes.set_xlabel("epoch")
    axes.legend()
plt.show()

# %% [markdown]
# ## Which tweets it gets wrong
#
# Rows are the labels, columns what the network says. Below, the tweets of one cell, the surest mistakes first.

# %%
labels, last = data["labels"], frames[-1]
print(f"{'':>10}", *(f"{name:>10}" for name in labels))
for name, counts in zip(labels, last["counts"], strict=True):
    print(f"{name:>10}", *(f"{count:>10}" for count in counts))

# %%
truth, said = labels.index("positive"), labels.index("negative")
mistakes = [
    (last["sure"][2 * at], text)
    for at, text in enumerate(data["tweets"])
    if (int(data["truth"][at]), int(last["said"][at])) == (truth, said)
]
for sure, text in sorted(mistakes, reverse=True)[:10]:
    print(f"{sure / 1000:.0%} {labels[said]}: {text}")

# %% [markdown]
# ## Was it worth it?

# %%
for who, facts in (("the network", result), ("the baseline", result["baseline"])):
    print(f"{who:>12}: accuracy {facts['accuracy']:.3f}, macro-F1 {facts['f1']:.3f}")
low, high = result["difference"]["low"], result["difference"]["high"]
print(f"The network's macro-F1 less the baseline's, as far as these tweets can tell: {low:+.3f} to {high:+.3f}")
