"""How near a question comes to an archive that cannot answer it: the floor under every similarity.

Similarities of one model are not those of another, nor those of a question in the text's own language those of a
question in a foreign one, and they rise with the size of the archive. So each build measures what nonsense scores:
questions about people, places and things that do not exist, put to this archive with this model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from index.arrays import mapped
from index.encoder import Encoder, Vectors
from index.errors import REBUILD, ArchiveDamagedError
from index.vectors import VectorIndex

INVENTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "it": (
            "Chi ha vinto la coppa dei Granzoli a Tervisia?",
            "Quando aprirà la nuova biblioteca di Molfrando?",
            "Quanti abitanti ha il comune di Sbarrezzo?",
            "Perché la Ferlunda ha chiuso lo stabilimento di Carvegno?",
            "Che cosa ha detto il sindaco di Orbizzate dei parcheggi?",
            "Dove si terrà il festival del Brunello salato di Quarnasco?",
            "Come si prepara la zuppa di frugoli alla pertese?",
            "Qual è il prezzo del nuovo telefono Zanbrix?",
            "Chi dirige l’orchestra giovanile di Val Trebenna?",
            "In che anno fu scoperto il pianeta Ulvaro?",
            "Quanto è durato lo sciopero dei tranvieri di Pezzovara?",
            "Chi ha scritto il romanzo Le lanterne di Ombrigno?",
        ),
        "en": (
            "Who won the Granzoli Cup in Tervisia?",
            "When will the new library of Molfrand open?",
            "How many people live in the town of Sbarrow Hatch?",
            "Why did Ferlunda close its plant in Carveny?",
            "What did the mayor of Orbizzate say about parking?",
            "Where is the Quarnask salt wine festival held?",
            "How do you cook Pertese frugol soup?",
            "How much does the new Zanbrix phone cost?",
            "Who conducts the youth orchestra of Trebenna Valley?",
            "In what year was the planet Ulvaro discovered?",
            "How long did the tram strike in Pezzovara last?",
            "Who wrote the novel The Lanterns of Ombrigno?",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Floor:
    """What the best sentence for an invented question scores.

    Attributes:
        mean: of the best inner products.
        spread: their standard deviation, at least .001.
    """

    mean: float
    spread: float


def encode_invented(encoder: Encoder) -> dict[str, Vectors]:
    """The vectors of the invented questions by language."""
    return {language: encoder.encode_questions(questions) for language, questions in INVENTED.items()}


def write_invented(path: Path, vectors: Mapping[str, Vectors]) -> None:
    """Keep the vectors of the invented questions."""
    with path.open("wb") as file:
        np.save(file, np.concatenate([vectors[language] for language in INVENTED]), allow_pickle=False)


def read_invented(path: Path) -> dict[str, Vectors]:
    """The vectors of the invented questions that are kept, by language.

    Raises:
        ArchiveDamagedError: there are none, or others.
    """
    ends = np.cumsum([len(questions) for questions in INVENTED.values()]).tolist()
    rows = mapped(path, REBUILD)
    if rows.ndim != 2 or len(rows) != ends[-1]:
        raise ArchiveDamagedError(f"{path.name} does not hold the invented questions", REBUILD)
    return dict(zip(INVENTED, np.split(rows, ends[:-1]), strict=True))


def measure_floor(vectors: Mapping[str, Vectors], sentences: VectorIndex) -> dict[str, Floor]:
    """The floor of `sentences` by language of the question; all zero for an empty archive."""
    floors = {}
    for language, rows in vectors.items():
        best = [found[0][1] for row in rows if (found := sentences.search(row, 1))]
        mean, spread = (float(np.mean(best)), float(np.std(best))) if best else (0.0, 0.0)
        floors[language] = Floor(round(mean, 6), max(round(spread, 6), 0.001))
    return floors
