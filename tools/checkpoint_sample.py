"""Writes a sample checkpoint of the present version, what is in it and what it names, to tests/data/checkpoints.

Run `python -m tools.checkpoint_sample` after VERSION in app/storage/checkpoint.py has grown. Older samples stay
unchanged: the test reads them through the upgrades, as a server reads checkpoints of the previous release.
"""

import json
from dataclasses import asdict
from pathlib import Path

from app.labs.plane.edits import SetParameter
from app.links import read_link
from app.protocol import Play, Step
from app.sessions.session import Session
from app.storage.checkpoint import VERSION, pack
from engine.labs.plane.given import give_classes

FOLDER = Path(__file__).parent.parent / "tests" / "data" / "checkpoints"
LINK = "#v=1&hidden=3&method=adam&learning_rate=0.1&show_test=true&hide=noise&speed=30"
POINTS = [(x * 1.5, y * 1.5) for x in range(-3, 4) for y in range(-3, 4)]
CLASSES = [(x > 0) + (y > 1) for x, y in POINTS]


def main() -> None:
    session = Session(read_link(LINK), clock=lambda: 1.0)
    session.trainer.learn(give_classes(POINTS, CLASSES, ("x", "y", "side"), ("left", "right", "above")))
    for seq in range(1, 4):
        session.receive(Step(seq=seq))
    session.receive(SetParameter(seq=4, index=0, value=0.5))
    session.receive(Play(seq=5))
    sample = FOLDER / f"version-{VERSION}.safetensors"
    if sample.exists():
        raise SystemExit(f"{sample.name} exists, and is to be read as it was written: expected a new VERSION")
    frozen = session.freeze()
    sample.write_bytes(pack(frozen))
    sample.with_suffix(".content").write_bytes(frozen.content.data if frozen.content else b"")
    trainer = session.trainer
    contents = {
        "settings": asdict(trainer.settings),
        "view": asdict(session.view),
        "epoch": trainer.epoch,
        "applied": session.handled,
        "playing": session.playing,
        "parameters": trainer.parameters.tolist(),
    }
    sample.with_suffix(".json").write_text(f"{json.dumps(contents, indent=1)}\n")


if __name__ == "__main__":
    main()
