"""Keras models: pure functions from sizes to a model with named layers."""
