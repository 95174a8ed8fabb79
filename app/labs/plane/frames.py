"""Makes what the plane's page sees of a run: its points, and in each frame the network's pictures and figures."""

from app.labs.contract import Shown, Tensors, Wish
from app.labs.plane.explained import explained_step
from app.labs.plane.spaces import told_space
from app.labs.plane.surfaces import surface_of
from app.labs.plane.surveyed_run import SurveyedRun
from engine.labs.plane.answers import answers, value_at
from engine.labs.plane.features import pictures
from engine.labs.plane.figures import figures, layer_figures, unit_picture
from engine.labs.plane.trainer import Trainer

_LARGE = (200, 100, 60)  # pixels a side: on a screen of twice the usual density the picture has about 700
_SMALL = (50, 25, 16)
_QUICK = 10_000  # parameters; the large picture of larger networks is coarser
_MANY = (256, 1024)  # units beyond which their pictures are coarser


def picture_sides(run: Trainer, coarseness: int = 0) -> tuple[int, int]:
    """Pixels a side of the large picture and of the small ones: no frame takes long or weighs more than 800 KB."""
    large = max(coarseness, int(is_large(run)))
    small = max(coarseness, sum(len(run.network.program.pictured) > most for most in _MANY))
    return _LARGE[large], _SMALL[small]


def is_large(run: Trainer) -> bool:
    """Whether its pictures take so long that other sessions would notice."""
    return run.network.program.parameter_count > _QUICK


def material(run: Trainer) -> Tensors:
    """The points of a run, and the pictures of the input features."""
    return {
        "train": run.data.train,
        "test": run.data.test,
        "features": pictures(run.settings.domain, run.settings.own_input),
    }


def show(run: Trainer, wish: Wish) -> Shown:
    """The network as it is now, over the plane and over the points."""
    large, small = picture_sides(run, wish.coarseness)
    shown = figures(run, large, small if wish.small else None)
    is_one = len(shown.large) == 1
    tensors: Tensors = {
        "parameters": run.network.parameters,
        "metrics": shown.metrics.reshape(2, -1),
        "output" if is_one else "classes": shown.large[0] if is_one else shown.large,
    }
    look = wish.looks.get("look")
    at: tuple[float, float] | None = look.at if look else None
    if wish.small:
        tensors["neurons"] = shown.small
    if wish.view.gradients:
        tensors["layers"] = layer_figures(run)
    if wish.focus:
        tensors["focus"] = unit_picture(run, *wish.focus, large)
    if at:
        tensors["at"] = value_at(run, *at, wish.focus)
    if at or wish.view.errors:
        tensors["answers"] = answers(run)
    opened, heads = _panels(run, wish)
    return Shown(tensors | opened, shown.losses, {"at": "{!r},{!r}".format(*at) if at else "", **heads})


def _panels(run: Trainer, wish: Wish) -> tuple[Tensors, dict[str, str]]:
    """What the open panels ask for: their tensors, and a head for each."""
    tensors: Tensors = {}
    heads = {"explanation": "", "surface": "", "space": ""}
    if (explain := wish.looks.get("explain")) and explain.of is not None:
        explained = explained_step(run, explain)
        tensors |= explained.tensors
        heads["explanation"] = explained.head
    surface = wish.looks.get("surface")
    if surface and surface.of is not None and isinstance(run, SurveyedRun):
        seen, heads["surface"] = surface_of(run, surface, is_coarse=wish.coarseness > 0)
        tensors |= seen
    if (into := wish.looks.get("space")) and into.layer is not None:
        told = told_space(run, into, tests=wish.view.show_test)
        tensors |= told.tensors
        heads["space"] = told.head
    return tensors, heads
