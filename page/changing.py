"""Changing the archive from the page: files added, with a bar and a report, and articles removed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from index.changes import Change
from index.errors import (
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveMismatchError,
    ArchiveMissingError,
    ModelError,
    VirgolettatoError,
)
from index.report import report_json
from index.uploads import read_uploads
from page.desk import Desk
from page.door.caller import Caller
from page.door.log import log
from page.markup import escaped, notice_html
from page.uploads import MAX_FILES, staged
from qa.messages import message
from qa.reasons import told_reason
from qa.records import Language
from qa.reference import written_number

_COUNTED = ("read", "added", "updated", "removed", "unchanged")
_NAMED = 100
"""Articles named in a report, at most, of each kind."""
_STEPS = 100
"""Times a bar is drawn, at most."""

_PROBLEMS = {
    ArchiveBusyError: "page_change_busy",
    ArchiveMissingError: "page_change_missing",
    ArchiveDamagedError: "page_change_damaged",
    ArchiveMismatchError: "page_change_damaged",
    ModelError: "page_change_model",
}
Step = tuple[str, int, int]
"""A task, how many of its steps are done, and how many there are."""
Outcome = Change | VirgolettatoError
Report = Step | dict[str, Any] | str
"""What is told of a change: a step of it, what it did at last, or the name of the message that says why it did not."""


def adding(desk: Desk, files: Sequence[str], caller: Caller) -> Iterator[Report]:
    """Add the files at the paths `files`, which are removed, for `caller`; yields steps, and at last what was done."""
    if len(files) > MAX_FILES:
        for file in files:
            Path(file).unlink(missing_ok=True)
        yield "page_add_too_many"
        return
    told: SimpleQueue[Step | Outcome] = SimpleQueue()
    # The work goes on where the visitor leaves: it is published whole or not at all.
    threading.Thread(target=_add, args=(desk, [Path(file) for file in files], caller, told)).start()
    while True:
        step = told.get()
        if not isinstance(step, tuple):
            yield report_of(step)
            return
        yield step


def report_of(outcome: Outcome) -> Report:
    """What is told of `outcome`; the words of an error, which may name a path, go to the log alone."""
    if isinstance(outcome, VirgolettatoError):
        log.error("unchanged", reason=str(outcome), hint=outcome.hint)
        return next((name for kind, name in _PROBLEMS.items() if isinstance(outcome, kind)), "page_change_failed")
    read = () if outcome.intake is None else outcome.intake.articles
    names = {article.id: article.title or article.source_file for article in read}
    report = report_json(outcome)
    return {
        **report,
        "names": {kind: [names[i] for i in report[kind][:_NAMED] if i in names] for kind in ("added", "updated")},
    }


def report_html(report: Report | None, interface: Language) -> str:
    """A bar, what a change did, or why it could not be made; empty where there was none."""
    if report is None:
        return ""
    if isinstance(report, tuple):
        return _bar_html(report, interface)
    if isinstance(report, str):
        return notice_html(message(report, interface, files=str(MAX_FILES)))
    counts = [(name, report[name] if isinstance(report[name], int) else len(report[name])) for name in _COUNTED]
    told = [
        f"<div><dt>{escaped(message(f'report_{name}', interface))}</dt>"
        f"<dd>{written_number(number, interface)}</dd></div>"
        for name, number in counts
        if number
    ]
    skipped = [(one["source"], [one["reason"], one["mend"]]) for one in report["skipped"]]
    copies: list[tuple[str, list[str]]] = [(one["source"], []) for one in report["duplicates"]]
    notes = [("", [note]) for note in report["notes"]]
    lists = "".join(
        _details_html(name, rows, interface)
        for name, rows in (("skipped", skipped), ("duplicates", copies), ("notes", notes))
        if rows
    )
    lists += "".join(
        _names_html(kind, names, len(report[kind]), interface) for kind, names in report["names"].items() if names
    )
    return f'<section class="change" lang="{interface.value}" role="status"><dl>{"".join(told)}</dl>{lists}</section>'


def _add(desk: Desk, files: Sequence[Path], caller: Caller, told: SimpleQueue[Step | Outcome]) -> None:
    @contextmanager
    def bars(task: str, total: int) -> Iterator[_Bar]:
        yield _Bar(task, total, told)

    try:
        with staged(files) as uploads:
            intake = read_uploads(uploads, bars=bars)
        told.put(("storing", 0, 1))
        told.put(desk.add(intake, bars, caller))
    except VirgolettatoError as error:
        told.put(error)
    except BaseException as error:
        # Whoever waits is told before it is reported.
        told.put(VirgolettatoError(type(error).__name__, "see the log"))
        raise


class _Bar:
    """Counts the steps of a task, and tells of a hundredth at a time."""

    def __init__(self, task: str, total: int, told: SimpleQueue[Step | Outcome]) -> None:
        self._task, self._total, self._told = task, total, told
        self._done = self._drawn = 0

    def update(self, steps: int) -> None:
        self._done += steps
        if self._done == self._total or self._done - self._drawn >= self._total / _STEPS:
            self._drawn = self._done
            self._told.put((self._task, self._done, self._total))


def _bar_html(step: Step, interface: Language) -> str:
    task, done, total = step
    label = escaped(
        message(f"page_{task}", interface, done=written_number(done, interface), total=written_number(total, interface))
    )
    state = f' value="{done}" max="{total}"' if task != "storing" else ""
    return f'<p class="bar"><label>{label} <progress{state}></progress></label></p>'


def _names_html(kind: str, names: Sequence[str], count: int, interface: Language) -> str:
    """Which articles these are, shown on request."""
    rows = "".join(f'<li dir="auto">{escaped(name)}</li>' for name in names)
    more = count - len(names)
    rows += (
        f"<li>{escaped(message('report_others', interface, count=written_number(more, interface)))}</li>"
        if more
        else ""
    )
    heading = escaped(message(f"report_{kind}", interface))
    return f"<details><summary>{heading}: {written_number(count, interface)}</summary><ul>{rows}</ul></details>"


def _details_html(name: str, rows: Sequence[tuple[str, list[str]]], interface: Language) -> str:
    items = []
    for source, reasons in rows:
        told = [told_reason(reason, interface) for reason in reasons]
        said = "; ".join(f'<span lang="{language}">{escaped(text)}</span>' for text, language in told)
        named = f'<b dir="auto">{escaped(source)}</b> ' if source else ""
        items.append(f"<li>{named}{said}</li>")
    return f"<h3>{escaped(message(f'report_{name}', interface))}: {len(rows)}</h3><ul>{''.join(items)}</ul>"
