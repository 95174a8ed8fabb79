"""Reads recordings of TensorFlow Playground's own engine, in float64: see the README beside the data."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.settings import Settings

FOLDER = Path(__file__).parent / "data" / "tensorflow-playground"
TRAJECTORIES = sorted((FOLDER / "trajectories").glob("*.json"))
DATASETS: list[dict[str, Any]] = json.loads((FOLDER / "datasets.json").read_text())["sets"]


def points(recorded: list[dict[str, float]]) -> NDArray[np.float64]:
    """Recorded points as rows (x, y, label)."""
    return np.array([[point["x"], point["y"], point["label"]] for point in recorded])


def settings_of(config: dict[str, Any]) -> Settings:
    """Our settings for a recorded configuration."""
    return Settings(
        dataset=config["dataset"],
        noise=config["noise"],
        train_share=config["perc"],
        seed=config["seed"],
        inputs=tuple(config["features"]),
        hidden=tuple(config["hidden"]),
        activation=config["activation"],
        learning_rate=config["lr"],
        batch_size=config["batchSize"],
        regularization=config["regularization"],
        regularization_rate=config["regRate"],
        initialization="zeros" if config.get("initZero") else "uniform",
    )


def matrices(state: dict[str, Any]) -> list[NDArray[np.float64]]:
    """Recorded weights and biases as our layers' matrices, the biases in the last column."""
    return [
        np.column_stack([np.array(weights, float), np.array(biases, float)])
        for weights, biases in zip(state["weights"], state["biases"], strict=True)
    ]


LINKS: list[dict[str, Any]] = json.loads((FOLDER / "links.json").read_text())


def link_of(config: dict[str, Any]) -> str:
    """The link that opens a recorded configuration, as TensorFlow Playground writes it."""
    regression = config["problem"] == "regression"
    values = {
        "activation": config["activation"],
        "batchSize": config["batchSize"],
        "regDataset" if regression else "dataset": config["dataset"],
        "learningRate": config["lr"],
        "regularizationRate": config["regRate"],
        "noise": config["noise"],
        "networkShape": ",".join(map(str, config["hidden"])),
        "seed": config["seed"],
        "percTrainData": config["perc"],
        **{feature: feature in config["features"] for feature in ("x", "y", "xTimesY", "xSquared", "ySquared")},
        **{feature: feature in config["features"] for feature in ("sinX", "sinY")},
        "problem": config["problem"],
        "initZero": bool(config.get("initZero")),
    }
    if config["regularization"] != "none":
        values["regularization"] = config["regularization"]
    return "#" + "&".join(
        f"{name}={str(value).lower() if value in (True, False) and isinstance(value, bool) else value}"
        for name, value in values.items()
    )
