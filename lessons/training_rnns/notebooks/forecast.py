# %% [markdown]
# # Forecast a series
#
# A recurrent network reads windows of a series. At every step of a window it forecasts the next row, so the target is
# the window itself, shifted by one. Later it forecasts many steps ahead, fed by its own output.
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
series = "sunspots"  # sunspots, co2, seattle, airport, economy, or own
file = ""  # where your CSV file is, if the series is your own
column = 1  # which column of numbers is forecast, counted from 1
features = "one"  # one: it learns from this column; all: from all of them
cell = "gru"  # simple, gru, lstm
units = 32  # neurons of the recurrent layer
window = 20  # rows in a window
horizon = 12  # how many steps ahead
differences = False  # learn how much each value changes, and add the changes up
epochs = 40  # how often each window is seen
batch = 32  # windows in an update
optimizer = "adam"  # adam, rmsprop, sgd
learning_rate = 0.005  # the size of a step
clip = 1.0  # a longer gradient is shortened to this length; 0: none is
seed = 1  # fixes the first weights and the order of the windows

# %% [markdown]
# ## The training
#
# `Recorder` keeps what the training says while it goes on: the series in a `log`, rows of `metrics` for the curves, and
# a `frame` for each look at the forecast. The first 70 % of the rows are learned from, the next 15 % are watched, and
# the last 15 % are looked at once, in the end.

# %%
from mlcore.recording import Recorder
from mlcore.training import Settings
from mlcore.watched_forecast import Task, WatchedForecast

task = Task(series, file, column, features, cell, units, window, horizon, differences)
settings = Settings(epochs, batch, optimizer, learning_rate, clip or None, seed)
with Recorder() as recorder:
    result = WatchedForecast(task, settings, recorder).run()
data = next(event["data"] for event in recorder.events if event["kind"] == "log")
print(f"{data['title']}: {result['windows']:,} windows, {result['weights']:,} weights, {result['steps']:,} updates")
if result["diverged"]:
    print(f"The training diverged after {result['diverged']['step']} updates.")

# %% [markdown]
# ## One window and its target

# %%
import matplotlib.pyplot as plt

figure, axes = plt.subplots(figsize=(7, 3))
axes.plot(range(window), data["values"][:window], "o-", label="input")
axes.plot(range(1, window + 1), data["values"][1 : window + 1], "d--", label="target, one row later")
axes.set_xlabel("row")
axes.set_ylabel(data["unit"])
axes.legend()
plt.show()

# %% [markdown]
# ## The loss

# %%
rows = [row for event in recorder.events if event["kind"] == "metrics" for row in event["data"]["rows"]]
learned = [row for row in rows if row["loss"] is not None]
watched = [row for row in rows if row["validation"] is not None]
figure, axes = plt.subplots(figsize=(7, 3.5))
axes.plot([row["epoch"] for row in learned], [row["loss"] for row in learned], label="loss")
axes.plot([row["epoch"] for row in watched], [row["validation"] for row in watched], label="validation loss")
axes.set_xlabel("epoch")
axes.set_yscale("log")
axes.legend()
plt.show()

# %% [markdown]
# ## The forecast
#
# One step ahead, each forecast sees all that was measured before. Many steps ahead, it sees its own output. The band is
# made of the errors on the validation part: 80 % of them lay within.

# %%
if result["test"]:
    test = result["test"]
    figure, axes = plt.subplots(figsize=(8, 4))
    axes.plot(range(test["first"], data["rows"]), data["values"][test["first"] :], color="grey", label="measured")
    axes.plot(range(test["first"], test["first"] + len(test["one"])), test["one"], "--", label="one step ahead")
    ahead = range(data["rows"], data["rows"] + horizon)
    axes.plot(ahead, result["future"]["many"], label="beyond the last row")
    axes.fill_between(ahead, result["future"]["low"], result["future"]["high"], alpha=0.25)
    axes.legend()
    plt.show()
    print(f"The band should hold 80 % of the true values; on the test part it held {result['band']['held']:.0%}.")

# %% [markdown]
# ## Was it worth it?
#
# Mean absolute errors on the test part, in the unit of the data, beside forecasts that need no network.

# %%
for row in result["errors"]:
    one, many = row["one"]["mae"], row["many"]["mae"]
    print(f"{row['name']:>9}: {one:.4g} one step ahead, {many:.4g} over 1 to {horizon} steps {data['unit']}")
