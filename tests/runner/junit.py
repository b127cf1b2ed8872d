"""Reads JUnit files, which pytest and ctest both write, into a report."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from runner.context import Context
from runner.pool import StepError

BROKEN = {"fail", "notrun", "disabled"}


def collect(context: Context, label: str, group: str, path: Path) -> int:
    """Reports every test case of the file. `group` goes before its name. Returns how many there were."""
    if not path.exists():
        raise StepError(f"no results were written to {path}")
    cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    for case in cases:
        _collect_case(context, label, group, case)
    return len(cases)


def _collect_case(context: Context, label: str, group: str, case: ElementTree.Element) -> None:
    where = case.get("classname", "")
    name = f"{group}: {where + '.' if where else ''}{case.get('name', '?')}"
    problem = case.find("failure") if case.find("failure") is not None else case.find("error")
    skipped = case.find("skipped")
    if problem is not None:
        text = "\n".join(filter(None, [problem.get("message"), problem.text, case.findtext("system-out")]))
        context.report.failed(label, name, text[-6000:])
    elif skipped is not None:
        context.skip(label, name, skipped.get("message") or "no reason given")
    elif case.get("status") in BROKEN:
        context.report.failed(label, name, f"status {case.get('status')}\n{case.findtext('system-out') or ''}"[-6000:])
    else:
        context.report.passed(label)
