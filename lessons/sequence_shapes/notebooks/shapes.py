# %% [markdown]
# # The shapes of sequences
#
# Five ways to wire the inputs and outputs of a network in time, each with a small trained net. All but the first are
# one gated recurrent layer and a dense layer above it, the same at each step; they differ only in where an input is
# read and where an output counts.
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
wiring = "many-to-one"  # one-to-one, one-to-many, many-to-one, many-to-many, delayed
picture = 3  # one-to-one and one-to-many: which of 359 pictures of digits
drawn = ""  # instead of it, 64 greys from 0 to g, row by row
word = "bonjour"  # many-to-one: a word of English, French or Spanish
text = "la presidente a ete elue a geneve"  # many-to-many: French
waits = False  # many-to-many: True for the net that says each accent four letters later
numeral = "three hundred and five"  # delayed: an English number

# %% [markdown]
# ## What it says

# %%
from mlcore import shapes

params = {
    "wiring": wiring,
    "picture": picture,
    "drawn": drawn,
    "word": word,
    "text": text,
    "waits": waits,
    "numeral": numeral,
}
result = shapes.result(params)
print("It says:", result["answer"])
if result["wanted"] is not None:
    print("Right would be:", result["wanted"])
print(result["score"])

# %% [markdown]
# ## Step by step
#
# What it reads, what it reads of its own, what it says, and the most probable symbols. Where it says nothing the output
# is not asked for, and was not trained.

# %%
for t, step in enumerate(result["steps"], start=1):
    likely = ", ".join(f"{symbol['symbol']} {symbol['share']:.0%}" for symbol in step["likely"][:3])
    print(f"{t:3}  reads {step['read'] or '–':9} own {step['fed'] or '–':4} says {step['output'] or '–':10} ({likely})")

# %% [markdown]
# ## The state
#
# One column a step, one row a unit of the recurrent layer.

# %%
import matplotlib.pyplot as plt
import numpy as np

figure, axes = plt.subplots(figsize=(10, 4))
steps = result["steps"]
image = axes.imshow(np.array([step["state"] for step in steps]).T, aspect="auto", cmap="RdBu_r", vmin=-1, vmax=1)
axes.set_xticks(range(len(steps)), [step["read"] or step["fed"] or "" for step in steps])
axes.set_xlabel("what is read")
axes.set_ylabel("unit")
figure.colorbar(image, label="state")
plt.show()

# %% [markdown]
# ## Its weights
#
# They are the same at every step. The state after each is $h_t = z_t \circ h_{t-1} + (1 - z_t) \circ c_t$;
# `mlcore.gated` says how $z$ and $c$ are made. (One-to-one has no recurrent layer.)

# %%
for layer in shapes.load(shapes.WAITS if wiring == "many-to-many" and waits else wiring):
    print(type(layer).__name__, {name: np.shape(value) for name, value in layer._asdict().items() if np.ndim(value)})
