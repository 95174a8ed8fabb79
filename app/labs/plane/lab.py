"""The plane: points, and a network that learns them. TensorFlow Playground's experiments and more."""

from app.labs.contract import Exports, Films, GivenInLinks, Lab, LabEngine, OtherLinks, Tables
from app.labs.plane.edits import EDITS, Explain, LookAt, LookInto, Surface
from app.labs.plane.explanations import EXPLANATIONS
from app.labs.plane.facts import PlaneFacts, fitted, limits, saved_count
from app.labs.plane.lessons import CHAPTERS
from app.labs.plane.point_edits import POINT_EDITS
from app.labs.plane.view import PlaneView
from engine.labs.plane.settings import MAX_PARAMETERS, Settings


def _load() -> LabEngine:
    from app.labs.plane import engine  # noqa: PLC0415  it compiles kernels

    return engine


def _other_links() -> OtherLinks:
    from app.labs.plane import tensorflow_playground  # noqa: PLC0415  it imports app.links, which imports all labs

    return tensorflow_playground


def _given_in_links() -> GivenInLinks:
    from app.labs.plane import points_in_links  # noqa: PLC0415  as above

    return points_in_links


def _tables() -> Tables:
    from app.labs.plane import tables  # noqa: PLC0415  it draws points, whose kernels are compiled

    return tables


def _exports() -> Exports:
    from app.labs.plane import exports  # noqa: PLC0415  as above

    return exports


def _films() -> Films:
    from app.labs.plane import films  # noqa: PLC0415  as above

    return films


PLANE = Lab(
    name=Settings.lab,
    title="Plane",
    path="/",
    template="labs/plane.html",
    settings=Settings,
    view=PlaneView,
    facts=PlaneFacts,
    losses=("train", "test"),
    load=_load,
    most_parameters=MAX_PARAMETERS,
    limits=limits,
    saved_count=saved_count,
    fitted=fitted,
    edits=(*EDITS, *POINT_EDITS),
    looks=(LookAt, Explain, Surface, LookInto),
    chapters=CHAPTERS,
    explanations=EXPLANATIONS,
    other_links=_other_links,
    given_in_links=_given_in_links,
    tables=_tables,
    exports=_exports,
    films=_films,
)
