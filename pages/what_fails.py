"""Why not normalize in a simpler way, or a more thorough one?"""

from bnviz.ui import lesson

lesson.show("what_fails")
