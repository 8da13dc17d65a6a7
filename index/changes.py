"""What a build, add or remove did to an archive, or would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from index.ingest import Intake
from index.manifest import Manifest
from index.records import Article
from index.store import Store


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds, in figures.

    Attributes:
        languages: how many articles are in each, the most first; ``unknown`` where it could not be told.
        older: how many articles a newer version took the place of.
        characters: of all articles.
        excluded: how many of these are never quoted.
        stories: of each that several articles tell, their ids and outlets, ascending.
    """

    languages: Mapping[str, int]
    older: int
    characters: int
    excluded: int
    stories: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    @property
    def articles(self) -> int:
        """How many there are."""
        return sum(self.languages.values())


@dataclass(frozen=True, slots=True)
class Change:
    """A change, by article.

    Attributes:
        added: ids of articles that are new.
        updated: ids of articles that took the place of another text from the same source or address, or of which
            something else is known now.
        removed: ids of articles that are no longer there, those replaced left out.
        unchanged: how many stayed as they were.
        published: False where nothing had to change, or nothing was to be written.
        intake: what was read, and what was not; None where nothing was to be read.
        contents: what the archive holds afterwards.
        manifest: the archive's; None where there is none, because nothing was to be written.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    published: bool
    intake: Intake | None
    contents: Contents
    manifest: Manifest | None


def compared(
    before: Mapping[str, Article],
    after: Mapping[str, Article],
    contents: Contents,
    intake: Intake | None,
    manifest: Manifest | None,
    published: bool,
) -> Change:
    """The change of the articles `before` to those `after`, by id; all others of the archive stay as they are."""
    former = {key for article in before.values() for key in _keys(article)}
    sources = {article.source for article in after.values()}
    added: list[str] = []
    updated: list[str] = []
    for article in sorted(after.values(), key=lambda article: (article.source_file, article.id)):
        held = before.get(article.id)
        if held is None:
            (updated if former.intersection(_keys(article)) else added).append(article.id)
        # A file that merely lies elsewhere now is not a change.
        elif replace(held, source_path=article.source_path, source_sha256=article.source_sha256) != article:
            updated.append(article.id)
    ordered = sorted(before.values(), key=lambda article: (article.source_file, article.id))
    removed = [article.id for article in ordered if article.id not in after and article.source not in sources]
    unchanged = contents.articles - len(added) - len(updated)
    return Change(tuple(added), tuple(updated), tuple(removed), unchanged, published, intake, contents, manifest)


def contents_after(store: Store, before: Iterable[Article], after: Iterable[Article]) -> Contents:
    """What `store` holds when of its articles those `before` give way to those `after`."""
    counts: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    stories = store.in_stories()
    for language, articles, older, characters, excluded in store.totals():
        languages[language or _UNKNOWN] += articles
        counts.update(older=older, characters=characters, excluded=excluded)
    for sign, some in ((-1, before), (1, after)):
        for article in some:
            languages[article.language or _UNKNOWN] += sign
            counts["older"] += sign * (article.superseded_by is not None)
            counts["characters"] += sign * len(article.text)
            counts["excluded"] += sign * sum(len(one.span) for one in article.exclusions)
            stories.pop(article.id, None)
            if sign > 0 and article.story is not None:
                stories[article.id] = article.story, article.outlet
    told: dict[str, list[tuple[str, str | None]]] = {}
    for i, (story, outlet) in sorted(stories.items()):
        told.setdefault(story, []).append((i, outlet))
    return Contents(
        dict(sorted(((code, n) for code, n in languages.items() if n), key=lambda item: (-item[1], item[0]))),
        counts["older"],
        counts["characters"],
        counts["excluded"],
        tuple(
            (tuple(i for i, _ in told[name]), tuple(sorted({outlet for _, outlet in told[name] if outlet})))
            for name in sorted(told)
        ),
    )


_UNKNOWN = "unknown"


def _keys(article: Article) -> list[object]:
    """What makes another text an update of `article`."""
    return [article.source] if article.url is None else [article.source, article.url]
