"""A run of the autoencoder lab, with the looks at the test examples that go on between its turns."""

import numpy as np
from numpy.typing import DTypeLike

from app.labs.autoencoder.frames import Refreshing
from engine.labs.autoencoder.settings import MAX_PARAMETERS, AutoencoderSettings
from engine.labs.autoencoder.trainer import AutoencoderRun


class RefreshedRun(AutoencoderRun):
    """Not for two threads at once."""

    def __init__(
        self, settings: AutoencoderSettings, dtype: DTypeLike = np.float32, parameter_limit: int = MAX_PARAMETERS
    ) -> None:
        self.refreshing = Refreshing()
        super().__init__(settings, dtype, parameter_limit)
