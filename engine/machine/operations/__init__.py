"""What a network is made of. Each operation is a module with a forward and a backward kernel.

To add one: write the module, give it a number here, and a line in each of the two tables of `engine.machine.kernels`.
"""

from enum import IntEnum


class Operation(IntEnum):
    """The numbers by which a program names its operations."""

    DENSE = 0
    TANH = 1
    SIGMOID = 2
    RELU = 3
    SQUARED_ERROR = 4
    CROSS_ENTROPY = 5
    LEAKY_RELU = 6
    ELU = 7
    SWISH = 8
    GELU = 9
    SINE = 10
    CATEGORICAL_CROSS_ENTROPY = 11
    SOFTMAX = 12
    BATCH_NORM = 13
    DROPOUT = 14
    COPY = 15
    ADD = 16
    SWITCH_OFF = 17
