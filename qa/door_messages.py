"""What the page says at its door, in Italian and English; part of the table in :mod:`qa.messages`.

Each refusal has a second message, with ``_hint`` after its name, that says what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DOOR: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "page_request": ("(Richiesta {number}.)", "(Request {number}.)"),
        "too_busy": (
            "In questo momento ci sono troppe domande in attesa: riprova tra qualche secondo.",
            "Too many questions are waiting at the moment: try again in a few seconds.",
        ),
        "too_busy_hint": ("riprova dopo il tempo indicato in Retry-After", "try again after what Retry-After says"),
        "too_many_at_once": (
            "Hai già altre richieste in attesa: aspetta che arrivi la risposta, poi riprova.",
            "Other requests of yours are waiting already: wait for an answer, then try again.",
        ),
        "too_many_at_once_hint": (
            "ogni client ha una richiesta alla volta in lavorazione e al massimo due in attesa",
            "of each client one request is worked on at a time, and two wait at most",
        ),
        "check_too_slow": (
            "Il controllo ha richiesto troppo tempo: prova con una parte del testo alla volta.",
            "The check took too long: try a part of the text at a time.",
        ),
        "check_too_slow_hint": ("il limite si imposta con --time-limit", "the limit is set with --time-limit"),
        "too_many_questions": (
            "Hai fatto molte domande in poco tempo: riprova tra un minuto.",
            "You have asked many questions in a short time: try again in a minute.",
        ),
        "too_many_questions_hint": (
            "riprova dopo il tempo indicato in Retry-After; il limite si imposta con --rate",
            "try again after what Retry-After says; the limit is set with --rate",
        ),
        "too_many_requests": (
            "Da qui arrivano troppe richieste: riprova tra un minuto.",
            "Too many requests come from here: try again in a minute.",
        ),
        "too_many_requests_hint": (
            "riprova dopo il tempo indicato in Retry-After; il limite si imposta con --rate",
            "try again after what Retry-After says; the limit is set with --rate",
        ),
        "too_large": ("La richiesta supera {size} MB.", "The request is larger than {size} MB."),
        "too_large_hint": ("invia meno testo o meno file alla volta", "send less text or fewer files at a time"),
        "too_slow": (
            "La risposta ha richiesto troppo tempo: riprova più tardi.",
            "The answer took too long: try again later.",
        ),
        "too_slow_hint": ("il limite si imposta con --time-limit", "the limit is set with --time-limit"),
        "failed": (
            "Qualcosa non ha funzionato nel programma: nel registro ci sono i dettagli.",
            "Something went wrong in the program: its log has the details.",
        ),
        "failed_hint": (
            "riferisci il numero della richiesta a chi gestisce il servizio",
            "tell whoever runs the service the number of the request",
        ),
        "unreadable": (
            "In questo momento l’archivio non si può leggere.",
            "The archive cannot be read at the moment.",
        ),
        "unreadable_hint": (
            "riferisci il numero della richiesta a chi gestisce il servizio: il motivo è nel registro",
            "tell whoever runs the service the number of the request: the log has the reason",
        ),
        "unreachable": (
            "In questo momento l’archivio non è raggiungibile.",
            "The archive cannot be reached at the moment.",
        ),
        "unreachable_hint": (
            "riprova tra poco; se continua, riferisci il numero della richiesta a chi gestisce il servizio",
            "try again shortly; if it goes on, tell whoever runs the service the number of the request",
        ),
        "misread": (
            "Quello che è stato inviato non si può leggere.",
            "What was sent cannot be read.",
        ),
        "misread_hint": (
            "/gradio_api/info elenca le funzioni e i loro parametri",
            "/gradio_api/info lists the functions and what each takes",
        ),
        "not_logged_in": (
            "La sessione è scaduta o l’accesso non è stato fatto: ricarica la pagina.",
            "The session has ended, or you have not logged in: reload the page.",
        ),
        "not_logged_in_hint": (
            "accedi da /login, o invia un token: Authorization: Bearer …",
            "log in at /login, or send a token: Authorization: Bearer …",
        ),
        "wrong_host": (
            "Il servizio non risponde sotto questo nome.",
            "The service does not answer under this name.",
        ),
        "wrong_host_hint": (
            "usa l’indirizzo stampato all’avvio; dietro un proxy serve --behind-proxy",
            "use the address printed at the start; behind a proxy --behind-proxy is needed",
        ),
        "foreign_site": (
            "La richiesta arriva dalla pagina di un altro sito.",
            "The request comes from the page of another site.",
        ),
        "foreign_site_hint": ("apri la pagina e riprova da lì", "open the page and try again from there"),
        "no_such_address": ("A questo indirizzo non c’è nulla.", "There is nothing at this address."),
        "no_such_address_hint": (
            "apri la pagina dal suo indirizzo, o vedi /api/",
            "open the page’s own address, or see /api/",
        ),
        "no_room": (
            "Sono in attesa troppi file.",
            "Too many files are waiting.",
        ),
        "no_room_hint": ("riprova più tardi", "try again later"),
        "no_uploads": (
            "Qui non si possono inviare file.",
            "No files are taken here.",
        ),
        "no_uploads_hint": (
            "i file si accettano solo con --allow-upload",
            "files are taken only where the page is served with --allow-upload",
        ),
        "login_name": ("Nome utente", "User name"),
        "login_password": ("Password", "Password"),
        "login_enter": ("Accedi", "Log in"),
        "login_wrong": ("Nome utente o password non corretti.", "The user name or the password is wrong."),
        "login_wrong_hint": (
            "chi gestisce il servizio può dare una nuova password",
            "whoever runs the service can give a new password",
        ),
        "login_slow": (
            "Troppi tentativi: questa password, giusta o sbagliata, non è stata controllata. "
            "Riprova tra {seconds} secondi.",
            "Too many attempts: this password, right or wrong, was not looked at. Try again in {seconds} seconds.",
        ),
        "login_slow_one": (
            "Troppi tentativi: questa password, giusta o sbagliata, non è stata controllata. Riprova tra 1 secondo.",
            "Too many attempts: this password, right or wrong, was not looked at. Try again in 1 second.",
        ),
        "login_slow_hint": ("aspetta il tempo indicato in Retry-After", "wait for what Retry-After says"),
        "login_slow_one_hint": ("aspetta il tempo indicato in Retry-After", "wait for what Retry-After says"),
        "page_logout": ("Esci", "Log out"),
    }
)
