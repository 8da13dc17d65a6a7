"""What the page says about itself, in Italian and English; part of the table in :mod:`qa.messages`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PAGE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
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
        "page_examples": ("Per esempio:", "For example:"),
        "page_keys": (
            "Tasti: / per scrivere, ↓ e ↑ tra le citazioni, Invio per leggere l’articolo.",
            "Keys: / to write, ↓ and ↑ between quotes, Enter to read the article.",
        ),
        "page_reader": ("Articolo", "Article"),
        "page_reader_hint": (
            "Qui si legge l’articolo intero, con il passo citato in evidenza.",
            "The whole article appears here, with the quoted passage highlighted.",
        ),
        "page_open": ("Leggi nell’articolo", "Read in the article"),
        "page_copy": ("Copia con la fonte", "Copy with source"),
        "page_copied": ("Copiato", "Copied"),
        "page_link": ("Copia il link", "Copy link"),
        "page_link_answer": ("Copia il link a questa risposta", "Copy link to this answer"),
        "page_previous": ("Citazione precedente", "Previous quote"),
        "page_next": ("Citazione successiva", "Next quote"),
        "page_place": ("{number} di {count}", "{number} of {count}"),
        "page_stale_link": (
            "Il link porta a un passo che in questo archivio non c’è: l’articolo è cambiato o è stato tolto.",
            "The link leads to a passage that this archive does not hold: the article was changed or removed.",
        ),
        "page_outlet": ("Testata", "Outlet"),
        "page_author": ("Autore", "Author"),
        "page_published": ("Data", "Date"),
        "page_title": ("Titolo", "Title"),
        "page_written_in": ("Lingua", "Language"),
        "page_passages": ("Passi", "Passages"),
        "page_quotations": ("Virgolettati", "Quotations"),
        "page_file": ("File", "File"),
        "page_sha256": ("SHA-256 del testo", "SHA-256 of the text"),
        "page_unknown": ("non indicata", "not given"),
        "language_it": ("italiano", "Italian"),
        "language_en": ("inglese", "English"),
        "page_source_language": ("testo in {tongue}", "text in {tongue}"),
        "page_confidence": ("Confidenza: {word}", "Confidence: {word}"),
        "confidence_high": ("alta", "high"),
        "confidence_fair": ("media", "fair"),
        "confidence_low": ("bassa", "low"),
        "page_why": ("Perché questo passo", "Why this passage"),
        "why_words": ("Parole della domanda nel passo: {words}.", "Words of the question in the passage: {words}."),
        "why_no_words": (
            "Nessuna parola della domanda è nel passo: è stato trovato per significato.",
            "No word of the question is in the passage: it was found by its meaning.",
        ),
        "why_passage": ("Per significato del passo: posto {rank}.", "By the passage’s meaning: place {rank}."),
        "why_sentence": ("Per significato di una frase: posto {rank}.", "By a sentence’s meaning: place {rank}."),
        "why_terms": ("Per parole: posto {rank}.", "By words: place {rank}."),
        "why_answer": ("Parole che rispondono: «{words}».", "Words that answer: “{words}”."),
        "why_score": ("Vicinanza alla domanda: {score}, da 0 a 1.", "Nearness to the question: {score}, from 0 to 1."),
        "page_filters": ("Filtri", "Filters"),
        "page_since": ("Dal", "From"),
        "page_until": ("Al", "To"),
        "page_speaker": ("Chi parla", "Speaker"),
        "page_any_outlet": ("tutte le testate", "all outlets"),
        "page_any_speaker": ("chiunque", "anyone"),
        "page_any_language": ("tutte le lingue", "all languages"),
        "page_no_filters": ("Togli i filtri", "Clear filters"),
        "page_reach": ("Articoli: {matching} di {total}", "Articles: {matching} of {total}"),
        "page_reach_none": (
            "I filtri escludono tutti gli articoli.",
            "The filters exclude every article.",
        ),
        "page_filtered": ("Filtri: {filters}", "Filters: {filters}"),
        "page_from_day": ("dal {day}", "from {day}"),
        "page_to_day": ("al {day}", "to {day}"),
        "page_tab_ask": ("Domande", "Ask"),
        "page_tab_quotes": ("Virgolettati", "Quotes"),
        "page_tab_check": ("Verifica", "Check"),
        "page_tab_archive": ("Archivio", "Archive"),
        "page_search": ("Parole da cercare nei virgolettati", "Words to look for in the quotations"),
        "page_find": ("Cerca", "Search"),
        "page_timeline": ("Virgolettati per mese", "Quotations by month"),
        "page_timeline_month": ("{month}: {count}", "{month}: {count}"),
        "page_undated": ("senza data", "undated"),
        "page_found": ("Virgolettati trovati: {count}", "Quotations found: {count}"),
        "page_found_none": (
            "Nessun virgolettato corrisponde a parole e filtri.",
            "No quotation matches the words and filters.",
        ),
        "page_more": ("Mostrane altri", "Show more"),
        "page_draft": ("Bozza o citazione da verificare", "Draft or quotation to check"),
        "page_draft_placeholder": (
            "Incolla qui un testo con virgolettati",
            "Paste a text with quotations here",
        ),
        "page_check": ("Verifica", "Check"),
        "page_check_hint": (
            "Ogni virgolettato è confrontato con l’archivio: esatto, alterato (e come), in altra formulazione, cucito "
            "da più punti o non presente.",
            "Every quotation is compared with the archive: exact, altered (and how), in another wording, cut together, "
            "or not there.",
        ),
        "page_draft_empty": ("Non c’è niente da verificare.", "There is nothing to check."),
        "page_draft_refused": (
            "Il testo non si può verificare: al massimo 50.000 parole di testo semplice.",
            "The text cannot be checked: at most 50,000 words of plain text.",
        ),
        "page_checked_draft": ("La bozza, con i virgolettati numerati", "The draft, its quotations numbered"),
        "page_in_source": ("Nella fonte:", "In the source:"),
        "page_differences": ("Differenze:", "Differences:"),
        "page_unreadable": (
            "L’archivio in questo momento non si può leggere: riprova più tardi.",
            "The archive cannot be read at the moment: try again later.",
        ),
        "page_evaluation": ("Valutazione", "Evaluation"),
        "page_measure": ("Misura ora", "Measure now"),
        "page_evaluation_hint": (
            "Le domande di prova sugli articoli di esempio, misurate su questa macchina: circa un minuto.",
            "The test questions on the sample articles, measured on this machine: about a minute.",
        ),
        "page_evaluation_note": (
            "Misurato su questa macchina con le domande di prova.",
            "Measured on this machine with the test questions.",
        ),
        "page_contents": (
            "{articles} articoli, {passages} passi · archivio {index_id}",
            "{articles} articles, {passages} passages · archive {index_id}",
        ),
    }
)
