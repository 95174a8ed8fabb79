"""The web side: pages, live sessions, messages, storage, the command line."""

import os

# Read when NumPy is loaded. Sessions share the cores by turns; a product that takes all of them waits for others in
# each of its parts: with twelve busy threads on two cores an eigenproblem took 4.7 s with two threads, 0.4 s with one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
