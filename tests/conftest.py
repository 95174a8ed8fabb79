"""What all tests share: one Hypothesis profile, so that a run repeats itself."""

from hypothesis import settings

settings.register_profile("hyperplane", deadline=None, derandomize=True)
settings.load_profile("hyperplane")
