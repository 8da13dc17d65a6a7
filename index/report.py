"""What a change did, for people and for programs: what was read, what was not and why, and what is marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from index.changes import Change
from index.ingest import Intake
from index.moments import find_moments
from index.records import Article
from index.terminal import printable

_LANGUAGES = ("it", "en")


def report_json(change: Change) -> dict[str, Any]:
    """The report as one object; what concerns the archive is null where nothing was to be written."""
    manifest, intake = change.manifest, change.intake or Intake(())
    return {
        "index_id": manifest and manifest.index_id,
        "added": change.added,
        "updated": change.updated,
        "removed": change.removed,
        "unchanged": change.unchanged,
        "published": change.published,
        "articles": len(change.articles),
        "passages": manifest and manifest.passages,
        "sentences": manifest and manifest.sentences,
        "read": len(intake.articles),
        "skipped": [{"source": printable(one.path), "reason": one.reason, "mend": one.mend} for one in intake.refusals],
        "duplicates": [{"source": printable(one.path), "reason": one.reason} for one in intake.duplicates],
        "notes": list(intake.notes),
        "passed_over": intake.passed_over,
        "dates": _dates(intake),
        "languages": _languages(change.articles),
        "older_versions": _older(change.articles),
        "stories": [
            {"articles": sorted(a.id for a in row), "outlets": sorted({a.outlet for a in row if a.outlet})}
            for row in _stories(change.articles)
        ],
        "characters": sum(len(article.text) for article in change.articles),
        "excluded_characters": _excluded(change.articles),
    }


def report_text(change: Change) -> str:
    """The report as lines for a terminal: a table, what was left out with its reason, and the archive."""
    lines = []
    intake = change.intake
    if intake is not None:
        lines += _intake_lines(intake)
        lines += _contents_lines(change.articles)
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


def _contents_lines(articles: Sequence[Article]) -> list[str]:
    characters = sum(len(article.text) for article in articles)
    known = _languages(articles)
    lines = [
        _row("languages", ", ".join(f"{code} {number}" for code, number in known.items()) or "none"),
        _row("excluded", f"{_excluded(articles):,} of {characters:,} characters"),
    ]
    lines += foreign_line(known)
    if older := _older(articles):
        lines.append(_row("older versions", f"{older:,}"))
    if stories := _stories(articles):
        lines.append(_row("stories", f"{len(stories):,} told by {sum(map(len, stories)):,} near-copies"))
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


def _languages(articles: Sequence[Article]) -> dict[str, int]:
    counted = Counter(article.language or "unknown" for article in articles)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _older(articles: Sequence[Article]) -> int:
    return sum(article.superseded_by is not None for article in articles)


def _stories(articles: Sequence[Article]) -> list[list[Article]]:
    stories: dict[str, list[Article]] = {}
    for article in articles:
        if article.story is not None:
            stories.setdefault(article.story, []).append(article)
    return [stories[name] for name in sorted(stories)]


def _excluded(articles: Sequence[Article]) -> int:
    return sum(len(exclusion.span) for article in articles for exclusion in article.exclusions)
