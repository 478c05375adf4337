"""Test your knowledge: the questions of every lesson, judged at once and explained."""

from bnviz.ui import frame, lesson, quiz

frame.open_page("What do you know about batch normalization?")
lesson.show_path("quiz")
quiz.show_scores()
quiz.show_topics()
frame.close_page("Answers are kept for this browser session and nowhere else.")
