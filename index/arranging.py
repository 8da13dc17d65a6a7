"""What a change makes of the articles around it: versions, stories, and what is repeated.

An article that comes or goes touches those of its address, its near-copies and theirs, and the lines of its outlet. All
others stay as they are, and are not read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.records import Article
from index.repetition import ALL, forms_of, group_of, least, marked, stories_holding
from index.segmented import SegmentStore
from index.sketches import Sketch, runs_of, sketch_of
from index.stories import alike, with_stories, with_versions


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What was touched, before and after, by id.

    Attributes:
        before: as the archive holds them.
        after: as they are to be; those that go are missing.
        sketches: of those after.
        repeats: by how much more stories hold each short line; see :func:`index.repetition.stories_holding`.
    """

    before: Mapping[str, Article]
    after: Mapping[str, Article]
    sketches: Mapping[str, Sketch]
    repeats: Mapping[tuple[str, int], int]

    @property
    def changed(self) -> list[Article]:
        """What is to be written, by file name, then id."""
        found = [article for article in self.after.values() if self.before.get(article.id) != article]
        return sorted(found, key=lambda article: (article.source_file, article.id))

    @property
    def replaced(self) -> set[str]:
        """Ids of what the archive holds now and must no longer hold as it is."""
        return {i for i, article in self.before.items() if self.after.get(i) != article}


def arranged(store: SegmentStore, gone: Collection[str], new: Sequence[Article]) -> Arrangement:
    """What becomes of the articles in `store` when those `gone` go and the `new` ones come, or are known otherwise.

    Of versions that say no date a new one is newer than those held, and the last in order the newest.
    """
    around = _Surroundings(store, gone, new)
    around.join_versions()
    around.join_stories()
    after = with_stories(list(around.after.values()), {i: one.bands for i, one in around.sketches.items()})
    around.after = {article.id: article for article in after}
    repeats = _difference(around.before.values(), after)
    around.mark_repeated(repeats)
    return Arrangement(around.before, around.after, around.sketches, repeats)


def placed(before: Sequence[Article], after: Sequence[Article]) -> Arrangement:
    """All articles before and after, each as it is; for texts that nobody wants to be seen together."""
    sketches = {article.id: sketch_of(article) for article in after}
    held, holds = ({article.id: article for article in articles} for articles in (before, after))
    return Arrangement(held, holds, sketches, _difference(before, after))


def arrange(articles: Sequence[Article]) -> list[Article]:
    """`articles` in their order, as an archive of nothing else holds them."""
    after = arranged(SegmentStore(()), (), articles).after
    return [after[article.id] for article in articles]


def _difference(before: Iterable[Article], after: Iterable[Article]) -> dict[tuple[str, int], int]:
    change = stories_holding(after)
    change.subtract(stories_holding(before))
    return {key: by for key, by in change.items() if by}


class _Surroundings:
    """What a change may touch, read from the archive step by step.

    Attributes:
        before, after: as in an :class:`Arrangement`.
        sketches: likewise, of the stories' articles.
    """

    def __init__(self, store: SegmentStore, gone: Collection[str], new: Sequence[Article]) -> None:
        self._store = store
        self._new = {article.id: article for article in new}
        self._gone = set(gone)
        self.before: dict[str, Article] = {}
        self.after: dict[str, Article] = {}
        self.sketches: dict[str, Sketch] = {}
        self._draw("id", {*self._gone, *self._new})

    def _draw(self, column: str, values: Iterable[str]) -> None:
        """Read the articles that have one of `values`; those that stay as they are so far are there afterwards too."""
        for article in self._store.articles_with(column, sorted(values)):
            if article.id not in self.before:
                self.before[article.id] = article
                if article.id not in self._gone and article.id not in self._new:
                    self.after[article.id] = article

    def join_versions(self) -> None:
        """Mark of all articles at the addresses touched the older ones."""
        self._draw("url", {a.url for a in (*self.before.values(), *self._new.values()) if a.url is not None})
        articles = [*sorted(self.after.values(), key=lambda a: (a.source_file, a.id)), *self._new.values()]
        self.after = {article.id: article for article in with_versions(articles)}

    def join_stories(self) -> None:
        """Read the near-copies of what comes, and the stories of all that is touched, and sketch them."""
        coming = [article for article in self.after.values() if self._comes(article)]
        for article in coming:
            bands = self._sketch(article).bands
            near = self._store.ids_with_band(bands) - self.after.keys() - self._gone
            runs = runs_of(article)
            others = self._store.articles_with("id", sorted(near))
            self._draw("id", [o.id for o in others if o.superseded_by is None and alike(runs, runs_of(o))])
        self._draw("story", {article.story for article in self.before.values() if article.story is not None})
        for article in self.after.values():
            self._sketch(article)

    def _comes(self, article: Article) -> bool:
        """Whether `article` can be told with others now and could not before."""
        before = self.before.get(article.id)
        return article.superseded_by is None and (
            article.id in self._new or before is None or before.superseded_by is not None
        )

    def _sketch(self, article: Article) -> Sketch:
        if article.id not in self.sketches:
            self.sketches[article.id] = sketch_of(article, self._store.sketch(article.id))
        return self.sketches[article.id]

    def mark_repeated(self, change: Mapping[tuple[str, int], int]) -> None:
        """Exclude the lines that are repeated after `change`, here and wherever that has changed."""
        touched = self._forms()
        for group, form in change:
            touched.setdefault(group, set()).add(form)
        _, turned = self._repeated(touched, change)
        others = self._store.ids_with_line(turned) - self.before.keys() - self.after.keys()
        self._draw("id", others)
        for i in others:
            self._sketch(self.after[i])
        repeated, _ = self._repeated(self._forms(), change)
        self.after = {i: marked(article, repeated) for i, article in self.after.items()}

    def _forms(self) -> dict[str, set[int]]:
        """By group, the short lines of what is read."""
        forms: dict[str, set[int]] = {}
        for article in self.after.values():
            forms.setdefault(group_of(article), set()).update(forms_of(article))
        return forms

    def _repeated(
        self, forms: Mapping[str, Collection[int]], change: Mapping[tuple[str, int], int]
    ) -> tuple[set[int], set[int]]:
        """Of `forms`, those that are repeated after `change`; and all of their groups that are or were, not both."""
        repeated: set[int] = set()
        turned: set[int] = set()
        for group, found in forms.items():
            many = self._store.repeats(group, [ALL]).get(ALL, 0)
            before, after = least(many), least(many + change.get((group, ALL), 0))
            shifted = self._store.repeats_between(group, *sorted((before, after))) if before != after else set()
            held = self._store.repeats(group, {*found, *shifted})
            for form in {*found, *shifted} - {ALL}:
                now = held.get(form, 0) + change.get((group, form), 0) >= after
                repeated |= {form} if now else set()
                turned |= {form} if now != (held.get(form, 0) >= before) else set()
        return repeated, turned
