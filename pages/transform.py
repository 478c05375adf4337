"""What does batch normalization do to a mini-batch?"""

from bnviz.ui import lesson

lesson.show("transform")
