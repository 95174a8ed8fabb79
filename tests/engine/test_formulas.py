"""formulas/: compared with the same written in NumPy; whatever is no formula is refused, at once and with a reason."""

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from engine.choices import Refused
from engine.formulas.expression import CONSTANTS, FUNCTIONS
from engine.formulas.parser import MAX_DEPTH, MAX_LENGTH, MAX_STEPS, parse
from engine.formulas.rules import MAX_LINES, Conditions, Value, read_rule

RNG = np.random.default_rng(3)
X, Y = np.concatenate([RNG.uniform(-6, 6, (500, 2)), [[0, 0], [0, 1], [1, 0], [-2, 2], [2, 2]]]).T
PI, E = np.pi, np.e

with np.errstate(all="ignore"):
    NUMBERS: dict[str, Any] = {
        # operators, and how tightly they bind
        "x": X,
        "x + y": X + Y,
        "x - y - 1": (X - Y) - 1,
        "x - (y - 1)": X - (Y - 1),
        "x / y / 2": (X / Y) / 2,
        "x / 2 * y": (X / 2) * Y,
        "1 + x * y": 1 + (X * Y),
        "x^2 + y^2": X**2 + Y**2,
        "x ** 2": np.square(X),
        "-x^2": -(X**2),
        "(-x)^2": X**2,
        "2^3^2 + x": 512 + X,
        "(2^3)^2 + x": 64 + X,
        "2^-x": np.power(2.0, -X),
        "2^-x^2": np.power(2.0, -(X**2)),
        "-x - -y": Y - X,
        "--x": X,
        "+x": X,
        "2 * -x": -2 * X,
        "-x * y": -(X * Y),
        "x^0.5": np.power(X, 0.5),
        "1.5e-1 x + .5 + 2.": 0.15 * X + 2.5,
        "\tx\u00a0+ 1 ": X + 1,
        # products without a sign
        "2x": 2 * X,
        "2(x+1)": 2 * (X + 1),
        "3sin(x)": 3 * np.sin(X),
        "x y": X * Y,
        "xy": X * Y,
        "3xyx^2": 3 * X * Y * X**2,
        "2x^2": 2 * (X**2),
        "x^2y": (X**2) * Y,
        "-2x + 1": 1 - 2 * X,
        "x(1-x)": X * (1 - X),
        "(x+1)(y-1)": (X + 1) * (Y - 1),
        "2x/3": (2 * X) / 3,
        "(1/2)x": X / 2,
        "2 pi x": 2 * PI * X,
        "2e x": 2 * E * X,
        "2|x|": 2 * np.abs(X),
        "2| |x| - 1|": 2 * np.abs(np.abs(X) - 1),
        # bars
        "|x|": np.abs(X),
        "|x - 1| - |y|": np.abs(X - 1) - np.abs(Y),
        "||x| - 1|": np.abs(np.abs(X) - 1),
        "|x - |y||": np.abs(X - np.abs(Y)),
        "||x|-|y||": np.abs(np.abs(X) - np.abs(Y)),
        "|(2|x| - 3)|^2": (2 * np.abs(X) - 3) ** 2,
        "|max(|x|, 2|y|)-4|": np.abs(np.maximum(np.abs(X), 2 * np.abs(Y)) - 4),
        # functions and constants
        "abs(x)": np.abs(X),
        "sign(x) + sign(0x)": np.sign(X),
        "floor(x) + ceil(y)": np.floor(X) + np.ceil(Y),
        "sqrt(x)": np.sqrt(X),
        "exp(x) - e^x": np.exp(X) - np.power(E, X),
        "log(x) + ln(y)": np.log(X) + np.log(Y),
        "sin(pi x) cos(y)": np.sin(PI * X) * np.cos(Y),
        "tan(x)": np.tan(X),
        "tanh(x + y)": np.tanh(X + Y),
        "atan2(y, x)": np.arctan2(Y, X),
        "hypot(x, y)": np.sqrt(X**2 + Y**2),
        "min(x, y) - max(x, y)": -np.abs(X - Y),
        "max(0,1-x)": np.where(X < 1, 1 - X, 0),
        "mod(x, 2)": X - 2 * np.floor(X / 2),
        "Sin(X) + EXP(Y)": np.sin(X) + np.exp(Y),
        # signs of text processors
        "x² − 3·y³ × 2 ÷ 4": X**2 - 3 * Y**3 * 2 / 4,
        "x¹⁰ + 2πx": X**10 + 2 * PI * X,
        "√(x² + y²)": np.hypot(X, Y),
        # a condition is 1 or 0
        "2(x > 0) - (y > 0)": 2.0 * (X > 0) - (Y > 0),
        "max(x > 0, y > 0)": np.where((X > 0) | (Y > 0), 1, 0),
        # infinite, or no number
        "1/x": 1 / X,
        "min(log(x), 1)": np.minimum(np.log(X), 1),
        "max(log(x), 0)": np.maximum(np.log(X), 0),
        "log(x)/x": np.log(X) / X,
        "9**9**9 + x": np.inf + X,
    }

