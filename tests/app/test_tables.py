"""tables/, labs/plane/table_*.py: tables in all dialects give the points that are written beside them."""

import codecs
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from app.labs.plane.scaling import Scaling
from app.labs.plane.table_points import TablePoints, points_of
from app.labs.plane.table_preview import Preview, preview_of
from app.labs.plane.table_roles import Roles, propose
from app.labs.plane.written_points import csv_of, json_of, python_of
from app.pages.assets import STATIC
from app.tables.reading import MAX_BYTES, MAX_COLUMNS, read_table
from app.tables.table import Table
from engine.choices import Refused
from engine.labs.plane.given import give_classes, give_values
from engine.runs.data import Given

Learned = str | float
Place = tuple[float, float, Learned]


def points(given: Given) -> list[Place]:
    """Each place with its class's name or its value; "" for a class without a name."""
    names = given.classes or [""] * 10
    labels = given.examples["labels"].tolist()
    learned = labels if given.targets == "values" else [names[label] for label in labels]
    return [(x, y, each) for (x, y), each in zip(given.examples["points"].tolist(), learned, strict=True)]


def as_it_is(table: Table) -> Roles:
    return propose(table).model_copy(update={"scaling": "none"})


PLACES: list[Place] = [(1.5, 2.25, "ant"), (-3.0, 0.5, "bee"), (4.0, -1.0, "ant")]
PLAIN = "width,height,kind\n1.5,2.25,ant\n-3,0.5,bee\n4,-1,ant\n"
GERMAN = "width;height;kind\n1,5;2,25;ant\n-3;0,5;bee\n4;-1;ant\n"
TABS = "width\theight\tkind\n1.5\t2.25\tant\n-3\t0.5\tbee\n4\t-1\tant\n"

SAME = {  # tables of PLACES in another dialect each
    "plain": PLAIN,
    "no end of line": PLAIN.rstrip(),
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "CR": PLAIN.replace("\n", "\r"),
    "mark of UTF-8": codecs.BOM_UTF8 + PLAIN.encode(),
    "UTF-16 little": codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
    "UTF-16 big": codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
    "UTF-16 little, no mark": PLAIN.encode("utf-16-le"),
    "UTF-16 big, no mark": PLAIN.encode("utf-16-be"),
    "Excel's Unicode text": codecs.BOM_UTF16_LE + TABS.replace("\n", "\r\n").encode("utf-16-le"),
    "semicolons": GERMAN,
    "semicolons, decimal points": PLAIN.replace(",", ";"),
    "sep=;": "sep=;\n" + GERMAN,
    "quoted sep=, CRLF, UTF-16": ('"sep=;"\n' + GERMAN).replace("\n", "\r\n").encode("utf-16"),
    "sep= with a tab": "sep=\t\n" + TABS,
    "tabs": TABS,
    "tabs, decimal commas": TABS.replace(".", ","),
    "bars": PLAIN.replace(",", "|"),
    "Markdown": "| width | height | kind |\n| 1.5 | 2.25 | ant |\n| -3 | 0.5 | bee |\n| 4 | -1 | ant |\n",
    "spaces": PLAIN.replace(",", " "),
    "spaces in columns": "  width  height kind\n    1.5    2.25 ant\n   -3      0.5  bee\n    4     -1    ant\n",
    "spaces, decimal commas": "width height kind\n1,5 2,25 ant\n-3 0,5 bee\n4 -1 ant\n",
    "spaces and tabs": "width height kind\n1.5\t2.25 ant\n-3 \t0.5 bee\n4 -1\tant\n",
    "comma and space": PLAIN.replace(",", ", "),
    "all in quotes": "\n".join(",".join(f'"{cell}"' for cell in row.split(",")) for row in PLAIN.split()),
    "decimal commas in quotes": '"width","height","kind"\n"1,5","2,25","ant"\n"-3","0,5","bee"\n"4","-1","ant"\n',
    "blank lines": PLAIN.replace("\n", "\n\n") + "\n \n",
    "rows of separators alone": PLAIN + ",,\n" * 5,
    "separator at each end": PLAIN.replace("\n", ",\n"),
    "row filled up": PLAIN.replace("2.25,ant", "2.25,ant,,"),
    "no header": PLAIN.partition("\n")[2],
    "NumPy's header": "# " + PLAIN,
    "NumPy's numbers": "1.500e+00 2.25E0 ant\n-3.000e+00 .5 bee\n4. -1. ant\n",
    "plus and minus signs": PLAIN.replace("4,-1", "+4,−1"),
    "data frame with an index": ",width,height,kind\n0,1.5,2.25,ant\n1,-3,0.5,bee\n2,4,-1,ant\n",
    "data frame without names": ",0,1,label\n0,1.5,2.25,ant\n1,-3,0.5,bee\n2,4,-1,ant\n",
    "label first": "species,width,height\nant,1.5,2.25\nbee,-3,0.5\nant,4,-1\n",
    "text first, no header": "ant,1.5,2.25\nbee,-3,0.5\nant,4,-1\n",
    "title above": "Insects of a garden\n\n" + PLAIN,
    "units below": PLAIN.replace("kind\n", "kind\ncm,cm,\n"),
    "more columns": "width,height,depth,kind\n1.5,2.25,9,ant\n-3,0.5,8.5,bee\n4,-1,7,ant\n",
    "thousandths": PLAIN.replace("1.5,", "1.50049,").replace("-3,", "-2.9996,"),
    "DOS end of file": PLAIN + "\x1a",
    "JSON objects": '[{"width":1.5,"height":2.25,"kind":"ant"},{"width":-3,"height":0.5,"kind":"bee"},'
    '{"kind":"ant","height":-1,"width":4}]',
    "JSON columns and rows": '{"columns":["width","height","kind"],'
    '"rows":[[1.5,2.25,"ant"],[-3,0.5,"bee"],[4,-1,"ant"]]}',
    "JSON rows": '[[1.5,2.25,"ant"],[-3,0.5,"bee"],[4,-1,"ant"]]',
    "JSON of columns": '{"width":[1.5,-3,4],"height":[2.25,0.5,-1],"kind":["ant","bee","ant"]}',
}


