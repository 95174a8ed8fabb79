"""Links: our own, of whichever lab, and those of another playground, from text to experiment and back."""

from dataclasses import dataclass, replace

from app.experiment import Experiment
from app.labs import FIRST, LABS
from app.labs.contract import Lab, OtherLinks
from app.links import own
from app.links.text import quoted, split
from app.links.wrapping import Reading, in_one_line, is_bare, readings
from engine.choices import Refused

_LONGEST_QUOTE = 100
_A_LINK = "a link of Hyperplane or TensorFlow Playground, such as https://playground.tensorflow.org/#dataset=spiral"


@dataclass(frozen=True)
class Link:
    """A link that was opened."""

    experiment: Experiment
    repairs: tuple[str, ...]  # what could not be taken as it stood, in words for the visitor
    text: str  # with its #, mended
    theirs: bool  # one of the other playground's
    understood: bool = True  # False if nothing in it has a meaning

    @property
    def lab(self) -> Lab:
        """Whose experiment it is."""
        return LABS[self.experiment.lab]

    def within(self, parameter_limit: int) -> "Link":
        """The same, or with fewer parameters where it has more than this server allows."""
        fitted = self.lab.fitted(self.experiment.settings, parameter_limit)
        if fitted is None:
            return self
        settings, repair = fitted
        experiment = replace(self.experiment, settings=settings, trained=None)
        text = write_link(experiment, theirs=self.theirs)
        return replace(self, experiment=experiment, repairs=(*self.repairs, repair), text=text)

    def address_of(self, experiment: Experiment) -> str:
        """The link of what has become of it: theirs while it can say all, as it was opened while all is the same."""
        if experiment == replace(self.experiment, trained=None):
            return self.text
        return write_link(experiment, theirs=self.theirs)


def read_link(text: str, lab: Lab = FIRST) -> Link:
    """Any text is a link: what cannot be read is left out and said. An empty one is the lab's default experiment."""
    text = text.encode(errors="replace").decode()  # a half of a surrogate pair, as argv can have it, cannot be written
    ways = readings(text, is_known)
    if (whole := in_one_line(text)) != text:
        ways += readings(whole, is_known)
    return min(map(_read, ways), key=lambda rated: rated[1])[0] if ways else _read_nothing(text, lab)


def is_known(name: str) -> bool:
    """Whether a link that has this name is one of an experiment."""
    others = _other_links()
    return name == "v" or (others is not None and others.is_known(name))


def _other_links() -> OtherLinks | None:
    """Links without a lab and a version are those that the first lab knows of another playground."""
    return FIRST.other_links() if FIRST.other_links else None


def _read(reading: Reading) -> tuple[Link, tuple[int, int]]:
    """The link, and how bad a way to read the text it is: first by what could not be taken, then by what is missing."""
    values = split(reading.fragment)
    others = None if own.is_own(values) else _other_links()
    theirs = others is not None
    experiment, repairs = (others or own).read(values)
    said = (*reading.mended, *reading.lost, *repairs)
    address = write_link(experiment, theirs=theirs) if said else f"#{reading.fragment}"
    return Link(experiment, said, address, theirs), (len(repairs) + len(reading.lost), -len(values))


def _read_nothing(text: str, lab: Lab) -> Link:
    """The default experiment, which is what a bare address of a playground opens; of any other it is a substitute."""
    experiment = lab.experiment()
    if is_bare(text):
        return Link(experiment, (), write_link(experiment), theirs=False)
    repair = f"{quoted(text.strip())} is no experiment; the default one is opened"
    return Link(experiment, (repair,), write_link(experiment), theirs=False, understood=False)


def link_for(lab: Lab, text: str) -> Link:
    """What a new session of a lab opens: the link in its address, if it is one of this lab."""
    link = read_link(text, lab)
    if link.lab is lab:
        return link
    repair = f"the link is one of {link.lab.title}, whose page is {link.lab.path}; the default experiment is opened"
    return Link(lab.experiment(), (repair,), write_link(lab.experiment()), theirs=False)


def expect_link(text: str, lab: Lab | None = None) -> Link:
    """What somebody asks to open. Raises Refused if it is no link, or one of another lab than this."""
    came = text.strip()[:_LONGEST_QUOTE]
    if not came:
        raise Refused("link", came, _A_LINK)
    link = read_link(text, lab or FIRST)
    if not link.understood:
        raise Refused("link", came, f"{_A_LINK}; a short link leads to one: open it in a browser and copy its address")
    if lab and link.lab is not lab:
        expected = f"a link of {lab.title}; this one is of {link.lab.title}, whose page is {link.lab.path}"
        raise Refused("link", came, expected)
    return link


def write_link(experiment: Experiment, *, theirs: bool = False) -> str:
    """With its #. `theirs` is kept only where the other playground's links can say all of it."""
    others = _other_links() if theirs else None
    return (others and others.write(experiment)) or own.write(experiment)
