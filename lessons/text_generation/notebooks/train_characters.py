# %% [markdown]
# # Learn to write
#
# A network reads a text character by character and guesses the next one. It is never told what a word is, or a line:
# whatever it knows of them in the end, it has found in the text.
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
text = "shakespeare"  # shakespeare (six plays), coriolanus (one), or own
file = ""  # where your text file is, if the text is your own
units = 256  # numbers in the memory of each layer
layers = 1  # LSTM layers, one above the other
window = 64  # characters in one example
readers = 32  # places of the text that are read side by side
learning_rate = 0.004  # the size of a step
updates = 600  # how often the weights are changed
temperature = 0.7  # of the samples; at 0 the likeliest character is always taken
prompt = ""  # what each sample begins with
seed = 1  # fixes the first weights and the draws of each sample

# %% [markdown]
# ## The training
#
# `Recorder` keeps what the training says while it goes on: the text in numbers in a `log`, rows of `metrics` for the
# curves, and a `frame` for each stage.

# %%
from mlcore.recording import Recorder
from mlcore.watched_character_training import Task, WatchedCharacterTraining

task = Task(text, file, units, layers, window, readers, learning_rate, updates, temperature, prompt, seed)
with Recorder() as recorder:
    result = WatchedCharacterTraining(task, recorder).run()
data = next(event["data"] for event in recorder.events if event["kind"] == "log")
frames = [event["data"] for event in recorder.events if event["kind"] == "frame"]
print(f"{data['title']}: {result['characters']:,} characters, {result['symbols']} different ones")
print(f"{result['weights']:,} weights, {result['steps']:,} updates, {result['epochs']} passes over the text")

# %% [markdown]
# ## Text, numbers, vectors
#
# Each character has a number, its place in the alphabet, and each number a row of the lookup table.

# %%
symbols = data["symbols"]
for symbol, row in zip(data["example"], frames[-1]["vectors"], strict=True):
    print(repr(symbol), symbols.index(symbol), [round(value, 1) for value in row[:6]], "…")

# %% [markdown]
# ## A window and its target
#
# The target is the window itself, shifted by one character.

# %%
print("input: ", repr(data["excerpt"][:window]))
print("target:", repr(data["excerpt"][1 : window + 1]))

# %% [markdown]
# ## Bits per character
#
# How many bits it takes to say which character comes, to somebody who guesses as the network does. The lines are what
# counting reaches: of single characters, of pairs, of three in a row.

# %%
import math

import matplotlib.pyplot as plt

rows = [row for event in recorder.events if event["kind"] == "metrics" for row in event["data"]["rows"]]
learned = [row for row in rows if row["loss"] is not None]
watched = [row for row in rows if row["validation"] is not None]
figure, axes = plt.subplots(figsize=(7, 4))
axes.plot([row["step"] for row in learned], [row["loss"] / math.log(2) for row in learned], label="training")
axes.plot(
    [row["step"] for row in watched], [row["validation"] / math.log(2) for row in watched], "o-", label="validation"
)
for name, bits in data["baselines"].items():
    axes.axhline(bits, color="grey", linestyle=":")
    axes.text(0, bits, name, va="bottom")
axes.set_xlabel("update")
axes.set_ylabel("bits a character")
axes.legend()
plt.show()

# %% [markdown]
# ## What it writes, stage by stage

# %%
for frame in frames:
    print(f"--- after {frame['step']} updates\n{data['prompt']}{frame['text']}\n")
