"""Counts what sessions have done over their whole life, for the server's figures."""

from dataclasses import dataclass


@dataclass
class Tally:
    """Of one session, or of several together."""

    frames: int = 0
    steps: int = 0
    commands: int = 0
    rejections: int = 0
    failures: int = 0  # turns that raised an error of ours

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.frames + other.frames,
            self.steps + other.steps,
            self.commands + other.commands,
            self.rejections + other.rejections,
            self.failures + other.failures,
        )