@pytest.mark.parametrize("table", SAME.values(), ids=SAME.keys())
def test_a_table_gives_the_same_points_in_any_dialect(table: str | bytes) -> None:
    read = read_table(table.encode() if isinstance(table, str) else table)
    assert points(points_of(read, as_it_is(read)).given) == PLACES


@pytest.mark.parametrize("table", [each for each in SAME.values() if isinstance(each, str)])
def test_pasted_text_is_read_as_a_file_is(table: str) -> None:
    read = read_table(table)
    assert points(points_of(read, as_it_is(read)).given) == PLACES


# An excerpt of Fisher's iris, written as the file of the UCI repository is.
IRIS = """5.1,3.5,1.4,0.2,Iris-setosa
4.9,3.0,1.4,0.2,Iris-setosa
7.0,3.2,4.7,1.4,Iris-versicolor
6.4,3.2,4.5,1.5,Iris-versicolor
6.3,3.3,6.0,2.5,Iris-virginica
5.8,2.7,5.1,1.9,Iris-virginica
"""
SETOSA, VERSICOLOR, VIRGINICA = "Iris-setosa", "Iris-versicolor", "Iris-virginica"
IRIS_SETOSA: list[Place] = [(5.1, 3.5, SETOSA), (4.9, 3.0, SETOSA)]
OTHERS: dict[str, tuple[str | bytes, list[Place]]] = {
    "iris": (
        IRIS,
        [*IRIS_SETOSA, (7.0, 3.2, VERSICOLOR), (6.4, 3.2, VERSICOLOR), (6.3, 3.3, VIRGINICA), (5.8, 2.7, VIRGINICA)],
    ),
    "iris with Id and header": (
        "Id,SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm,Species\n"
        + "".join(f"{n},{row}\n" for n, row in enumerate(IRIS.split()[:3], 1)),
        [*IRIS_SETOSA, (7.0, 3.2, VERSICOLOR)],
    ),
    "classes 0 and 1": ("x,y,label\n1,2,0\n3,4,1\n", [(1, 2, "0"), (3, 4, "1")]),
    "classes -1 and 1": ("x y label\n1 2 -1\n3 4 1\n", [(1, 2, "-1"), (3, 4, "1")]),
    "classes 1.0 and 2.0": ("1.5,2,1.0\n3,4,2.0\n", [(1.5, 2, "1"), (3, 4, "2")]),
    "true and false": ("a,b,c\n1,2,true\n3,4,false\n", [(1, 2, "true"), (3, 4, "false")]),
    "values": ("x,y,z\n1,2,0.5\n3,4,-0.25\n", [(1, 2, 0.5), (3, 4, -0.25)]),
    "y is learned": ("x1,x2,y\n1,2,0.5\n3,4,-0.25\n", [(1, 2, 0.5), (3, 4, -0.25)]),
    "whole numbers as values": (
        "a;b;c\n" + "".join(f"1;2;{n}\n" for n in range(11)),
        [(1, 2, float(n)) for n in range(11)],
    ),
    "no target": ("x,y\n1.5,2\n3,4\n", [(1.5, 2, ""), (3, 4, "")]),
    "no target, no header": ("1,5\t2\n3,5\t4\n", [(1.5, 2, ""), (3.5, 4, "")]),
    "one row": ("1;2,5;a", [(1, 2.5, "a")]),
    "gaps": (
        "a,b,c\n1,2,k\n,2,k\n3,NaN,k\n4,n/a,k\n5,-inf,m\n6,7,\n8,?,k\n9,10,m\n",
        [(1, 2, "k"), (9, 10, "m")],
    ),
    "spreadsheet's errors": ("a;b;c\n1;#DIV/0!;k\n2;#N/A;k\n3;4;k\n", [(3, 4, "k")]),
    "strays": ("a,b,c\n" + "1,2,k\n" * 6 + "n. d.,2,k\n", [*[(1, 2, "k")] * 6]),
    "header twice": ("a,b,c\n" + "1,2,k\n" * 4 + "a,b,c\n1,3,k\n", [*[(1, 2, "k")] * 4, (1, 3, "k")]),
    "ragged": ("a,b,c\n1,2,k\n1\n1,2\n1,2,3,k\n3,4,m\n", [(1, 2, "k"), (3, 4, "m")]),
    "line break in quotes": (
        'a,b,c\n1,2,"two\nlines"\n3,4,"a ""quote"", and a comma"\n',
        [(1, 2, "two\nlines"), (3, 4, 'a "quote", and a comma')],
    ),
    "line break in a header": ('"width\nin cm",b,c\n1,2,k\n', [(1, 2, "k")]),
    "labels of two words": (
        "1.5\t2\tIris setosa\n3\t4\tIris virginica\n",
        [(1.5, 2, "Iris setosa"), (3, 4, "Iris virginica")],
    ),
    "decimal commas alone": ("3,5;2,1\n1,5;0,1\n", [(3.5, 2.1, ""), (1.5, 0.1, "")]),
    "thousands, decimal points": ('a,b,c\n"1,234.5",2,k\n"-12,000",3,k\n', [(1234.5, 2, "k"), (-12000, 3, "k")]),
    "thousands, decimal commas": ("a;b;c\n1.234,5;2;k\n-12.000;3,5;k\n", [(1234.5, 2, "k"), (-12000, 3.5, "k")]),
    "thousands of millions": ("a;b;c\n1,234,567;2.5;k\n", [(1234567, 2.5, "k")]),
    "Swiss thousands": ("a;b;c\n1'234.5;2;k\n", [(1234.5, 2, "k")]),
    "French thousands": ("a;b;c\n1\u202f234,5;2;k\n3\u00a0000;2;k\n", [(1234.5, 2, "k"), (3000, 2, "k")]),
    "three digits behind the only mark": ("a;b\n1,234;5,678\n2,345;3,456\n", [(1.234, 5.678, ""), (2.345, 3.456, "")]),
    "Windows-1252": (
        "a;b;c\n1;2,5;Käfer\n2;1,5;Größe – €\n".encode("cp1252"),
        [(1, 2.5, "Käfer"), (2, 1.5, "Größe – €")],
    ),
    "UTF-8 beyond Latin": ("a,b,c\n1,2,蜜蜂\n3,4,αβ\n", [(1, 2, "蜜蜂"), (3, 4, "αβ")]),
    "UTF-16 without mark beyond Latin": (
        "a,b,c\n1,2,蜜蜂\n3,4,αβ\n".encode("utf-16-le"),
        [(1, 2, "蜜蜂"), (3, 4, "αβ")],
    ),
    "none and NA may be classes": ("a,b,c\n1,2,none\n3,4,NA\n", [(1, 2, "none"), (3, 4, "NA")]),
    "JSON with gaps": (
        '[{"a":1,"b":null,"c":"k"},{"a":1,"b":2,"c":"k"},{"a":NaN,"b":2,"c":"k"},{"b":2}]',
        [(1, 2, "k")],
    ),
    "JSON with truths": ('[{"a":1,"b":2,"ok":true},{"a":3,"b":4,"ok":false}]', [(1, 2, "true"), (3, 4, "false")]),
    "other numbers are text": ("a,b,c\n1,2,1_000\n3,4,٣\n", [(1, 2, "1_000"), (3, 4, "٣")]),
}


