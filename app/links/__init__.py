"""Links: our own and TensorFlow Playground's, from text to experiment and back."""

from dataclasses import dataclass, replace

from app.experiment import Experiment
from app.links import own, tensorflow_playground
from app.links.text import quoted, split
from app.links.wrapping import Reading, in_one_line, is_bare, readings
from engine.choices import Refused
from engine.labs.plane.settings import Settings

_LONGEST_QUOTE = 100
_A_LINK = "a link of Hyperplane or TensorFlow Playground, such as https://playground.tensorflow.org/#dataset=spiral"


@dataclass(frozen=True)
class Link:
    """A link that was opened."""

    experiment: Experiment
    repairs: tuple[str, ...]  # what could not be taken as it stood, in words for the visitor
    text: str  # with its #, mended
    theirs: bool  # one of TensorFlow Playground's
    understood: bool = True  # False if nothing in it has a meaning

    def within(self, parameter_limit: int) -> "Link":
        """The same, or with the default hidden layers where it has more parameters than this server allows."""
        settings = self.experiment.settings
        if settings.parameter_count <= parameter_limit:
            return self
        fitting = replace(settings, hidden=Settings().hidden, activations=(), lesions=())
        repair = f"hidden: {settings.parameter_count:,} parameters came, expected at most {parameter_limit:,}"
        experiment = replace(self.experiment, settings=fitting, trained=None)
        text = write_link(experiment, theirs=self.theirs)
        return replace(self, experiment=experiment, repairs=(*self.repairs, repair), text=text)

    def address_of(self, experiment: Experiment) -> str:
        """The link of what has become of it: theirs while it can say all, as it was opened while all is the same."""
        if experiment == replace(self.experiment, trained=None):
            return self.text
        return write_link(experiment, theirs=self.theirs)


def read_link(text: str) -> Link:
    """Any text is a link: what cannot be read is left out and said. An empty one is the default experiment."""
    text = text.encode(errors="replace").decode()  # a half of a surrogate pair, as argv can have it, cannot be written
    ways = readings(text, is_known)
    if (whole := in_one_line(text)) != text:
        ways += readings(whole, is_known)
    return min(map(_read, ways), key=lambda rated: rated[1])[0] if ways else _read_nothing(text)


def is_known(name: str) -> bool:
    """Whether a link that has this name is one of an experiment."""
    return name == "v" or tensorflow_playground.is_known(name)


def _read(reading: Reading) -> tuple[Link, tuple[int, int]]:
    """The link, and how bad a way to read the text it is: first by what could not be taken, then by what is missing."""
    values = split(reading.fragment)
    theirs = not own.is_own(values)
    experiment, repairs = (tensorflow_playground if theirs else own).read(values)
    said = (*reading.mended, *reading.lost, *repairs)
    address = write_link(experiment, theirs=theirs) if said else f"#{reading.fragment}"
    return Link(experiment, said, address, theirs), (len(repairs) + len(reading.lost), -len(values))


def _read_nothing(text: str) -> Link:
    """The default experiment, which is what a bare address of a playground opens; of any other it is a substitute."""
    experiment = Experiment()
    if is_bare(text):
        return Link(experiment, (), write_link(experiment), theirs=False)
    repair = f"{quoted(text.strip())} is no experiment; the default one is opened"
    return Link(experiment, (repair,), write_link(experiment), theirs=False, understood=False)


def expect_link(text: str) -> Link:
    """What somebody asks to open. Raises Refused if it is no link."""
    came = text.strip()[:_LONGEST_QUOTE]
    if not came:
        raise Refused("link", came, _A_LINK)
    link = read_link(text)
    if not link.understood:
        raise Refused("link", came, f"{_A_LINK}; a short link leads to one: open it in a browser and copy its address")
    return link


def write_link(experiment: Experiment, *, theirs: bool = False) -> str:
    """With its #. `theirs` is kept only where TensorFlow Playground's links can say all of it."""
    return (theirs and tensorflow_playground.write(experiment)) or own.write(experiment)
