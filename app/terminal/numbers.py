"""Numbers as the terminal shows them."""

import math


def figure(value: float, decimals: int = 6) -> str:
    """With so many decimals, or an exponent where those would say nothing; a loss over no points is none."""
    if math.isnan(value):
        return "none"
    if math.isinf(value):
        return "too large" if value > 0 else "too small"
    size = abs(value)
    is_plain = value == 0 or 10.0**-decimals <= size < 1e6
    return f"{value:.{decimals}f}" if is_plain else f"{value:.3e}"


def finite(loss: float) -> float | None:
    """JSON knows no NaN, which is the loss over no points."""
    return loss if math.isfinite(loss) else None