CONDITIONS = {
    "y > sin(x)": np.sin(X) < Y,
    "x^2 + y^2 < 9": np.hypot(X, Y) < 3,
    "-1 < x < y": (X > -1) & (X < Y),
    "x < y > 0": (X < Y) & (Y > 0),
    "3 > x >= y > -3": (X < 3) & (X >= Y) & (Y > -3),
    "(x < y) < 1": X >= Y,
    "x ≤ 2 ≤ y": (X <= 2) & (Y >= 2),
    "x ≠ 0": X != 0,
    "x != 0": X != 0,
    "floor(x) == 2": (X >= 2) & (X < 3),
    "mod(floor(x) + floor(y), 2) = 0": np.floor(X) % 2 == np.floor(Y) % 2,
    "(x > 0) ≠ (y > 0)": (X > 0) ^ (Y > 0),
    "not x > 0 and y > 0": (X <= 0) & (Y > 0),
    "not (x > 0 and y > 0)": (X <= 0) | (Y <= 0),
    "not not x > 0": X > 0,
    "x > 0 or y > 0 and x > y": (X > 0) | ((Y > 0) & (X > Y)),
    "(x > 0 or y > 0) and x > y": ((X > 0) | (Y > 0)) & (X > Y),
    "x > 0 && !(y > 0) || x < -3": ((X > 0) & (Y <= 0)) | (X < -3),
    "|x| > 1 || |y| > 1": (np.abs(X) > 1) | (np.abs(Y) > 1),
    "x > 1 ∧ y > 1 ∨ ¬ x > -1": ((X > 1) & (Y > 1)) | (X <= -1),
    "x > 0 & y > 0": (X > 0) & (Y > 0),
    "x > 0 AND NOT y > 0": (X > 0) & (Y <= 0),
    "x + 1 > y * 2": X + 1 > 2 * Y,
}


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_that_of_numpy(text: str) -> None:
    formula = parse(text)
    assert not formula.is_condition
    assert_allclose(formula.evaluate(X, Y), NUMBERS[text], rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_is_that_of_numpy(text: str) -> None:
    formula = parse(text)
    assert formula.is_condition
    assert 0 < CONDITIONS[text].mean() < 1
    assert_array_equal(formula.evaluate(X, Y), CONDITIONS[text])


def test_every_function_is_compared() -> None:
    used = {step for text in NUMBERS for step in parse(text).steps}
    assert used >= set(FUNCTIONS.values())
    assert used >= set(CONSTANTS.values())


def test_a_condition_without_a_value_is_neither_true_nor_false_but_where_it_does_not_matter() -> None:
    nan = np.nan
    cases: dict[str, list[float]] = {  # at x = -1, where log(x) has no value, and at x = 1, where it is 0
        "log(x) < 1": [nan, 1], "not log(x) < 1": [nan, 0], "log(x) = log(x)": [nan, 1], "log(x) != 5": [nan, 1],
        "x > 0 and log(x) < 1": [0, 1], "log(x) < 1 and x > 0": [0, 1], "x < 0 and log(x) < 1": [nan, 0],
        "x < 0 or log(x) < 1": [1, 1], "log(x) < 1 or x < 0": [1, 1], "x > 0 or log(x) < 1": [nan, 1],
        "1 < x < log(x)": [0, 0], "-2 < x < log(x)": [nan, 0],
    }  # fmt: skip
    for text, expected in cases.items():
        assert_array_equal(parse(text).evaluate([-1, 1], 0), expected, text)


@pytest.mark.filterwarnings("error")
def test_values_have_the_shape_of_the_places_and_belong_to_the_caller() -> None:
    columns, rows = np.linspace(-6, 6, 5), np.linspace(-6, 6, 3)[:, None]
    grid = parse("1/0 + log(x) + y").evaluate(columns, rows)
    assert grid.shape == (3, 5)
    assert grid.dtype == np.float64
    assert parse("x").evaluate(1, 2).shape == ()
    places = np.zeros(4)
    for text in ["x", "1", "|x|", "1 > 0"]:
        parse(text).evaluate(places, 0)[:] = 7
    assert_array_equal(places, 0)


def test_variables_have_the_names_that_they_are_given() -> None:
    formula = parse("2t + s", ("s", "t", "unused"))
    assert formula.uses == {"s", "t"}
    assert formula.evaluate(1, 10, 0) == 21
    assert parse("ts", ("s", "t")).uses == {"s", "t"}
    assert parse("ts", ("s", "t", "ts")).uses == {"ts"}
    with pytest.raises(Refused, match="'x' came, expected one of s, t, pi"):
        parse("x", ("s", "t"))


# -- lines -------------------------------------------------------------------------------------------------------------


def test_the_first_condition_that_is_true_gives_the_class() -> None:
    rule = read_rule("x > 3\n\n  y > 0 \r\nx < -3\n")
    assert isinstance(rule, Conditions)
    assert [formula.text for formula in rule.formulas] == ["x > 3", "y > 0", "x < -3"]
    classes, is_undefined = rule.classes(X, Y)
    assert_array_equal(classes, np.select([X > 3, Y > 0, X < -3], [0, 1, 2], 3))
    assert not is_undefined.any()


def test_a_condition_without_a_value_counts_as_false() -> None:
    rule = read_rule("x > 3\nlog(x) > 0\ny > 0")
    assert isinstance(rule, Conditions)
    classes, is_undefined = rule.classes([4, -1, -1, 2, 0.5], [0, 1, -1, 0, 1])
    assert_array_equal(classes, [0, 2, 3, 1, 2])
    assert_array_equal(is_undefined, [False, True, True, False, False])


@pytest.mark.parametrize("text", ["z = x*y", "xy", " Z=x y", "\n\nx * y\n"])
def test_a_number_is_the_value_of_a_regression(text: str) -> None:
    rule = read_rule(text)
    assert isinstance(rule, Value)
    assert_array_equal(rule.formula.evaluate(X, Y), X * Y)


def test_z_makes_a_value_of_a_condition() -> None:
    rule = read_rule("z = x > 0")
    assert isinstance(rule, Value)
    assert_array_equal(rule.formula.evaluate(X, Y), X > 0)


# -- refusals ----------------------------------------------------------------------------------------------------------

REFUSALS = {
    "": "'' came, expected 1 to 10 lines, such as y > sin(x)",
    " \n ": "expected 1 to 10 lines",
    "x > 0\n" * (MAX_LINES + 1): "expected 1 to 10 lines",
    "5": "'5' came, expected x or y in it",
    "x > 0\n1 > 0": "'1 > 0' came, expected x or y in it, in line 2",
    "x > 0\n\ny >> 0": "'>' came, expected a number, x, y, a function or an opening bracket behind >, at "
    "position 4, in line 3",
    "x > 0\nxy": "'xy' came, expected a condition such as y > sin(x), in line 2 as in all others",
    "z = x\ny > 0": "'z = x' came, expected a condition such as y > sin(x), in line 1 as in all others",
    "z == x": "'z' came, expected one of x, y, pi, e, abs, sign",
    "z = x + foo": "'foo' came, expected one of x, y, pi, e, abs, sign, floor, ceil, sqrt, exp, log, ln, sin, "
    "cos, tan, tanh, atan2, hypot, min, max, mod, at position 9",
    "z =": "'z =' came, expected a number, x, y, a function or an opening bracket, at position 4",
    "y = sin(x)": "'=' came, expected y > … or y < … for two classes, or z = … for values, at position 3",
    "x +": "'x +' came, expected a number, x, y, a function or an opening bracket behind +, at position 4",
    "* x": "'*' came, expected a number, x, y, a function or an opening bracket, at position 1",
    "x > 0 and": "opening bracket behind and, at position 10",
    "()": "')' came, expected a number, x, y, a function or an opening bracket behind (, at position 2",
    "(x": "'(x' came, expected a closing bracket, at position 3",
    "x)": "')' came, expected an opening bracket before it, at position 2",
    "|x": "'|x' came, expected a closing |, or the word or, at position 3",
    "(|x)|": "expected a closing |, or the word or, at position 4",
    "sin x": "'sin' came, expected its argument in brackets behind it, sin(a), at position 1",
    "sin^2(x)": "'sin' came, expected its argument in brackets behind it, sin(a), at position 1",
    "x + Sin": "'Sin' came, expected its argument in brackets behind it, sin(a), at position 5",
    "mod(x)": "')' came, expected mod(a, b), at position 6",
    "sin()": "opening bracket behind",
    "0,5x": "',' came, expected a decimal point, as in 0.5, at position 2",
    "sin(0,5x)": "',' came, expected sin(a) with no more arguments, or a decimal point, as in 0.5, at position 6",
    "max(0,5x, y)": "expected max(a, b) with no more arguments, or a decimal point, as in 0.5, at position 9",
    "x 2": "'2' came, expected an operator such as * or ^ before it, or a decimal point, as in 0.5, at position 3",
    "1.2.3x": "'.3' came, expected an operator",
    "x.real": "'.' came, expected a digit beside the decimal point, as in 0.5, at position 2",
    "x[0]": "'[' came, expected round brackets, at position 2",
    "x % 2": "'%' came, expected mod(a, b) for a remainder, at position 3",
    "max(x; y)": "';' came, expected a comma between two arguments, at position 6",
    "x > 'a'": '"\'" came, expected numbers, names and signs such as + < ( |, at position 5',
    "x\0": "'\\x00' came",
    "\ud800x": "'\\ud800' came",
    "x1 + 1": "'x1' came, expected one of x, y",
    "__import__(x)": "'__import__' came, expected one of x, y",
    "lambda: x": "':' came",
    "x if y else 1": "'if' came, expected one of x, y",
    "1/2x": "'x' came, expected brackets around the divisor, or * before what is not part of it, at position 4",
    "x/2(y+1)": "'(' came, expected brackets around the divisor",
    "1/xy": "'y' came, expected brackets around the divisor, or * before what is not part of it, at position 4",
    "1/2^2x": "'x' came, expected brackets around the divisor",
    "|2|x|-1|": "'x' came, expected * behind |…|, or abs(…) inside of it, at position 4",
    "|x||y|": "'|' came, expected * behind |…|",
    "x > 0 | y > 0": "expected a closing |, or the word or, at position 14",
    "x > 0 | y > 0 | -x > 3": "'|' came, expected a number between two |, or the word or, at position 7",
    "x and y > 0": "'x' came, expected a condition such as x > 0 beside and, at position 1",
    "y > 0 or 2x": "'2' came, expected a condition such as x > 0 beside or, at position 10",
    "2||x|-1|": "'2' came, expected a condition such as x > 0 beside ||, at position 1",
    "not x": "'x' came, expected a condition such as x > 0 beside not, at position 5",
    "y > 0 && x": "'x' came, expected a condition such as x > 0 beside &&, at position 10",
    "x not y > 0": "'not' came, expected and or or before it, at position 3",
    "x < not y > 0": "'not' came, expected brackets around not and its condition, at position 5",
    "1e999 x": "'1e999' came, expected a number below 1.8e308, at position 1",
    "x" + "+x" * (MAX_STEPS // 2): f"expected at most {MAX_STEPS} numbers, names and operations, at position",
    "(" * 400 + "x" + ")" * 400: f"expected at most {MAX_DEPTH} operations inside each other, at position 51",
    "-" * 900 + "x": f"expected at most {MAX_DEPTH} operations inside each other",
    "|" * 900: f"expected at most {MAX_DEPTH} operations inside each other",
    "2^" * 400 + "x": f"expected at most {MAX_DEPTH} operations inside each other",
    "not " * 200 + "x > 0": f"expected at most {MAX_DEPTH} operations inside each other",
    "sin(" * 100 + "x": f"expected at most {MAX_DEPTH} operations inside each other",
    "x"
    * (MAX_LENGTH + 1): "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' came, expected at most 1,000 characters, not 1,001",
    "foo" * 100: "'foofoofoofoofoofoofoofoofoofoofoofoofoo…' came, expected one of x",
}


@pytest.mark.parametrize("text", REFUSALS, ids=lambda text: ascii(text)[:40])
def test_what_is_no_formula_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_rule(text)
    assert refused.value.field == "formula"
    assert REFUSALS[text] in str(refused.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("y > sin x", "sin"),
        ("z =  2 x + foo", "foo"),
        ("x > 0\r\n\n  y > [1]", "["),
        ("x > 0\ny > 2x³4\n", "4"),
        ("x > 0\n y + 1 \nx < 0", " y + 1 "),  # no condition: the whole line
        ("π > 3", "π > 3"),
        ("x > 0\ny >", ""),  # the end
    ],
)
def test_a_refusal_has_its_place_in_the_text(text: str, place: str) -> None:
    with pytest.raises(Refused) as refused:
        read_rule(text)
    assert refused.value.place is not None
    first, last = refused.value.place
    assert text[first:last] == place
    assert first == (text.rindex(place) if place else len(text))


def test_a_refusal_of_the_number_of_lines_has_no_place() -> None:
    with pytest.raises(Refused) as refused:
        read_rule(" \n")
    assert refused.value.place is None


def test_what_is_allowed_at_most_is_allowed() -> None:
    deep = "(" * (MAX_DEPTH - 1) + "x" + ")" * (MAX_DEPTH - 1)
    wide = "x" + "+x" * (MAX_STEPS // 2 - 1)
    for text, factor in [(deep, 1), (wide, MAX_STEPS // 2), ("x".rjust(MAX_LENGTH), 1)]:
        assert_allclose(parse(text).evaluate(X, Y), factor * X)


GOOD = [*NUMBERS, *CONDITIONS, "z = x*y", "x > 3\ny > 0", "0,5x > y", "sin x", "|2|x|-1|"]
PIECES = sorted(
    {*"xyze0123456789.,;+-*/^()|<>=&!%[]_ \n√π²∨¬≤≥≠·×−\0é", "**", "1e9", "999", "and ", "or ", "not ", "z ="}
    | {*FUNCTIONS, *(f"{name}(" for name in FUNCTIONS), "lambda", "__class__", "9**9**9"}
)
MANY = settings(max_examples=5_000)
ALPHABET = "".join(map(chr, range(len(PIECES))))  # a letter for each piece: texts are drawn faster than lists
ANY = st.text(ALPHABET, max_size=30).map(lambda letters: "".join(PIECES[ord(letter)] for letter in letters))


def outcome(text: str) -> Refused | None:
    try:
        rule = read_rule(text)
    except Refused as refused:
        return refused
    for formula in rule.formulas if isinstance(rule, Conditions) else [rule.formula]:
        assert formula.evaluate(X, Y).shape == X.shape
    return None


def seconds(text: str) -> float:
    start = time.thread_time()
    outcome(text)
    return time.thread_time() - start


def is_a_formula_or_refused_at_once(text: str) -> None:
    start = time.thread_time()
    refused = outcome(text)
    took = time.thread_time() - start
    assert refused is None or (refused.field == "formula" and len(str(refused)) < 250)
    assert took < 0.05 or seconds(text) < 0.05  # a collection of garbage may fall into one of them


@MANY
@given(ANY)
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    is_a_formula_or_refused_at_once(text)


@settings(max_examples=500)
@given(st.text())
def test_any_text_of_any_script_is_a_formula_or_refused(text: str) -> None:
    is_a_formula_or_refused_at_once(text)


@MANY
@given(st.sampled_from(GOOD), st.integers(0, 50), st.integers(0, 3), st.text(ALPHABET, max_size=2))
def test_a_changed_formula_is_one_or_refused(text: str, place: int, removed: int, letters: str) -> None:
    start = place % (len(text) + 1)
    inserted = "".join(PIECES[ord(letter)] for letter in letters)
    is_a_formula_or_refused_at_once(text[:start] + inserted + text[start + removed :])


@pytest.mark.parametrize(
    "text",
    ["9**9**9**9 x", "x" + "^x" * 40, "sin(" * 40 + "x" + ")" * 40, "tan(x)^y+" * 24 + "x", "x > 0\n" * 10]
    + [sign * n for sign in "(|-9x^.1e√π" for n in (100, 1_000, 100_000)],
    ids=lambda text: f"{text[:10]} {len(text)}",
)
def test_the_worst_takes_no_longer(text: str) -> None:
    is_a_formula_or_refused_at_once(text)
