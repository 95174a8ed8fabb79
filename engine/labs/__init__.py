"""One folder for each kind of experiment: its settings, its data, its model, and what can be done to it."""
