"""The Lab: twins that differ in one thing, trained live side by side."""

from bnviz.lessons.presets import PRESETS, SUGGESTIONS
from bnviz.ui import frame, lab

frame.open_page("What does batch normalization change inside a network?")
lab.open_link_or(PRESETS["figure_1"])
lab.choose()
lab.watch()
lab.suggest(SUGGESTIONS)
frame.close_page("Every point was measured on a network that was trained. Twins share seeds, weights and mini-batches.")
