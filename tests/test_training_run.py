"""The training run: loss, optimiser, resuming, export, and the figures by which a reader is judged."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertModel

from qa.reading import bundled
from qa.reading.records import Reading as Told
from qa.reading.records import Window
from qa.reading.rows import MAX_ANSWER_TOKENS
from tests.made_up import TITLES, news_questions, write_bench, write_encoder
from training import train
from training.calibrate import Asked, Remembering, fitted
from training.data import passage, squad
from training.evaluate import Examiner, Reading, area
from training.examine import _figures, loaded
from training.export import pack
from training.mine import neighbours
from training.model import Batch, best_spans, collate, loss_of, reader_from_encoder
from training.news import articles
from training.optim import Masters
from training.records import Collection, Gold, Item
from training.windows import Row, WindowMaker

STEPS = 6


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up bench with a tiny encoder in ``encoder`` and questions about news in ``news.jsonl``."""
    folder = tmp_path_factory.mktemp("bench")
    write_bench(folder)
    write_encoder(folder / "encoder")
    lines = [line for name in articles(folder)[:3] for line in news_questions(name)]
    (folder / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def _own_settings() -> Iterator[None]:
    """A run sets threads and signal handlers for its process; here they are put back."""
    threads, handlers = torch.get_num_threads(), [signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGINT)]
    yield
    torch.set_num_threads(threads)
    for number, handler in zip((signal.SIGTERM, signal.SIGINT), handlers, strict=True):
        signal.signal(number, handler)


def run(bench: Path, work: Path, *more: str) -> dict[str, Any]:
    """Trains in `work` to the end of its steps, or until it is stopped, and returns the state it saved."""
    given = ["--bench", bench, "--encoder", bench / "encoder", "--work", work, "--news", bench / "news.jsonl"]
    small = ["--threads", 1, "--frozen-layers", 1, "--batch-tokens", 512, "--warmup-steps", 2, "--rate", 1e-3]
    train.main([str(value) for value in (*given, "--steps", STEPS, *small, *more)])
    state: dict[str, Any] = torch.load(work / "last.pt", weights_only=True)
    return state


