# %% [markdown]
# # Backpropagation through time
#
# A recurrent layer so small that every number can be read: the forward pass, the cost, the gradients on their way back,
# and their sum over the time steps (Werbos, 1990).
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
sequence = [0.5, -0.4, 0.9, 0.2, -0.7]  # the values that are read
features = "one"  # one or two inputs at each step
second = [1.0, 0.0, -1.0, 0.0, 1.0]  # the second feature, where there are two
target = "next"  # next: the value that follows; mean: of the values so far; first: the very first value
cost = "every"  # every: each step's output is compared with its target; last: the last one alone
units = 2  # recurrent neurons; the first gives the output
activation = "tanh"  # tanh, relu, sigmoid, linear
loop = 0.9  # by how much Wy makes what goes through it longer or shorter
learning_rate = 0.2  # how far a gradient step goes
updates = 0  # how many gradient steps have been taken
seed = 7  # fixes the first weights

# %% [markdown]
# ## Forward
#
# $y_t = \varphi(x_t W_x + y_{t-1} W_y + b)$

# %%
import numpy as np

from mlcore.bptt import backward, contributions, gradients, half_squared_error, numerical_gradients, relative_error
from mlcore.bptt_exercise import exercise, starting_layer, train, training
from mlcore.recurrent import forward

given = [sequence] if features == "one" else [sequence, second]
task = exercise(given, target, cost)
start = starting_layer(units, len(given), loop, activation, seed)
rounds = train(task, start, learning_rate, updates)
layer = rounds[-1].layer

trace = forward(layer, task.x)
costs, direct = half_squared_error(trace.y, task.target, task.counts)
for t, (x, y, wanted, each) in enumerate(zip(trace.x[0], trace.y[0], task.target[0, :, 0], costs[0], strict=True), 1):
    print(f"t = {t}: x = {x}, y = {y.round(3)}, target {wanted:.3f}, cost {each:.4f}")
print(f"the whole cost: {costs.sum():.4f}")

# %% [markdown]
# ## Backward
#
# $\delta_t = (\partial L_t / \partial y_t + \delta_{t+1} W_y^\top) \odot \varphi'(z_t)$

# %%
back = backward(layer, trace, direct)
for t in range(len(back.delta[0]), 0, -1):
    here, later, delta = back.direct[0, t - 1], back.future[0, t - 1], back.delta[0, t - 1]
    print(f"t = {t}: from the cost {here.round(3)}, from the step after {later.round(3)}, δ = {delta.round(3)}")

# %% [markdown]
# ## The sum over time
#
# Each step adds its part to the gradients of the shared weights.

# %%
import matplotlib.pyplot as plt

parts = contributions(trace, back)
gradient = gradients(trace, back)
figure, axes = plt.subplots(figsize=(7, 3.5))
steps = np.arange(1, len(parts.b) + 1)
for i, j in np.ndindex(layer.Wy.shape):
    axes.plot(steps, parts.Wy[:, i, j], marker="o", label=f"Wy[{i + 1},{j + 1}], sum {gradient.Wy[i, j]:.3f}")
axes.axhline(0, color="gray", linewidth=0.8)
axes.set_xlabel("time step")
axes.set_ylabel("what it adds to the gradient")
axes.legend(fontsize="small")
plt.show()

# %% [markdown]
# ## Is it right?
#
# Move each weight a little to both sides and compute the cost anew: no calculus needed.

# %%
numerical = numerical_gradients(layer, task.cost)
for name, ours, checked in zip(("Wx", "Wy", "b"), gradient, numerical, strict=True):
    print(f"{name}: largest relative error {relative_error(ours, checked).max():.1e}")

# %% [markdown]
# And TensorFlow, which differentiates by itself:

# %%
import tensorflow as tf

functions = {"tanh": tf.tanh, "relu": tf.nn.relu, "sigmoid": tf.sigmoid, "linear": tf.identity}
weights = [tf.Variable(weight) for weight in (layer.Wx, layer.Wy, layer.b)]
with tf.GradientTape() as tape:
    y = tf.zeros((1, units), tf.float64)
    total = tf.constant(0.0, tf.float64)
    for t in range(task.x.shape[1]):
        y = functions[activation](task.x[:, t] @ weights[0] + y @ weights[1] + weights[2])
        total += 0.5 * task.counts[0, t] * tf.reduce_sum((y[:, :1] - task.target[:, t]) ** 2)
for name, ours, theirs in zip(("Wx", "Wy", "b"), gradient, tape.gradient(total, weights), strict=True):
    print(f"{name}: largest difference {np.abs(ours - theirs.numpy()).max():.1e}")

# %% [markdown]
# ## Gradient descent
#
# All these numbers at once, as the demo shows them, with the costs on the way and what one more step would bring.

# %%
result = training(task, start, learning_rate, updates)
print("the cost so far:", [round(each, 4) for each in result["curve"]], "and after the next step:", result["next_cost"])
