"""Hyperplane from Python: train networks here, or drive a running playground.

    import hyperplane

    run = hyperplane.train(dataset="spiral", hidden=(8, 8), epochs=500)
    run.losses["test"], run.predict([[1, 2], [3, 4]])

    with hyperplane.connect("http://127.0.0.1:8000") as session:
        session.set(learning_rate=0.1)
        session.add_neuron(layer=1)
        session.play()
        session.wait(epoch=1000)
        session.losses, session.weights

`train` needs no server; `connect` needs one (`hyperplane serve`). What has been asked for and cannot be is `Refused`,
with the field, what came and what was expected. docs/python.md leads through all of it.
"""

from typing import TYPE_CHECKING, Any

from engine.choices import Refused
from hyperplane.errors import NoPlace, Stopped, Unreachable

if TYPE_CHECKING:  # a program that imports this waits neither for messages nor for kernels
    from pathlib import Path

    from numpy.typing import ArrayLike

    from app.training import Dtype
    from hyperplane.run import Run
    from hyperplane.session import Session

__all__ = ["NoPlace", "Refused", "Stopped", "Unreachable", "connect", "train"]


def connect(
    address: str = "http://127.0.0.1:8000",
    link: str = "",
    lab: str | None = None,
    token: str | None = None,
    patience: float = 30.0,
) -> "Session":
    """Open a session on a running server, as a page does, and return it once its first frame is here.

    address: of the server, with its path if it has one.
    link: the experiment to open, of Hyperplane or TensorFlow Playground; the lab's default one unless told.
    lab: the kind of experiment; the link's, or the page's at /, unless told.
    token: of a session before, to take it over; `session.resumed` says what became of it.
    patience: seconds that calls wait for a server that is gone; a lost connection comes back by itself meanwhile.

    Use it as a context manager, or call `close()`. Raises Unreachable without a server, NoPlace from a full one, and
    Refused for an address or a link that is none.
    """
    from hyperplane.opening import open_session  # noqa: PLC0415  it loads all messages

    return open_session(address, link, lab, token, patience)


def train(
    link: str | None = None,
    *,
    epochs: int | None = None,
    steps: int | None = None,
    seconds: float | None = None,
    lab: str | None = None,
    data: "tuple[ArrayLike, ArrayLike] | str | Path | None" = None,
    columns: "tuple[str, ...]" = (),
    scaling: str | None = None,
    dtype: "Dtype | None" = None,
    **settings: Any,
) -> "Run":
    """Train without a server and return the run, which can be asked, and trained further.

    link: an experiment of Hyperplane or TensorFlow Playground; the lab's default one unless told. Settings change it.
    epochs, steps, seconds: one of them says how long, 100 epochs unless told; less if training diverges or one of its
        stop conditions is met.
    lab: the kind of experiment; the link's, or the page's at /, unless told.
    data: own examples: `(points, labels)`, arrays (n, 2) and (n,), or the path of a table, CSV in any dialect or JSON.
        Labels that are text, truths or up to ten different whole numbers are classes, others are values.
    columns: of a table the names of x, y and what is learned; found unless told.
    scaling: "fit" (one factor for both axes), "axes" (one for each) or "none": how numbers become those of the picture,
        which reaches from -6 to 6. Unless told, tables fit and arrays stay as they are.
    dtype: "float32" or "float64"; the lab's unless told.
    settings: any setting of the lab by its name, such as dataset="spiral", hidden=(8, 8), learning_rate=0.1, seed="b".

    The same arguments give the same numbers, as in the page and from `hyperplane train`. Raises Refused.
    """
    from hyperplane.opening import train_here  # noqa: PLC0415  it compiles kernels

    return train_here(link, (epochs, steps, seconds), lab, data, columns, scaling, dtype, settings)
