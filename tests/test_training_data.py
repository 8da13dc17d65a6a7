"""What the reader is trained on: splits, windows, questions made unanswerable, epochs and batches."""

from __future__ import annotations

import itertools
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from tests.conftest import ROOT
from tests.made_up import HELD_OUT, TITLES, facts, news_questions, own_words, text_of, write_bench, write_encoder
from training.data import held_out_titles, json_lines, passage, squad
from training.invented import invented
from training.news import TRAINED_ARTICLES, articles, held_out_news, news_collection
from training.records import Collection, Item
from training.sampling import Mix, Sampler, batches
from training.swaps import Swapper, names, numbers
from training.windows import MAX_QUESTION_TOKENS, Row, WindowMaker

BENCH = ROOT.parent / "shared" / "bench"
QUESTIONS = ROOT / "training" / "questions"
ARTICLES = ROOT / "training" / "articles"
needs_bench = pytest.mark.skipif(not BENCH.is_dir(), reason="the data sets lie beside the project, not in it")
MOST = 40


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up bench with a tiny encoder in ``encoder``."""
    folder = tmp_path_factory.mktemp("bench")
    write_bench(folder)
    write_encoder(folder / "encoder")
    return folder


@pytest.fixture(scope="module")
def tokenizer(bench: Path) -> Tokenizer:
    """Of the tiny encoder."""
    return Tokenizer.from_file(str(bench / "encoder" / "tokenizer.json"))


@pytest.fixture(scope="module")
def windows(bench: Path) -> WindowMaker:
    """Rows of at most :data:`MOST` tokens, two or three sentences."""
    return WindowMaker(bench / "encoder" / "tokenizer.json", MOST)


def with_news(bench: Path, *chosen: str) -> Collection:
    """The made-up paragraphs, and questions about the news articles `chosen`."""
    file = bench / "questions.jsonl"
    file.write_text("".join(f"{line}\n" for name in chosen for line in news_questions(name)), encoding="utf-8")
    collection = squad(bench)
    collection.add(news_collection(bench, file))
    return collection


def sampler_of(bench: Path, windows: WindowMaker, **mix: float) -> tuple[Sampler, frozenset[str]]:
    """A sampler of everything, held-out news handed in and all passages mined for everyone; and what is closed."""
    open_news, closed_news = articles(bench)[0], articles(bench)[-1]
    collection = with_news(bench, open_news, closed_news)
    closed = held_out_titles(collection.items.values()) | held_out_news(bench)
    mined = {name: [list(collection.passages)] * 2 for name in collection.items}
    return Sampler(collection, closed, windows, mined, Mix(**mix)), closed  # type: ignore[arg-type]


def words_of(tokenizer: Tokenizer, ids: tuple[int, ...]) -> list[str]:
    """The words of token ids."""
    return [tokenizer.id_to_token(i) or "" for i in ids]


def test_sources_are_one_collection(bench: Path) -> None:
    """A paragraph, its translations and its questions in every language are one item, each answer where it stands."""
    collection = squad(bench)

    assert len(collection.items) == 30
    for item in collection.items.values():
        assert set(item.asked) == set(item.told) == {"it", "en", "es", "de", "ro"}
        title, paragraph, at = item.id.split("-")
        for gold in item.told.values():
            (span,) = gold.spans
            text = collection.passages[gold.passage]
            assert text.article == item.article == title
            assert text.text[slice(*span)] == facts(title, int(paragraph))[int(at)]["count"]


def test_an_answer_without_words_is_none(tmp_path: Path) -> None:
    """A question whose answer was lost is not taught to be answered by the first word."""
    write_bench(tmp_path)
    file = tmp_path / "squad-it-dev" / "queries.it.jsonl"
    rows = list(json_lines(file))
    rows[0]["metadata"]["answers"] = [[0, 0, ""]]
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")

    assert set(squad(tmp_path).items[rows[0]["_id"]].told) == {"en", "es", "de", "ro"}


def test_no_key_is_in_two_sources(bench: Path) -> None:
    """A source that was taken in already is refused."""
    collection = squad(bench)

    with pytest.raises(ValueError, match="two sources share a key"):
        collection.add(squad(bench))


def test_an_answer_outside_its_line_is_refused(bench: Path) -> None:
    """Offsets of questions about news are held against the articles."""
    row = json.loads(next(news_questions(articles(bench)[0])))
    row["gold"]["it"][0][2] = 1000
    (bench / "wrong.jsonl").write_text(json.dumps(row), encoding="utf-8")

    with pytest.raises(ValueError, match="is outside line 0"):
        news_collection(bench, bench / "wrong.jsonl")


@pytest.mark.parametrize("seed", range(3))
def test_nothing_held_out_is_trained_on(bench: Path, tokenizer: Tokenizer, windows: WindowMaker, seed: int) -> None:
    """No row of an epoch holds a word of a held-out title or news article, in question or window, be it handed in."""
    sampler, closed = sampler_of(bench, windows, negatives=1, other=1, news=2)
    held = own_words(HELD_OUT) | {f"Nord{letter}{articles(bench)[-1].split('.')[1]}" for letter in "abcd"}

    seen = {word for row in sampler.epoch(seed, 0) for word in words_of(tokenizer, row.ids)}

    assert closed == {HELD_OUT} | {f"news:{name}" for name in articles(bench)[TRAINED_ARTICLES:]}
    assert not seen & held
    for title in set(TITLES) - {HELD_OUT}:
        assert seen & own_words(title)
    assert any(word.startswith("Nord") for word in seen)


def test_an_epoch_is_its_seed_and_number(bench: Path, windows: WindowMaker) -> None:
    """The same two give the same rows, another number gives others."""
    sampler, _ = sampler_of(bench, windows)

    assert sampler.epoch(3, 1) == sampler.epoch(3, 1)
    assert sampler.epoch(3, 1) != sampler.epoch(3, 2)


@pytest.mark.parametrize("kind", ["own", "near", "article", "far", "swap"])
def test_windows_without_an_answer_have_none(
    bench: Path, tokenizer: Tokenizer, windows: WindowMaker, kind: str
) -> None:
    """Of each kind alone: a row marked as unanswerable does not hold the count of the name and year it asks for."""
    none = dict.fromkeys(("own", "near", "article", "far", "swap"), 0.0)
    sampler, _ = sampler_of(bench, windows, **{**none, kind: 1.0, "negatives": 1.0, "news": 0})
    count = {(f["name"], f["year"]): f["count"] for title in TITLES for at in range(2) for f in facts(title, at)}

    rows = [row for row in sampler.epoch(0, 0) if not row.starts]

    assert len(rows) >= 20
    for row in rows:
        words = words_of(tokenizer, row.ids)
        question, window = set(words[: row.window]), words[row.window :]
        asked = {value for (name, year), value in count.items() if {name, year} <= question}
        assert not asked & set(window)


def test_windows_with_an_answer_point_at_it(bench: Path, tokenizer: Tokenizer, windows: WindowMaker) -> None:
    """Every row marked as answerable points at the count of the name and year it asks for."""
    sampler, _ = sampler_of(bench, windows, news=0)
    count = {(f["name"], f["year"]): f["count"] for title in TITLES for at in range(2) for f in facts(title, at)}

    rows = [row for row in sampler.epoch(0, 0) if row.starts]

    assert len(rows) >= 48
    for row in rows:
        words = words_of(tokenizer, row.ids)
        told = {words[at] for at in row.starts}
        assert told == {words[at] for at in row.ends}
        assert told == {value for (name, year), value in count.items() if {name, year} <= set(words[: row.window])}


@given(st.data())
def test_a_row_is_question_and_window(windows: WindowMaker, tokenizer: Tokenizer, data: st.DataObject) -> None:
    """It never exceeds its room, its window is a run of the passage's tokens, and answers are where they stand.

    A window that is too long keeps an answer, even one at its end.
    """
    title, paragraph = data.draw(st.sampled_from(TITLES)), data.draw(st.integers(0, 1))
    text, spans = text_of(title, paragraph, "it")
    entry = passage(f"{title}{paragraph}", title, "it", text)
    first = data.draw(st.integers(0, 5))
    last = data.draw(st.integers(first, 5))
    at = data.draw(st.integers(0, 5))
    question = " ".join(["Alfaox"] * data.draw(st.integers(1, MAX_QUESTION_TOKENS // 3)))

    row = windows.row(question, entry, first, last, [spans[at]])

    pieces = windows.pieces(entry)
    assert len(row.ids) <= MOST
    shown = row.ids[row.window : -1]
    assert shown == pieces.ids[row.first : row.first + len(shown)]
    assert row.ids[: row.window] == (0, *windows.question(question), 2, 2)
    assert (
        bool(row.starts) == (first <= at <= last) or len(shown) < pieces.sentences[last][1] - pieces.sentences[first][0]
    )
    for start, end in zip(row.starts, row.ends, strict=True):
        begin, stop = pieces.starts[row.first + start - row.window], pieces.ends[row.first + end - row.window]
        assert (begin, stop) == spans[at]


@pytest.mark.parametrize("at", range(6))
def test_a_window_that_is_too_long_keeps_its_answer(windows: WindowMaker, at: int) -> None:
    """It loses its end, or its beginning where that holds the answer."""
    text, spans = text_of("Alfa", 0, "it")

    row = windows.row("Quanti abitanti?", passage("whole", "Alfa", "it", text), 0, 5, [spans[at]])

    assert len(row.ids) == MOST
    assert len(row.starts) == 1


def test_a_long_question_is_cut(windows: WindowMaker) -> None:
    """It leaves room for the window."""
    assert len(windows.question("Alfaox " * 200)) == MAX_QUESTION_TOKENS


def test_names_and_figures() -> None:
    """Capitalised words but the first of a sentence, with what joins them; figures without the stop after them."""
    text = "Ieri con Maria de Rossi ha visto Roma. Poi, nel 1999, 3.500 persone. E «Bari»."

    assert [text[a:b] for a, b in names(text)] == ["Maria de Rossi", "Roma", "Bari"]
    assert [text[a:b] for a, b in numbers(text)] == ["1999", "3.500"]


@pytest.mark.parametrize("seed", range(20))
def test_a_swap_asks_for_something_else(bench: Path, seed: int) -> None:
    """One name or year is exchanged for another of the same article that the window does not name."""
    swapper = Swapper(squad(bench))
    fact = facts("Alfa", 0)[0]
    window, _ = text_of("Alfa", 0, "it")

    changed = swapper.swapped(f"Quanti abitanti contava {fact['name']} nel {fact['year']}?", "Alfa", "it", window,
                              random.Random(seed))  # fmt: skip

    assert changed is not None
    before = ["Quanti", "abitanti", "contava", fact["name"], "nel", fact["year"]]
    after = changed.removesuffix("?").split()
    ((old, new),) = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert new not in window
    if old == fact["name"]:
        assert new in {other["name"] for other in facts("Alfa", 1)}
    else:
        assert len(new) == 4
        assert new.isdigit()


@pytest.mark.parametrize(("question", "lang"), [("quanti erano?", "it"), ("Wie viele Leute hatte die Stadt?", "de")])
def test_a_question_without_names_is_not_swapped(bench: Path, question: str, lang: str) -> None:
    """There is nothing to exchange, and a German noun is no name."""
    assert Swapper(squad(bench)).swapped(question, "Alfa", lang, "", random.Random(0)) is None


@given(st.lists(st.integers(6, MOST), max_size=200), st.integers(MOST, 200), st.integers(1, 60))
def test_batches_are_of_like_length(lengths: list[int], tokens: int, pool: int) -> None:
    """Every row once, none over the limit of padded tokens, and within a pool no two batches' lengths overlap."""
    rows = [Row((at, *[0] * (length - 1)), 4, 0) for at, length in enumerate(lengths)]

    result = batches(rows, 1, 2, tokens, pool)

    assert sorted(row.ids[0] for batch in result for row in batch) == list(range(len(rows)))
    assert all(max(len(row.ids) for row in batch) * len(batch) <= tokens for batch in result)
    for begin in range(0, len(rows), pool):
        own = [[len(r.ids) for r in batch] for batch in result if begin <= batch[0].ids[0] < begin + pool]
        own.sort(key=lambda batch: (min(batch), max(batch)))
        assert all(max(one) <= min(other) for one, other in itertools.pairwise(own))
    assert result == batches(rows, 1, 2, tokens, pool)


