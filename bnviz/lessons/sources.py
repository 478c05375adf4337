"""The bibliography: every paper and text that a lesson rests on, by a short name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A text that can be found again. ``where`` is the venue, or what kind of text it is."""

    authors: str
    year: int
    title: str
    where: str
    address: str = ""

    @property
    def short(self) -> str:
        """``Ioffe & Szegedy 2015``."""
        return f"{self.authors} {self.year}"

    @property
    def line(self) -> str:
        """The source as one line of markdown."""
        title = f"[{self.title}]({self.address})" if self.address else self.title
        end = "" if self.title.endswith("?") else "."
        return f"{self.authors} ({self.year}). {title}{end} {self.where}."


def _arxiv(authors: str, year: int, title: str, number: str, where: str) -> Source:
    return Source(authors, year, title, where, f"https://arxiv.org/abs/{number}")


SOURCES: dict[str, Source] = {
    "ioffe": _arxiv(
        "Ioffe & Szegedy", 2015,
        "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
        "1502.03167", "ICML 2015",
    ),
    "santurkar": _arxiv(
        "Santurkar et al.", 2018, "How Does Batch Normalization Help Optimization?", "1805.11604", "NeurIPS 2018"
    ),
    "bjorck": _arxiv("Bjorck et al.", 2018, "Understanding Batch Normalization", "1806.02375", "NeurIPS 2018"),
    "yang": _arxiv("Yang et al.", 2019, "A Mean Field Theory of Batch Normalization", "1902.08129", "ICLR 2019"),
    "wu": _arxiv("Wu & He", 2018, "Group Normalization", "1803.08494", "ECCV 2018"),
    "ba": _arxiv("Ba, Kiros & Hinton", 2016, "Layer Normalization", "1607.06450", "Preprint"),
    "li": _arxiv(
        "Li et al.", 2018, "Understanding the Disharmony between Dropout and Batch Normalization by Variance Shift",
        "1801.05134", "CVPR 2019",
    ),
    "hoffer": _arxiv(
        "Hoffer et al.", 2018, "Norm matters: efficient and accurate normalization schemes in deep networks",
        "1803.01814", "NeurIPS 2018",
    ),
    "hoffer_longer": _arxiv(
        "Hoffer, Hubara & Soudry", 2017, "Train longer, generalize better", "1705.08741", "NeurIPS 2017"
    ),
    "de": _arxiv(
        "De & Smith", 2020,
        "Batch Normalization Biases Residual Blocks Towards the Identity Function in Deep Networks",
        "2002.10444", "NeurIPS 2020",
    ),
    "kohler": _arxiv(
        "Kohler et al.", 2019,
        "Exponential convergence rates for Batch Normalization: The power of length-direction decoupling in "
        "non-convex optimization", "1805.10694", "AISTATS 2019",
    ),
    "he": _arxiv(
        "He et al.", 2015,
        "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification",
        "1502.01852", "ICCV 2015",
    ),
    "resnet": _arxiv("He et al.", 2016, "Deep Residual Learning for Image Recognition", "1512.03385", "CVPR 2016"),
    "goyal": _arxiv(
        "Goyal et al.", 2017, "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", "1706.02677", "Preprint"
    ),
    "glorot": Source(
        "Glorot & Bengio", 2010, "Understanding the difficulty of training deep feedforward neural networks",
        "AISTATS 2010", "https://proceedings.mlr.press/v9/glorot10a.html",
    ),
    "lecun": Source("LeCun et al.", 1998, "Efficient BackProp", "Neural Networks: Tricks of the Trade"),
    "balduzzi": _arxiv(
        "Balduzzi et al.", 2017,
        "The Shattered Gradients Problem: If resnets are the answer, then what is the question?",
        "1702.08591", "ICML 2017",
    ),
    "luo": _arxiv(
        "Luo et al.", 2019, "Towards Understanding Regularization in Batch Normalization", "1809.00846", "ICLR 2019"
    ),
    "zhang": _arxiv(
        "Zhang et al.", 2017, "Understanding deep learning requires rethinking generalization", "1611.03530",
        "ICLR 2017",
    ),
    "cooijmans": _arxiv("Cooijmans et al.", 2017, "Recurrent Batch Normalization", "1603.09025", "ICLR 2017"),
    "laarhoven": _arxiv(
        "van Laarhoven", 2017, "L2 Regularization versus Batch and Weight Normalization", "1706.05350", "Preprint"
    ),
    "sohl_dickstein": _arxiv(
        "Sohl-Dickstein", 2024, "The boundary of neural network trainability is fractal", "2402.06184", "Preprint"
    ),
    "goodfellow": Source(
        "Goodfellow, Bengio & Courville", 2016, "Deep Learning", "MIT Press", "https://www.deeplearningbook.org"
    ),
    "mishkin": Source(
        "Mishkin", 2016, "caffenet-benchmark: batchnorm.md", "measurements in a public repository",
        "https://github.com/ducha-aiki/caffenet-benchmark/blob/master/batchnorm.md",
    ),
}  # fmt: skip
