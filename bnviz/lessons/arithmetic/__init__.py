"""What can be computed without training: batch normalization on a handful of numbers, in numpy."""
