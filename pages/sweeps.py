"""Sweeps: one choice along x, every arm a curve over it, seeds as bands."""

from bnviz.ui import frame
from bnviz.ui.sweeps import page as sweep_page

frame.open_page("Which learning rate, depth, batch size is best?")
sweep_page.show()
frame.close_page("Every point was really trained; arms share seeds, initial weights and mini-batches.")
