"""A lesson: an experiment to open with one click, and what to look for in it. Each lab has its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """One click."""

    slug: str  # its name in links; to change it breaks those that are out
    title: str
    setup: str  # the link's settings; where a claim needs time to be seen, with a speed
    text: str
    slide: str = ""  # the title of the lecture's slide that it belongs to, where that is certain
    lab: str = ""  # its name, if it is another lab than the first

    @property
    def link(self) -> str:
        """With its #."""
        return f"#{f'lab={self.lab}&' if self.lab else ''}v=1&{self.setup}&lesson={self.slug}"


@dataclass(frozen=True)
class Chapter:
    """Of the lecture."""

    title: str
    lessons: tuple[Lesson, ...]
