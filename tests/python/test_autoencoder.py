"""The autoencoder against the same steps in NumPy, and what its parameters do."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
import twinbit
from blocks import fields, level
from conftest import ARITHMETICS
from twinbit import Autoencoder, Layer


def data(frames: int = 1500, seed: int = 0) -> np.ndarray:
    """Five features on a curve with two causes, in standard deviations."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, frames, 1))
    parts = [a, b, np.tanh(a), (a + b) / 2, a * 0.7 - b * 0.7]
    return (np.hstack(parts) + 0.05 * rng.normal(size=(frames, 5))).astype(np.float32)


FRAMES = data()
SLOPES = {
    "linear": np.ones_like,
    "tanh": lambda v: 1 - v * v,
    "sigmoid": lambda v: v * (1 - v),
    "relu": lambda v: (v > 0).astype(float),
}
CURVES = {
    "linear": lambda z: z,
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "relu": lambda z: np.maximum(z, 0),
}


@dataclass
class Net:
    """The chain of layers in float64; each weight matrix has its bias as last row."""

    weights: list[np.ndarray]
    momenta: list[np.ndarray]
    activations: list[str]

    def forward(self, x: np.ndarray) -> list[np.ndarray]:
        values = [x]
        for w, name in zip(self.weights, self.activations, strict=True):
            values.append(CURVES[name](values[-1] @ w[:-1] + w[-1]))
        return values

    def step(self, x: np.ndarray, rate: float, momentum: float, decay: float) -> None:
        """One step of backpropagation, each layer's own length taken out."""
        values = self.forward(x)
        delta = (values[-1] - x) * SLOPES[self.activations[-1]](values[-1])
        for i in reversed(range(len(self.weights))):
            v, step = values[i], rate * (1 - momentum) / (1 + values[i] @ values[i])
            below = self.weights[i][:-1] @ delta
            move = self.momenta[i] - step * np.outer(np.append(v, 1.0), delta)
            self.weights[i] = (self.weights[i] + move) * (1 - decay)
            self.momenta[i] = momentum * move  # what is left of it for the next frame
            delta = below * SLOPES[self.activations[i - 1]](v)


def net_of(detector: Autoencoder, widths: list[int], activations: list[str], momentum: bool) -> Net:
    """The net as it stands in an F32 image: rows of inputs, then the bias."""
    shapes = [(n + 1, m) for n, m in pairwise(widths)]
    sizes = [n * m for n, m in shapes]
    heads = [("<u4", 1)] * 5
    found = fields(detector, *heads, ("<f4", sum(sizes)), *([("<f4", sum(sizes))] if momentum else []))[5:]
    cuts = np.cumsum(sizes)[:-1]
    layers = [
        [part.reshape(shape) for part, shape in zip(np.split(array.astype(float), cuts), shapes, strict=True)]
        for array in found
    ]
    return Net(layers[0], layers[1] if momentum else [np.zeros(shape) for shape in shapes], activations)


@pytest.mark.parametrize(
    ("hidden", "output", "momentum", "decay"),
    [
        ((Layer(3),), "linear", None, 0.0),
        ((Layer(4, "relu"), Layer(2, "linear"), Layer(4, "sigmoid")), "linear", None, 0.0),
        ((Layer(3, "sigmoid"),), "tanh", 0.8, 0.0),
        ((Layer(3), Layer(2)), "relu", 0.5, 0.01),
    ],
)
def test_steps_are_those_of_numpy(hidden: tuple, output: str, momentum: float | None, decay: float) -> None:
    detector = Autoencoder(
        hidden, output=output, rate=0.3, momentum=momentum, decay=decay, arithmetic="f32", scale=False
    )  # type: ignore[arg-type]
    widths = [5, *(layer.units for layer in hidden), 5]
    activations = [*(layer.activation for layer in hidden), output]
    detector.learn(FRAMES[:1])
    for frame in FRAMES[1:40].astype(np.float64):
        net = net_of(detector, widths, activations, momentum is not None)
        assert detector.score_one(frame) == pytest.approx(level(net.forward(frame)[-1] - frame), abs=1e-4)
        net.step(frame, 0.3, momentum or 0.0, decay)
        detector.learn_one(frame)
        now = net_of(detector, widths, activations, momentum is not None)
        for mine, theirs in zip(net.weights + net.momenta, now.weights + now.momenta, strict=True):
            np.testing.assert_allclose(theirs, mine, atol=2e-6)


