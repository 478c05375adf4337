"""Does batch normalization make initial weights and depth harmless?"""

from bnviz.ui import lesson

lesson.show("depth")
