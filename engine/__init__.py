"""Networks, data, training and decision fields. NumPy and Numba only; no input or output but a lab's own data files."""
