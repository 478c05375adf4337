"""What survives a reload of the page: the answers of the quiz, and the guesses of every lesson."""

from __future__ import annotations

from bnviz.ui import keeping, quiz, trial


def remember() -> None:
    """Keep them in this browser, and bring back what an earlier visit kept."""
    keeping.remember({"quiz": (quiz.kept, quiz.take), "guesses": (trial.kept, trial.take)})
