"""One contract for every encoder: the hashing one and the real bundled model; and how a model is known again."""

from __future__ import annotations

import socket
from dataclasses import replace

import numpy as np
import pytest

from index.encoder import (
    BUNDLED,
    HASHING,
    Encoder,
    HashingEncoder,
    Precision,
    SentenceTransformerEncoder,
    open_encoder,
)
from index.errors import ArchiveMismatchError, ModelError
from index.identity import Identity, identify, require_same

TEXTS = [
    "Il museo sorgerà nel distretto di Hwasong, nella capitale nordcoreana.",
    "The museum will rise in the Hwasong district of the North Korean capital.",
    "La ricetta della carbonara vuole guanciale, uova e pecorino.",
    "Kim",
    "",
    "«Un trionfo nel Kursk!» 😀 10.000 soldati " * 12,
    "perché",
]


@pytest.fixture(params=[HASHING, BUNDLED])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """Each encoder this program ships."""
    if request.param == HASHING:
        return HashingEncoder()
    found: Encoder = request.getfixturevalue("bundled_encoder")
    return found


def test_vectors_are_unit_rows(encoder: Encoder) -> None:
    """Any text, the empty one too, gives one row of 32-bit numbers of length 1."""
    for vectors in (encoder.encode_passages(TEXTS), encoder.encode_questions(TEXTS)):
        assert vectors.shape == (len(TEXTS), encoder.dimension)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_nothing_gives_no_rows(encoder: Encoder) -> None:
    """An empty list gives an array without rows but of the right width."""
    assert encoder.encode_passages([]).shape == (0, encoder.dimension)
    assert encoder.encode_questions([]).shape == (0, encoder.dimension)


def test_same_texts_same_vectors(encoder: Encoder) -> None:
    """Encoding the same list again gives the same numbers to the last bit."""
    np.testing.assert_array_equal(encoder.encode_passages(TEXTS), encoder.encode_passages(TEXTS))


def test_neighbours_in_a_batch_do_not_matter(encoder: Encoder) -> None:
    """Alone, in another order or among others, a text's vector is the same within 1e-5."""
    together = encoder.encode_passages(TEXTS)

    np.testing.assert_allclose(encoder.encode_passages(TEXTS[::-1])[::-1], together, atol=1e-5)
    np.testing.assert_allclose(np.concatenate([encoder.encode_passages([text]) for text in TEXTS]), together, atol=1e-5)


def test_more_texts_than_a_batch_keep_their_places(encoder: Encoder) -> None:
    """Texts of mixed length, more than go together, come back in the order they were given, and all are counted."""
    texts = [f"Frase {n} " + "parola " * (n % 7) for n in range(260)] + ["lunga " * 3_000]
    done: list[int] = []

    vectors = encoder.encode_passages(texts, done.append)

    assert sum(done) == 261
    picked = [0, 1, 20, 259, 260]
    np.testing.assert_allclose(vectors[picked], encoder.encode_passages([texts[n] for n in picked]), atol=1e-5)


def test_half_the_bits_are_nearly_the_same(encoder: Encoder) -> None:
    """Passages in bf16 are unit vectors within a ten-thousandth of those in fp32; questions are not touched by it."""
    exact, fast = encoder.encode_passages(TEXTS), encoder.encode_passages(TEXTS, precision=Precision.BF16)

    assert fast.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(fast, axis=1), 1, atol=1e-5)
    assert float((exact * fast).sum(axis=1).min()) > 0.9999


def test_the_fastest_precision_is_one_of_them(encoder: Encoder) -> None:
    """The trial names a precision; the hashing model has but one."""
    assert encoder.fastest() in ({Precision.FP32} if encoder.name == HASHING else set(Precision))


def test_nearest_is_the_one_about_the_same(encoder: Encoder) -> None:
    """A question's nearest passage is the one that shares its subject."""
    question = encoder.encode_questions(["In quale distretto sorgerà il museo?"])[0]

    assert int(np.argmax(encoder.encode_passages(TEXTS[:3]) @ question)) == 0


def test_real_model_matches_meaning_across_languages(bundled_encoder: Encoder) -> None:
    """The bundled model finds the English passage nearer to its Italian twin than to another Italian one."""
    museum, english, recipe = bundled_encoder.encode_passages(TEXTS[:3])

    assert float(museum @ english) > float(museum @ recipe) + 0.05


def test_prompts() -> None:
    """The hashing model puts nothing before a text."""
    assert HashingEncoder().prompts == ("", "")
    np.testing.assert_array_equal(HashingEncoder().encode_questions(["Kim"]), HashingEncoder().encode_passages(["Kim"]))