def unscaled(table: Table) -> list[Place]:
    """The points in the table's own numbers, so that great ones can be compared too."""
    found = points_of(table, propose(table))
    numbers = np.column_stack([found.given.examples["points"], found.given.examples["labels"]])
    learned = [each for *_, each in points(found.given)]
    return [
        (x, y, name if isinstance(name, str) else value)
        for (x, y, value), name in zip(found.scaling.undo(numbers).tolist(), learned, strict=True)
    ]


@pytest.mark.parametrize(("table", "expected"), OTHERS.values(), ids=OTHERS.keys())
def test_a_table_gives_its_points(table: str | bytes, expected: list[Place]) -> None:
    found = unscaled(read_table(table.encode() if isinstance(table, str) else table))
    assert [learned for *_, learned in found if isinstance(learned, str)] == [
        learned for *_, learned in expected if isinstance(learned, str)
    ]
    reach = max(max(abs(x), abs(y)) for x, y, _ in expected)
    numbers = [[each for each in place if not isinstance(each, str)] for place in found]
    wanted = [[each for each in place if not isinstance(each, str)] for place in expected]
    assert_allclose(numbers, wanted, atol=2e-4 * max(reach, 1))  # thousandths of -5.5..5.5, undone


def test_of_two_numbers_the_greater_is_blue() -> None:
    for low in (-1, 0):
        table = read_table(f"x,y,label\n1,2,{low}\n3,4,1\n")
        assert points_of(table, propose(table)).given.examples["labels"].tolist() == [1, 0]


