"""What does batch normalization cost, and when should one use it?"""

from bnviz.ui import lesson

lesson.show("practice")