def test_vectors_are_those_of_the_library(bundled_encoder: SentenceTransformerEncoder) -> None:
    """The model is called without the library's own loop, and its vectors are the same."""
    texts = ["Il ponte è aperto.", "The museum " * 300, "Sì"]

    found = bundled_encoder.encode_passages(texts)

    prompted = [bundled_encoder.prompts[1] + text for text in texts]
    library = bundled_encoder._model.encode(prompted, normalize_embeddings=True)
    np.testing.assert_allclose(found, library, atol=1e-6)


def test_real_model_s_prompts_are_put_before(bundled_encoder: Encoder) -> None:
    """The bundled model's question and passage prompts are E5's, and make two vectors of one text."""
    assert bundled_encoder.prompts == ("query: ", "passage: ")
    as_question, as_passage = bundled_encoder.encode_questions(["Kim"]), bundled_encoder.encode_passages(["Kim"])

    assert 0.7 < float(as_question[0] @ as_passage[0]) < 0.9999
    bare = SentenceTransformerEncoder.__new__(SentenceTransformerEncoder)
    bare.__dict__.update(vars(bundled_encoder), prompts=("", ""))
    np.testing.assert_allclose(bare.encode_questions(["query: Kim"]), as_question, atol=1e-6)
    np.testing.assert_allclose(bare.encode_passages(["passage: Kim"]), as_passage, atol=1e-6)


def test_names_and_dimensions(bundled_encoder: Encoder) -> None:
    """Each encoder is named as --model names it."""
    assert (HashingEncoder().name, HashingEncoder().dimension) == (HASHING, 256)
    assert (bundled_encoder.name, bundled_encoder.dimension) == (BUNDLED, 384)


def test_encoder_knows_itself(encoder: Encoder) -> None:
    """A model is accepted as the one it was recorded as, also from what four decimals keep."""
    recorded = identify(encoder)

    require_same(recorded, encoder)
    assert (recorded.name, recorded.dimension) == (encoder.name, encoder.dimension)
    assert (recorded.question_prompt, recorded.passage_prompt) == encoder.prompts
    assert len(recorded.probe) == encoder.dimension
    assert all(round(value, 4) == value for value in recorded.probe)


def _other_weights(recorded: Identity) -> Identity:
    return replace(recorded, probe=(*recorded.probe[1:], recorded.probe[0]))


@pytest.mark.parametrize(
    ("recorded", "message"),
    [
        (
            replace(identify(HashingEncoder()), dimension=384),
            "the archive's vectors have 384 dimensions, those of hashing 256",
        ),
        (
            replace(identify(HashingEncoder()), passage_prompt="passage: "),
            "the model hashing now uses other prompts than the archive was made with",
        ),
        (_other_weights(identify(HashingEncoder())), "the model hashing is not the one the archive was made with"),
    ],
    ids=["dimension", "prompt", "weights"],
)
def test_another_model_is_refused(recorded: Identity, message: str) -> None:
    """Another dimension, prompt or set of weights is one line and the command that mends it."""
    with pytest.raises(ArchiveMismatchError) as caught:
        require_same(recorded, HashingEncoder())

    assert str(caught.value) == message
    assert caught.value.hint == "build the archive again: python -m index build --model hashing"


def test_two_real_models_are_not_the_same(bundled_encoder: Encoder) -> None:
    """An archive of the bundled model is not opened with the hashing one, nor the other way round."""
    with pytest.raises(ArchiveMismatchError):
        require_same(identify(bundled_encoder), HashingEncoder())
    with pytest.raises(ArchiveMismatchError):
        require_same(identify(HashingEncoder()), bundled_encoder)


def test_open_encoder_by_name() -> None:
    """The name hashing opens the hashing encoder."""
    assert isinstance(open_encoder(HASHING), HashingEncoder)


@pytest.mark.parametrize("name", ["nessuno/modello-che-non-esiste", "no-such-model-here", "/no/such/folder"])
def test_unknown_model_is_one_line_and_no_network(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that is not on this machine is said so in one line with a hint; nobody is asked for it."""
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *host, **_: asked.append(host) or [])
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: asked.append(address))

    with pytest.raises(ModelError) as caught:
        open_encoder(name)

    assert str(caught.value) == f"the model {name} cannot be opened: it is not on this machine"
    assert caught.value.hint == (
        "name a folder that holds it, leave the option out, or allow the download once with HF_HUB_OFFLINE=0"
    )
    assert asked == []


def test_folder_without_a_model_is_one_line(tmp_path: object) -> None:
    """A folder that holds no model is an error of one line that names it."""
    with pytest.raises(ModelError) as caught:
        open_encoder(str(tmp_path))

    assert str(caught.value).startswith(f"the model {tmp_path} cannot be opened: ")
    assert len(str(caught.value).splitlines()) == 1
