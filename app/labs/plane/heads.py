"""What the JSON heads of the panels share."""

import math
from typing import Any


def finite(number: Any) -> float | None:
    """JSON has no infinity and no NaN."""
    return float(number) if math.isfinite(number) else None