FITS = {
    "fit": ([(-5.5, -1.1), (5.5, 1.1), (0, 0)], (0.11, 0.11)),
    "axes": ([(-5.5, -5.5), (5.5, 5.5), (0, 0)], (0.11, 0.55)),
}


@pytest.mark.parametrize("how", FITS)
def test_points_are_fitted_and_the_scaling_leads_back(how: Any) -> None:
    table = read_table("width,height,mass\n0,0,10.5\n100,20,30.5\n50,10,15.5\n")
    found = points_of(table, propose(table).model_copy(update={"scaling": how}))
    expected, factors = FITS[how]
    assert_array_equal(found.given.examples["points"], expected)
    assert_array_equal(found.given.examples["labels"], [-1, 1, -0.5])
    assert_allclose(found.scaling.factor, (*factors, 0.1))
    assert_allclose(found.scaling.centre, (50, 10, 20.5))
    numbers = np.column_stack([found.given.examples["points"], found.given.examples["labels"]])
    assert_allclose(found.scaling.undo(numbers), [[0, 0, 10.5], [100, 20, 30.5], [50, 10, 15.5]])


@pytest.mark.parametrize(("low", "high"), [(-1.7e308, 1.7e308), (1.1e308, 1.7e308), (-1e-280, 1e-280), (7, 8)])
def test_any_finite_numbers_are_fitted(low: float, high: float) -> None:
    table = read_table(f"a,b,c\n{low},5,0.5\n{high},5,1.5\n")
    found = points_of(table, propose(table).model_copy(update={"scaling": "axes"}))
    assert_array_equal(found.given.examples["points"], [[-5.5, 0], [5.5, 0]])
    numbers = np.column_stack([found.given.examples["points"], found.given.examples["labels"]])
    assert_allclose(found.scaling.undo(numbers), [[low, 5, 0.5], [high, 5, 1.5]])


