"""What one epoch shows the reader: windows with the answer, and windows that only look as if they had it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from training.records import Collection, Gold, Item, Passage
from training.swaps import Swapper
from training.windows import Row, WindowMaker

OTHER_LANGUAGES = ("es", "de", "ro")
WINDOW_SENTENCES = (3, 6)


@dataclass(frozen=True, slots=True)
class Mix:
    """How often what is drawn.

    Attributes:
        negatives: windows without an answer for one with it.
        own, near, article, far, swap: weights of the kinds of negatives: the answer's own passage without the
            sentence that answers, a similar passage of the same article, any of the same article, a similar
            one of another article, the question with a name or figure exchanged.
        afriqa: share of AfriQA's questions shown in an epoch.
        other: chance that a question's translation into a third language is shown as well.
        news: how many times an epoch shows each question about news in each language it is asked in.
    """

    negatives: float = 0.65
    own: float = 0.25
    near: float = 0.3
    article: float = 0.1
    far: float = 0.1
    swap: float = 0.25
    afriqa: float = 0.5
    other: float = 0.3
    news: int = 4


class Sampler:
    """Draws epochs; the same seed and number give the same rows."""

    def __init__(
        self,
        collection: Collection,
        closed: frozenset[str],
        windows: WindowMaker,
        mined: Mapping[str, Sequence[Sequence[str]]],
        mix: Mix,
    ) -> None:
        self._passages = collection.passages
        self._items = [item for item in collection.items.values() if item.article not in closed]
        self._windows = windows
        self._mix = mix
        open_items = {item.id: item for item in self._items}
        open_passages = {key: entry for key, entry in self._passages.items() if entry.article not in closed}
        self._mined = {
            name: [[key for key in keys if key in open_passages] for keys in mined.get(name, ([], []))]
            for name in open_items
        }
        self._swapper = Swapper(Collection(open_passages, open_items))
        self._of_article: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key, entry in open_passages.items():
            self._of_article[entry.article, entry.lang].append(key)

    def epoch(self, seed: int, number: int) -> list[Row]:
        """The rows of epoch `number`, in random order."""
        rng = random.Random(f"{seed}/{number}")
        rows: list[Row] = []
        for item in self._items:
            for asked, told in self._pairs(item, rng):
                rows += self._drawn(item, asked, told, rng)
        rng.shuffle(rows)
        return rows

    def _pairs(self, item: Item, rng: random.Random) -> Iterable[tuple[str, str]]:
        """(language of the question, language of the text) shown of `item` in one epoch."""
        if item.source == "afriqa":
            return [("en", "en")] if rng.random() < self._mix.afriqa else []
        if item.source == "news":
            langs = [self._passages[key].lang for key in item.about]
            return [(asked, rng.choice(langs)) for asked in item.asked for _ in range(self._mix.news)]
        pairs = []
        if "it" in item.told:
            pairs.append((self._asked(item, rng, it=0.55, en=0.3), "it"))
        if "en" in item.told:
            pairs.append((self._asked(item, rng, it=0.45, en=0.4), "en"))
        others = [lang for lang in OTHER_LANGUAGES if lang in item.told]
        if others and rng.random() < self._mix.other:
            pairs.append((self._asked(item, rng, it=0.4, en=0.4), rng.choice(others)))
        return pairs

    @staticmethod
    def _asked(item: Item, rng: random.Random, it: float, en: float) -> str:
        weights = {"it": it, "en": en}
        langs = [lang for lang in ("it", "en", *OTHER_LANGUAGES) if lang in item.asked]
        spread = (1 - it - en) / len(OTHER_LANGUAGES)
        return rng.choices(langs, [weights.get(lang, spread) for lang in langs])[0]

    def _drawn(self, item: Item, asked: str, told: str, rng: random.Random) -> list[Row]:
        question = item.asked[asked]
        gold = item.told.get(told)
        if gold is None:
            keys = [key for key in item.about if self._passages[key].lang == told]
            return [self._anywhere(question, self._passages[rng.choice(keys)], rng)] if keys else []
        rows = [self._with_answer(question, gold, rng)]
        if rng.random() < self._mix.negatives:
            row = self._without(item, question, asked, told, gold, rng)
            if row is not None:
                rows.append(row)
        return rows

    def _with_answer(self, question: str, gold: Gold, rng: random.Random) -> Row:
        passage = self._passages[gold.passage]
        pieces = self._windows.pieces(passage)
        sentence = pieces.sentence_at(pieces.token_span(*rng.choice(gold.spans))[0])
        first, last = self._around(len(pieces.sentences), sentence, rng)
        return self._windows.row(question, passage, first, last, gold.spans)

    def _around(self, count: int, sentence: int, rng: random.Random) -> tuple[int, int]:
        size = min(count, rng.randint(*WINDOW_SENTENCES))
        first = rng.randint(max(0, sentence - size + 1), min(sentence, count - size))
        return first, first + size - 1

    def _anywhere(self, question: str, passage: Passage, rng: random.Random) -> Row:
        count = len(self._windows.pieces(passage).sentences)
        first, last = self._around(count, rng.randrange(count), rng)
        return self._windows.row(question, passage, first, last)

    def _without(self, item: Item, question: str, asked: str, told: str, gold: Gold, rng: random.Random) -> Row | None:
        mix = self._mix
        kinds = {"own": mix.own, "near": mix.near, "article": mix.article, "far": mix.far, "swap": mix.swap}
        while kinds:
            kind = rng.choices(list(kinds), list(kinds.values()))[0]
            row = self._negative(kind, item, question, asked, told, gold, rng)
            if row is not None:
                return row
            del kinds[kind]
        return None

    def _negative(
        self, kind: str, item: Item, question: str, asked: str, told: str, gold: Gold, rng: random.Random
    ) -> Row | None:
        passage = self._passages[gold.passage]
        if kind == "own":
            return self._own_without(question, passage, gold, rng)
        if kind == "swap":
            changed = self._swapper.swapped(question, item.article, asked, passage.text, rng)
            if changed is None:
                return None
            row = self._with_answer(changed, gold, rng)
            return Row(row.ids, row.window, row.first)
        if kind == "article":
            keys = self._of_article[item.article, told]
        else:
            mined = self._mined[item.id][0 if kind == "near" else 1]
            keys = [key for key in mined if self._passages[key].lang == told]
        keys = [key for key in keys if key != gold.passage]
        return self._anywhere(question, self._passages[rng.choice(keys)], rng) if keys else None

    def _own_without(self, question: str, passage: Passage, gold: Gold, rng: random.Random) -> Row | None:
        """A run of sentences of the answer's own passage that says none of the answers' words."""
        answers = {passage.text[start:end].lower() for start, end in gold.spans}
        pieces = self._windows.pieces(passage)
        runs: list[list[int]] = [[]]
        for at, (begin, end) in enumerate(pieces.sentences):
            words = passage.text[pieces.starts[begin] : pieces.ends[end - 1]].lower()
            if any(answer in words for answer in answers):
                runs.append([])
            else:
                runs[-1].append(at)
        runs = [run for run in runs if len(run) > 1]
        if not runs:
            return None
        run = rng.choice(runs)
        size = min(len(run), rng.randint(*WINDOW_SENTENCES))
        begin = rng.randrange(len(run) - size + 1)
        return self._windows.row(question, passage, run[begin], run[begin + size - 1])


def batches(rows: Sequence[Row], seed: int, number: int, tokens: int, pool: int = 1024) -> list[list[Row]]:
    """`rows` in batches of at most `tokens` padded tokens, rows of like length together, batches in random order."""
    result: list[list[Row]] = []
    for at in range(0, len(rows), pool):
        batch: list[Row] = []
        for row in sorted(rows[at : at + pool], key=lambda entry: len(entry.ids)):
            if batch and len(row.ids) * (len(batch) + 1) > tokens:
                result.append(batch)
                batch = []
            batch.append(row)
        result.append(batch)
    random.Random(f"{seed}/{number}/batches").shuffle(result)
    return result
