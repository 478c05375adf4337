"""``python -m bnviz.language`` prints the catalog of a checkout's words."""

from pathlib import Path

from bnviz.language.catalog import template

if __name__ == "__main__":
    print(template(Path(__file__).parents[2]), end="")
