"""What was known before batch normalization, and what does the textbook say it adds?"""

from bnviz.ui import lesson

lesson.show("origins")
