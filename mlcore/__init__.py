"""A machine-learning library for teaching: no web framework, no queue, usable from a notebook."""
