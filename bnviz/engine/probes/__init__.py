"""Reading a network while it learns: every quantity of ``bnviz.quantities`` but the two that training itself knows.

    Reader              what a stack's training asks: ``read``, ``remember``, ``stops``
    probe_pass          one pass over the probe batch, by hand (``written_pass``) or by autograd
    hidden_layers       each layer's numbers on the probe batch: a table, word -> function
    gradients           gradient norm, and how the step of the layers below changes a layer's gradient
    shift               how far the inputs of the nonlinearities moved in 20 steps
    evaluation          test loss and accuracy, and the decision map, in eval mode
    one_unit            one unit's mini-batch on its way through its layer, when somebody asks
    instruments         what only some experiments ask for, because it takes longer

A probe draws no randomness, writes to no tensor it is shown and never touches
running statistics, so watching changes nothing; a network that trains with
noise is read with noise made from its seed and step. A network that has
become infinite reads NaN, without a warning.
"""

from bnviz.engine.probes.answers import answers
from bnviz.engine.probes.one_unit import inside
from bnviz.engine.probes.reader import PROBE_SIZE, TEST_SIZE, Reader

__all__ = ["PROBE_SIZE", "TEST_SIZE", "Reader", "answers", "inside"]
