# %% [markdown]
# # Write on, character by character
#
# A recurrent network has read Shakespeare and learned one thing: which character is likely to come next. Asked again
# and again, it writes. Asked about a text that is there already, it says how surprising each character is.
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
task = "write"  # or "read": how surprising is `text`?
prompt = "First Citizen:"
temperature = 0.8
top_k = 0  # 0: all characters may be drawn
top_p = 1.0
length = 400
seed = 1
compare = False  # a second text with the other temperature
other_temperature = 1.4
chosen = ""  # "0.12.101": in the first text the character 12 is an e (101), whatever was drawn
text = (
    "To be, or not to be, that is the question:\nWhether 'tis nobler in the mind to suffer\n"
    "The slings and arrows of outrageous fortune,\nOr to take arms against a sea of troubles\n"
    "And by opposing end them. Has anybody seen my phone charger?"
)

# %% [markdown]
# ## What comes next?
#
# The network gives a probability to each character that it knows. Here are the likeliest after the prompt.

# %%
import numpy as np

from mlcore.characters import shipped

model = shipped()
likely = model.next(prompt)
for at in np.argsort(-likely)[:8]:
    print(f"{likely[at]:6.1%}  {model.alphabet.symbols[at]!r}")

# %% [markdown]
# ## Temperature, top-k, top-p
#
# They change the probabilities before one is drawn.

# %%
from mlcore.decoding import Decoding

scores = model.scores(model.after(prompt))[0]
for how in (Decoding(), Decoding(0.5), Decoding(1.5), Decoding(top_k=2), Decoding(top_p=0.5)):
    changed = how.probabilities(scores)
    best = np.argsort(-changed)[:4]
    print(how, {model.alphabet.symbols[at]: round(float(changed[at]), 3) for at in best})

# %% [markdown]
# ## Write, or read

# %%
from mlcore import watched_characters
from mlcore.recording import Silent

if task == "read":
    result = watched_characters.read(model, text, Silent())
else:
    temperatures = [temperature, other_temperature] if compare else [temperature]
    result = watched_characters.write(
        model,
        prompt,
        length=length,
        decodings=[Decoding(one, top_k, top_p) for one in temperatures],
        seed=seed,
        instead=[watched_characters.chosen_in(chosen, of) for of in range(len(temperatures))],
        report=Silent(),
    )

for one in result["texts"]:
    if one["temperature"] is not None:
        print(f"\n— temperature {one['temperature']} —\n{prompt}{one['text']}")
    if one["known"]:
        print(f"\n{one['bits']:.2f} bits per character, perplexity {one['perplexity']:.1f}")

# %% [markdown]
# ## Surprise
#
# −log₂ p of each character: high bars where the network expected something else.

# %%
import matplotlib.pyplot as plt

shown = (text if task == "read" else result["texts"][0]["text"])[:80]
bits = model.surprise(shown).nats / np.log(2)
figure, axes = plt.subplots(figsize=(12, 3))
axes.bar(range(len(shown)), bits)
axes.set_xticks(range(len(shown)), [symbol if symbol != "\n" else "↵" for symbol in shown], family="monospace")
axes.set_ylabel("bits")
plt.show()
