"""A lesson: an experiment to open with one click, and what to look for in it. Each lab has its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """An experiment and its text."""

    slug: str  # its name in links; a change breaks links that people have
    title: str
    setup: str  # the link's settings; with a speed if a visitor needs time to see what the text claims
    text: str
    slide: str = ""  # the title of the lecture's slide that it belongs to, where that is certain
    lab: str = ""  # the name of its lab; "" for the first one

    @property
    def link(self) -> str:
        """Its link, with the #."""
        return f"#{f'lab={self.lab}&' if self.lab else ''}v=1&{self.setup}&lesson={self.slug}"


@dataclass(frozen=True)
class Chapter:
    """A chapter of the lecture, and its lessons."""

    title: str
    lessons: tuple[Lesson, ...]
