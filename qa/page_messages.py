"""What the page says about itself, in Italian and English; part of the table in :mod:`qa.messages`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PAGE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "page_tagline": ("Risponde solo con parole altrui, tra virgolette.", "Answers only in other people’s words."),
        "page_question": ("La tua domanda", "Your question"),
        "page_placeholder": (
            "Chiedi all’archivio",
            "Ask the archive",
        ),
        "page_ask": ("Chiedi", "Ask"),
        "page_clear": ("Nuova conversazione", "New conversation"),
        "page_language": ("Lingua", "Language"),
        "page_searching": ("Cerco nell’archivio…", "Searching the archive…"),
        "page_failed": (
            "La risposta non è arrivata. La domanda è di nuovo nel campo: riprova.",
            "No answer came. Your question is in the field again: try once more.",
        ),
        "page_lost": (
            "Il collegamento si è interrotto: appena torna, la pagina si riapre da sola sull’ultima domanda.",
            "The connection was lost: as soon as it is back, the page opens again by itself at your last question.",
        ),
        "page_said": ("{count} citazioni, confidenza {word}.", "{count} quotes, confidence {word}."),
        "page_said_one": ("Una citazione, confidenza {word}.", "One quote, confidence {word}."),
        "page_hint": (
            "Chiedi in italiano o in inglese. Ogni risposta è fatta di citazioni letterali, con la fonte; "
            "se l’archivio non risponde, lo dice.",
            "Ask in Italian or English. Every answer is made of verbatim quotes with their source; "
            "when the archive has no answer, it says so.",
        ),
        "page_examples": ("Per esempio:", "For example:"),
        "page_keys": (
            "Tasti: / per scrivere, ↓ e ↑ tra le citazioni, Invio per leggere l’articolo, Esc per tornare; ← e → tra "
            "le schede; Ctrl+Invio per verificare la bozza.",
            "Keys: / to write, ↓ and ↑ between quotes, Enter to read the article, Esc to go back; ← and → between "
            "tabs; Ctrl+Enter to check the draft.",
        ),
        "page_reader": ("Articolo", "Article"),
        "page_reader_hint": (
            "Qui si legge l’articolo intero, con il passo citato in evidenza.",
            "The whole article appears here, with the quoted passage highlighted.",
        ),
        "page_open": ("Leggi nell’articolo", "Read in the article"),
        "page_copy": ("Copia con la fonte", "Copy with source"),
        "page_copy_as": ("Copia come…", "Copy as…"),
        "style_newsroom_it": ("Redazione, in italiano", "Newsroom, in Italian"),
        "style_newsroom_en": ("Redazione, in inglese", "Newsroom, in English"),
        "style_apa": ("APA", "APA"),
        "style_chicago": ("Chicago", "Chicago"),
        "style_bibtex": ("BibTeX", "BibTeX"),
        "style_html": ("HTML (blockquote)", "HTML (blockquote)"),
        "style_markdown": ("Markdown", "Markdown"),
        "page_export": ("Esporta", "Export"),
        "export_csv": ("CSV", "CSV"),
        "export_json": ("JSON", "JSON"),
        "export_md": ("Markdown", "Markdown"),
        "export_docx": ("Word (DOCX)", "Word (DOCX)"),
        "page_context_show": ("Mostra il contesto", "Show context"),
        "page_context_hide": ("Riduci il contesto", "Hide context"),
        "page_back": ("Torna alle citazioni", "Back to the quotes"),
        "page_differ": ("Le fonti divergono", "Sources differ"),
        "page_example_said": ("Cosa ha detto {speaker}?", "What did {speaker} say?"),
        "page_everyone": ("Tutti", "Everyone"),
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
        "page_any_outlet": ("tutte", "all"),
        "page_any_speaker": ("chiunque", "anyone"),
        "page_any_language": ("tutte", "all"),
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
        "page_add_files": ("Aggiungi file", "Add files"),
        "page_add_folder": ("Aggiungi una cartella", "Add a folder"),
        "page_add_hint": (
            "Al massimo {files} file alla volta, {size} MB ciascuno: {endings}. Un file con lo stesso nome di uno già "
            "inviato ne prende il posto.",
            "At most {files} files at a time, {size} MB each: {endings}. A file with the name of one sent before takes "
            "its place.",
        ),
        "page_add_too_many": (
            "Troppi file: al massimo {files} alla volta. Non è stato aggiunto niente.",
            "Too many files: at most {files} at a time. Nothing was added.",
        ),
        "page_change_busy": (
            "Qualcun altro sta modificando l’archivio: riprova tra poco.",
            "Somebody else is changing the archive: try again in a while.",
        ),
        "page_change_missing": (
            "L’archivio non si può modificare: in questo momento non c’è. Non è cambiato niente.",
            "The archive cannot be changed: it is not there at the moment. Nothing was changed.",
        ),
        "page_change_damaged": (
            "L’archivio non si può modificare: è danneggiato o fatto con altre regole, e chi lo gestisce deve "
            "ricostruirlo.",
            "The archive cannot be changed: it is damaged or made by other rules, and whoever keeps it has to build it "
            "again.",
        ),
        "page_change_model": (
            "L’archivio non si può modificare: il suo modello non si apre. Quello di prima risponde ancora.",
            "The archive cannot be changed: its model cannot be opened. The former one still answers.",
        ),
        "page_change_failed": (
            "L’archivio non si può modificare: qualcosa non ha funzionato, e il server ha annotato che cosa. Quello di "
            "prima risponde ancora.",
            "The archive cannot be changed: something went wrong, and the server has noted what. The former one still "
            "answers.",
        ),
        "page_reading": ("Lettura dei file: {done} di {total}", "Reading files: {done} of {total}"),
        "page_embedding": ("Preparazione delle frasi: {done} di {total}", "Preparing sentences: {done} of {total}"),
        "page_storing": ("Pubblicazione dell’archivio", "Publishing the archive"),
        "report_read": ("Articoli letti", "Articles read"),
        "report_added": ("Aggiunti", "Added"),
        "report_updated": ("Aggiornati", "Updated"),
        "report_removed": ("Tolti", "Removed"),
        "report_unchanged": ("Invariati", "Unchanged"),
        "report_others": ("e altri {count}", "and {count} others"),
        "report_skipped": ("Scartati, e perché", "Skipped, and why"),
        "report_duplicates": ("Stesso testo di un altro articolo", "Same text as another article"),
        "report_notes": ("Indicazioni non accolte", "Statements not taken"),
        "page_remove": ("Togli", "Remove"),
        "page_remove_sure": (
            "Togliere «{title}» dall’archivio?",
            "Remove “{title}” from the archive?",
        ),
        "page_search": ("Parole da cercare nei virgolettati", "Words to look for in the quotations"),
        "page_find": ("Cerca", "Search"),
        "page_timeline": ("Virgolettati per mese e per voce", "Quotations by month and speaker"),
        "page_timeline_month": ("{month}: {count}", "{month}: {count}"),
        "page_undated": ("senza data", "undated"),
        "page_found": ("Virgolettati trovati: {count}", "Quotations found: {count}"),
        "page_found_none": (
            "Nessun virgolettato corrisponde a parole e filtri.",
            "No quotation matches the words and filters.",
        ),
        "page_found_articles": ("Articoli trovati: {count}", "Articles found: {count}"),
        "page_search_archive": ("Titolo, testata o file da cercare", "Title, outlet or file to look for"),
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
        "page_check_whole": (
            "Nel testo non ci sono virgolette: è stato confrontato per intero, come un’unica citazione.",
            "The text has no quotation marks: the whole of it was compared, as one quotation.",
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
        "page_unreachable": (
            "L’archivio in questo momento non è raggiungibile: riprova tra poco.",
            "The archive cannot be reached at the moment: try again shortly.",
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
            "Articoli: {articles} · passi: {passages} · virgolettati: {quotations} · impronta: {index_id}",
            "Articles: {articles} · passages: {passages} · quotations: {quotations} · fingerprint: {index_id}",
        ),
    }
)
