"""Test your knowledge: the questions of every lesson, one at a time, judged at once and explained."""

from bnviz.ui import frame, lesson, quiz, reload

frame.open_page("What do you know about batch normalization?")
reload.remember()
lesson.show_path("quiz")
with frame.column():
    quiz.show_score()
    quiz.show_topics()
    quiz.show_scores()
frame.close_page("Answers are kept in this browser and nowhere else.")
