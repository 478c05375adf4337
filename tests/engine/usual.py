"""The loop that everybody writes in PyTorch, which the tests hold the stacks to."""

from itertools import islice

import torch
import torch.nn.functional as F

from bnviz.engine import dataset, mini_batches, to_module


def usual_optimizer(run, parameters):
    if run.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=run.learning_rate, weight_decay=run.weight_decay)
    return torch.optim.SGD(parameters, lr=run.learning_rate, momentum=run.sgd_momentum, weight_decay=run.weight_decay)


SCHEDULES = {
    "step": lambda optimizer, steps: torch.optim.lr_scheduler.StepLR(optimizer, steps, 0.1),
    "cosine": torch.optim.lr_scheduler.CosineAnnealingLR,
    "warmup": lambda optimizer, steps: torch.optim.lr_scheduler.LinearLR(optimizer, 1 / steps, total_iters=steps - 1),
}
"""PyTorch's own; a cosine only as far as it falls."""


def usual_schedule(run, optimizer):
    if run.schedule in SCHEDULES:
        return SCHEDULES[run.schedule](optimizer, run.schedule_steps)
    return torch.optim.lr_scheduler.ExponentialLR(optimizer, 2 ** (-1 / run.half_life) if run.half_life else 1)


def usual_loop(run, seed, steps):
    """The losses of a plain PyTorch training loop, and the module it leaves behind."""
    module, data, losses = to_module(run, seed), dataset(run, seed), []
    optimizer = usual_optimizer(run, module.parameters())
    schedule = usual_schedule(run, optimizer)
    for indices in islice(mini_batches(run, seed), steps):
        loss = F.cross_entropy(module(data.train_x[indices]), data.train_y[indices])
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return losses, module
