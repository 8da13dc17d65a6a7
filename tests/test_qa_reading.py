"""Readers: what any of them owes to those who ask, what the bundled one does, and how what it says orders quotes."""

from __future__ import annotations

import itertools
import json
import math
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.bundled import model_folder
from index.errors import ModelError
from index.records import Span
from index.sentences import split_sentences
from qa.answer import Engine, read_question
from qa.evidence import find_evidence
from qa.reading.bundled import FILE, BundledReader, _precision
from qa.reading.calibration import Calibration, logistic
from qa.reading.named import NamedReader
from qa.reading.opening import open_reader
from qa.reading.records import UNREAD, Reader, Reading, Window
from qa.reading.reranker import Reranker
from qa.reading.rows import MAX_ANSWER_TOKENS, readings_of, row_of, visible
from qa.reading.windows import WINDOWS, read
from qa.records import Filters, Reason, Status
from qa.retrieve import Found, retrieve
from tests.conftest import SEEDS, Run

MUSEUM = "In quale distretto di Pyongyang sorgerà il museo?"


def windows_of(name: str, size: int = 5) -> list[Window]:
    """The windows of a seed, `size` sentences each."""
    text = (SEEDS / name).read_bytes().decode("utf-8")
    sentences = split_sentences(text, Span(0, len(text)))
    return [Window(text, tuple(sentences[at : at + size])) for at in range(0, len(sentences), size)]


@pytest.fixture(scope="module")
def bundled_reader() -> BundledReader:
    """The shipped reader."""
    return BundledReader()


