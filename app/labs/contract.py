"""What a lab is to sessions, links, checkpoints, pages and the terminal: they know it by this record alone."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from app.experiment import Experiment, View
from app.labs.lesson import Chapter
from app.messages import Edit, Look, Message
from engine.choices import Choices

if TYPE_CHECKING:  # whoever only speaks the protocol compiles no kernels
    from app.exports.colors import Theme
    from app.exports.raster import Picture
    from engine.labs.contract import LabRun
    from engine.runs.data import Given
    from engine.runs.moment import Moment, State

COARSEST = 2

Tensors = dict[str, NDArray[Any]]  # contiguous; of floats, which pages get as float32, or of bytes
Focus = tuple[int, int]  # layer and neuron, or whatever a lab has in such rows, both from 1


@dataclass(frozen=True)
class Wish:
    """What a page wants to see in its next frame."""

    view: Any  # the lab's own
    focus: Focus | None = None  # the unit whose picture is wanted at full size
    looks: Mapping[str, Any] = field(default_factory=dict)  # the newest of each of the lab's looks, by type
    small: bool = True  # small pictures, which need not come with every frame while training runs
    coarseness: int = 0  # of the pictures, 0 to COARSEST


@dataclass(frozen=True)
class Shown:
    """What a frame has of the model."""

    tensors: Tensors  # beside the history
    losses: tuple[float, ...]  # in the order of the lab's `losses`
    about: Mapping[str, str] = field(default_factory=dict)  # more for the header


@dataclass(frozen=True)
class Brought:
    """Examples that a program or the command line has brought, and what became of them."""

    given: "Given"
    scaling: Message  # how their numbers became those that the lab learns
    notes: tuple[str, ...]  # what is to be known of them, in words


class LabEngine(Protocol):
    """The part of a lab that computes. It is loaded when it is first used: a client of the protocol compiles nothing.

    `run` is always one that `begin` has made.
    """

    def begin(
        self,
        settings: Any,
        parameter_limit: int | None = None,
        dtype: DTypeLike = np.float32,
        given: "Given | None" = None,
    ) -> "LabRun":
        """A run at epoch 0, with at most so many parameters; of given examples, if the settings draw none. Raises
        Refused."""

    def facts(self, run: Any) -> Message:
        """What controls and pictures depend on, beside the settings: the lab's own part of `State`."""

    def material(self, run: Any) -> Tensors:
        """What all frames of a run refer to, as the points."""

    def show(self, run: Any, wish: Wish) -> Shown:
        """What the next frame brings."""

    def has_work(self, run: Any, wish: Wish) -> bool:
        """Whether `work` would find something to do for frames of this wish. Asked in each turn."""

    def work(self, run: Any, wish: Wish, seconds: float) -> None:
        """Go on with what frames of this wish bring and takes longer than a frame, for about so long.

        Called between turns of training, and while there is work also when nothing trains.
        """

    def verdict(self, run: Any) -> str:
        """What goes on in the run, as JSON for the lab's page; "" for nothing to say."""

    def layout(self, run: Any) -> tuple[object, ...]:
        """What frames and material depend on: when it changes, those of before mean nothing any more."""

    def check_focus(self, run: Any, view: Any, focus: Focus) -> None:
        """Raises Refused unless the model, or the part of it that the view shows, has such a unit."""

    def work_of_an_epoch(self, run: Any) -> int:
        """Multiplications, about."""

    def is_large(self, run: Any) -> bool:
        """Whether its pictures take so long that other sessions would notice."""

    def page(self) -> Mapping[str, Any]:
        """What the template is told, beside what `app/pages/routes.py` tells all of them."""

    def about(self, run: Any) -> dict[str, Any]:
        """For `hyperplane train --json`, what does not change: by name, `config` is added to the settings there."""

    def snapshot(self, run: Any) -> dict[str, Any]:
        """The same of the model as it is."""

    def rows(self, run: Any) -> dict[str, str]:
        """What was trained, for the terminal: value by name."""

    def scores(self, run: Any) -> dict[str, str]:
        """How well, beside the losses."""

    def metrics(self, run: Any) -> "Mapping[str, float | Mapping[str, float]]":
        """The same as plain numbers, by names that programs rely on: `accuracy_test`, from 0 to 1; NaN over nothing.

        Of models that train side by side one mapping each, by their names.
        """


class OtherLinks(Protocol):
    """Links of another playground that a lab understands, and can write where they can say all."""

    def is_known(self, name: str) -> bool:
        """Whether that playground has a use for a property of this name."""

    def read(self, values: dict[str, str]) -> tuple[Experiment, list[str]]:
        """The experiment, and what was repaired, in words."""

    def write(self, experiment: Experiment) -> str | None:
        """With its #; None where the experiment has what such links cannot say."""


class GivenInLinks(Protocol):
    """Examples that somebody has given, as a lab's links carry them."""

    NAMES: tuple[str, ...]  # of the properties that only these have

    def read(self, values: dict[str, str]) -> "Given | None":
        """Those of a link, None if it has none. Raises Refused."""

    def write(self, given: "Given") -> dict[str, str]:
        """What `read` reads, by name; nothing if links cannot carry them."""

    def given_for(self, settings: Any, given: "Given | None") -> "Given | None":
        """Those that the settings learn; None if they draw their own. Raises Refused if they can do neither."""


