"""Convolution, max-pooling and activation of one example at a time: a layer in one.

The way back knows that of each window only the largest pixel has a slope, and under a ReLU often none has one. A
slope that is not zero is an *event*: a place in the source and a number. All gradients are sums over the events of a
filter, which are a quarter or an eighth of the pixels. So the way back costs less than the way forward.

The largest of a window is the first of those that are alike, as in PyTorch.
"""

from typing import Any

from engine.kernel import inlined
from engine.matrices.activations import activated, if_on, slope_before
from engine.matrices.blocks import (
    FIVE_HALVES,
    HALF,
    THREE_HALVES,
    add_run,
    fill_half,
    load_half,
    run_of,
    store_run,
    sum_of,
)
from engine.matrices.sums import weighted_sums
from engine.vectors.lanes import store, where_positive


@inlined
def convolution_forward(row: Any, example: int, memory: Any) -> None:
    """Set the example's target, and the places of what was largest."""
    run = row.size * row.channels
    weighted_sums(
        memory.values, row.source + example * row.source_size, row.width, row.source_row, row.channels,
        row.size, row.source_row, run, 1,
        memory.parameters, row.weights, row.columns, row.weights + row.inputs * row.columns,
        memory.sums, row.sums, row.columns, row.height * row.width,
    )  # fmt: skip
    target = row.target + example * row.target_size + row.target_start
    at = row.places + example * row.places_size
    for y in range(row.pooled_height):
        for x in range(row.pooled_width):
            _pool(row, y * row.window_height, x * row.window_width, target + x * row.columns, at, memory)
            at += row.columns
        target += row.target_row


@inlined
def _pool(row: Any, top: int, left: int, target: int, at: int, memory: Any) -> None:
    """One window."""
    sums, values = memory.sums, memory.values
    first = row.sums + (top * row.width + left) * row.columns
    corner = top * row.source_row + left * row.channels
    for o in range(0, row.columns, HALF):
        largest = load_half(sums, first + o)
        place = fill_half(sums, corner)
        for y in range(row.window_height):
            line = first + o + y * row.width * row.columns
            for x in range(row.window_width):
                z = load_half(sums, line + x * row.columns)
                gain = z - largest
                place = where_positive(gain, fill_half(sums, corner + y * row.source_row + x * row.channels), place)
                largest = where_positive(gain, z, largest)
        store(memory.places, at + o, place)
        store(values, target + o, if_on(row, o, activated(row.activation, largest), memory))


@inlined
def begin_convolution(row: Any, memory: Any) -> None:
    """Before a batch goes back: the weights filter by filter, and gradients of zero."""
    run = row.size * row.channels
    stored = max(run, HALF)
    count = row.units * row.size * stored
    for at in range(row.turned + count, row.turned + 2 * count):
        memory.turned[at] = 0.0
    if row.source != 0:
        for o in range(row.units):
            for k in range(row.inputs):
                memory.turned[row.turned + o * row.inputs + k] = memory.parameters[row.weights + k * row.columns + o]
    for o in range(row.columns):
        memory.gradients[row.weights + row.inputs * row.columns + o] = 0.0


@inlined
def convolution_backward(row: Any, example: int, memory: Any) -> None:
    """Set the slopes of the example's source unless it is the image, and add to the gradients."""
    source = row.source + example * row.source_size
    if row.source != 0:
        for at in range(source, source + row.source_size):
            memory.slopes[at] = 0.0
    _slopes_of_sums(row, example, memory)
    for o in range(row.units):
        events = _find_events(row, example, o, memory)
        if row.size == 5:
            _add_events(FIVE_HALVES(memory.values), row, o, source, events, memory)
        else:
            _add_events(THREE_HALVES(memory.values), row, o, source, events, memory)


@inlined
def _slopes_of_sums(row: Any, example: int, memory: Any) -> None:
    """From the slopes of the activations, in place; their sums are the gradients of the biases."""
    biases = row.weights + row.inputs * row.columns
    for o in range(0, row.columns, HALF):
        bias = load_half(memory.gradients, biases + o)
        line = row.target + example * row.target_size + row.target_start + o
        for _ in range(row.pooled_height):
            for x in range(row.pooled_width):
                at = line + x * row.columns
                slope = load_half(memory.slopes, at)
                slope = if_on(row, o, slope_before(row.activation, load_half(memory.values, at), slope), memory)
                store(memory.slopes, at, slope)
                bias += slope
            line += row.target_row
        store(memory.gradients, biases + o, bias)


@inlined
def _find_events(row: Any, example: int, o: int, memory: Any) -> int:
    """Of a filter; an even number of them, the last may be of no slope."""
    events = 0
    place = row.places + example * row.places_size + o
    line = row.target + example * row.target_size + row.target_start + o
    for _ in range(row.pooled_height):
        at = line
        for _ in range(row.pooled_width):
            slope = memory.slopes[at]
            memory.event_places[events] = int(memory.places[place])
            memory.event_slopes[events] = slope
            events += slope != 0
            at += row.columns
            place += row.columns
        line += row.target_row
    memory.event_places[events] = 0
    memory.event_slopes[events] = 0.0
    return events + events % 2


@inlined
def _add_events(zeros: Any, row: Any, o: int, source: int, events: int, memory: Any) -> None:
    """To the filter's gradients, and to the slopes of the source. A block has as many vectors as the filter columns."""
    run = row.size * row.channels
    if run < HALF:  # an image of one channel: a row of the filter is a vector
        gradients = row.turned + (row.units + o) * row.size * HALF
        _add_patches(zeros, source, row.source_row, events, gradients, memory)
        return
    block = row.size * HALF
    weights = row.turned + o * row.size * run
    gradients = weights + row.units * row.size * run
    for y in range(row.size):
        for k in range(0, run, block):
            _add_patches(zeros, source + y * row.source_row + k, HALF, events, gradients + y * run + k, memory)
    if row.source == 0:
        return
    for event in range(events):
        at = source + memory.event_places[event]
        slope = memory.event_slopes[event]
        for y in range(row.size):
            for k in range(0, run, block):
                to = at + y * row.source_row + k
                before = run_of(zeros, memory.slopes, to, HALF)
                store_run(memory.slopes, to, HALF, add_run(before, memory.turned, weights + y * run + k, HALF, slope))


@inlined
def _add_patches(zeros: Any, source: int, stride: int, events: int, gradients: int, memory: Any) -> None:
    """Two events at a time, so that their sums do not wait for each other."""
    even, odd = run_of(zeros, memory.turned, gradients, HALF), zeros
    for event in range(0, events, 2):
        place, slope = memory.event_places[event], memory.event_slopes[event]
        even = add_run(even, memory.values, source + place, stride, slope)
        place, slope = memory.event_places[event + 1], memory.event_slopes[event + 1]
        odd = add_run(odd, memory.values, source + place, stride, slope)
    store_run(memory.turned, gradients, HALF, sum_of(even, odd))


@inlined
def end_convolution(row: Any, memory: Any) -> None:
    """After a batch has gone back: the gradients in the order of the weights."""
    run = row.size * row.channels
    stored = max(run, HALF)
    for o in range(row.units):
        for y in range(row.size):
            at = row.turned + ((row.units + o) * row.size + y) * stored
            to = row.weights + y * run * row.columns + o
            for k in range(run):
                memory.gradients[to + k * row.columns] = memory.turned[at + k]
