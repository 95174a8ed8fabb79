"""Dense layer: each of O outputs is a weighted sum of I inputs and a bias.

values and slopes hold a unit's batch along the lanes: row r, example b at [r * width + b]. Below the I input rows
lies a row of ones, so the bias is the weight of one more input: parameters (O, I + 1), row by row.
"""

from typing import Any

from engine.kernel import inlined
from engine.vectors.lanes import LANES, broadcast, fill, four_totals, load, store, store_first, transpose


@inlined
def dense_forward(row: Any, parameters: Any, values: Any, width: int, count: int) -> None:
    """Set the target rows."""
    columns = row.fan_in + 1
    _weighted_sums(
        parameters,
        row.parameters,
        columns,
        1,
        values,
        row.source,
        columns,
        values,
        row.target,
        row.fan_out,
        width,
        count,
        False,
    )


@inlined
def dense_backward(
    row: Any, parameters: Any, values: Any, slopes: Any, gradients: Any, turned: Any, width: int, count: int
) -> None:
    """Set the gradients of the parameters and, unless they are the network's inputs, the slopes of the source.

    Those are added to where a later operation has set them already.

    count: examples in the batch; turned: room for a block of LANES x LANES numbers.
    """
    dense_gradients(row, values, slopes, gradients, turned, width, count)
    if row.source != 0:
        dense_slopes(row, parameters, slopes, width, count)


@inlined
def dense_gradients(row: Any, values: Any, slopes: Any, gradients: Any, turned: Any, width: int, count: int) -> None:
    """Set the gradients of the parameters alone."""
    if count <= LANES and row.fan_out >= 4 and row.fan_in + 1 > 4:
        _gradients_by_example(row, values, slopes, gradients, turned, width, count)
    else:
        _gradients_by_weight(row, 0, values, slopes, gradients, width, count)


@inlined
def dense_slopes(row: Any, parameters: Any, slopes: Any, width: int, count: int) -> None:
    """Set the slopes of the source alone, be it the network's inputs, or add to them."""
    _weighted_sums(
        parameters,
        row.parameters,
        1,
        row.fan_in + 1,
        slopes,
        row.target,
        row.fan_out,
        slopes,
        row.source,
        row.fan_in,
        width,
        count,
        row.adds != 0,
    )


@inlined
def dense_tangents(row: Any, parameters: Any, tangents: Any, width: int, count: int) -> None:
    """Set how fast the target rows change where the source rows change as `tangents` has it: without the bias."""
    _weighted_sums(
        parameters,
        row.parameters,
        row.fan_in + 1,
        1,
        tangents,
        row.source,
        row.fan_in,
        tangents,
        row.target,
        row.fan_out,
        width,
        count,
        False,
    )


@inlined
def _weighted_sums(
    weights: Any, first: int, across: int, along: int,
    inputs: Any, source: int, fan_in: int,
    outputs: Any, target: int, fan_out: int,
    width: int, count: int, adds: bool,
) -> None:  # fmt: skip
    """outputs[o] = sum over i of weights[first + o * across + i * along] * inputs[i], or is added to.

    Four outputs at a time: they share the loads of the inputs, and their sums do not wait for each other.
    """
    for lane in range(0, count, LANES):
        o = 0
        while o + 4 <= fan_out:
            at = first + o * across
            place = source * width + lane
            to = (target + o) * width + lane
            a = b = c = d = fill(inputs, 0)
            if adds:
                a, b = load(outputs, to), load(outputs, to + width)
                c, d = load(outputs, to + 2 * width), load(outputs, to + 3 * width)
            for _ in range(fan_in):
                x = load(inputs, place)
                a += broadcast(weights, at) * x
                b += broadcast(weights, at + across) * x
                c += broadcast(weights, at + 2 * across) * x
                d += broadcast(weights, at + 3 * across) * x
                at += along
                place += width
            store(outputs, to, a)
            store(outputs, to + width, b)
            store(outputs, to + 2 * width, c)
            store(outputs, to + 3 * width, d)
            o += 4
        while o < fan_out:
            at = first + o * across
            place = source * width + lane
            to = (target + o) * width + lane
            a = load(outputs, to) if adds else fill(inputs, 0)
            for _ in range(fan_in):
                a += broadcast(weights, at) * load(inputs, place)
                at += along
                place += width
            store(outputs, to, a)
            o += 1


@inlined
def _gradients_by_weight(
    row: Any, first: int, values: Any, slopes: Any, gradients: Any, width: int, count: int
) -> None:
    """gradients[o, i] = sum over the batch of slopes[o] * values[i], from column `first` on, four at a time."""
    columns = row.fan_in + 1
    at = row.parameters
    for o in range(row.fan_out):
        for i in range(first, columns, 4):
            slope_at = (row.target + o) * width
            value_at = (row.source + i) * width
            a = b = c = d = fill(values, 0)
            for lane in range(0, count, LANES):
                slope = load(slopes, slope_at + lane)
                a += slope * load(values, value_at + lane)
                b += slope * load(values, value_at + width + lane)
                c += slope * load(values, value_at + 2 * width + lane)
                d += slope * load(values, value_at + 3 * width + lane)
            store_first(gradients, at + i, four_totals(a, b, c, d), columns - i)
        at += columns


@inlined
def _gradients_by_example(
    row: Any, values: Any, slopes: Any, gradients: Any, turned: Any, width: int, count: int
) -> None:
    """The same for a small batch and many inputs: the inputs lie along the lanes, and no lane has to be summed up.

    Costs a transpose, and then one instruction for LANES weights and an example, where four sums take thirteen.
    """
    columns = row.fan_in + 1
    end = columns if columns % LANES > 4 else columns - columns % LANES
    for i in range(0, end, LANES):
        transpose(values, (row.source + i) * width, width, turned, 0)
        o = 0
        while o + 4 <= row.fan_out:
            slope_at = (row.target + o) * width
            a = b = c = d = fill(values, 0)
            for e in range(count):
                x = load(turned, e * LANES)
                a += broadcast(slopes, slope_at + e) * x
                b += broadcast(slopes, slope_at + width + e) * x
                c += broadcast(slopes, slope_at + 2 * width + e) * x
                d += broadcast(slopes, slope_at + 3 * width + e) * x
            at = row.parameters + o * columns + i
            store_first(gradients, at, a, columns - i)
            store_first(gradients, at + columns, b, columns - i)
            store_first(gradients, at + 2 * columns, c, columns - i)
            store_first(gradients, at + 3 * columns, d, columns - i)
            o += 4
        while o < row.fan_out:
            slope_at = (row.target + o) * width
            a = fill(values, 0)
            for e in range(count):
                a += broadcast(slopes, slope_at + e) * load(turned, e * LANES)
            store_first(gradients, row.parameters + o * columns + i, a, columns - i)
            o += 1
    if end < columns:
        _gradients_by_weight(row, end, values, slopes, gradients, width, count)
