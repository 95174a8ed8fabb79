"""vector.py, elementary.py: every instruction does in each lane what NumPy does."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from engine.kernel import kernel
from engine.vectors.elementary import sigmoid, softplus, tanh
from engine.vectors.lanes import (
    LANES,
    at_least,
    at_most,
    broadcast,
    fill,
    four_totals,
    keep_first,
    load,
    pointer,
    store,
    store_first,
    total,
    transpose,
    where_positive,
)

BOTH = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@kernel
def arithmetic(left: Any, right: Any, out: Any, count: int) -> None:
    a, b, o = load(pointer(left), 0), load(pointer(right), 0), pointer(out)
    store(o, 0 * LANES, a + b * 2.0)
    store(o, 1 * LANES, 1.0 - a / b)
    store(o, 2 * LANES, at_most(at_least(a, -0.5), 0.5))
    store(o, 3 * LANES, where_positive(a, b, fill(o, 7)))
    store(o, 4 * LANES, keep_first(a, count))
    store(o, 5 * LANES, broadcast(pointer(left), 3))
    store_first(o, 6 * LANES, a, count)
    store(o, 7 * LANES, four_totals(a, b, a * b, a - b))
    out[8 * LANES] = total(a)


@kernel
def turn(block: Any, out: Any) -> None:
    transpose(pointer(block), 2, 20, pointer(out), 0)


@kernel
def functions(z: Any, out: Any, size: int) -> None:
    for at in range(0, size, LANES):
        v, o = load(pointer(z), at), pointer(out)
        store(o, at, tanh(v))
        store(o, size + at, sigmoid(v))
        store(o, 2 * size + at, softplus(v))


@BOTH
@pytest.mark.parametrize("count", [0, 1, 5, LANES, LANES + 3])
def test_instructions_are_numpys(dtype: Any, count: int) -> None:
    rng = np.random.default_rng(count)
    a, b = rng.normal(size=LANES).astype(dtype), rng.normal(size=LANES).astype(dtype)
    out = np.full(9 * LANES, -1, dtype)
    arithmetic(a, b, out, count)
    rows = out[: 8 * LANES].reshape(8, LANES)
    close = 1e-6 if dtype is np.float32 else 1e-14
    first = np.arange(LANES) < count
    assert_allclose(rows[0], a + b * 2, rtol=close, atol=close)
    assert_allclose(rows[1], 1 - a / b, rtol=10 * close, atol=10 * close)
    assert_array_equal(rows[2], np.clip(a, dtype(-0.5), dtype(0.5)))
    assert_array_equal(rows[3], np.where(a > 0, b, 7))
    assert_array_equal(rows[4], np.where(first, a, 0))
    assert_array_equal(rows[5], np.full(LANES, a[3]))
    assert_array_equal(rows[6], np.where(first, a, -1))
    assert_allclose(rows[7, :4], [a.sum(), b.sum(), (a * b).sum(), (a - b).sum()], rtol=20 * close, atol=20 * close)
    assert_array_equal(rows[7, 4:], -1)
    assert out[8 * LANES] == pytest.approx(a.sum(), rel=20 * close, abs=20 * close)


@BOTH
def test_transpose_is_numpys(dtype: Any) -> None:
    block = np.arange(LANES * 20, dtype=dtype)
    out = np.zeros(LANES * LANES, dtype)
    turn(block, out)
    padded = np.concatenate([block, [0, 0]])
    expected = np.array([[padded[2 + i * 20 + e] for i in range(LANES)] for e in range(LANES)])
    assert_array_equal(out.reshape(LANES, LANES), expected)


def computed(z: NDArray[Any]) -> NDArray[Any]:
    out = np.zeros((3, len(z)), z.dtype)
    functions(z, out.reshape(-1), len(z))
    return out


def test_float64_functions_are_exact() -> None:
    z = np.linspace(-30, 30, 160 * LANES)
    out = computed(z)
    assert_allclose(out[0], np.tanh(z), rtol=1e-15)
    assert_allclose(out[1], 1 / (1 + np.exp(-z)), rtol=1e-15)
    assert_allclose(out[2], np.logaddexp(0, z), rtol=1e-15)


def test_float32_tanh_is_good_to_the_last_places() -> None:
    z = np.linspace(-12, 12, 4000 * LANES).astype(np.float32)
    out = computed(z)
    exact = np.tanh(z.astype(np.float64))
    assert_allclose(out[0], exact, rtol=5e-7)
    assert np.abs(out[0]).max() <= 1
    assert_allclose(out[1], 0.5 + 0.5 * np.tanh(z.astype(np.float64) / 2), atol=3e-7)


@BOTH
def test_what_is_not_a_number_stays_so(dtype: Any) -> None:
    assert np.isnan(computed(np.full(LANES, np.nan, dtype))).all()