@pytest.fixture(scope="module")
def small_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small BERT models of random weights: ``reader`` answers questions, ``ranker`` compares texts."""
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("models")
    tokenizer = AutoTokenizer.from_pretrained(model_folder())
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=128,
        num_labels=1,
        pad_token_id=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder / "ranker")
    config.num_labels = 2
    BertForQuestionAnswering(config).save_pretrained(folder / "reader")
    for name in ("reader", "ranker"):
        tokenizer.save_pretrained(folder / name)
    return folder


@pytest.fixture(scope="module", params=["bundled", "named"])
def any_reader(request: pytest.FixtureRequest, bundled_reader: BundledReader, small_models: Path) -> Reader:
    """Every kind of reader."""
    return bundled_reader if request.param == "bundled" else NamedReader(str(small_models / "reader"))


def test_a_reading_has_a_place_for_every_sentence(any_reader: Reader) -> None:
    """Each sentence has a finite score; an answer begins in its sentence and stays in the window."""
    windows = [*windows_of("001_4d098707a87e4cf2.txt"), *windows_of("003_1ef017ea2025330c.txt", 1)]

    readings = any_reader.read(MUSEUM, windows)

    assert len(readings) == len(windows)
    for window, reading in zip(windows, readings, strict=True):
        assert len(reading.scores) == len(reading.answers) == len(window.sentences)
        assert all(math.isfinite(score) for score in (*reading.scores, reading.answerable))
        for sentence, score, answer in zip(window.sentences, reading.scores, reading.answers, strict=True):
            assert (answer is None) == (score == UNREAD)
            if answer is not None:
                assert sentence.start <= answer.start < sentence.end
                assert len(answer)
                assert window.span.covers(answer)


def test_a_reading_does_not_depend_on_the_batch(any_reader: Reader) -> None:
    """A window read alone and beside longer ones gets the same scores, to rounding."""
    windows = windows_of("003_1ef017ea2025330c.txt")

    together = any_reader.read(MUSEUM, windows)
    alone = [any_reader.read(MUSEUM, [window])[0] for window in windows]

    for one, other in zip(together, alone, strict=True):
        assert one.scores == pytest.approx(other.scores, abs=0.3)
        assert one.answerable == pytest.approx(other.answerable, abs=0.3)


def test_nothing_to_read(any_reader: Reader) -> None:
    """No windows give no readings."""
    assert any_reader.read(MUSEUM, []) == []


def test_a_window_longer_than_the_model_takes_loses_its_end(any_reader: Reader) -> None:
    """Sentences for which there was no room have the lowest score; the others are read."""
    text = " ".join(
        f"Il ministro numero {n} ha parlato a lungo della legge di bilancio e delle tasse." for n in range(60)
    )
    window = Window(text, tuple(split_sentences(text, Span(0, len(text)))))

    (reading,) = any_reader.read("Chi ha parlato?", [window])

    assert reading.scores[0] > UNREAD
    assert reading.scores[-1] == UNREAD
    assert reading.answers[-1] is None


def test_a_window_without_sentences_is_refused() -> None:
    """There is nothing to point at in it."""
    with pytest.raises(ValueError, match="without sentences"):
        Window("text", ())


def test_the_bundled_reader_finds_the_answer(bundled_reader: BundledReader) -> None:
    """Asked in either language, the best sentence of the article is the one that names the district, and names it."""
    windows = windows_of("003_1ef017ea2025330c.txt")
    for question in (MUSEUM, "In which district of Pyongyang will the museum be built?"):
        found = [
            (score, answer, window)
            for window, reading in zip(windows, bundled_reader.read(question, windows), strict=True)
            for score, answer in zip(reading.scores, reading.answers, strict=True)
        ]
        score, answer, window = max(found, key=lambda item: item[0])

        assert score > 0
        assert answer is not None
        assert "Hwasong" in answer.of(window.text)


def test_both_precisions_read_alike() -> None:
    """Where the processor computes in bfloat16 and where it does not, probabilities agree to a hundredth on the mean.

    Single ones differ by up to three; rounding is bfloat16's, so float32 is the more exact.
    """
    windows = windows_of("003_1ef017ea2025330c.txt")
    full, half = (BundledReader(precision=name).read(MUSEUM, windows) for name in ("float32", "bfloat16"))

    apart = [
        abs(logistic(a) - logistic(b))
        for one, other in zip(full, half, strict=True)
        for a, b in zip((*one.scores, one.answerable), (*other.scores, other.answerable), strict=True)
    ]
    assert max(apart) < 0.03
    assert sum(apart) / len(apart) < 0.01


@pytest.mark.parametrize(("bf16", "amx", "expected"), [(False, False, "float32"), (True, False, "bfloat16"),
                                                       (False, True, "bfloat16")])  # fmt: skip
def test_a_machine_without_bfloat16_computes_in_float32(
    monkeypatch: pytest.MonkeyPatch, bf16: bool, amx: bool, expected: str
) -> None:
    """The processor decides, before any weight is read."""
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: bf16)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)

    assert _precision() is getattr(torch, expected)


def test_the_reader_says_the_same_twice(bundled_reader: BundledReader) -> None:
    """The same windows give the same bits."""
    windows = windows_of("001_4d098707a87e4cf2.txt")

    assert bundled_reader.read(MUSEUM, windows) == bundled_reader.read(MUSEUM, windows)


@pytest.mark.parametrize("damage", ["missing", "cut", "foreign"])
def test_a_damaged_reader_is_one_line(tmp_path: Path, damage: str) -> None:
    """A missing, cut or foreign file names itself and the mend."""
    file = tmp_path / FILE.name
    if damage == "cut":
        file.write_bytes(FILE.read_bytes()[:-1])
    elif damage == "foreign":
        file.write_bytes(b"x")

    with pytest.raises(ModelError, match=r"^the reader's file (cannot be read|is not the expected one)") as caught:
        BundledReader(file)

    assert str(file) in str(caught.value)
    assert "--reader none" in caught.value.hint


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "[]",
        '{"weights": {"foo": 1}, "bias": 0}',
        '{"weights": {"answerable": NaN, "lead": 0}, "bias": 0}',
        '{"weights": {"answerable": "x", "lead": 0}, "bias": 0}',
        '{"weights": {}}',
    ],
)
def test_a_damaged_calibration_is_one_line(tmp_path: Path, content: str | None) -> None:
    """So does a missing or malformed calibration."""
    shutil.copyfile(FILE, tmp_path / FILE.name)
    if content is not None:
        (tmp_path / "confidence.json").write_text(content)

    with pytest.raises(ModelError, match="the reader's calibration cannot be read"):
        BundledReader(tmp_path / FILE.name)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_calibration_gives_a_probability(signal: float, bias: float) -> None:
    """From 0 to 1, and the logistic function in between."""
    sure = Calibration({"a": 1.0}, bias).probability({"a": signal, "unused": 1.0})

    assert 0 <= sure <= 1
    if abs(signal + bias) < 30:
        assert sure == pytest.approx(1 / (1 + math.exp(-(signal + bias))))


LOGIT = st.floats(-8, 8).map(lambda value: round(value, 2))


@settings(max_examples=60)
@given(st.data())
def test_sentence_scores_against_an_oracle(data: st.DataObject) -> None:
    """A sentence's score is the log of the sum over all its answers, less that of no answer, added up one by one."""
    lengths = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    count, first = sum(lengths), 3
    width = first + count + data.draw(st.integers(1, 3))
    start, end = (data.draw(st.lists(LOGIT, min_size=width, max_size=width)) for _ in range(2))
    bounds = [first + sum(lengths[:at]) for at in range(len(lengths) + 1)]
    window = Window("x" * count, tuple(Span(a - first, b - first) for a, b in itertools.pairwise(bounds)))
    row = row_of([0] * width, first, [Span(at, at + 1) for at in range(count)], window)

    (reading,) = readings_of([row], torch.tensor([start]), torch.tensor([end]), None)

    for number, (begin, stop) in enumerate(itertools.pairwise(bounds)):
        pairs = {
            (i, j): start[i] + end[j]
            for i in range(begin, stop)
            for j in range(i, min(i + MAX_ANSWER_TOKENS, first + count))
        }
        total = math.log(sum(math.exp(value) for value in pairs.values())) - (start[0] + end[0])
        assert reading.scores[number] == pytest.approx(max(UNREAD, total), abs=1e-3)
        answer = reading.answers[number]
        assert answer is not None
        assert pairs[answer.start + first, answer.end - 1 + first] == pytest.approx(max(pairs.values()), abs=1e-5)
    assert reading.answerable == max(reading.scores)


