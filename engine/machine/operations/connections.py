"""Ways around a layer: copies and sums of rows, and rows that are switched off."""

from typing import Any

from engine.kernel import inlined
from engine.vectors.lanes import LANES, fill, load, store


@inlined
def copy_forward(row: Any, values: Any, width: int, count: int) -> None:
    """The target rows are the source rows."""
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            store(values, target + lane, load(values, source + lane))


@inlined
def add_forward(row: Any, values: Any, width: int, count: int) -> None:
    """The source rows are added to the target rows."""
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            store(values, target + lane, load(values, target + lane) + load(values, source + lane))


@inlined
def pass_back(row: Any, slopes: Any, width: int, count: int) -> None:
    """Of copies and sums alike; added where a later operation has set the slopes of the source already."""
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            slope = load(slopes, target + lane)
            if row.adds:
                slope += load(slopes, source + lane)
            store(slopes, source + lane, slope)


@inlined
def switch_off(row: Any, rows: Any, width: int, count: int) -> None:
    """Set rows of values to zero, on the way back their slopes."""
    for unit in range(row.target, row.target + row.fan_out):
        for at in range(unit * width, unit * width + count, LANES):
            store(rows, at, fill(rows, 0))
