"""The Lab: twins that differ in one thing, trained live side by side."""

from bnviz.lessons.presets import PRESETS, SUGGESTIONS
from bnviz.ui import code, frame, lab, stage, take_home

lab.open_link_or(PRESETS["figure_1"])
stage.take_over()
frame.open_page("What does batch normalization change inside a network?")
lab.introduce()
shown = lab.choose()
lab.watch(stage.pressed)
lab.suggest(SUGGESTIONS)
take_home.show(shown, lab.session())
code.show(shown)
stage.offer(shown)
frame.close_page("Every point was measured on a network that was trained. Twins share seeds, weights and mini-batches.")
