"""The building blocks of kernels: vectors of lanes, functions of them, aligned memory, random numbers."""
