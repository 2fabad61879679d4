# %% [markdown]
# # Bucketing
#
# Sentences have different lengths, and a batch is a rectangle: shorter ones are filled up. How much of a batch is
# padding if sentences meet at random, sorted by length, or in buckets, and how long does a training step take?
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
text = "encyclopedia"  # encyclopedia, shakespeare, news
sentences = 640  # how many are drawn
longest = 50  # words; longer sentences are left out
batch_size = 32  # sentences in a training step
buckets = 5  # groups of similar length
units = 32  # of the recurrent layer whose steps are timed
rounds = 12  # how often each order is measured
seed = 1  # fixes which sentences are drawn, and how they are shuffled

# %% [markdown]
# ## The batches

# %%
from mlcore.bucketing import padding, three_orders
from mlcore.data.sentences import draw_sentences

drawn = draw_sentences(text, sentences, longest, seed)
orders = three_orders(drawn.sentences, batch_size, buckets, seed)
print(f"{len(drawn.sentences)} sentences of {drawn.among:,}; {drawn.too_long:,} are too long")
for name, batches in orders.batches.items():
    held = padding(orders.lengths, batches)
    print(
        f"{name:>9}: {len(batches)} batches, {held.places:,} places, {held.tokens:,} words, {held.wasted:.1%} padding"
    )

# %%
import matplotlib.pyplot as plt

figure, all_axes = plt.subplots(1, 3, figsize=(10, 3), sharey=True)
for axes, (name, batches) in zip(all_axes, orders.batches.items(), strict=True):
    widths = [batch.width for batch in batches]
    means = [orders.lengths[batch.members].mean() for batch in batches]
    axes.bar(range(len(batches)), widths, color="lightgray", label="padding")
    axes.bar(range(len(batches)), means, label="words")
    axes.set_title(name)
    axes.set_xlabel("batch")
all_axes[0].set_ylabel("places")
all_axes[0].legend()
plt.show()

# %% [markdown]
# ## The time
#
# A recurrent layer learns to say the next word's vector: forward, backward, update, and every place is computed,
# padding as well. The three orders take turns step by step, so that whatever else the computer does hits all of them
# alike.

# %%
from mlcore.bucket_timing import measure
from mlcore.recording import Silent

times = measure(drawn.sentences, orders.batches, units=units, seed=seed, at_most=rounds, budget=2.0, report=Silent())
print(f"medians of {times['rounds']} rounds, and their quartiles")
for name in orders.batches:
    step, whole = times[name]["step"], times[name]["pass"]
    spread = f"{step['low']:.2f} to {step['high']:.2f}"
    print(f"{name:>9}: {step['median']:.2f} ms a step ({spread}), {whole['median']:.0f} ms in all")

# %% [markdown]
# All of it in one place, as the demo shows it:

# %%
result = {
    **orders.facts(),
    "sentences": [" ".join(sentence) for sentence in drawn.sentences],
    "among": drawn.among,
    "too_long": drawn.too_long,
    "times": times,
}