@given(st.text(max_size=6), st.text(alphabet=" \n\u00a0ab", max_size=6))
def test_a_token_s_visible_part(before: str, token: str) -> None:
    """The space before a word is not part of it; a token of nothing but space is empty."""
    text = before + token

    span = visible(text, len(before), len(text))

    assert (span.of(text), span.end) == (token.lstrip(), len(text))


class Marked:
    """A stand-in beside the real readers: says yes to sentences that hold a word, and counts what it is shown."""

    name, calibration = "marked", None

    def __init__(self, word: str) -> None:
        self.word = word
        self.shown: list[Window] = []

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """See :class:`qa.reading.records.Reader`."""
        del question
        self.shown += windows
        said = [[self.word in sentence.of(window.text) for sentence in window.sentences] for window in windows]
        return [
            Reading(
                tuple(30.0 if yes else -30.0 for yes in row),
                tuple(Span(sentence.start, sentence.start + 3) for sentence in window.sentences),
                30.0 if any(row) else -30.0,
            )
            for window, row in zip(windows, said, strict=True)
        ]


def found_for(archive: Archive, text: str) -> Found:
    """What retrieval brings."""
    question = read_question(text)
    return retrieve(archive, question, archive.encoder.encode_questions([question.searched])[0], Filters())


def test_the_reader_orders_what_it_read(hashing_path: Path) -> None:
    """Passages with a sentence the reader says yes to come first, unread ones last, and nothing gets lost."""
    archive = Archive.open(hashing_path)
    found, reader = found_for(archive, "Cosa ha detto Putin dei soldati nordcoreani?"), Marked("Kursk")

    ordered = read(reader, read_question("Cosa ha detto Putin dei soldati nordcoreani?"), found)

    assert 0 < len(reader.shown) <= WINDOWS
    assert sorted(hit.passage_id for hit in ordered.hits) == sorted(hit.passage_id for hit in found.hits)
    yes = [any("Kursk" in s.span.of(ordered.articles[hit.article_id].text) and s.id in ordered.read
               for s in ordered.sentences[hit.passage_id]) for hit in ordered.hits]  # fmt: skip
    assert any(yes)
    assert yes == sorted(yes, reverse=True)
    was_read = [any(s.id in ordered.read for s in ordered.sentences[hit.passage_id]) for hit in ordered.hits]
    assert was_read == sorted(was_read, reverse=True)
    assert [hit.score for hit in ordered.hits] == [max(hit.sentence_weights.values()) for hit in ordered.hits]
    assert ordered.answerable == 30.0
    best = find_evidence(ordered, 1)[0]
    assert "Kursk" in best.sentence.span.of(ordered.articles[best.hit.article_id].text)
    assert best.answer == Span(best.sentence.span.start, best.sentence.span.start + 3)


def test_windows_are_neighbouring_sentences_of_one_passage(hashing_path: Path) -> None:
    """What is read together stands together, at most five sentences."""
    archive = Archive.open(hashing_path)
    found, reader = found_for(archive, "Quanti soldati sono morti?"), Marked("x")
    read(reader, read_question("Quanti soldati sono morti?"), found)
    runs = [tuple(sentence.span for sentence in row) for row in found.sentences.values()]

    for window in reader.shown:
        assert len(window.sentences) <= 5
        assert any(window.sentences == run[at : at + len(window.sentences)] for run in runs for at in range(len(run)))


def test_reading_nothing(hashing_path: Path) -> None:
    """Where nothing was found nothing is read."""
    found = replace(found_for(Archive.open(hashing_path), MUSEUM), hits=())

    assert read(Marked("x"), read_question(MUSEUM), found) == replace(found, answerable=None)