class Tables(Protocol):
    """Own data as tables: files and pasted text that a page brings, and its examples as files to take home; and as
    files and arrays that a program brings."""

    MAX_BYTES: int  # of a table
    FORMS: Mapping[str, str]  # in which `write` can write: media type by name
    ANSWER: type[Message]  # what `read` returns

    def read(self, table: bytes | str, roles: str) -> Message:
        """What the page is told of a table; `roles`: what its columns are for, or "". It takes up to a second. Raises
        Refused."""

    def write(self, settings: Any, given: "Given | None", form: str) -> str:
        """All examples of an experiment, in one of the forms. Raises Refused."""

    def examples(self, table: bytes | str, columns: Sequence[str] = (), how: str | None = None) -> Brought:
        """Those of a table. `columns`: the names of those that are read, `how`: a scaling, each proposed unless told.
        Raises Refused."""

    def arrays(self, points: ArrayLike, labels: ArrayLike, how: str | None = None) -> Brought:
        """Those of arrays, where they are unless a scaling is chosen. Raises Refused."""


@dataclass(frozen=True)
class Curve:
    """A loss in the chart of a film."""

    name: str  # for people
    column: int  # of the history, without its epochs
    color: tuple[int, int, int]


class Scene(Protocol):
    """What a lab shows of a run in a film: a square picture, and with it small ones. A byte of either is the number of
    one of its colours. What takes longer than a turn does in parts: a generator pauses between them.
    """

    title: str  # the experiment in words
    colors: NDArray[np.uint8]  # (n, 3), of its pictures
    inks: Sequence[tuple[int, int, int]]  # what `over` draws with
    curves: Sequence[Curve]
    beside: int  # pixels on the left of the picture that the small ones take

    def picture(self, run: Any) -> Generator[None, None, NDArray[np.uint8]]:
        """Of the run as it is, (side, side)."""

    def over(self, run: Any) -> "Generator[None, None, Picture | None]":
        """What is drawn over it, (side, side); the same object as long as it is the same."""

    def small(self, run: Any) -> Sequence[tuple[int, int, NDArray[np.uint8]]]:
        """Each with its left and top; none unless `beside` leaves room."""


class Films(Protocol):
    """A lab's runs as films. `app/exports/films/` does what all labs share."""

    def scene(self, run: Any, side: int, theme: "Theme", *, with_small: bool) -> Scene:
        """Of a run, which stands at the last epoch that is shown; `side`: pixels of its picture."""


@dataclass(frozen=True)
class Form:
    """One form in which a run can be taken home."""

    title: str  # for people
    suffix: str  # of its file's name, with the dot
    media_type: str
    extra: str = ""  # the extra of the package that writing it needs
    about: str = ""  # what it is for, in a line
    group: Literal["code", "model", "moment", "picture", "film"] = "code"
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by name; the first one counts unless told


class Exports(Protocol):
    """A run as files to take home: code that computes the same, models for other programs, pictures.

    `app/exports/forms.py` adds those that any lab has: a moment, which can be opened again. For these a lab only says
    how its tensors are named.
    """

    FORMS: Mapping[str, Form]  # by name

    def write(self, run: Any, form: str, choices: Mapping[str, str] | None = None) -> bytes:
        """The run as it is, in one of the forms. It may take a second. Raises Refused.

        `choices`: those that are not the first of their kind in the form.
        """

    def lists(self, settings: Any) -> Mapping[str, Sequence[str]]:
        """Of a moment as JSON: the names of the tensors of each list, in their order; some may be empty."""

    def named(self, moment: "Moment") -> tuple[Tensors, Tensors]:
        """The model's tensors by the names that other programs know, and what else training needs."""

    def state(self, settings: Any, tensors: Tensors, training: Tensors, counts: dict[str, int]) -> "State":
        """What `named` had, whoever has written it. Raises Refused."""


@dataclass(frozen=True)
class Lab:
    """One kind of experiment, with a page of its own."""

    name: str  # in links, messages, checkpoints
    title: str  # for people
    path: str  # of its page, behind the server's own: "/", "/name"
    template: str  # of its page
    settings: type[Choices]
    view: type[View]
    facts: type[Message]
    losses: tuple[str, ...]  # their names, in the order of the history's columns
    load: Callable[[], LabEngine]
    most_parameters: int  # that any server may allow
    limits: Callable[[int], dict[str, int]]  # what a server that allows so many parameters tells the page
    saved_count: Callable[[Any], int]  # of settings: how many numbers `LabRun.saved` has
    fitted: Callable[[Any, int], tuple[Any, str] | None]  # settings with at most so many parameters, and the repair
    edits: tuple[type[Edit], ...] = ()
    looks: tuple[type[Look], ...] = ()
    chapters: tuple[Chapter, ...] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)  # of controls, by name
    other_links: Callable[[], OtherLinks] | None = None
    given_in_links: Callable[[], GivenInLinks] | None = None  # None: the lab has no own data
    tables: Callable[[], Tables] | None = None  # None: its data are not brought as tables
    exports: Callable[[], Exports] | None = None  # None: nothing is taken home but links
    films: Callable[[], Films] | None = None  # None: its training makes no film
    unit: Literal["epoch", "step", "round"] = "epoch"  # the word of its page for what `Step` takes
    dtype: Literal["float32", "float64"] = "float32"  # that its runs have unless told

    @property
    def engine(self) -> LabEngine:
        """See there."""
        return self.load()

    def experiment(self) -> Experiment:
        """The default one."""
        return Experiment(self.settings(), self.view())
