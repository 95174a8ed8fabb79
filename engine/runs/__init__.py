"""A run of any model: slices, history, stop conditions, ways back, moments."""
