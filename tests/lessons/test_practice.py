"""The code that the page of practice shows is that of the first figure with BN, in both libraries."""

from bnviz.code import to_keras, to_pytorch
from bnviz.lessons.presets import PRESETS
from bnviz.lessons.told.practice import LESSON

TEXT = " ".join([LESSON.claim, *(scene.words for scene in LESSON.scenes)])


def test_both_programs_are_those_of_the_first_figure_with_bn():
    run = PRESETS["figure_1"].arms["bn"]
    assert f"```python\n{to_pytorch(run)}```" in TEXT and f"```python\n{to_keras(run)}```" in TEXT


def test_every_source_it_lists_is_named_in_the_text():
    assert [source.short for source in LESSON.sources if source.short not in TEXT] == []
