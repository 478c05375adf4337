"""How many examples does batch normalization need?"""

from bnviz.ui import lesson

lesson.show("batch_size")
