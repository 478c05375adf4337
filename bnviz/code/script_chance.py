"""What chance does to a network in training, for a script: classes that draw the numbers which the engine draws."""

from __future__ import annotations

from dataclasses import replace

from bnviz.code.pytorch_layers import PYTORCH
from bnviz.code.writing import block
from bnviz.run import Run
from bnviz.streams import columns

SEEDED = replace(PYTORCH, dropout="Dropout")
"""PyTorch's words, but for dropout, whose masks are the seed's own."""

TURNED = {
    "mlp": ("x.T.shape", ".T"),
    "cnn": ("x.movedim(0, -1).shape", ".movedim(-1, 0)"),
    "rnn": ("x.permute(2, 1, 0).shape", ".permute(2, 1, 0)"),
}
"""Network to the shape in which its masks are drawn, the examples last, and how they are turned back."""

NOISE = '''\
class Noise(nn.Module):
    """r * y + m in train mode, with other numbers at every step.

    Each unit draws a shift mu ~ U(-0.5, 0.5) and a stretch s ~ U(1, 1.25), and each
    example its own m ~ U(mu - 0.1, mu + 0.1) and r ~ N(s, 0.1).
    """

    numbers = generator(NOISE)

    def forward(self, y):
        if not self.training:
            return y
        mu, s = torch.rand(2, y.shape[1], 1, generator=self.numbers)
        r = torch.empty(y.T.shape).normal_(1, 0.1, generator=self.numbers) + 0.25 * s
        m = torch.empty(y.T.shape).uniform_(-0.1, 0.1, generator=self.numbers) + (mu - 0.5)
        return r.T * y + m.T'''


def dropout(run: Run) -> str:
    """Dropout by the seed's own masks."""
    drawn = columns(run)
    shape, back = TURNED[run.network]
    filled = f"torch.rand({run.width}, {drawn}, generator=self.masks)[:, :BATCH].T  # of {drawn} columns"
    return block(
        "class Dropout(nn.Dropout):",
        '    """Dropout by masks that are the seed\'s own."""',
        "",
        "    masks = generator(DROPOUT)",
        "",
        "    def forward(self, x):",
        "        if not self.training:",
        "            return x",
        f"        drawn = {filled}" if drawn != run.batch_size
        else f"        drawn = torch.rand({shape}, generator=self.masks){back}",
        "        return x * (drawn >= self.p) / (1 - self.p)",
    )  # fmt: skip
