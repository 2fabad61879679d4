# %% [markdown]
# # Explore word vectors
#
# GloVe gives each of 400,000 English words a list of 50 numbers (Pennington, Socher, Manning: “GloVe: Global Vectors
# for Word Representation”, EMNLP 2014). Words that are used alike get lists that point in similar directions, so
# questions about words become questions about angles.
#
# Change the settings in the next cell, then run all cells.

# %% tags=["parameters"]
task = "neighbours"  # neighbours, similarity, analogy, odd_one_out
word = "paris"  # neighbours: its nearest words
first = "coffee"  # similarity: one word …
second = "tea"  # … and the other
a = "man"  # analogy: a is to b …
b = "king"
c = "woman"  # … as c is to the word looked for
words = ["breakfast", "lunch", "dinner", "bicycle"]  # odd_one_out: which fits least
count = 12  # how many near words to list and to draw
search = "common"  # among the 50,000 most frequent words; "all": among 400,000

# %% [markdown]
# ## The vectors
#
# One row a word, the most frequent words first.

# %%
from mlcore.data import glove

vectors = glove.load()
print(f"{len(vectors):,} words, {vectors.unit(['the'])[0].size} numbers each")
vectors.unit(["paris"])[0].round(2)

# %% [markdown]
# ## The similarity of two words
#
# is the cosine of the angle between their vectors: with vectors of length 1, the sum of the products.

# %%
import numpy as np

one, other = vectors.unit(["coffee", "tea"])
float(np.sum(one * other))

# %% [markdown]
# ## The question

# %%
from mlcore.word_questions import Question, answer

question = Question(
    task=task, word=word, first=first, second=second, a=a, b=b, c=c, words=words, count=count, search=search
)
result = answer([question], vectors)[0]

for unknown in result["unknown"]:
    print(f"“{unknown['word']}” is not among the words. Did you mean one of {unknown['suggestions']}?")
if result["similarity"] is not None:
    print(f"The similarity of {' and '.join(result['asked'])} is {result['similarity']:.3f}.")
if result["answer"]:
    print("The answer:", result["answer"])
for near in result["lists"]:
    print(f"\nNear {near['of']}:")
    for entry in near["words"]:
        print(f"  {entry['similarity']:.3f}  {entry['word']}")

# %% [markdown]
# ## The map
#
# Fifty dimensions do not fit on paper. This is the plane on which these words spread most (principal components); the
# shares say how much of the spread it shows.

# %%
import matplotlib.pyplot as plt

points = result["map"]["points"]
figure, axes = plt.subplots(figsize=(8, 6))
for point in points:
    axes.scatter(point["x"], point["y"], color="C1" if point["role"] in ("asked", "target", "mean") else "C0")
    axes.annotate(point["word"] or point["role"], (point["x"], point["y"]), xytext=(4, 3), textcoords="offset points")
shares = result["map"]["explained"]
axes.set_xlabel(f"{shares[0]:.0%} of the spread")
axes.set_ylabel(f"{shares[1]:.0%}")
axes.set_aspect("equal", "datalim")
plt.show()
