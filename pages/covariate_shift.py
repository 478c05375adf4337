"""What is internal covariate shift?"""

from bnviz.ui import lesson

lesson.show("covariate_shift")
