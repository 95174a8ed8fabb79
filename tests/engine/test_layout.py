"""layout.py, program.py: the tensors of a program cover its parameters, and each number has one name."""

import math

import pytest

from engine.labs.plane.architecture import architecture_of
from engine.labs.plane.settings import Settings
from engine.machine.program import compile_program


@pytest.mark.parametrize("settings", [
    Settings(),
    Settings(hidden=(5, 3, 3), batch_norm=True, connections="residual"),
    Settings(hidden=(4, 2), batch_norm=True, connections="dense", classes=3, dataset="spiral"),
    Settings(hidden=(), inputs=()),
], ids=["plain", "residual", "dense", "alone"])  # fmt: skip
def test_the_layout_names_every_parameter_once(settings: Settings) -> None:
    """The expected counts come from the settings, which compute them without a layout."""
    program = compile_program(architecture_of(settings))
    places = [place for tensor in program.layout for place in range(tensor.offset, tensor.end)]
    assert sorted(places) == list(range(settings.parameter_count))
    weights = [tensor for tensor in program.layout if tensor.name.endswith(" weights")]
    assert sum(math.prod(tensor.shape) for tensor in weights) == settings.weight_count + settings.bias_count
    assert len({tensor.name for tensor in program.layout}) == len(program.layout)