def test_our_questions_are_split_by_article() -> None:
    """No article and no question of the training file is in the held-out one; the model card's counts are theirs."""
    trained, held = (list(json_lines(QUESTIONS / f"{name}.jsonl")) for name in ("train", "heldout"))

    assert not {row["article"] for row in trained} & {row["article"] for row in held}
    assert not {row["question"].casefold() for row in trained} & {row["question"].casefold() for row in held}
    assert not {row["id"] for row in trained} & {row["id"] for row in held}
    counts = [(len(rows), sum(row["lang"] == "it" for row in rows), sum(row["answerable"] for row in rows))
              for rows in (trained, held)]  # fmt: skip
    assert counts == [(1866, 933, 1236), (271, 139, 197)]


@needs_bench
def test_the_held_out_titles_and_articles_are_those_of_the_card() -> None:
    """Four titles; questions to train on keep to the first 40 news articles, held-out ones to the other 22."""
    closed = held_out_titles(squad(BENCH).items.values())
    about = {name: {item.article for item in news_collection(BENCH, QUESTIONS / f"{name}.jsonl").items.values()}
             for name in ("train", "heldout")}  # fmt: skip

    assert closed == {"Imperialismo", "Nikola Tesla", "Numero primo", "Ossigeno"}
    assert len(held_out_news(BENCH)) == 22
    assert about["heldout"] <= held_out_news(BENCH)
    assert not about["train"] & held_out_news(BENCH)


