"""What the template of the descent page is told."""

import json
from functools import cache
from typing import Any, get_args

from latex2mathml.converter import convert as latex_to_mathml

from app.labs.descent.controls import CONTROLS
from app.pages.fields import fields_of
from engine.choices import Group
from engine.labs.descent.problems import PROBLEMS
from engine.labs.descent.settings import MOST_RACERS, SETTINGS, DescentSettings, ProblemName

_FORMULAS: dict[ProblemName, str] = {
    "bowl": r"E = \frac{L}{2} w^2",
    "double-well": r"E = \frac{1}{4} ( w^2 - 1 )^2 + \frac{w}{10} + c",
    "slope": r"E = \frac{1}{2N} \sum_{n} ( w x_n - t_n )^2",
    "line": r"E = \frac{1}{2N} \sum_{n} ( w x_n + b - t_n )^2",
    "neuron": r"E = -\frac{1}{N} \sum_{n} \left[ t_n \log y_n + (1 - t_n) \log (1 - y_n) \right]",
    "valley": r"E = \frac{1}{2} ( w_1^2 + L w_2^2 )",
    "rosenbrock": r"E = ( 1 - w_1 )^2 + 100 ( w_2 - w_1^2 )^2",
    "beale": r"E = \sum_{k=1}^{3} ( t_k - w_1 + w_1 w_2^k )^2",
    "himmelblau": r"E = ( w_1^2 + w_2 - 11 )^2 + ( w_1 + w_2^2 - 7 )^2",
    "saddle": r"E = \frac{1}{2} w_1^2 + \frac{1}{4} ( w_2^2 - 1 )^2",
}
_RACES = "race"  # a row of buttons over the picture


@cache
def page() -> dict[str, Any]:
    """By the names that the template has for it."""
    return {
        "fields": {group: fields_of(DescentSettings, group, {_RACES}, {}) for group in get_args(Group)},
        "races": SETTINGS[_RACES].choices.items(),
        "controls": [{"name": name, "label": label} for name, label in CONTROLS.items()],
        "formulas": [(name, latex_to_mathml(latex)) for name, latex in _FORMULAS.items()],
        "good_rates": json.dumps({name: problem.rate for name, problem in PROBLEMS.items()}),
        "racers": range(1, MOST_RACERS + 1),
    }
