"""Or does it work by smoothing the landscape?"""

from bnviz.ui import lesson

lesson.show("landscape")
