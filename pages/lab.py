"""The Lab: twins that differ in one thing, trained live side by side."""

from bnviz.lessons.presets import PRESETS, SUGGESTIONS
from bnviz.ui import code, frame, lab

frame.open_page("What does batch normalization change inside a network?")
lab.introduce()
lab.open_link_or(PRESETS["figure_1"])
shown = lab.choose()
lab.watch()
lab.suggest(SUGGESTIONS)
code.show(shown)
frame.close_page("Every point was measured on a network that was trained. Twins share seeds, weights and mini-batches.")
