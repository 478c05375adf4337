"""The glossary: the words of the field, every number the Lab shows and every choice it offers, from their tables."""

from bnviz.choices import CHOICES
from bnviz.lessons.terms import TERMS
from bnviz.quantities import QUANTITIES
from bnviz.run import FIELDS
from bnviz.ui import frame

frame.open_page("What does each word and each number mean?")
frame.glossary("## Words of the field", ("word", "meaning"), {word: (meaning,) for word, meaning in TERMS.items()})
frame.glossary("## What is measured", ("quantity", "unit or range", "meaning"), {
    words.label: (words.unit, words.meaning) for words in QUANTITIES.values()
})  # fmt: skip
frame.glossary("## What can be chosen", ("choice", "allowed", "meaning"), {
    field.label: (field.allowed, field.meaning) for field in FIELDS.values()
})  # fmt: skip
frame.glossaries({FIELDS[name].label: words.values() for name, words in CHOICES.items()})
frame.close_page("Percentiles, histograms and shifts are read on a fixed probe batch with its own statistics.")
