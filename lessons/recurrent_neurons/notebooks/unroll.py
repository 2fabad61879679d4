# %% [markdown]
# # A recurrent net, unrolled
#
# A recurrent layer reads a sequence step by step. What each neuron says depends on the input of the step and on what
# all neurons said at the step before (Elman, “Finding Structure in Time”, 1990):
#
# $$y_t = \varphi(x_t W_x + y_{t-1} W_y + b)$$
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
example = "parity"  # trained: mean, parity, seen_a, brackets; random weights: own_numbers, own_letters
numbers = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, -1.0, -1.0, 0.5]  # what mean and own_numbers read
bits = "0110100"  # what parity reads
letters = "now a cat"  # what seen_a and own_letters read
brackets = "(()(()))"  # what brackets reads
activation = "tanh"  # φ: tanh, relu, sigmoid, linear
output = "apart"  # apart: an output reads the state; state: the state is the output
units = 3  # neurons of a net with random weights
seed = 1  # of its weights
changes = ""  # weights set by hand: "Wy.0.1=0.5;b.2=-1"

# %% [markdown]
# ## The net
#
# `Wx` has a row for each input and a column for each neuron, `Wy` a row and a column for each neuron, `b` a number for
# each neuron. `V` and `c` are the output's, which reads the state.

# %%
from mlcore import unrolled

reads = unrolled.READS[example]
net = unrolled.trained_nets().get(example) or unrolled.random_net(reads, units, seed)
net = unrolled.changed(net, changes)
for name, weights in net.arrays().items():
    print(name, weights.shape, weights.round(2).tolist() if weights.size < 40 else "")

# %% [markdown]
# ## The sequence, as the net reads it
#
# A number is itself; a letter is a one-hot vector.

# %%
sequence = {"numbers": numbers, "bits": bits, "letters": letters, "brackets": brackets}[reads]
x = unrolled.encode(reads, sequence)
print("steps and inputs:", x.shape)

# %% [markdown]
# ## Step by step, by hand
#
# The same weights at every step. Before the first one nothing was said: zeros.

# %%
import numpy as np

from mlcore.recurrent import ACTIVATIONS

phi = ACTIVATIONS[activation]
y = np.zeros(net.layer.units)
by_hand = []
for t in range(len(x)):
    z = x[t] @ net.layer.Wx + y @ net.layer.Wy + net.layer.b
    y = phi(z)
    by_hand.append(y)
    print(f"step {t + 1}, {sequence[t]!r}: z = {z.round(3)}, y = {y.round(3)}")

# %% [markdown]
# ## All at once, as the demo does it

# %%
answer = unrolled.answer(net, x, activation)
print("largest difference from the steps by hand:", np.abs(np.array(by_hand) - answer.trace.y[0]).max())
if output == "apart":
    print("the output says", answer.said.round(3))
    wanted = unrolled.wanted(example, x)
    if wanted is not None:
        print("it should say  ", wanted.round(3))

# %% [markdown]
# ## All that the demo shows, as plain numbers

# %%
result = unrolled.unroll(
    example, sequence, activation=activation, apart=output == "apart", units=units, seed=seed, changes=changes
)
print(", ".join(result))

# %% [markdown]
# ## The state through time

# %%
import matplotlib.pyplot as plt

steps = np.arange(1, len(x) + 1)
plt.plot(steps, answer.trace.y[0], marker="o", linewidth=1)
if output == "apart":
    plt.plot(steps, answer.said, "k--", label="output")
    plt.legend()
plt.xticks(steps, [str(symbol) for symbol in sequence])
plt.xlabel("input")
plt.ylabel("state")
plt.show()

# %% [markdown]
# ## The same in Keras
#
# `SimpleRNN` computes in single precision, so the last digits differ.

# %%
import keras

layer = keras.layers.SimpleRNN(net.layer.units, activation=activation, return_sequences=True)
layer.build((1, *x.shape))
layer.set_weights([net.layer.Wx, net.layer.Wy, net.layer.b])
print("largest difference from Keras:", np.abs(np.asarray(layer(x[None]))[0] - answer.trace.y[0]).max())
