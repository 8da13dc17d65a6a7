"""Every sentence the program says to its users about answers, in Italian and English. None of it is about the news."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qa.records import Language

_TABLE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "not_found": ("Non trovato nell’archivio.", "Not found in the archive."),
        "reason_empty_archive": ("L’archivio non contiene articoli.", "The archive holds no articles."),
        "reason_filtered": (
            "Nessun articolo corrisponde ai filtri scelti.",
            "No article matches the filters you chose.",
        ),
        "reason_unrelated": (
            "Nessun passo è abbastanza vicino alla domanda.",
            "No passage is near enough to the question.",
        ),
        "reason_capped": (
            "I passi trovati superano il limite di caratteri per articolo (--max-quoted).",
            "The passages found are longer than may be quoted from one article (--max-quoted).",
        ),
        "withheld": (
            "Citazioni accorciate o omesse per il limite di caratteri per articolo: {count}.",
            "Quotes shortened or left out because of the limit of characters from one article: {count}.",
        ),
        "nearest": ("I passi più vicini, che però non rispondono:", "The nearest passages, which do not answer it:"),
        "searched": ("Ricerca effettuata: {searched}", "Searched for: {searched}"),
        "foreign": (
            "La domanda non sembra in italiano né in inglese: i risultati possono essere meno precisi.",
            "The question seems to be neither in Italian nor in English: results may be less precise.",
        ),
        "differ": ("Le fonti divergono: {counted}", "Sources differ: {counted}"),
        "no_date": ("s.d.", "n.d."),
        "unnamed": ("parole non attribuite", "words nobody is named for"),
        "question_empty": ("La domanda è vuota: scrivi qualcosa.", "The question is empty: ask something."),
        "question_too_long": (
            "La domanda è troppo lunga: al massimo 2.000 caratteri.",
            "The question is too long: at most 2,000 characters.",
        ),
        "question_not_text": ("La domanda non è un testo valido.", "The question is not valid text."),
        "archive_unreadable": (
            "L’archivio in questo momento non si può leggere. La domanda resta qui: riprova più tardi.",
            "The archive cannot be read at the moment. Your question stays here: try again later.",
        ),
        "page_tagline": ("Risponde solo con parole altrui, tra virgolette.", "Answers only in other people’s words."),
        "page_question": ("La tua domanda", "Your question"),
        "page_placeholder": (
            "Chiedi qualcosa all’archivio, in italiano o in inglese",
            "Ask the archive something, in Italian or English",
        ),
        "page_ask": ("Chiedi", "Ask"),
        "page_clear": ("Nuova conversazione", "New conversation"),
        "page_language": ("Lingua", "Language"),
        "page_hint": (
            "Ogni risposta è fatta di citazioni letterali, con la fonte. Se l’archivio non risponde, lo dice.",
            "Every answer is made of verbatim quotes with their source. When the archive has no answer, it says so.",
        ),
        "page_reader_hint": (
            "Qui si legge l’articolo intero, con il passo citato in evidenza.",
            "The whole article appears here, with the quoted passage highlighted.",
        ),
        "page_open": ("Leggi nell’articolo", "Read in the article"),
        "page_outlet": ("Testata", "Outlet"),
        "page_author": ("Autore", "Author"),
        "page_published": ("Data", "Date"),
        "page_file": ("File", "File"),
        "page_sha256": ("SHA-256 del testo", "SHA-256 of the text"),
        "page_tab_ask": ("Domande", "Ask"),
        "page_evaluation": ("Valutazione", "Evaluation"),
        "page_measure": ("Misura ora", "Measure now"),
        "page_evaluation_hint": (
            "Le domande di prova sugli articoli di esempio, misurate su questa macchina: pochi secondi.",
            "The test questions on the sample articles, measured on this machine: a few seconds.",
        ),
        "page_evaluation_note": (
            "Misurato su questa macchina con le domande di prova; il rapporto è in inglese.",
            "Measured on this machine with the test questions.",
        ),
        "page_contents": (
            "{articles} articoli, {passages} passi · archivio {index_id}",
            "{articles} articles, {passages} passages · archive {index_id}",
        ),
    }
)


def message(name: str, language: Language, **values: str) -> str:
    """The message `name` in `language`, with `values` filled in.

    Raises:
        KeyError: there is no such message.
    """
    italian, english = _TABLE[name]
    return (italian if language is Language.ITALIAN else english).format(**values)
