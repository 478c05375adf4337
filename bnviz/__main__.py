"""``python -m bnviz`` is ``bnviz``."""

from bnviz.cli import main

main()