def logged(work: Path, key: str) -> list[Any]:
    """What the log says under `key`."""
    lines = (work / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [entry[key] for entry in map(json.loads, lines) if key in entry]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.usefixtures("_own_settings")
def test_a_stopped_run_goes_on_exactly(
    bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, precision: str
) -> None:
    """Stopped by SIGTERM after three of six steps and started again, a run ends with the bits of an unbroken one."""
    more = ("--precision", precision, "--decay-steps", "3", "--examine-steps", "3")
    through = run(bench, tmp_path / "through", *more)
    with monkeypatch.context() as stopping:
        stopping.setattr(Examiner, "examine", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        half = run(bench, tmp_path / "stopped", *more)
    resumed = run(bench, tmp_path / "stopped", *more)

    assert [state["masters"]["steps"] for state in (half, resumed, through)] == [3, STEPS, STEPS]
    assert logged(tmp_path / "stopped", "resumed") == ["last.pt"]
    for kind in ("values", "averaged"):
        one, other = resumed["masters"][kind], through["masters"][kind]
        assert one.keys() == other.keys()
        assert all(torch.equal(one[name], other[name]) for name in one)
        assert not all(torch.equal(one[name], half["masters"][kind][name]) for name in one)
    assert torch.equal(resumed["rng"], through["rng"])
    assert (resumed["epoch"], resumed["batch"]) == (through["epoch"], through["batch"])
    assert set(logged(tmp_path / "through", "examined")[0]) == {"it-it", "en-it", "en-en"}


@pytest.mark.usefixtures("_own_settings")
def test_a_run_that_lost_its_last_state_takes_the_one_before(bench: Path, tmp_path: Path) -> None:
    """Between the two renames of saving there is no ``last.pt``; nothing is lost but the steps since then."""
    run(bench, tmp_path / "run", "--steps", "2")
    run(bench, tmp_path / "run", "--steps", "4")
    (tmp_path / "run" / "last.pt").unlink()

    state = run(bench, tmp_path / "run", "--steps", "4")

    assert logged(tmp_path / "run", "resumed") == ["last.pt", "before.pt"]
    assert state["masters"]["steps"] == 4


@pytest.mark.usefixtures("_own_settings")
def test_a_run_from_another_begins_with_its_average(bench: Path, tmp_path: Path) -> None:
    """Its weights are those averaged, its optimiser and steps are fresh."""
    first = run(bench, tmp_path / "first")

    second = run(bench, tmp_path / "second", "--start-from", str(tmp_path / "first" / "last.pt"), "--steps", "0")

    assert second["masters"]["steps"] == 0
    for name, value in second["masters"]["values"].items():
        assert torch.equal(value, first["masters"]["averaged"][name])


@pytest.mark.usefixtures("_own_settings")
def test_a_run_from_an_exported_reader_begins_with_its_weights(bench: Path, tmp_path: Path) -> None:
    """What ships can be trained further without the checkpoint it came from."""
    first = run(bench, tmp_path / "first")
    pack(tmp_path / "first" / "last.pt", tmp_path / "reader.safetensors")

    second = run(bench, tmp_path / "second", "--start-from", str(tmp_path / "reader.safetensors"), "--steps", "0")

    shipped = load_file(tmp_path / "reader.safetensors")
    assert second["masters"]["values"].keys() == shipped.keys()
    for name, value in second["masters"]["values"].items():
        assert torch.equal(value, shipped[name].float())
    assert logged(tmp_path / "second", "steps_before") == [first["masters"]["steps"]]


@pytest.mark.usefixtures("_own_settings")
def test_the_mean_of_two_readers(bench: Path, tmp_path: Path) -> None:
    """With another reader each exported weight is the mean of both, in 16 bits."""
    for seed in ("1", "2"):
        run(bench, tmp_path / seed, "--seed", seed)
        pack(tmp_path / seed / "last.pt", tmp_path / f"{seed}.safetensors")

    pack(tmp_path / "2" / "last.pt", tmp_path / "mean.safetensors", tmp_path / "1.safetensors")

    first, second, mean = (load_file(tmp_path / f"{name}.safetensors") for name in ("1", "2", "mean"))
    assert any(not torch.equal(first[name], second[name]) for name in first)
    for name, value in mean.items():
        assert torch.equal(value, ((first[name].float() + second[name].float()) / 2).to(torch.bfloat16))


def test_layers_may_be_unfrozen_later_but_not_frozen(bench: Path) -> None:
    """A run may train more layers than the one it begins with, from the encoder's own weights, and not fewer."""
    few, many = (
        Masters(reader_from_encoder(bench / "encoder", 0.0, seed), frozen, 1e-3, 0.9, 0.99)
        for seed, frozen in ((1, 2), (2, 0))
    )
    encoder = {name: value.clone() for name, value in many.values.items()}

    many.begin(few.averaged)

    for name, value in many.values.items():
        assert torch.equal(value, few.averaged.get(name, encoder[name]))
    with pytest.raises(ValueError, match="other layers were frozen"):
        few.begin(many.averaged)
    with pytest.raises(ValueError, match="other layers were frozen"):
        many.restore(few.state())


@pytest.mark.usefixtures("_own_settings")
def test_export_round_trip(bench: Path, tmp_path: Path) -> None:
    """The file holds the trained layers alone, in 16 bits, with the checksum told; read again, it reads alike."""
    state = run(bench, tmp_path / "run")["masters"]
    file = tmp_path / "models" / "reader.safetensors"

    digest = pack(tmp_path / "run" / "last.pt", file)

    assert digest == hashlib.sha256(file.read_bytes()).hexdigest()
    with safe_open(file, "pt") as packed:
        names = set(packed.keys())
        assert packed.metadata()["steps"] == str(STEPS)
        assert json.loads(packed.metadata()["layers"]) == [1, 2]
        for name in names:
            assert packed.get_tensor(name).dtype == torch.bfloat16
            torch.testing.assert_close(packed.get_tensor(name).float(), state["averaged"][name], rtol=2**-8, atol=0)
    heads = {f"{head}.{part}" for head in ("span", "answerable") for part in ("weight", "bias")}
    assert names - heads == {
        name for name in names if name.startswith(("bert.encoder.layer.1.", "bert.encoder.layer.2."))
    }
    assert heads < names
    weights = sum(value.numel() for value in state["averaged"].values())
    assert file.stat().st_size < 2 * weights + 10_000
    exact = reader_from_encoder(bench / "encoder", 0.0, 0).eval()
    exact.load_state_dict(state["averaged"], strict=False)
    batch = collate([Row((0, 5, 2, 2, *range(6, 26), 2), 4, 0)])
    with torch.inference_mode():
        for one, other in zip(exact(batch), loaded(bench / "encoder", file, "float32")(batch), strict=True):
            torch.testing.assert_close(one, other, rtol=0, atol=0.02)


def test_a_file_of_another_model_is_not_examined(bench: Path) -> None:
    """The shipped layers do not fit a tiny encoder."""
    with pytest.raises(SystemExit, match="holds weights of another model"):
        loaded(bench / "encoder", bundled.FILE, "float32")


def test_the_shipped_file_is_what_export_writes() -> None:
    """Nine layers and the heads in 16 bits, under 45 MB, by the checksum the program asks for."""
    with safe_open(bundled.FILE, "pt") as packed:
        metadata, names = packed.metadata(), set(packed.keys())

    assert hashlib.sha256(bundled.FILE.read_bytes()).hexdigest() == bundled.SHA256
    assert bundled.FILE.stat().st_size < 45_000_000
    assert (json.loads(metadata["layers"]), metadata["steps"]) == (list(range(3, 12)), "900")
    assert {name.split(".")[3] for name in names if name.startswith("bert.")} == {str(at) for at in range(3, 12)}


def test_masters_by_hand(bench: Path) -> None:
    """Frozen layers stay; the average moves by 9/11 of the first step; a fresh start takes over the average."""
    reader = reader_from_encoder(bench / "encoder", 0.0, 1)
    masters = Masters(reader, frozen_layers=2, rate=1e-2, layer_decay=0.5, average=0.99)
    before = {name: value.clone() for name, value in reader.state_dict().items()}
    batch = collate([Row((0, 5, 2, 2, 6, 7, 8, 2), 4, 0, (5,), (6,)), Row((0, 5, 2, 2, 9, 2), 4, 0)])

    loss_of(reader(batch), batch, 0.3, 0.0).backward()
    masters.step(0.5)

    trained = set(masters.values)
    assert {name.split(".")[3] for name in trained if name.startswith("bert.")} == {"2"}
    for name, value in reader.state_dict().items():
        if name in trained:
            torch.testing.assert_close(
                masters.averaged[name], before[name] + 9 / 11 * (masters.values[name] - before[name])
            )
            # Adam's first step is the rate for every weight with a gradient; here half of it, by layer.
            moved = (value - before[name]).abs().max()
            assert float(moved) <= 0.5 * 1e-2 * (1 if name.startswith("bert.") else 2) * 1.01
        else:
            assert torch.equal(value, before[name])


def test_loss_by_hand() -> None:
    """Half the sum of −log of the chance of any right start and end, and .3 of the answerability's cross-entropy."""
    yes, no = torch.tensor([True, False]), torch.tensor([[False, True, True], [True, False, False]])
    allowed = torch.ones(2, 3, dtype=torch.bool)
    batch = Batch(torch.zeros(2, 3), torch.ones(2, 3), allowed, no, no)
    start = torch.tensor([[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]])
    answerable = torch.tensor([2.0, -1.0])

    loss = loss_of((start, start, answerable), batch, 0.3, 0.0)

    right = [(torch.tensor([1.0, 2.0]).exp().sum() / start[0].exp().sum()), start[1, 0].exp() / start[1].exp().sum()]
    span = -sum(float(chance.log()) for chance in right) / 2
    judged = -sum(float(torch.sigmoid(a if y else -a).log()) for a, y in zip(answerable, yes, strict=True)) / 2
    assert float(loss) == pytest.approx(span + 0.3 * judged, abs=1e-6)


@given(st.data())
@settings(max_examples=30)
def test_best_spans_against_an_oracle(data: st.DataObject) -> None:
    """The best pair of start and end, not longer than an answer may be and not at position 0."""
    width = data.draw(st.sampled_from([2, 3, 7, MAX_ANSWER_TOKENS + 3]))
    start, end = (data.draw(st.lists(st.integers(-50, 50), min_size=width, max_size=width)) for _ in range(2))
    pairs = {(i, j): start[i] + end[j] for i in range(1, width) for j in range(i, min(width, i + MAX_ANSWER_TOKENS))}

    first, last, score, nothing = best_spans(torch.tensor([start]).float(), torch.tensor([end]).float())

    assert pairs[int(first), int(last)] == int(score) == max(pairs.values())
    assert int(nothing) == start[0] + end[0]


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [([3, 4], [1, 2], 1.0), ([1], [2, 3], 0.0), ([2], [2], 0.5), ([1, 4], [2, 3], 0.5), ([3, 1], [2, 0], 0.75),
     ([], [1], 0.5), ([1], [], 0.5)],
)  # fmt: skip
def test_area(positive: list[float], negative: list[float], expected: float) -> None:
    """The share of pairs in the right order, ties for half."""
    assert area(positive, negative) == expected


def test_news_figures_by_hand(bench: Path) -> None:
    """Four readings: right, right but for its end, the sentence beside it, and an unanswerable one."""
    entry = passage("p", "news:a", "it", "Uno due tre. Nove dieci. Venti trenta. Cento mille.")
    windows = WindowMaker(bench / "encoder" / "tokenizer.json")
    examiner = Examiner(Collection(), frozenset(), windows, {}, 512)
    # Tokens: Uno due tre . | Nove dieci . | Venti trenta . | Cento mille . — gold is «Nove dieci», tokens 4 and 5.
    answerable = Item("x", "news", "news:a", {"it": "?"}, {"it": Gold("p", ((13, 23),))}, ("p",))
    nothing = Item("y", "news", "news:a", {"it": "?"}, {}, ("p",))
    readings = [
        Reading(4, 5, 3.0, 1.0, ((1, 3.0), (0, 1.0))),
        Reading(4, 4, 2.0, 0.0, ((1, 2.0),)),
        Reading(8, 8, 0.5, 0.5, ((2, 0.5), (1, 0.2))),
        Reading(11, 11, 1.0, 0.75, ((3, 1.0),)),
    ]

    figures = _figures(examiner, [(item, "it", "it", entry) for item in [answerable] * 3 + [nothing]], readings)

    assert figures == {
        "answerable": 3, "unanswerable": 1, "sentence": 0.667, "quote": 1.0, "third": 1.0, "exact": 0.333,
        "auroc": 0.667, "head": 0.333, "sum": 0.333,
    }  # fmt: skip


def test_mined_passages_do_not_answer(bench: Path) -> None:
    """Neither the passage with the answer nor one that holds its words is a negative; its article is told apart."""
    collection = squad(bench)
    tokenizer = Tokenizer.from_file(str(bench / "encoder" / "tokenizer.json"))
    model = BertModel.from_pretrained(bench / "encoder", add_pooling_layer=False).eval()

    mined = neighbours(collection, model, tokenizer)

    assert mined.keys() == collection.items.keys()
    for name, (own, foreign) in mined.items():
        item = collection.items[name]
        assert {collection.passages[key].article for key in own} == {item.article}
        assert len(own) == 2  # the other paragraph, in Italian and in English
        assert {collection.passages[key].article for key in foreign} == set(TITLES) - {item.article}
        assert not {gold.passage for gold in item.told.values()} & {*own, *foreign}


def test_a_calibration_of_separable_questions() -> None:
    """What tells answerable from unanswerable gets a positive weight, what does not none; both sets are counted."""
    ranks = {0: (1, 0), 1: (None, None), 2: (None, 2), 3: (None, None)}
    rows = [
        Asked(source, lang, f"{source}{at // 2}", at % 2 == 0, ranks[at % 4], (False, at % 4 == 0),
              {"answerable": 4.0 if at % 2 == 0 else -4.0, "lead": float(at // 2 % 2)})
        for source in ("titles", "withheld", "news") for lang in ("it", "en") for at in range(32)
    ]  # fmt: skip

    calibration, figures = fitted(rows)

    weights: dict[str, float] = calibration["weights"]  # type: ignore[assignment]
    assert weights["answerable"] > 0.5
    assert weights["lead"] == 0
    assert calibration["bias"] == pytest.approx(0, abs=1e-4)
    assert set(figures) == {"titles it", "news it", "titles en", "news en"}
    news: dict[str, float] = figures["news it"]  # type: ignore[assignment]
    assert (news["answerable"], news["unanswerable"], news["AUROC answerable"]) == (16, 16, 1.0)
    assert (news["first quote right, without the reader"], news["first quote right, with it"]) == (0.0, 0.5)
    assert (news["one of three right, without the reader"], news["one of three right, with it"]) == (0.5, 1.0)
    assert (news["right text first, without the reader"], news["right text first, with it"]) == (0.0, 0.5)
    assert news["recall of answered"] == 1.0


def test_no_window_is_read_twice_for_a_question() -> None:
    """A question asked again with some windows more reads only these; another question reads all."""

    class Counting:
        name, calibration = "counting", None

        def __init__(self) -> None:
            self.shown: list[int] = []

        def read(self, question: str, windows: Sequence[Window]) -> list[Told]:
            self.shown.append(len(windows))
            return [Told((float(len(question)),), (None,), float(window.span.start)) for window in windows]

    text = "Uno. Due. Tre."
    one, two, three = (Window(text, (sentence,)) for sentence in _spans(text))
    reader = Counting()
    remembering = Remembering(reader)

    read = [remembering.read("a", [one, two]), remembering.read("a", [three, two]), remembering.read("bb", [one])]

    assert reader.shown == [2, 1, 1]
    assert [[(r.scores[0], r.answerable) for r in row] for row in read] == [
        [(1.0, 0.0), (1.0, 5.0)], [(1.0, 10.0), (1.0, 5.0)], [(2.0, 0.0)],
    ]  # fmt: skip


def _spans(text: str) -> list[Any]:
    from index.records import Span
    from index.sentences import split_sentences

    return split_sentences(text, Span(0, len(text)))
