"""Whose mean and variance does a network use when it is asked?"""

from bnviz.ui import lesson

lesson.show("eval_mode")
