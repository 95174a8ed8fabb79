"""The one product that dense layers and convolutions are made of, in blocks that stay in the registers.

out[q, o] = start[o] + sum over r and k of x[place of q + r * down + k * along] * w[r * run + k, o]

For a dense layer q is an example and k an input; for a convolution q is a pixel, r a row of the filter, and k runs
over the columns of the filter and the channels, which lie side by side. w has `columns` numbers a row, a multiple of
HALF. Six places by sixteen columns fill the registers of AVX2; the eight columns that may remain go with eight places.
"""

from typing import Any

from engine.kernel import called, inlined
from engine.matrices.blocks import EIGHT_HALVES, SIX_WHOLE, add_outer, filled, row_places, store_block


@called
def weighted_sums(
    x: Any, source: int, across: int, row: int, column: int, rows: int, down: int, run: int, along: int,
    w: Any, first: int, columns: int, start: int,
    out: Any, target: int, step: int, count: int,
) -> None:  # fmt: skip
    """Set `count` places of out, `step` numbers from one to the next.

    The places of x are counted row by row: `across` in each, `column` numbers apart, and `row` from row to row.
    start: where in w the first terms of the sums lie, or -1 for zeros.
    """
    o = 0
    while o + 16 <= columns:
        _columns(SIX_WHOLE(x), 6, o, x, source, across, row, column, rows, down, run, along,
                 w, first, columns, start, out, target, step, count)  # fmt: skip
        o += 16
    if o < columns:
        _columns(EIGHT_HALVES(x), 8, o, x, source, across, row, column, rows, down, run, along,
                 w, first, columns, start, out, target, step, count)  # fmt: skip


@inlined
def _columns(
    zeros: Any, height: int, o: int,
    x: Any, source: int, across: int, row: int, column: int, rows: int, down: int, run: int, along: int,
    w: Any, first: int, columns: int, start: int,
    out: Any, target: int, step: int, count: int,
) -> None:  # fmt: skip
    """The columns from o on. The last block has fewer places than others; the last place is then computed again."""
    for q in range(0, count, height):
        places = row_places(zeros, q, count - 1, across, row, column)
        sums = filled(zeros, w, start + o) if start >= 0 else zeros
        at = first + o
        for r in range(rows):
            offset = source + r * down
            for _ in range(run):
                sums = add_outer(sums, x, places, offset, w, at)
                offset += along
                at += columns
        targets = row_places(zeros, q, count - 1, count, 0, step)
        store_block(out, targets, target + o, sums)
