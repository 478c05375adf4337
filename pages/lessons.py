"""All lessons: what each asks, in the order in which they build on each other."""

from bnviz.ui import frame, lesson

frame.open_page("Which of the claims about batch normalization hold?")
lesson.show_overview()
frame.close_page("Each lesson asks for a prediction, trains real networks, and judges by what was measured.")
