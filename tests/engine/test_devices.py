"""How stacks are computed: without denormals, on one thread, on which device, and with a GPU to the same numbers."""

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from bnviz.device import device_word
from bnviz.engine import Lockstep
from bnviz.engine.datasets import load
from bnviz.engine.devices import CPU, WORTHWHILE, device_for, one_thread_without_denormals
from bnviz.engine.stack import Stack
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.run import Run

SMALL = Run(dataset="spirals", samples=200, depth=2, width=8, batch_size=32, activation="relu", init="he")
KINDS = {
    "descent": SMALL,
    "momentum": SMALL.replace(sgd_momentum=0.9, weight_decay=0.01),
    "adam": SMALL.replace(optimizer="adam", learning_rate=0.01),
    "batch norm": SMALL.replace(normalization="batch"),
    "batch norm behind": SMALL.replace(normalization="batch", placement="after"),
    "batch norm around": SMALL.replace(normalization="batch", placement="around"),
    "a rate that falls": SMALL.replace(half_life=7),
    "layer norm": SMALL.replace(normalization="layer"),
    "dropout": SMALL.replace(dropout=0.3),
    "noise": SMALL.replace(normalization="noisy", dropout=0.3),
    "ghost batches": SMALL.replace(normalization="batch", ghost_size=8),
}
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that PyTorch can use")


class OneDevice(TorchFunctionMode):
    """Fails on every operation, but copies, between arrays on different devices."""

    copies = ("to", "copy_", "__setitem__", "cpu", "device")

    def __torch_function__(self, func, types, args=(), kwargs=None):
        tensors = [each for each in tree_leaves((args, kwargs or {})) if isinstance(each, torch.Tensor) and each.dim()]
        places = {tensor.device.type for tensor in tensors}
        assert len(places) < 2 or getattr(func, "__name__", "") in self.copies, f"{func} mixes {places}"
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_stays_on_the_device_of_its_stack(kind, monkeypatch):
    monkeypatch.setattr("bnviz.engine.stack.device_for", lambda multiply_adds: torch.device("meta"))
    with OneDevice():
        stack = Stack([KINDS[kind]] * 2, [0, 1], [load(KINDS[kind], seed) for seed in (0, 1)])
        for _ in range(2):
            stack._prepare()
            assert stack._learn().device.type == "meta"
        stack.set_learning_rate(0.1, [1])
        state = stack._gradients.state(drawn=False).values()
    places = {tensor.device.type for tensor in state if tensor.is_floating_point()}
    assert places <= {"meta"} and stack._batches.x.device.type == stack._parameters.flat.device.type == "meta"


def test_small_stacks_stay_on_the_cpu_and_large_ones_go_where_a_gpu_is(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    auto = {"BNVIZ_DEVICE": "auto"}
    assert [device_for(size, auto).type for size in (WORTHWHILE - 1, WORTHWHILE)] == ["cpu", "cuda"]
    assert device_for(1, {"BNVIZ_DEVICE": "cuda"}).type == "cuda"


@pytest.mark.parametrize("setting", [{}, {"BNVIZ_DEVICE": "cpu"}], ids=str)
def test_a_gpu_is_left_alone_unless_somebody_asks_for_it(setting, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device_for(10 * WORTHWHILE, setting) == CPU


def test_without_a_gpu_the_cpu_does_it_unless_a_gpu_was_asked_for(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device_for(10 * WORTHWHILE, {"BNVIZ_DEVICE": "auto"}) == CPU
    with pytest.raises(InvalidChoice, match="BNVIZ_DEVICE was 'cuda', and this machine has no GPU"):
        device_for(1, {"BNVIZ_DEVICE": "cuda"})


def test_another_word_is_refused():
    with pytest.raises(ValueError, match="BNVIZ_DEVICE was 'gpu'; allowed are cpu, auto, cuda"):
        device_word({"BNVIZ_DEVICE": "gpu"})


def history(kind, device, monkeypatch, steps=20):
    monkeypatch.setenv("BNVIZ_DEVICE", device)
    lockstep = Lockstep(Experiment(arms={"arm": KINDS[kind]}, seeds=(0, 1)))
    losses = []
    for _ in range(steps):
        lockstep.advance()
        losses.append(lockstep.snapshot()["arm"]["train_loss"])
    return np.array(losses)


@needs_gpu
@pytest.mark.parametrize("kind", KINDS)
def test_the_gpu_agrees_with_the_cpu(kind, monkeypatch):
    on_cpu, on_gpu = (history(kind, device, monkeypatch) for device in ("cpu", "cuda"))
    np.testing.assert_allclose(on_gpu, on_cpu, rtol=1e-3)


@needs_gpu
@pytest.mark.parametrize("kind", KINDS)
def test_a_captured_step_is_the_step(kind, monkeypatch):
    captured = history(kind, "cuda", monkeypatch)
    monkeypatch.setattr("bnviz.engine.stack.Captured", lambda: None)
    np.testing.assert_allclose(captured, history(kind, "cuda", monkeypatch), rtol=1e-5)


@needs_gpu
def test_a_run_goes_on_from_the_gpu_on_the_cpu(monkeypatch):
    experiment = Experiment(arms={"arm": KINDS["momentum"]})
    monkeypatch.setenv("BNVIZ_DEVICE", "cuda")
    there = Lockstep(experiment)
    there.advance(10)
    monkeypatch.setenv("BNVIZ_DEVICE", "cpu")
    here = Lockstep(experiment)
    here.restore(there.checkpoint())
    for lockstep in (there, here):
        lockstep.advance(5)
    np.testing.assert_allclose(there.snapshot()["arm"]["train_loss"], here.snapshot()["arm"]["train_loss"], rtol=1e-3)


def half_of_a_denormal():
    return torch.tensor([1e-40]).mul(0.5).item()


def test_denormals_are_zero_inside_and_count_again_outside():
    with one_thread_without_denormals():
        assert half_of_a_denormal() == 0
    assert half_of_a_denormal() > 0


def test_there_is_one_thread_inside_and_as_many_as_before_outside():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with one_thread_without_denormals():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


def test_an_error_inside_leaves_nothing_changed():
    with pytest.raises(RuntimeError), one_thread_without_denormals():
        raise RuntimeError
    assert half_of_a_denormal() > 0
