"""Keras on TensorFlow, set up the same way wherever a model is trained: `from mlcore.backend import keras, tf`.

Nothing else imports either of them, so the settings below always come first. Importing takes seconds: only do it inside
`run` or `warm`, or in a module that is imported there.
"""

from __future__ import annotations

import logging
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
# Its notes on processor features and missing graphics cards say nothing to whoever started `make run`.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# oneDNN's kernels round otherwise on every kind of processor; equal params should give equal results.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import keras
import tensorflow as tf

# Each Run builds graphs of its own, which is meant; TensorFlow would warn of it.
logging.getLogger("tensorflow").setLevel(logging.ERROR)

# A worker's children share the cores, and the models are small: threads inside one product would only wait for each
# other.
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.config.experimental.enable_op_determinism()

__all__ = ["keras", "tf"]