def test_a_reranker_orders_passages(hashing_path: Path, small_models: Path) -> None:
    """The best passages stand in the cross-encoder's order, none is lost, and later ones stay behind them."""
    from sentence_transformers import CrossEncoder

    found, ranker = found_for(Archive.open(hashing_path), MUSEUM), Reranker(str(small_models / "ranker"))
    head = found.hits[:20]
    texts = [hit.span.of(found.articles[hit.article_id].text) for hit in head]
    model = CrossEncoder(str(small_models / "ranker"), device="cpu", local_files_only=True)
    scores = model.predict([(MUSEUM, text) for text in texts])
    expected = [head[at].passage_id for at in sorted(range(len(head)), key=lambda at: (-scores[at], at))]

    ranked = ranker.rank(read_question(MUSEUM), found)

    assert [hit.passage_id for hit in ranked.hits] == expected + [hit.passage_id for hit in found.hits[20:]]
    assert [hit.score for hit in ranked.hits] == [hit.score for hit in found.hits]
    assert ranker.rank(read_question(MUSEUM), replace(found, hits=())).hits == ()


@pytest.mark.parametrize(
    ("name", "model", "kind"), [(None, "hashing", None), ("none", "bundled", None), (None, "bundled", BundledReader)]
)
def test_which_reader_is_the_default(name: str | None, model: str, kind: type | None) -> None:
    """The bundled one, but none for archives of machines too small for a model."""
    assert type(open_reader(name, model)) is (type(None) if kind is None else kind)


@pytest.mark.parametrize("open_model", [NamedReader, Reranker])
def test_a_model_that_is_not_here_is_one_line(open_model: type) -> None:
    """Nothing is fetched: an unknown name is an error with the mend."""
    with pytest.raises(ModelError, match=r"the model nobody/nothing cannot be opened: it is not on this machine"):
        open_model("nobody/nothing")


@pytest.mark.parametrize("open_model", [NamedReader, Reranker])
def test_a_model_of_another_kind_is_one_line(open_model: type) -> None:
    """A bare encoder, whose head would be drawn at random, is refused."""
    with pytest.raises(ModelError, match=r"is not a (question-answering model|cross-encoder)$"):
        open_model(str(model_folder()))


def test_a_question_longer_than_a_window(small_models: Path) -> None:
    """The longest question that can be asked is read, cut where the model ends."""
    reader = NamedReader(str(small_models / "reader"))

    readings = reader.read("1 2 3 " * 330, windows_of("003_1ef017ea2025330c.txt"))

    assert all(math.isfinite(score) for reading in readings for score in reading.scores)


def test_an_answer_names_the_words_that_answer(seeds_archive: Archive, bundled_reader: BundledReader) -> None:
    """With the reader the first quote holds the district, and the answer inside it is its name."""
    answer = Engine(seeds_archive, bundled_reader).ask(MUSEUM)
    first = answer.citations[0]

    assert answer.status is Status.ANSWERED
    assert first.answer is not None
    assert first.quote.span.covers(first.answer)
    assert "Hwasong" in first.answer.of(first.quote.article.text)
    assert 0.75 <= answer.confidence <= 1


def test_more_confidence_can_be_asked_for(seeds_archive: Archive, bundled_reader: BundledReader) -> None:
    """Below the confidence asked for nothing is answered; the same passages are shown as the nearest, and why."""
    strict = Engine(seeds_archive, bundled_reader, least=1.0).ask(MUSEUM)
    lenient = Engine(seeds_archive, bundled_reader, least=0.0).ask(MUSEUM)

    assert (strict.status, strict.reason, lenient.status) == (Status.NOT_FOUND, Reason.UNANSWERED, Status.ANSWERED)
    assert [c.quote for c in strict.nearest] == [c.quote for c in lenient.citations[:3]]
    assert strict.confidence == lenient.confidence


def test_readers_on_the_command_line(run: Run, hashing_path: Path, small_models: Path) -> None:
    """Another reader and reranker answer, with the words they name; no reader names none; none that is not here."""
    given = ("-m", "qa", "ask", MUSEUM, "--json", "--archive", str(hashing_path), "--min-confidence", "0")

    named = run(*given, "--reader", str(small_models / "reader"), "--reranker", str(small_models / "ranker"))
    plain = run(*given, "--reader", "none")
    missing = run(*given, "--reader", "nobody/nothing")

    assert (named.returncode, plain.returncode, missing.returncode) == (0, 0, 1), named.stderr
    first = json.loads(named.stdout)["citations"][0]
    begin, end = first["answer"]
    assert first["start"] <= begin < end <= first["end"]
    assert json.loads(plain.stdout)["citations"][0]["answer"] is None
    assert missing.stderr.startswith("error: the model nobody/nothing cannot be opened: it is not on this machine — ")


@pytest.mark.parametrize("value", ["2", "-0.1", "nan", "much"])
def test_a_senseless_confidence_is_wrong_usage(run: Run, value: str) -> None:
    """A probability is from 0 to 1."""
    done = run("-m", "qa", "ask", MUSEUM, f"--min-confidence={value}")

    assert (done.returncode, done.stdout) == (2, "")
    assert f"{value} is not a number from 0 to 1" in done.stderr
