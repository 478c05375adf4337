"""Does batch normalization regularize?"""

from bnviz.ui import lesson

lesson.show("regularization")
