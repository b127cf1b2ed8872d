"""Runs steps in dependency order on a few threads: the costliest step that is ready goes first."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from runner.report import Report


class StepError(Exception):
    """A step could not do its work; the text says why."""


@dataclass
class Step:
    """A piece of work: `action` returns nothing, reports its tests by itself and raises StepError if it can't."""

    label: str
    name: str
    action: Callable[[], None]
    needs: tuple[str, ...] = ()
    cost: float = 10.0
    """Seconds that it may take. Only the order depends on it."""


@dataclass
class Pool:
    """Runs all steps; one whose needs failed is counted as failed without being run."""

    report: Report
    workers: int
    _waiting: list[Step] = field(default_factory=list)
    _good: set[str] = field(default_factory=set)
    _bad: set[str] = field(default_factory=set)
    _running: int = 0

    def run(self, steps: list[Step]) -> None:
        """Returns when every step has ended."""
        names = {step.name for step in steps}
        for step in steps:
            unknown = set(step.needs) - names
            if unknown:
                raise ValueError(f"{step.name} needs unknown steps: {unknown}")
        self._waiting = sorted(steps, key=lambda step: -step.cost)
        self._change = threading.Condition()
        threads = [threading.Thread(target=self._work) for _ in range(self.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self) -> None:
        while True:
            step = self._next()
            if step is None:
                return
            good = self._do(step)
            with self._change:
                (self._good if good else self._bad).add(step.name)
                self._running -= 1
                self._change.notify_all()

    def _next(self) -> Step | None:
        with self._change:
            while True:
                self._drop_hopeless()
                for step in self._waiting:
                    if all(need in self._good for need in step.needs):
                        self._waiting.remove(step)
                        self._running += 1
                        return step
                if not self._waiting or not self._running:
                    self._change.notify_all()
                    return None
                self._change.wait()

    def _drop_hopeless(self) -> None:
        for step in list(self._waiting):
            failed = [need for need in step.needs if need in self._bad]
            if failed:
                self._waiting.remove(step)
                self._bad.add(step.name)
                self.report.failed(step.label, step.name, f"not run, since this failed: {', '.join(failed)}")

    def _do(self, step: Step) -> bool:
        self.report.say(f"{step.label}: {step.name} ...")
        begin = monotonic()
        try:
            step.action()
            good = True
        except StepError as error:
            good = False
            self.report.failed(step.label, step.name, str(error))
        except Exception:
            good = False
            self.report.failed(step.label, step.name, traceback.format_exc())
        seconds = monotonic() - begin
        self.report.took(step.label, seconds)
        self.report.say(f"{step.label}: {step.name} {'done' if good else 'failed'} in {seconds:.0f} s")
        return good
