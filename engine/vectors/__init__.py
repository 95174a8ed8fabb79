"""What kernels are written with: vectors of lanes, functions of them, aligned memory, random numbers."""
