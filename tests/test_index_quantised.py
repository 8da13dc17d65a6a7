"""Passages in 8 bits: how near they come to those in fp32, what is kept in the cache, and what is refused."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import (
    AlbertConfig,
    AlbertModel,
    AutoTokenizer,
    BertConfig,
    BertModel,
    BertTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from index import conversion, network, quantised
from index.archive import Archive
from index.bins import batches
from index.build import add, build
from index.cache import is_whole
from index.conversion import Conversion, sample
from index.encoder import HASHING, Precision, SentenceTransformerEncoder, ignore, open_encoder
from index.errors import ModelError
from index.passages import split_passages
from index.quantised import QuantisedEncoder, can_be_had
from tests.conftest import SEEDS, Run

pytestmark = pytest.mark.skipif(not can_be_had(), reason="openvino and nncf, which int8 takes, are not installed")
TEXTS = [
    span.of(text)
    for path in sorted(SEEDS.glob("*.txt"))
    for text in [path.read_text(encoding="utf-8")]
    for draft in split_passages(text, [])
    for span in (draft.span, *draft.sentences)
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder in which the bundled model was converted."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def fast(bundled_encoder: SentenceTransformerEncoder, kept: Path) -> Iterator[SentenceTransformerEncoder]:
    """The bundled encoder with its model in 8 bits converted anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIRGOLETTATO_CACHE", str(kept))
        patch.delitem(bundled_encoder.__dict__, "_quantised", raising=False)
        bundled_encoder.encode_passages([], precision=Precision.INT8)
        yield bundled_encoder
    bundled_encoder.__dict__.pop("_quantised", None)


def test_nearly_the_same_as_fp32(fast: SentenceTransformerEncoder) -> None:
    """Passages and sentences of the seeds are unit vectors at least .99 alike with those in fp32, .998 on average."""
    exact, found = fast.encode_passages(TEXTS), fast.encode_passages(TEXTS, precision=Precision.INT8)

    assert (found.shape, found.dtype) == (exact.shape, np.float32)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    alike = (exact * found).sum(axis=1)
    assert float(alike.min()) >= 0.99
    assert float(alike.mean()) >= 0.998


def test_the_same_to_the_bit(fast: SentenceTransformerEncoder, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same texts have the same vectors again, by one thread as by all, and from the cache as made just now."""
    import torch

    monkeypatch.setenv("VIRGOLETTATO_CACHE", str(kept))
    few = TEXTS[:12]
    once = fast.encode_passages(few, precision=Precision.INT8)
    threads = torch.get_num_threads()
    again = QuantisedEncoder(fast._model, fast.name, fast.prompts[1], threading.Lock())
    try:
        torch.set_num_threads(1)
        alone = fast.encode_passages(few, precision=Precision.INT8)
    finally:
        torch.set_num_threads(threads)

    np.testing.assert_array_equal(fast.encode_passages(few, precision=Precision.INT8), once)
    np.testing.assert_array_equal(alone, once)
    one = [fast.prompts[1] + few[0]]
    np.testing.assert_array_equal(again(one, ignore), fast._quantised(one, ignore))


def test_texts_keep_their_places(fast: SentenceTransformerEncoder) -> None:
    """More texts than go together, of mixed length, come back in the order they were given, and all are counted."""
    texts = [f"Frase {n} " + "parola " * (n % 7) for n in range(260)] + ["lunga " * 3_000]
    done: list[int] = []

    vectors = fast.encode_passages(texts, done.append, Precision.INT8)

    assert sum(done) == 261
    picked = [0, 1, 20, 259, 260]
    alone = fast.encode_passages([texts[n] for n in picked], precision=Precision.INT8)
    assert float((vectors[picked] * alone).sum(axis=1).min()) > 0.999


def test_one_text_takes_no_notice_of_another(fast: SentenceTransformerEncoder) -> None:
    """A text has the same vector alone in a row, behind another, and between two, but for what rounding does."""
    texts = [f"passage: {text}" for text in ("Uno.", TEXTS[0], "Una frase in mezzo.", TEXTS[1], "Alla fine?")]
    tokens, network = fast._quantised._tokens(texts), fast._quantised._opened()
    assert len(batches([len(ids) for ids in tokens], 512)[0].texts) > 1

    together = network(tokens, ignore)

    alone = np.concatenate([network([ids], ignore) for ids in tokens])
    assert float((together * alone).sum(axis=1).min()) > 0.9995
    others = network([tokens[n] for n in (0, 3, 2, 1, 4)], ignore)
    assert float((together[[0, 2, 4]] * others[[0, 2, 4]]).sum(axis=1).min()) > 0.9995


def test_what_went_wrong_once_does_not_again(fast: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener that raises, and a batch that the library refuses leave the next texts unharmed."""
    texts = ["parola " * (1 + n % 60) for n in range(150)]
    once = fast.encode_passages(texts, precision=Precision.INT8)

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fast.encode_passages(texts, interrupted, Precision.INT8)
    np.testing.assert_array_equal(fast.encode_passages(texts, precision=Precision.INT8), once)

    given = network.Inputs.of
    with monkeypatch.context() as patch:
        patch.setattr(
            network.Inputs, "of", lambda *those: [given(*those)[0], *(one[:, :-1] for one in given(*those)[1:])]
        )
        with pytest.raises(ModelError, match="bundled does not work in int8 here"):
            fast.encode_passages(texts, precision=Precision.INT8)
    np.testing.assert_array_equal(fast.encode_passages(texts, precision=Precision.INT8), once)


def test_several_threads_embed_at_once(fast: SentenceTransformerEncoder) -> None:
    """Each has the vectors of its own texts."""
    parts = [[f"Testo {n} numero {m}. " * (1 + m % 9) for m in range(40)] for n in range(4)]
    alone = [fast.encode_passages(part, precision=Precision.INT8) for part in parts]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda part: fast.encode_passages(part, precision=Precision.INT8), parts))

    np.testing.assert_array_equal(np.array(found), np.array(alone))