def test_a_range_too_small_for_a_factor_is_none() -> None:
    table = read_table("a,b,c\n-1e-310,5,0.5\n1e-310,5,1.5\n")
    found = points_of(table, propose(table))
    assert_array_equal(found.given.examples["points"], [[0, 0], [0, 0]])
    assert found.scaling.factor[:2] == (1, 1)


def test_no_number_is_minus_zero() -> None:
    table = read_table("x,y,z\n-0.0001,-0.0,-0.0004\n1,2,0.5\n")
    given = points_of(table, as_it_is(table)).given
    assert not np.signbit([*given.examples["points"][0], given.examples["labels"][0]]).any()


def test_as_it_is_keeps_what_fits_a_link_and_says_what_lies_outside() -> None:
    table = read_table("x,y,z\n32.767,2,0.5\n1,-7,1.25\n1,6,-32.767\n")
    found = points_of(table, as_it_is(table))
    assert points(found.given) == [(32.767, 2, 0.5), (1, -7, 1.25), (1, 6, -32.767)]
    assert found.notes == (
        "2 points lie outside the picture, which ends at 6",
        "2 values lie outside -1 to 1, where colours end",
    )
    for text in ("x,y,z\n1,2,0.5\n1,32.768,0.5\n", "x,y,z\n1,2,0.5\n1,2,-40.5\n"):
        table = read_table(text)
        with pytest.raises(Refused, match=r"column [yz], line 3"):
            points_of(table, as_it_is(table))


def test_the_preview_says_what_was_found() -> None:
    text = "sep=;\r\nbreite;höhe;art\r\n" + "1,5;2;a\r\n" * 9 + "x;2;b\r\n;2;b\r\n1;2\r\n3;4;\r\n5;6;b\r\n1;2\r\n"
    preview = preview_of(read_table(text.encode("utf-16")))
    assert json.loads(preview.model_dump_json()) == {
        "dialect": "semicolons, decimal commas, UTF-16",
        "rows": 15,
        "place": "line",
        "columns": [
            {"name": "breite", "kind": "numbers", "gaps": 2, "targets": "values", "first": ["1,5"] * 8},
            {"name": "höhe", "kind": "numbers", "gaps": 0, "targets": "classes", "first": ["2"] * 8},
            {"name": "art", "kind": "text", "gaps": 1, "targets": "classes", "first": ["a"] * 8},
        ],
        "roles": {"x": 0, "y": 1, "target": 2, "targets": "classes", "scaling": "fit"},
        "skipped": [
            {"reason": "2 cells instead of 3", "count": 2, "first": [14, 17]},
            {"reason": "no number in breite, such as x", "count": 2, "first": [12, 13]},
            {"reason": "no class in art", "count": 1, "first": [15]},
        ],
        "learned": {
            "targets": "classes",
            "points": [[-4.812, -5.5, 0.0]] * 9 + [[4.812, 5.5, 1.0]],
            "columns": ["breite", "höhe", "art"],
            "names": ["a", "b"],
            "notes": [],
            "scaling": {"how": "fit", "centre": [3.25, 4.0, 0.0], "factor": [2.75, 2.75, 1.0]},
            "classes": [{"name": "a", "count": 9}, {"name": "b", "count": 1}],
        },
        "refused": None,
    }


def test_a_table_is_shown_when_its_roles_give_no_points() -> None:
    text = "w,h,name\n" + "".join(f"{n},{n * n},n{n}\n" for n in range(12))
    preview = preview_of(read_table(text))
    assert preview.learned is None
    assert preview.refused is not None
    assert preview.refused.came.startswith("12 in column name: n0, n1")
    assert preview.columns[2].first == tuple(f"n{n}" for n in range(8))
    other = preview_of(read_table(text), Roles(x=0, y=1))
    assert other.refused is None
    assert other.learned is not None
    assert len(other.learned.points) == 12
    no_axes = preview_of(read_table("a,b\n1,x\n2,y\n"))
    assert no_axes.roles is None
    assert no_axes.refused is not None
    assert no_axes.refused.expected == "at least two columns of numbers, for the axes"