@needs_bench
def test_answers_stand_where_the_data_say() -> None:
    """Every answer of the data sets lies in one passage of its item's article, and no held-out item is elsewhere."""
    collection = squad(BENCH)
    closed = held_out_titles(collection.items.values())

    def is_whole(item: Item) -> bool:
        golds = [(collection.passages[gold.passage], span) for gold in item.told.values() for span in gold.spans]
        return all(text.article == item.article and 0 <= a < b <= len(text.text) for text, (a, b) in golds)

    assert all(map(is_whole, collection.items.values()))
    apart = [{entry.text for entry in collection.passages.values() if (entry.article in closed) is held}
             for held in (True, False)]  # fmt: skip
    assert not apart[0] & apart[1]


def test_invented_articles_hold_their_answers() -> None:
    """Every answer is whole words of its article, every question is asked in both languages, as the documents count."""
    collection = invented(ARTICLES)

    for item in collection.items.values():
        assert item.asked.keys() == {"it", "en"}
        for gold in item.told.values():
            text = collection.passages[gold.passage].text
            for start, end in gold.spans:
                assert text[start:end].strip() == text[start:end] != ""
                assert not re.match(r"\w\w", text[start - 1 : start + 1] if start else "")
                assert not re.match(r"\w\w", text[end - 1 : end + 1])
    languages = [entry.lang for entry in collection.passages.values()]
    assert (languages.count("it"), languages.count("en")) == (229, 91)
    assert (len(collection.items), sum(not item.told for item in collection.items.values())) == (2880, 960)