def test_questions_asked_meanwhile_change_nothing(fast: SentenceTransformerEncoder) -> None:
    """Vectors are the same while questions, which pad their texts, are embedded in another thread."""
    alone, ended = fast.encode_passages(TEXTS, precision=Precision.INT8), threading.Event()

    def ask() -> int:
        asked = 0
        while not ended.is_set():
            fast.encode_questions(["Chi?", "Quando si vota per il nuovo sindaco di Roma?"])
            asked += 1
        return asked

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(ask)
            found = [fast.encode_passages(TEXTS, precision=Precision.INT8) for _ in range(10)]
            ended.set()
            assert asking.result() > 10
    finally:
        ended.set()
        sys.setswitchinterval(interval)

    for vectors in found:
        np.testing.assert_array_equal(vectors, alone)


def test_the_trial_may_choose_it(fast: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The precision that needs a fifth less time than the next is chosen; int8 is not where it cannot be had."""
    spent = {Precision.FP32: 5.0, Precision.BF16: 3.0, Precision.INT8: 2.0}
    clock = [0.0]

    def encoded(texts: list[str], precision: Precision) -> None:
        if precision is Precision.INT8 and not spent.get(Precision.INT8):
            raise ModelError("not here", "elsewhere")
        clock[0] += spent[precision] * bool(texts)

    monkeypatch.setattr(fast, "encode_passages", encoded)
    monkeypatch.delitem(fast.__dict__, "_fastest", raising=False)
    monkeypatch.setattr("index.encoder.time.perf_counter", lambda: clock[0])

    assert fast.fastest() is Precision.INT8
    del fast._fastest
    spent[Precision.INT8] = 2.6
    assert fast.fastest() is Precision.BF16
    del fast._fastest, spent[Precision.INT8]
    assert fast.fastest() is Precision.BF16
    del fast._fastest


def test_recorded_and_added_alike(fast: SentenceTransformerEncoder, tmp_path: Path) -> None:
    """An archive records int8, two builds have the same vectors, and what is added is embedded alike."""
    first, rest = sorted(SEEDS.glob("*.txt"))[:2]
    paths = [tmp_path / name for name in ("grown", "again", "alone")]
    build(paths[0], [first], precision=Precision.INT8)
    build(paths[1], [first], precision=Precision.INT8)
    np.testing.assert_array_equal(_vectors(paths[0]), _vectors(paths[1]))

    add(paths[0], [rest])
    build(paths[2], [rest], precision=Precision.INT8)

    opened = Archive.open(paths[0])
    assert opened.manifest.model.precision is Precision.INT8
    added = _vectors(paths[0])
    np.testing.assert_array_equal(added[len(_vectors(paths[1])) :], _vectors(paths[2]))


def _vectors(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """The passages' vectors of the archive at `path`, in order."""
    archive = Archive.open(path)
    return np.concatenate(
        [np.load(archive.folder / segment.name / "passages.npy") for segment in archive.manifest.segments]
    )


def test_kept_whole_and_made_anew_where_damaged(
    fast: SentenceTransformerEncoder, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache holds XML and weights under a name that tells OpenVINO's version; a flipped byte has it made again."""
    (folder,) = kept.iterdir()
    assert folder.name.startswith("int8-")
    assert folder.name.endswith(f"-openvino-{quantised.version('openvino')}")
    assert {path.name for path in folder.iterdir()} == {"complete.json", "layers.bin", "layers.xml"}
    monkeypatch.setenv("VIRGOLETTATO_CACHE", str(kept))
    weights = (folder / "layers.bin").read_bytes()
    text = (folder / "layers.xml").read_bytes()
    (folder / "layers.bin").write_bytes(bytes([weights[0] ^ 1]) + weights[1:])
    made: list[Path] = []

    def write(_: object, aside: Path) -> None:
        made.append(aside)
        (aside / "layers.bin").write_bytes(weights)
        (aside / "layers.xml").write_bytes(text)

    monkeypatch.setattr(Conversion, "write", write)
    for _ in range(2):
        QuantisedEncoder(fast._model, fast.name, fast.prompts[1], threading.Lock())

    assert len(made) == 1
    assert is_whole(folder)
    assert list(kept.iterdir()) == [folder]


def test_nothing_is_reported_and_nothing_left_behind(
    fast: SentenceTransformerEncoder, tmp_path: Path, run: Run
) -> None:
    """Loading the libraries reaches nobody and writes nothing into the home."""
    script = (
        "import sys\n"
        "from index.network import openvino\n"
        "openvino()\n"
        "import nncf\n"
        "print(sys.modules['openvino_telemetry'])\n"
    )
    home = tmp_path / "home"
    home.mkdir()

    done = run("-c", script, HOME=str(home), CI="")

    assert (done.returncode, done.stdout) == (0, "None\n"), done.stderr
    assert list(home.rglob("*")) == []
    assert sys.modules["openvino_telemetry"] is None


def test_without_the_packages_it_is_one_line(
    bundled_encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where they are not installed, int8 is refused before anything is built, with what to install; nothing is left."""
    there = importlib.util.find_spec
    monkeypatch.delitem(bundled_encoder.__dict__, "_quantised", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "nncf" else there(name, *more))

    with pytest.raises(ModelError) as caught:
        build(tmp_path / "archive", [SEEDS], precision=Precision.INT8)

    assert str(caught.value) == "vectors in int8 take openvino and nncf, which are not installed"
    assert caught.value.hint == "pip install -r requirements-scale.txt, or build the archive with --precision fp32"
    assert not list(tmp_path.rglob("manifest.json"))


def test_other_kinds_of_models_are_refused(
    bundled_encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model with a module more than an encoder, its pooling and a normalisation is one line that names them."""
    model = bundled_encoder._model
    monkeypatch.setitem(model._modules, "3", model[2])

    with pytest.raises(ModelError) as caught:
        QuantisedEncoder(model, "mio", "", threading.Lock())

    assert str(caught.value) == (
        "the model mio is not one that int8 is made for: Transformer, Pooling, Normalize, Normalize"
    )
    assert caught.value.hint == "leave --precision out, or name fp32 or bf16"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SentenceTransformerEncoder:
    """A BERT with random weights that takes 100 tokens with their types, and is not normalised; a cache of its own."""
    monkeypatch.setenv("VIRGOLETTATO_CACHE", str(tmp_path / "cache"))
    letters = "abcdefghijklmnopqrstuvwxyz"
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    torch.manual_seed(7)
    sizes = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 128}
    config = BertConfig(vocab_size=len(tokens), max_position_embeddings=100, **sizes)
    folder = tmp_path / "small"
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer = BertTokenizerFast(vocab={token: place for place, token in enumerate(tokens)})
    assert "token_type_ids" in tokenizer("a")
    tokenizer.save_pretrained(folder)
    return SentenceTransformerEncoder(str(folder))


def test_other_models_are_converted(small: SentenceTransformerEncoder) -> None:
    """A model whose tokens have types, that reads no round number of them, with a token to pad with or without."""
    texts = ["ciao mondo", "la casa " * 40, "x", "e poi altre parole"]
    exact = small.encode_passages(texts)
    assert small._model.max_seq_length == 100

    found = small.encode_passages(texts, precision=Precision.INT8)
    tokenizer = AutoTokenizer.from_pretrained(small.name)
    tokenizer.pad_token = None
    tokenizer.save_pretrained(small.name)
    assert AutoTokenizer.from_pretrained(small.name).pad_token_id is None
    for kept in Path(os.environ["VIRGOLETTATO_CACHE"]).iterdir():
        shutil.rmtree(kept)
    unpadded = SentenceTransformerEncoder(small.name)

    assert float((exact * found).sum(axis=1).min()) >= 0.999
    np.testing.assert_allclose(unpadded.encode_passages(texts), exact, atol=1e-6)
    alike = unpadded.encode_passages(texts, precision=Precision.INT8)
    assert float((alike * found).sum(axis=1).min()) >= 0.9999


@pytest.mark.parametrize("pooling", ["cls", "lasttoken", "max"])
def test_positions_and_poolings_are_the_models_own(
    small: SentenceTransformerEncoder, tmp_path: Path, pooling: str
) -> None:
    """A RoBERTa, which counts positions from behind its padding, has its vectors wherever in a row a text stands."""
    torch.manual_seed(7)
    tokenizer = small._model.tokenizer
    sizes = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 128}
    config = XLMRobertaConfig(vocab_size=len(tokenizer), max_position_embeddings=101, pad_token_id=0, **sizes)
    roberta = XLMRobertaModel(config, add_pooling_layer=False)
    # Much weight on where a word stands: one place off is another vector.
    roberta.embeddings.position_embeddings.weight.data *= 20
    roberta.save_pretrained(tmp_path / "roberta")
    tokenizer.model_max_length = 100
    tokenizer.save_pretrained(tmp_path / "roberta")
    parts = [Transformer(str(tmp_path / "roberta")), Pooling(64, pooling)]
    SentenceTransformer(modules=parts, device="cpu").save(str(tmp_path / "whole"))
    encoder = SentenceTransformerEncoder(str(tmp_path / "whole"))
    texts = ["ciao mondo", "la casa " * 40, "x", "e poi altre parole"]

    exact, found = encoder.encode_passages(texts), encoder.encode_passages(texts, precision=Precision.INT8)

    assert float((exact * found).sum(axis=1).min()) >= 0.99


@pytest.mark.parametrize("kind", ["in 16 bits", "narrow words"])
def test_models_of_other_makes_are_converted(small: SentenceTransformerEncoder, tmp_path: Path, kind: str) -> None:
    """One that was saved in 16 bits, and one whose words are narrower than its states, make vectors as in fp32."""
    torch.manual_seed(7)
    tokenizer, folder = small._model.tokenizer, tmp_path / "other"
    sizes = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 128}
    sizes |= {"vocab_size": len(tokenizer), "max_position_embeddings": 100}
    if kind == "narrow words":
        AlbertModel(AlbertConfig(embedding_size=32, **sizes), add_pooling_layer=False).save_pretrained(folder)
    else:
        model = BertModel(BertConfig(**sizes), add_pooling_layer=False)
        (model.half() if kind == "in 16 bits" else model).save_pretrained(folder)
    tokenizer.model_max_length = 100
    tokenizer.save_pretrained(folder)
    encoder = SentenceTransformerEncoder(str(folder))
    texts = ["ciao mondo", "la casa " * 40, "x", "e poi altre parole"]

    exact, found = encoder.encode_passages(texts), encoder.encode_passages(texts, precision=Precision.INT8)

    assert float((exact * found).sum(axis=1).min()) >= 0.999


