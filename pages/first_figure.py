"""Does the first figure of the paper hold up?"""

from bnviz.ui import lesson

lesson.show("first_figure")