def test_lines_are_counted_through_quotes_with_line_breaks() -> None:
    preview = preview_of(read_table('a,b,c\n1,2,"k\nl\nm"\n1,2,k\nx,2,k\n' + "1,2,k\n" * 5))
    assert preview.skipped[0].first == (6,)


def test_other_roles_can_be_chosen() -> None:
    table = read_table(IRIS)
    found = points_of(table, Roles(x=2, y=3, target=0, targets="values", scaling="none"))
    assert points(found.given)[2] == (4.7, 1.4, 7.0)
    assert found.given.columns == ("column 3", "column 4", "column 1")


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (Roles(x=0, y=9), "expected 0 to 4"),
        (Roles(x=0, y=0), "column 1 twice"),
        (Roles(x=0, y=1, target=1), "column 2 twice"),
        (Roles(x=0, y=4), "column 5, which is text"),
        (Roles(x=0, y=1, target=4, targets="values"), "column 5, which is text"),
        (Roles(x=0, y=1, targets="values"), "no column"),
    ],
)
def test_roles_that_columns_cannot_have_are_refused(roles: Roles, said: str) -> None:
    with pytest.raises(Refused, match=said):
        points_of(read_table(IRIS), roles)


def test_many_rows_become_a_sample_with_each_class_its_share() -> None:
    rows = [f"{n % 777},{n % 555},{'rare' if n % 50_000 == 7 else 'ab'[n % 4 == 0]}" for n in range(100_000)]
    table = read_table("\n".join(["w,h,kind", *rows]))
    assert table.row_count == 100_000
    found, preview = points_of(table, propose(table)), preview_of(table).learned
    assert preview is not None
    assert [(each.name, each.count) for each in preview.classes] == [("a", 899), ("b", 300), ("rare", 1)]
    assert preview.notes == ("1,200 of 100,000 rows were drawn at random, of each part its share",)
    assert found.used == 100_000
    again = points_of(table, propose(table)).given
    assert again.content == found.given.content
    drawn = {tuple(place) for place in found.given.examples["points"].tolist()}
    assert len(drawn) > 1_000  # and not the same row again and again


def test_a_sample_of_values_has_the_same_spread() -> None:
    values = np.random.default_rng(1).normal(size=5_000)
    table = read_table("a,b,c\n" + "".join(f"{n % 7},{n % 11},{value:.6f}\n" for n, value in enumerate(values)))
    found = points_of(table, Roles(x=0, y=1, target=2, targets="values", scaling="none")).given.examples["labels"]
    assert len(found) == 1_200
    deciles = np.linspace(0.1, 0.9, 9)
    assert_allclose(np.quantile(found, deciles), np.quantile(values, deciles), atol=0.02)


