"""The network that reads characters and says which comes next, and its whole computation as one compiled function."""

from __future__ import annotations

from typing import Any, NamedTuple

from mlcore.backend import keras, tf
from mlcore.models.fast_lstm import lstm


class Sizes(NamedTuple):
    symbols: int
    vector: int = 64
    units: int = 256
    layers: int = 1
    dropout: float = 0.0


def next_character(sizes: Sizes) -> keras.Model:
    """(B, T) ids to (B, T, symbols) scores of the character after each; the state begins at zero.

    Layers: `vectors`, `memory_1` …, `next`. Dropout falls on what each memory layer hands up, never on what it hands on
    in time (Zaremba, Sutskever and Vinyals, *Recurrent Neural Network Regularization*, 2014).
    """
    ids = keras.Input((None,), dtype="int32", name="ids")
    # Keras begins with vectors near zero, between which a layer can hardly tell: nothing is learned for many steps.
    apart = keras.initializers.RandomNormal(stddev=1.0)
    x = keras.layers.Embedding(sizes.symbols, sizes.vector, embeddings_initializer=apart, name="vectors")(ids)
    for layer in range(1, sizes.layers + 1):
        x = keras.layers.LSTM(sizes.units, return_sequences=True, name=f"memory_{layer}")(x)
        x = keras.layers.Dropout(sizes.dropout, name=f"dropout_{layer}")(x)
    return keras.Model(ids, keras.layers.Dense(sizes.symbols, name="next")(x), name="next_character")


def scores(
    weights: list[tf.Tensor], ids: tf.Tensor, state: tf.Tensor, dropout: float = 0.0, key: tf.Tensor | None = None
) -> Any:
    """What `next_character` computes, with a state that goes in and comes out, from the list of its weights.

    Args:
        weights: in the model's order.
        ids: (T, B), time first.
        state: (layers, 2, B, H), h and c of each layer.
        dropout, key: the share of outputs set to zero, and two numbers that say which; without a key none are.

    Returns:
        Scores (T, B, symbols), and the state after the last step.
    """
    vectors, *layers, out, bias = weights
    (steps, batch), symbols = ids.shape, vectors.shape[0]
    after = []
    x = tf.reshape(tf.one_hot(ids, symbols), (steps * batch, symbols))
    for layer in range(len(layers) // 3):
        kernel, recurrent, gate_bias = layers[3 * layer : 3 * layer + 3]
        if layer == 0:
            # Few symbols: what each gives to the gates is worked out once, not once for each place in the text.
            kernel = tf.matmul(vectors, kernel)
        z = tf.reshape(tf.matmul(x, kernel) + gate_bias, (steps, batch, gate_bias.shape[0]))
        h, c = lstm(z, recurrent, state[layer, 0], state[layer, 1])
        after.append(tf.stack([h[-1], c]))
        x = tf.reshape(h, (steps * batch, recurrent.shape[0]))
        if key is not None and dropout:
            kept = tf.random.stateless_uniform(x.shape, key + layer) >= dropout
            x = tf.where(kept, x / (1 - dropout), 0.0)
    return tf.reshape(tf.matmul(x, out) + bias, (steps, batch, symbols)), tf.stack(after)
