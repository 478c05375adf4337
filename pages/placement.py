"""Before or after the nonlinearity, with or without gamma and beta?"""

from bnviz.ui import lesson

lesson.show("placement")
