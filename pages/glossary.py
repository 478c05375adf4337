"""The glossary: every number the Lab shows and every choice it offers, from the tables they are made of."""

from bnviz.quantities import QUANTITIES
from bnviz.run import FIELDS
from bnviz.ui import frame

frame.open_page("What does each number mean?")
frame.glossary("Measured", {words.label: (words.unit, words.meaning) for words in QUANTITIES.values()})
frame.glossary("Chosen", {field.label: (field.allowed, field.meaning) for field in FIELDS.values()})
frame.close_page("Percentiles, histograms and shifts are read on a fixed probe batch with its own statistics.")
