"""How fast bnviz is, as ratios against peers measured in the same process: ``python -m benchmarks``."""
