"""Why may a network with batch normalization take larger steps?"""

from bnviz.ui import lesson

lesson.show("learning_rates")
