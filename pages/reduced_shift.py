"""Does it work by reducing covariate shift?"""

from bnviz.ui import lesson

lesson.show("reduced_shift")
