"""What a change did, for people and for programs: what was read, what was not and why, and what is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from index.changes import Change, Contents
from index.ingest import Intake
from index.moments import find_moments
from index.terminal import printable

_LANGUAGES = ("it", "en")


def report_json(change: Change) -> dict[str, Any]:
    """The report as one object; what concerns the archive is null where nothing was to be written."""
    manifest, intake, contents = change.manifest, change.intake or Intake(()), change.contents
    return {
        "index_id": manifest and manifest.index_id,
        "added": change.added,
        "updated": change.updated,
        "removed": change.removed,
        "unchanged": change.unchanged,
        "published": change.published,
        "articles": contents.articles,
        "passages": manifest and manifest.passages,
        "sentences": manifest and manifest.sentences,
        "read": len(intake.articles),
        "skipped": [{"source": printable(one.path), "reason": one.reason, "mend": one.mend} for one in intake.refusals],
        "duplicates": [{"source": printable(one.path), "reason": one.reason} for one in intake.duplicates],
        "notes": list(intake.notes),
        "passed_over": intake.passed_over,
        "dates": _dates(intake),
        "languages": dict(contents.languages),
        "older_versions": contents.older,
        "stories": [{"articles": list(articles), "outlets": list(outlets)} for articles, outlets in contents.stories],
        "characters": contents.characters,
        "excluded_characters": contents.excluded,
    }


def report_text(change: Change) -> str:
    """The report as lines for a terminal: a table, what was left out with its reason, and the archive."""
    lines = []
    intake = change.intake
    if intake is not None:
        lines += _intake_lines(intake)
        lines += _contents_lines(change.contents)
    done = f"{len(change.added)} added, {len(change.updated)} updated, {len(change.removed)} removed"
    lines.append(f"{done}, {change.unchanged} unchanged")
    if change.manifest is None:
        lines.append("nothing was written")
    else:
        manifest = change.manifest
        lines.append(f"archive {manifest.index_id}: {counts(manifest.articles, manifest.passages, manifest.sentences)}")
    return "\n".join(lines)


def counts(articles: int, passages: int, sentences: int) -> str:
    """How much an archive holds."""
    return f"{articles} articles, {passages} passages, {sentences} sentences"


def _intake_lines(intake: Intake) -> list[str]:
    rows: list[tuple[str, int, Sequence[object]]] = [
        ("read", len(intake.articles), ()),
        ("skipped", len(intake.refusals), intake.refusals),
        ("duplicates", len(intake.duplicates), intake.duplicates),
        ("notes", len(intake.notes), intake.notes),
        ("other files", intake.passed_over, ()),
    ]
    lines = []
    for name, number, details in rows:
        if number or name in ("read", "skipped"):
            lines.append(_row(name, f"{number:,}"))
        lines += [f"  {printable(str(detail))}" for detail in details]
    return [*lines, _row("dates found", f"{_dates(intake):,}")]


def _contents_lines(contents: Contents) -> list[str]:
    lines = [
        _row("languages", ", ".join(f"{code} {number}" for code, number in contents.languages.items()) or "none"),
        _row("excluded", f"{contents.excluded:,} of {contents.characters:,} characters"),
    ]
    lines += foreign_line(contents.languages)
    if contents.older:
        lines.append(_row("older versions", f"{contents.older:,}"))
    if contents.stories:
        copies = sum(len(articles) for articles, _ in contents.stories)
        lines.append(_row("stories", f"{len(contents.stories):,} told by {copies:,} near-copies"))
    return lines


def foreign_line(languages: Mapping[str, int]) -> list[str]:
    """What is to be known of the languages that are not weighed; nothing where there is none."""
    others = [f"{code} {number}" for code, number in languages.items() if code not in _LANGUAGES]
    means = "found by meaning alone; words are weighed in Italian and English only"
    return [f"  {printable(', '.join(others))}: {means}"] if others else []


def _dates(intake: Intake) -> int:
    return sum(len(find_moments(article)) for article in intake.articles)


def _row(name: str, value: str) -> str:
    return f"{name:<16}{printable(value)}"
