"""Questions to begin with, about the articles the program comes with."""

from __future__ import annotations

from pathlib import Path

from qa.records import Language

SEEDS = Path(__file__).parents[1] / "seeds"
EXAMPLES = {
    Language.ITALIAN: (
        "In quale distretto di Pyongyang sorgerà il museo?",
        "Cosa ha detto Putin dei soldati nordcoreani?",
        "Quanti soldati ha inviato la Corea del Nord?",
    ),
    Language.ENGLISH: (
        "In which district of Pyongyang will the museum be built?",
        "What did Peskov say about the agreement?",
        "How many North Korean soldiers were killed?",
    ),
}
