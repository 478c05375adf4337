"""A run written down as a program, for whoever wants to train it without bnviz. Text from a ``Run``; no library.

    to_pytorch, to_keras   the whole program: network, initial weights, optimizer, one step, accuracy
    to_sequential          the network alone, in PyTorch
    to_script              the program of one seed: data, weights and mini-batches too, and so its losses

What both libraries share is in ``writing``; a library's layers are in ``pytorch_layers`` and ``keras_layers``, and
those that it does not have are written out in ``pytorch_classes`` and ``keras_classes``.
"""

from bnviz.code.keras import to_keras
from bnviz.code.pytorch import to_pytorch, to_sequential
from bnviz.code.script import to_script

__all__ = ["to_keras", "to_pytorch", "to_script", "to_sequential"]