def test_a_text_without_tokens_has_a_vector(small: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a tokenizer puts nothing around a text, an empty one is some unit vector, and others keep theirs."""
    there = small.encode_passages(["ciao", "mondo"], precision=Precision.INT8)
    called = type(small._model.tokenizer).__call__

    def bare(tokenizer: object, texts: list[str], **more: object) -> dict[str, list[list[int]]]:
        made = called(tokenizer, texts, **more)["input_ids"]
        return {"input_ids": [ids if text else [] for text, ids in zip(texts, made, strict=True)]}

    monkeypatch.setattr(type(small._model.tokenizer), "__call__", bare)
    found = small.encode_passages(["ciao", "", "mondo"], precision=Precision.INT8)

    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert float((found[[0, 2]] * there).sum(axis=1).min()) > 0.9995


def test_too_much_lost_is_refused(small: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model whose vectors in 8 bits are too unlike those in 32 is one line, and nothing is kept of it."""
    monkeypatch.setattr(conversion, "_ALIKE", 1.1)

    with pytest.raises(ModelError, match=r"small loses too much in int8: its vectors are \d\.\d{3} alike$") as caught:
        small.encode_passages(TEXTS[:1], precision=Precision.INT8)

    assert caught.value.hint == "leave --precision out, or name fp32 or bf16"
    assert not list(Path(os.environ["VIRGOLETTATO_CACHE"]).iterdir())


def test_what_cannot_be_converted_is_refused(
    small: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that is given its positions in vain, or that fails on its way, is one line that tells it."""
    encoder = small._model[0].auto_model
    forward = encoder.forward
    encoder.embeddings.position_embeddings.weight.data *= 20
    monkeypatch.setattr(encoder, "forward", lambda position_ids=None, **more: forward(**more))

    with pytest.raises(ModelError, match=r"small loses too much in int8"):
        small.encode_passages(TEXTS[:1], precision=Precision.INT8)

    monkeypatch.setattr(encoder, "forward", lambda input_ids, attention_mask: None)
    with pytest.raises(ModelError, match=r"small cannot be converted to int8: \w"):
        small.encode_passages(TEXTS[:1], precision=Precision.INT8)


def test_windows_are_refused(small: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model some of whose layers see a part of a text only is one line that names it."""
    config = small._model[0].auto_model.config
    monkeypatch.setattr(config, "layer_types", ["full_attention", "sliding_attention"], raising=False)

    with pytest.raises(ModelError, match=r"made for: Transformer \(sliding attention\), Pooling"):
        small.encode_passages(TEXTS[:1], precision=Precision.INT8)


def test_other_poolings_are_refused(small: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model whose tokens are weighed together in a way of its own is one line that names it."""
    monkeypatch.setattr(small._model[1], "pooling_mode", ("cls", "mean"))

    with pytest.raises(ModelError, match=r"made for: Transformer, Pooling \(\('cls', 'mean'\)\)$"):
        small.encode_passages(TEXTS[:1], precision=Precision.INT8)


def test_the_sample_is_fixed() -> None:
    """The texts that activations are measured on are these: others would make other vectors."""
    texts = sample()

    assert len(texts) == 48
    assert (
        hashlib.sha256("\n".join(texts).encode()).hexdigest()
        == "4f0268671352ffd06b068b49a0d4ca47114c95336bc7a28bccc4194294189616"
    )


def test_the_hashing_model_has_but_one() -> None:
    """The hashing model's vectors are the same in every precision, and it chooses fp32."""
    hashing = open_encoder(HASHING)

    np.testing.assert_array_equal(
        hashing.encode_passages(TEXTS[:3], precision=Precision.INT8), hashing.encode_passages(TEXTS[:3])
    )
    assert hashing.fastest() is Precision.FP32
