"""What every test shares: laws are tried on the same examples everywhere, and never timed."""

from hypothesis import settings

settings.register_profile("bnviz", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("bnviz")
