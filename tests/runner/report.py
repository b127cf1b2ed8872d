"""Counts what passed, failed and was left out, and prints it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Tally:
    """The counts of one label."""

    passed: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0


class Report:
    """Collects results from several threads; one lock guards counts and output."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin = time.monotonic()
        self._tallies: dict[str, Tally] = defaultdict(Tally)

    def say(self, text: str) -> None:
        """Prints a line of progress with the time since the start."""
        elapsed = int(time.monotonic() - self._begin)
        with self._lock:
            print(f"[{elapsed // 60:02d}:{elapsed % 60:02d}] {text}", flush=True)

    def passed(self, label: str, count: int = 1) -> None:
        """Counts tests that passed."""
        with self._lock:
            self._tallies[label].passed += count

    def failed(self, label: str, name: str, detail: str) -> None:
        """Counts a test that failed and shows why at once."""
        with self._lock:
            self._tallies[label].failed.append((name, detail))
        self.say(f"FAILED {label}: {name}\n{detail}")

    def left_out(self, label: str, name: str, reason: str) -> None:
        """Notes a test that could not run here."""
        with self._lock:
            self._tallies[label].left_out.append((name, reason))

    def took(self, label: str, seconds: float) -> None:
        """Adds to a label's time."""
        with self._lock:
            self._tallies[label].seconds += seconds

    def finish(self, labels: list[str]) -> int:
        """Prints the summary and the closing line. Returns the exit code."""
        for label in labels:
            tally = self._tallies[label]
            if not tally.passed and not tally.failed and not tally.left_out:
                tally.failed.append(("no tests", "this label ran no test"))
        self._print_left_out()
        self._print_table()
        failed = [(label, name) for label, tally in self._tallies.items() for name, _ in tally.failed]
        for label, name in failed:
            print(f"failed: {label}: {name}")
        passed = sum(tally.passed for tally in self._tallies.values())
        skipped = sum(len(tally.left_out) for tally in self._tallies.values())
        print(f"{passed} passed, {len(failed)} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)
        return 1 if failed else 0

    def _print_left_out(self) -> None:
        for label, tally in self._tallies.items():
            reasons: dict[str, int] = defaultdict(int)
            for _, reason in tally.left_out:
                reasons[reason] += 1
            for reason, count in reasons.items():
                print(f"left out: {label}: {count} x {reason}")

    def _print_table(self) -> None:
        print(f"{'label':<12}{'passed':>8}{'failed':>8}{'left out':>10}{'seconds':>9}")
        for label, tally in self._tallies.items():
            print(f"{label:<12}{tally.passed:>8}{len(tally.failed):>8}{len(tally.left_out):>10}{tally.seconds:>9.0f}")
