"""Formulas that visitors type, such as `y > sin(x)`: read by a parser of our own, evaluated on whole arrays.

    or, and, not           also ∨ || ∧ && & ¬ !
    < <= = != >= >         also ≤ == ≠ ≥; chained as in 1 < x < 2
    + -
    * /                    also × · ÷, and no sign at all: 2x, 3sin(x), (x + 1)(y - 1), x y, xy
    - in front
    ^                      also ** and x²; from the right: 2^3^2 is 2^9, -x^2 is -(x^2)

from loose to tight. Values are numbers, variables, pi, e, calls of functions, round brackets and |x|. Case does not
matter. A condition is 1 or 0 where a number is expected; a number is no condition. All is computed in float64. Whatever
text comes, the only error is `Refused`, which says what came, at which position, and what was expected.

Refused because people read it in two ways: 1/2x, |2|x|-1|, |x|y, x > 0 | y > 0, 0,5, y = sin(x).
"""
