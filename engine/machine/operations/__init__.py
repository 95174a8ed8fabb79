"""What a network is made of. Each operation is a module with a forward and a backward kernel.

To add one: write the module, give it a number here, and a line in each of the two tables of `engine.machine.kernels`.
Activations have a table of their own, in `activations`.
"""

from enum import IntEnum


class Operation(IntEnum):
    """The numbers by which a program names its operations; activations have those from FIRST_ACTIVATION on."""

    DENSE = 0
    SQUARED_ERROR = 1
    CROSS_ENTROPY = 2
    CATEGORICAL_CROSS_ENTROPY = 3
    SOFTMAX = 4
    BATCH_NORM = 5
    DROPOUT = 6
    COPY = 7
    ADD = 8
    SWITCH_OFF = 9


FIRST_ACTIVATION = len(Operation)
