"""Every sentence the program says to its users about answers, in Italian and English. None of it is about the news."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qa.door_messages import DOOR
from qa.page_messages import PAGE
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
        "reason_unanswered": (
            "Gli articoli trattano l’argomento, ma nessun passo sembra rispondere alla domanda.",
            "The articles are about this, but no passage seems to answer the question.",
        ),
        "reason_capped": (
            "I passi trovati superano il limite di caratteri per articolo (--max-quoted).",
            "The passages found are longer than may be quoted from one article (--max-quoted).",
        ),
        "withheld": (
            "Citazioni accorciate o omesse per il limite di caratteri per articolo: {count}.",
            "Quotes shortened or left out because of the limit of characters from one article: {count}.",
        ),
        "no_speech": (
            "nessun discorso diretto corrisponde; chi parla nell’archivio: python -m qa speakers",
            "no direct speech matches; who speaks in the archive: python -m qa speakers",
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
        "archive_unreachable": (
            "L’archivio in questo momento non è raggiungibile. La domanda resta qui: riprova tra poco.",
            "The archive cannot be reached at the moment. Your question stays here: try again shortly.",
        ),
        "also_in": ("anche in: {source}", "also in: {source}"),
        "otherwise_in": ("con altre parole in: {source}", "otherwise in: {source}"),
        "check_summary": ("Virgolettati: {count} ({verdicts}).", "Quotations: {count} ({verdicts})."),
        "check_exact": ("esatto", "exact"),
        "check_altered": ("alterato", "altered"),
        "check_reworded": ("in altra formulazione", "in another wording"),
        "check_joined": ("cucito da più punti", "cut together from several places"),
        "check_not_found": ("non presente nell’archivio", "not in the archive"),
        "check_count_exact": ("esatti: {count}", "exact: {count}"),
        "check_count_altered": ("alterati: {count}", "altered: {count}"),
        "check_count_reworded": ("in altra formulazione: {count}", "in another wording: {count}"),
        "check_count_joined": ("cuciti da più punti: {count}", "cut together: {count}"),
        "check_count_not_found": ("non presenti nell’archivio: {count}", "not in the archive: {count}"),
        "check_serious": ("alterazione grave", "serious"),
        "check_serious_count": ("alterazioni gravi: {count}", "serious changes: {count}"),
        "check_word": ("parole", "words"),
        "check_number": ("numero", "number"),
        "check_unit": ("unità o valuta", "unit or currency"),
        "check_name": ("nome", "name"),
        "check_negation": ("negazione", "negation"),
        "check_replace": ("«{given}» invece di «{source}»", "“{given}” instead of “{source}”"),
        "check_insert": ("aggiunto «{given}»", "“{given}” was added"),
        "check_delete": ("manca «{source}»", "“{source}” was left out"),
        "check_speaker": (
            "attribuito a {given}: nell’archivio a parlare è {source}",
            "attributed to {given}: in the archive the speaker is {source}",
        ),
        "check_places": ("in {places} punti; testate: {outlets}", "in {places} places; outlets: {outlets}"),
        "check_more": ("e in altri {count} punti", "and in {count} more places"),
        "report_title": ("Virgolettato alla prova: {dataset}", "Virgolettato on {dataset}"),
        "report_means": ("Medie, con intervalli bootstrap al 95 %", "Means with 95 % bootstrap intervals"),
        "report_abstention": ("Risposto o non trovato", "Answered or not found"),
        "report_tests": (
            "Test di permutazione appaiati, su tutte le domande",
            "Paired permutation tests, all questions",
        ),
        "report_bars": ("Ricerca per coppia di lingue, prima misura", "Retrieval by language pair, first measure"),
        "report_ranks": ("Posizione del primo documento pertinente", "Rank of the first relevant document"),
        "report_risk": ("Rischio e copertura", "Risk and coverage"),
        "report_reliability": ("Attendibilità della confidenza", "Reliability of confidence"),
        "report_system": ("sistema", "system"),
        "report_pair": ("lingue", "pair"),
        "report_verbatim": ("letterali", "verbatim"),
        "report_precision": ("precisione", "precision"),
        "report_recall": ("richiamo", "recall"),
        "report_near": ("AUROC vicine", "AUROC near"),
        "report_one": ("uno", "one"),
        "report_other": ("altro", "other"),
        "report_measure": ("misura", "measure"),
        "report_difference": ("differenza", "difference"),
        "report_all": ("tutte", "all"),
        "report_later": ("oltre", "later"),
        "report_none": ("mai", "none"),
        "report_share": ("quota delle domande", "share of questions"),
        "report_coverage": ("copertura", "coverage"),
        "report_wrong": ("quota di prime citazioni sbagliate", "share of first quotes that are wrong"),
        "report_confidence": ("confidenza", "confidence"),
        "report_right": ("quota di giuste", "share right"),
        **PAGE,
        **DOOR,
    }
)


def message(name: str, language: Language, **values: str) -> str:
    """The message `name` in `language`, with `values` filled in.

    Raises:
        KeyError: there is no such message.
    """
    italian, english = _TABLE[name]
    return (italian if language is Language.ITALIAN else english).format(**values)
