"""Runs exported files in a process of its own, as somebody would who took them home: `run_files.py FOLDER`.

The folder has points.npy and any of numpy.py, pytorch.py, keras.py, onnx.onnx in folders of their own; each of these
gets what its files say of the points, as said.npz.
"""

import os
import runpy
import sys
from pathlib import Path
from typing import Any

import numpy as np

os.environ |= {"KERAS_BACKEND": "torch", "OMP_NUM_THREADS": "1"}  # small matrices
EPOCHS = 20


def numpys(file: Path, points: Any) -> dict[str, Any]:
    return {"numpy": runpy.run_path(str(file))["predict"](points)}


def torchs(file: Path, points: Any) -> dict[str, Any]:
    import torch  # noqa: PLC0415

    taken = runpy.run_path(str(file))
    network = taken["model"]()
    with torch.no_grad():
        said = network(torch.tensor(points)).numpy()
    found = list(taken["train"](network, EPOCHS))
    losses = [[losses["train"], losses.get("test", np.nan)] for _, losses in found]
    return {"pytorch": said, "epochs": [epoch for epoch, _ in found], "losses": losses}


def kerass(file: Path, points: Any) -> dict[str, Any]:
    model = runpy.run_path(str(file))["model"]()
    return {"keras": model.predict_on_batch(points.astype(np.float32))}


def onnxs(file: Path, points: Any) -> dict[str, Any]:
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415

    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    return {"onnx": session.run(None, {"points": points.astype(np.float32)})[0]}


READERS = {"numpy.py": numpys, "pytorch.py": torchs, "keras.py": kerass, "onnx.onnx": onnxs}


def main(folder: Path) -> None:
    points = np.load(folder / "points.npy")
    for each in sorted(path for path in folder.iterdir() if path.is_dir()):
        said: dict[str, Any] = {}
        for name, read in READERS.items():
            if (each / name).exists():
                said |= read(each / name, points)
        np.savez(each / "said.npz", **said)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
