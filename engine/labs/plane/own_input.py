"""An input that a visitor makes: a number at each point, by a formula."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.choices import Refused
from engine.formulas.expression import ARITHMETIC, Formula
from engine.formulas.parser import parse
from engine.formulas.tokens import shortened

MOST_OF_AN_INPUT = 100.0  # further values would make the sums of the first layer overflow
MAX_LENGTH = 200  # characters: it is in the address
_FIELD = "own_input"


@lru_cache(maxsize=256)
def own_input(text: str) -> Formula:
    """The formula, checked. Raises Refused, with the place in the text."""
    if len(text) > MAX_LENGTH:
        raise Refused(_FIELD, shortened(text), f"at most {MAX_LENGTH} characters, not {len(text):,}")
    try:
        formula = parse(text)
    except Refused as error:
        raise Refused(_FIELD, error.came, error.expected, error.place) from None
    if not formula.computes <= ARITHMETIC:
        raise Refused(_FIELD, shortened(text), "a number such as sin(x*y), without conditions", (0, len(text)))
    if not formula.uses:
        raise Refused(_FIELD, shortened(text), "x or y in it", (0, len(text)))
    return formula


def own_values(text: str, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Its values: 0 where it has none, and none beyond the most that an input can be."""
    return np.nan_to_num(np.clip(own_input(text).evaluate(x, y), -MOST_OF_AN_INPUT, MOST_OF_AN_INPUT))
