"""Any network as a program: a table of operations, and the kernels that run it."""