REFUSED: dict[str, tuple[bytes | str, str]] = {
    "nothing": (b"", "nothing"),
    "mark alone": (codecs.BOM_UTF8, "nothing"),
    "blank": ("\n \n\n", "blank lines"),
    "workbook": (b"PK\x03\x04\x14\x00", "a workbook or a ZIP archive"),
    "picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "binary": (b"1,2,3\n4,\x00\x01,6\n", r"U\+0000 in line 2"),
    "byte of no encoding": (b"a,b\n1,2\n\x81,3\n", "byte 0x81 in line 3"),
    "cut UTF-8 behind its mark": (codecs.BOM_UTF8 + b"a,b\n1,\xc3\n", "byte 0xC3 in line 2"),
    "half a character": ("a,b\n1,\ud800\n", r"U\+D800 in line 2"),
    "open quote": ('a,b,c\n1,2,k\n1,2,"k\n1,2,k\n', "never closed, in line 3"),
    "text behind a quote": ('a,b,c\n1,2,k\n1,2,"k"l\n', "in line 3"),
    "one column": ("a\n1\n2\n", "no other column than a"),
    "no numbers": ("a,b\nc,d\ne,f\n", "no column of numbers"),
    "header alone": ("x,y,label\n", "no rows but a header"),
    "no complete row": ("a,b,c\n1,,k\n,2,k\n", "2 rows, 1 with no number in a; 1 with no number in b"),
    "eleven classes": (
        "a,b,c\n" + "".join(f"1,2,k{n}\n" for n in range(11)),
        "11 in column c: k0, k1, k10, k2, k3, k4, k5, k6, k7, k8, k9",
    ),
    "many columns": ("1," * MAX_COLUMNS + "1\n", "201 columns in line 1"),
    "many bytes": (b"1" * (MAX_BYTES + 1), "4,194,305 bytes"),
    "many rows": ("1\n" * 200_001, "more than 200,000 rows"),
    "broken JSON": ('[{"a":1},\n{"a":}]', "line 2, column 6"),
    "deep JSON": ("[" * 100_000, "lists in lists"),
    "long number in JSON": ("[[1," + "1" * 5_000 + "]]", "digits"),
    "list in JSON": ('[{"a":1,"b":[2]}]', "a list in a list in row 1"),
    "unequal columns in JSON": ('{"a":[1,2],"b":[1]}', "columns of 1 to 2 values"),
    "JSON without rows": ('{"columns":["a"],"rows":[]}', "no rows but a header"),
    "empty JSON": ("[]", "an empty list"),
    "binary in JSON": ('[{"a":1,"b":2,"c":"\\u0000"}]', r"U\+0000"),
    "half a character in JSON": ('[{"a":1,"b":2,"c":"\\ud800"}]', r"U\+D800"),
}


def points_with_proposed_roles(table: bytes | str) -> TablePoints:
    read = read_table(table)
    return points_of(read, propose(read))


@pytest.mark.parametrize(("table", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_table_of_points_is_refused_with_its_place(table: bytes | str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        points_with_proposed_roles(table)
    assert len(str(refusal.value)) < 800


def test_what_separates_stands_in_no_cell() -> None:
    table = read_table("ant;3,5\nbee;4,5\n")  # with commas it would have rows of two cells, half of them numbers, too
    assert [column.cells for column in table.columns] == [("ant", "bee"), ("3,5", "4,5")]


def test_the_dialect_can_be_told() -> None:
    text = "1,234;5,678;a\n2,345;6,789;b\n"
    assert read_table(text, decimal=".").columns[0].numbers.tolist() == [1234, 2345]
    assert read_table(text, separator=",").columns[0].numbers.tolist() == [1, 2]
    with pytest.raises(Refused, match="separator"):
        read_table(text, separator="x")


def preview_or_refusal(table: bytes | str) -> None:
    try:
        read = read_table(table)
        preview = preview_of(read)
        assert Preview.model_validate_json(preview.model_dump_json()) == preview
        found = points_of(read, propose(read))
    except Refused:
        return
    numbers = np.column_stack([found.given.examples["points"], found.given.examples["labels"]])
    assert (np.abs(numbers) <= 32.767).all()
    assert_array_equal(np.rint(numbers * 1000) / 1000, numbers)
    for write in (csv_of, json_of):
        again = read_table(write(found.given))
        assert_array_equal(points_of(again, as_it_is(again)).given.examples["points"], found.given.examples["points"])


cells = st.one_of(
    st.sampled_from(
        ["", "1", "-2,5", "3.25", "1.234,5", "NaN", "inf", "a", "b", '"', '"x', "sep=;", "#", "label", "1e999"]
    ),
    st.floats().map(str),
    st.integers().map(str),
    st.text(max_size=4),
)
lines = st.lists(cells, min_size=1, max_size=5)
tables = st.builds(
    lambda rows, separator, end: end.join(separator.join(row) for row in rows),
    st.lists(lines, max_size=12),
    st.sampled_from([",", ";", "\t", "|", " ", ", "]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=400)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200), tables, json_values.map(json.dumps)))
def test_whatever_comes_is_read_or_refused(table: bytes | str) -> None:
    preview_or_refusal(table)


@settings(max_examples=100)
@given(tables, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]), st.binary(max_size=3))
def test_whatever_comes_in_any_encoding_is_read_or_refused(table: str, encoding: str, end: bytes) -> None:
    preview_or_refusal(table.encode(encoding, "surrogatepass") + end)


