"""The three products of a wide dense layer, in blocks that stay in the registers and in the nearest cache.

Matrices lie row by row, and a row is an odd number of whole vectors long: rows that were a power of two apart would
fall into the same places of a cache and drive each other out. Six rows by sixteen columns fill the registers of AVX2.
"""

from typing import Any

from engine.kernel import called
from engine.matrices.blocks import SIX_WHOLE, add_outer, filled, row_places, run_of_places, store_block
from engine.vectors.lanes import LANES, transpose

_ROWS = 6  # of a block
_DEPTH = 256  # terms of a sum at once: the weights of sixteen columns then fit into the nearest cache


def row_length(count: int) -> int:
    """Numbers from one row of so many to the next: an odd number of whole vectors."""
    vectors = -(-count // LANES)
    return (vectors + 1 - vectors % 2) * LANES


@called
def times(
    x: Any, source: int, x_row: int, depth: int, w: Any, first: int, w_row: int, columns: int, start: int,
    out: Any, target: int, out_row: int, count: int,
) -> None:  # fmt: skip
    """out[q, o] = w[start + o] + sum over k of x[q, k] * w[k, o], for `count` rows and columns in whole vectors."""
    zeros = SIX_WHOLE(x)
    for k in range(0, depth, _DEPTH):
        terms = min(_DEPTH, depth - k)
        for o in range(0, columns, LANES):
            for q in range(0, count, _ROWS):
                places = row_places(zeros, q, count - 1, count, 0, x_row)
                targets = row_places(zeros, q, count - 1, count, 0, out_row)
                sums = run_of_places(zeros, out, targets, target + o) if k else filled(zeros, w, start + o)
                at, offset = first + k * w_row + o, source + k
                for _ in range(terms):
                    sums = add_outer(sums, x, places, offset, w, at)
                    offset += 1
                    at += w_row
                store_block(out, targets, target + o, sums)


@called
def times_turned(
    x: Any, source: int, x_row: int, depth: int, w: Any, first: int, w_row: int, columns: int,
    turned: Any, out: Any, target: int, out_row: int, count: int,
) -> None:  # fmt: skip
    """out[q, k] = sum over o of x[q, o] * w[k, o], for `count` rows and k in whole vectors.

    `depth` is in whole vectors too: x is zero where w has no column. turned: room for `depth` vectors.
    """
    zeros = SIX_WHOLE(x)
    for k in range(0, columns, LANES):
        for o in range(0, depth, LANES):
            transpose(w, first + k * w_row + o, w_row, turned, o * LANES)
        for q in range(0, count, _ROWS):
            places = row_places(zeros, q, count - 1, count, 0, x_row)
            targets = row_places(zeros, q, count - 1, count, 0, out_row)
            sums = zeros
            at, offset = 0, source
            for _ in range(depth):
                sums = add_outer(sums, x, places, offset, turned, at)
                offset += 1
                at += LANES
            store_block(out, targets, target + k, sums)


@called
def outer(
    x: Any, source: int, x_row: int, count: int, y: Any, first: int, y_row: int, columns: int,
    out: Any, out_row: int, rows: int,
) -> None:  # fmt: skip
    """out[k, o] = sum over q of x[q, k] * y[q, o], for `rows` rows and columns in whole vectors."""
    zeros = SIX_WHOLE(x)
    for o in range(0, columns, LANES):
        for k in range(0, rows, _ROWS):
            places = row_places(zeros, k, rows - 1, rows, 0, 1)
            sums = zeros
            at, offset = first + o, source
            for _ in range(count):
                sums = add_outer(sums, x, places, offset, y, at)
                offset += x_row
                at += y_row
            store_block(out, row_places(zeros, k, rows - 1, rows, 0, out_row), o, sums)
