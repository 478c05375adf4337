"""Does batch normalization work in convolutional and recurrent networks?"""

from bnviz.ui import lesson

lesson.show("other_networks")
