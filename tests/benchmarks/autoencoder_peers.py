"""A d-h-d autoencoder as each library does it: score a frame by its squared error, then learn it, with one tanh layer.

Every contestant gets frames in the form it likes best; making that form, or a model, is not timed. twinbit learns from
every single frame before it takes the next one; those who take batches learn once a batch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
import twinbit
from timing import Pass, Start
from twinbit.detector import Detector

Arithmetic = Literal["f32", "q15", "q31"]
Frames = npt.NDArray[np.float32]
Make = Callable[[], Detector]

RATE = 0.05


def autoencoder(hidden: int, arithmetic: Arithmetic) -> Make:
    """An autoencoder of twinbit, without a scaler."""
    return lambda: twinbit.Autoencoder((hidden,), arithmetic=arithmetic, scale=False)


def elm(hidden: int, arithmetic: Arithmetic) -> Make:
    """An ELM of twinbit, which halves what it learned so that it never stops learning."""
    return lambda: twinbit.ELM(hidden, forget=4096, arithmetic=arithmetic, scale=False)


def twinbit_batch(make: Make, frames: Frames) -> Start:
    """One call of twinbit for all frames, from Python."""
    saved = make().learn(frames[:256]).to_bytes()
    kind = type(make())

    def start() -> Pass:
        model = kind.from_bytes(saved)
        return lambda: model.learn_score(frames)

    return start


def twinbit_single(make: Make, frames: Frames) -> Start:
    """One call of twinbit a frame, from Python."""
    saved, rows = make().learn(frames[:256]).to_bytes(), list(frames)
    kind = type(make())

    def start() -> Pass:
        call = kind.from_bytes(saved).learn_score_one

        def run() -> None:
            for row in rows:
                call(row)

        return run

    return start


def twinbit_learn(make: Make, frames: Frames) -> Start:
    """One call of twinbit that learns all frames and scores none: an ELM would solve for every score."""
    saved = make().learn(frames[:256]).to_bytes()
    kind = type(make())

    def start() -> Pass:
        model = kind.from_bytes(saved)
        return lambda: model.learn(frames)

    return start


def pytorch(frames: Frames, hidden: int, batch: int, optimiser: Literal["SGD", "Adam"]) -> Start:
    """PyTorch on one thread: forward, the error of each frame, backward and a step of the optimiser."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    width = frames.shape[1]
    model = torch.nn.Sequential(torch.nn.Linear(width, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, width))
    steps = getattr(torch.optim, optimiser)(model.parameters(), lr=RATE)
    parts = list(torch.from_numpy(frames).split(batch))

    def run() -> None:
        for part in parts:
            steps.zero_grad()
            error = (model(part) - part).square().mean(dim=1)
            error.tolist()  # the scores
            error.mean().backward()
            steps.step()

    return lambda: run


def sklearn(frames: Frames, hidden: int, batch: int) -> Start:
    """scikit-learn's MLPRegressor: predict for the error, then partial_fit."""
    from sklearn.neural_network import MLPRegressor

    model = MLPRegressor(
        hidden_layer_sizes=(hidden,), activation="tanh", solver="sgd", batch_size=batch, learning_rate_init=RATE
    )
    model.partial_fit(frames[:batch], frames[:batch])
    parts = [frames[start : start + batch] for start in range(0, len(frames), batch)]

    def run() -> None:
        for part in parts:
            np.square(model.predict(part) - part).mean(axis=1)
            model.partial_fit(part, part)

    return lambda: run


def numpy_autoencoder(frames: Frames, hidden: int, batch: int) -> Start:
    """Backpropagation written in NumPy, float32: what one would write without a library."""
    width, generator, rate = frames.shape[1], np.random.default_rng(1), np.float32(RATE / batch)
    first = generator.normal(0, width**-0.5, (width, hidden)).astype(np.float32)
    second = generator.normal(0, hidden**-0.5, (hidden, width)).astype(np.float32)
    bias, back = np.zeros(hidden, np.float32), np.zeros(width, np.float32)
    parts = [frames[start : start + batch] for start in range(0, len(frames), batch)]

    def run() -> None:
        nonlocal first, second, bias, back
        for x in parts:
            h = np.tanh(x @ first + bias)
            error = h @ second + back - x
            np.square(error).mean(axis=1)  # the scores
            delta = (error @ second.T) * (1 - h * h)
            second -= rate * (h.T @ error)
            back -= rate * error.sum(axis=0)
            first -= rate * (x.T @ delta)
            bias -= rate * delta.sum(axis=0)

    return lambda: run


def numpy_os_elm(frames: Frames, hidden: int) -> Start:
    """OS-ELM written in NumPy, float32, one frame at a time: score, then the recursive update of P and beta."""
    width, generator = frames.shape[1], np.random.default_rng(1)
    weights = (generator.choice([-1, 1], (width, hidden)) * width**-0.5).astype(np.float32)
    rows = list(frames)

    def start() -> Pass:
        state = np.eye(hidden, dtype=np.float32), np.zeros((hidden, width), np.float32)

        def run() -> None:
            p, beta = state
            for x in rows:
                h = np.tanh(x @ weights)
                error = x - h @ beta
                error @ error  # the score
                u = p @ h
                gain = u / (1 + h @ u)
                p -= np.outer(gain, u)
                beta += np.outer(gain, error)

        return run

    return start