def test_an_answer_outside_its_invented_article_is_refused(tmp_path: Path) -> None:
    """An offset beyond the text is an error and not a window without an answer."""
    row = {"id": "a", "lang": "it", "text": "Poche parole.", "questions": [{"it": "?", "en": "?", "gold": [[6, 99]]}]}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")

    with pytest.raises(ValueError, match="question 0 of a: an answer outside the article"):
        invented(tmp_path)


def test_invented_articles_are_shown_in_their_own_language(bench: Path, windows: WindowMaker, tmp_path: Path) -> None:
    """Each question is shown in both languages with its one text, as often as questions about news are."""
    text = "Il sindaco Rossi ha aperto il ponte. La spesa è di tre milioni. Il consiglio ha votato contro."
    asked = [{"it": "Chi?", "en": "Who?", "gold": [[11, 16]]}, {"it": "Perché?", "en": "Why?", "gold": []}]
    row = {"id": "ponte", "lang": "it", "text": text, "questions": asked}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    collection = invented(tmp_path)

    rows = Sampler(collection, frozenset(), windows, {}, Mix(negatives=0, news=3)).epoch(1, 0)

    assert sum(bool(entry.starts) for entry in rows) == 2 * 3
    assert sum(not entry.starts for entry in rows) == 2 * 3