rng = np.random.default_rng(5)
PLACES_40 = rng.integers(-6000, 6001, (40, 2)) / 1000
OWN = {
    "two classes": give_classes(PLACES_40, np.arange(40) % 2),
    "two named": give_classes(PLACES_40, np.arange(40) % 2, ("w", "h", "k"), ("zebra", "ant")),
    "one class": give_classes(PLACES_40, np.zeros(40), (), ("only",)),
    "ten classes": give_classes(PLACES_40, np.arange(40) % 10),
    "named classes": give_classes(PLACES_40, np.arange(40) % 3, ("w", "h", "k"), ("b, c", 'a "quote"', "ü")),
    "names that are numbers": give_classes(PLACES_40, np.arange(40) % 3, (), ("7", "3", "5")),
    "some names are numbers": give_classes(PLACES_40, np.arange(40) % 3, (), ("1", "x", "nan")),
    "one name of few is no number": give_classes(PLACES_40, np.arange(40) == 0, (), ("7", "x")),
    "names with space around": give_classes(PLACES_40, np.arange(40) % 3, (), ("a", " a", "")),
    "values": give_values(PLACES_40, rng.integers(-1000, 1001, 40) / 1000),
    "values of whole numbers": give_values(PLACES_40, np.arange(40) % 3 - 1),
}


@pytest.mark.parametrize("write", [csv_of, json_of])
@pytest.mark.parametrize("own", OWN.values(), ids=OWN.keys())
def test_a_written_table_is_read_as_the_same_points(own: Given, write: Callable[[Given], str]) -> None:
    table = read_table(write(own).encode())
    again = points_of(table, propose(table)).given
    assert again.targets == own.targets
    assert again.examples["labels"].dtype == own.examples["labels"].dtype
    for name in own.examples:
        assert_array_equal(again.examples[name], own.examples[name])


def test_csv_is_written_by_the_rfc() -> None:
    assert csv_of(give_classes([[1, 2.5], [-0.25, 3]], [0, 1], (), ("a", 'b "c"'))) == (
        'x,y,label\r\n1,2.5,a\r\n-0.25,3,"b ""c"""\r\n'
    )


def test_json_has_all_classes_and_the_scaling() -> None:
    scaling = Scaling(how="fit", centre=(1, 2, 0), factor=(0.5, 0.5, 1))
    own = give_classes([[1, 2], [30, 3]], [0, 1], ("w", "h", "k"), ("a", "b", "c"))
    text = json_of(own, scaling)
    read = json.loads(text)
    assert read["classes"] == ["a", "b", "c"]
    assert Scaling(**read["scaling"]) == scaling
    table = read_table(text)
    again = points_of(table, propose(table)).given
    assert again.classes == ("a", "b", "c")
    assert_array_equal(again.examples["points"], own.examples["points"])


@pytest.mark.parametrize("own", OWN.values(), ids=OWN.keys())
def test_the_python_file_has_the_same_arrays(own: Given) -> None:
    tell = "\nprint(json.dumps([points.tolist(), labels.tolist(), labels.dtype.kind, points.shape, classes, columns]))"
    code = "import json\n" + python_of(own) + tell
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, check=True)
    found, labels, kind, shape, classes, columns = json.loads(done.stdout)
    assert_array_equal(found, own.examples["points"])
    assert_array_equal(labels, own.examples["labels"])
    assert shape == [40, 2]
    assert kind == ("f" if own.targets == "values" else "i")
    assert len(classes) == (0 if own.targets == "values" else len(set(labels)))
    assert columns == list(own.columns)


@pytest.mark.parametrize(("name", "points", "classes", "lines"), [("iris", 150, 3, []), ("penguins", 342, 3, [5, 273])])
def test_the_tables_that_come_with_the_page_are_read_whole(
    name: str, points: int, classes: int, lines: list[int]
) -> None:
    preview = preview_of(read_table((STATIC / "labs" / "plane" / "table" / f"{name}.csv").read_bytes()))
    assert preview.learned
    assert (len(preview.learned.points), len(preview.learned.classes)) == (points, classes)
    assert [line for skipped in preview.skipped for line in skipped.first] == lines
