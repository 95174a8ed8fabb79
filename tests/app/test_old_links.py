"""links/: links that a version before this one has written, or read, mean the same now, and are written the same."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.links import read_link, write_link

SAMPLES = json.loads((Path(__file__).parents[1] / "data" / "links" / "before-labs.json").read_text())["links"]


@pytest.mark.parametrize("sample", SAMPLES, ids=range(len(SAMPLES)))
def test_a_link_of_before_means_and_says_the_same(sample: dict[str, Any]) -> None:
    """New settings and views have their defaults in it. The samples are never written again."""
    link = read_link(sample["text"])
    experiment = link.experiment
    settings, view = (json.loads(json.dumps(asdict(part))) for part in (experiment.settings, experiment.view))
    assert sample["settings"].items() <= settings.items()
    assert sample["view"].items() <= view.items()
    assert (link.theirs, list(link.repairs), link.text) == (sample["theirs"], sample["repairs"], sample["address"])
    assert write_link(experiment, theirs=link.theirs) == sample["written"]
    assert (experiment.trained.epoch if experiment.trained else None) == sample["epoch"]
    if experiment.trained:
        assert np.array_equal(experiment.trained.parameters, np.array(sample["weights"], np.float32))