def test_explain_is_the_square_of_each_error() -> None:
    detector = Autoencoder((3,), arithmetic="f32", scale=False).learn(FRAMES)
    net = net_of(detector, [5, 3, 5], ["tanh", "linear"], False)
    squares = np.array([(net.forward(frame)[-1] - frame) ** 2 for frame in FRAMES[:50].astype(float)])
    shares = detector.explain(FRAMES[:50]).to_numpy()
    np.testing.assert_allclose(shares, squares / squares.sum(axis=1, keepdims=True), atol=2e-3)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_it_learns_and_finds_what_does_not_belong_together(arithmetic: str) -> None:
    detector = Autoencoder((2,), arithmetic=arithmetic, seed=3)  # type: ignore[arg-type]
    early = detector.learn(FRAMES[:20]).score(FRAMES).mean()
    late = detector.learn(np.tile(FRAMES, (4, 1))).score(FRAMES)
    assert late.mean() < early - 1
    wrong = FRAMES.copy()
    wrong[:, 3] *= -1
    assert np.median(detector.score(wrong)) > np.quantile(late, 0.95)
    assert detector.explain(wrong).mean().idxmax() == "x3"


def test_arithmetics_agree() -> None:
    found = {a: Autoencoder((2,), arithmetic=a).learn(FRAMES).score(FRAMES) for a in ARITHMETICS}
    assert np.median(np.abs(found["q31"] - found["f32"])) < 0.001
    assert np.median(np.abs(found["q15"] - found["f32"])) < 0.02


def test_patience_ends_learning() -> None:
    patient = Autoencoder((2,), patience=100, improvement=0.05).learn(FRAMES[:50])
    assert not patient.stopped
    patient.learn(np.tile(FRAMES, (3, 1)))
    assert patient.stopped
    before = patient.image
    with pytest.raises(twinbit.RangeError, match=r"learn: frame 0: patience is used up.*new_epoch"):
        patient.learn(FRAMES)
    with pytest.raises(twinbit.RangeError, match=r"learn_one: .*new_epoch"):
        patient.learn_one(FRAMES[0])
    assert patient.image == before
    assert pickle.loads(pickle.dumps(patient)).stopped
    patient.new_epoch()
    assert not patient.stopped
    assert patient.learn(FRAMES[:10]).image != before


def test_learning_ends_at_the_same_frame_in_a_batch_and_one_by_one() -> None:
    batch, single = (Autoencoder((2,), patience=100, improvement=0.05).learn(FRAMES[:10]) for _ in range(2))
    batch.learn(FRAMES)
    for frame in FRAMES:
        if single.stopped:
            break
        single.learn_one(frame)
    assert batch.stopped
    assert batch.image == single.image


def test_a_monitor_flags_frames_that_are_not_learned() -> None:
    part = twinbit.recipe_parts.Autoencoder((Layer(2),), patience=50, improvement=0.1)
    monitor = twinbit.Monitor(twinbit.Recipe(part), learn=1400)
    flags = monitor.step(FRAMES)["flags"]
    full = (flags & twinbit.units.FLAGS["full"]) > 0
    assert full.any()
    assert monitor.state == "monitoring"


def test_halving_slows_down() -> None:
    same, slower = (Autoencoder((2,), halving=halving).learn(FRAMES[:200]) for halving in (0, 50))
    changes = []
    for detector in (same, slower):
        before = detector.score(FRAMES)
        changes.append(np.abs(detector.learn(FRAMES[200:210]).score(FRAMES) - before).mean())
    assert changes[1] < changes[0] / 4


def test_momentum_costs_memory_only_where_it_is_asked_for() -> None:
    without, with_ = (Autoencoder((4,), momentum=momentum).learn(FRAMES[:50]) for momentum in (None, 0.9))
    weights = (5 + 1) * 4 + (4 + 1) * 5
    assert with_.cost().image - without.cost().image == 4 * -(-weights // 2) * 2
    assert with_.cost().scratch == without.cost().scratch


def test_seed_decides_the_first_weights() -> None:
    images = [Autoencoder((2,), seed=seed).learn(FRAMES[:1]).image for seed in (1, 1, 2, 2**32 - 1)]
    assert images[0] == images[1]
    assert len(set(images)) == 3


def test_it_does_not_merge_or_prune() -> None:
    start = Autoencoder((2,)).learn(FRAMES)
    with pytest.raises(twinbit.UnsupportedError, match="merge: the detector"):
        start.merge(Autoencoder.from_bytes(start.to_bytes()))
    with pytest.raises(twinbit.UnsupportedError, match=r"prune: .*ELM prunes"):
        twinbit.Monitor.from_bytes(start.to_bytes()).prune(1)


def test_layers_by_number_or_with_their_own_activation() -> None:
    part = Autoencoder((8, Layer(2, "linear"), 8), activation="relu").recipe.detector
    assert part == twinbit.recipe_parts.Autoencoder((Layer(8, "relu"), Layer(2, "linear"), Layer(8, "relu")))
    with pytest.raises(twinbit.RecipeError, match="number of hidden layers = 0"):
        Autoencoder(())
    with pytest.raises(twinbit.RecipeError, match="units of a layer = 513 is out of range; use 1 to 512"):
        Autoencoder((513,))
