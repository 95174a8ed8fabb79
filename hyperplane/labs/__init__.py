"""What sessions and runs of a lab have of their own in Python; a lab without an entry has those of all labs."""

from hyperplane.run import Run
from hyperplane.session import Session


def session_kind(lab: str) -> type[Session]:
    """The class of a lab's sessions."""
    if lab == "plane":
        from hyperplane.labs.plane.session import PlaneSession  # noqa: PLC0415  only what is used

        return PlaneSession
    return Session


def run_kind(lab: str) -> type[Run]:
    """The class of a lab's runs."""
    if lab == "plane":
        from hyperplane.labs.plane.run import PlaneRun  # noqa: PLC0415  it compiles kernels

        return PlaneRun
    return Run
