"""What newspapers count, and what happens to it, in Italian and English: words that stand for one thing.

A small lexicon on purpose. Figures are compared only where both what is counted and what happens to it are the same
entry here, or the very same words: *soldati* and *troops*, *inviato* and *deployed*, but never soldiers and sappers.
"""

from __future__ import annotations

import functools

from index.analysis import fold

_THINGS = {
    "soldiers": "soldato soldati militare militari truppa truppe combattente combattenti uomini men soldier soldiers "
    "troop troops servicemen fighters",
    "dead": "morto morti morte morta vittima vittime caduto caduti ucciso uccisi decesso decessi decedute "
    "deceduti dead deaths toll fatality fatalities",
    "wounded": "ferito feriti ferite ferita wounded injured injuries",
    "losses": "perdita perdite loss losses casualty casualties",
    "missing": "disperso dispersi disperse missing",
    "prisoners": "prigioniero prigionieri prigioniera ostaggio ostaggi prisoner prisoners hostage hostages captives",
    "displaced": "sfollato sfollati sfollate evacuato evacuati evacuate displaced evacuees",
    "refugees": "profugo profughi rifugiato rifugiati refugee refugees",
    "migrants": "migrante migranti migrant migrants",
    "arrested": "arrestato arrestati arresto arresti arrest arrests",
    "infected": "contagio contagi contagiati infezioni infections infected",
    "workers": "operaio operai lavoratore lavoratori lavoratrici addetti worker workers",
    "sappers": "geniere genieri sminatore sminatori artificiere artificieri sapper sappers deminers engineers",
    "officers": "agente agenti poliziotto poliziotti policeman policemen officers",
    "civilians": "civile civili civilian civilians",
    "children": "bambino bambini bambina bambine minore minori child children",
    "people": "persona persone people",
    "inhabitants": "abitante abitanti inhabitant inhabitants residents residenti",
    "protesters": "manifestante manifestanti dimostranti protester protesters demonstrators",
    "students": "studente studenti studentesse student students pupils alunni",
    "passengers": "passeggero passeggeri passenger passengers",
    "houses": "casa case abitazione abitazioni house houses homes",
    "munitions": "munizione munizioni proiettile proiettili ammunition munitions shells rounds",
    "missiles": "missile missili missiles",
    "drones": "drone droni drones",
    "tanks": "tank tanks",
    "visitors": "visitatore visitatori visitor visitors",
    "votes": "voto voti vote votes",
    "jobs": "job jobs",
}
_EVENTS = {
    "dead": "morto morti morta morte ucciso uccisi uccisa uccise caduto caduti deceduto deceduti killed "
    "vittime decessi deaths fatalities toll kill kills killing died dead slain uccidendo uccidere morire moriva "
    "morivano muore muoiono die dies dying vita lives",
    "wounded": "ferito feriti ferita ferite wounded injured injuring wounding",
    "missing": "disperso dispersi disperse missing",
    "captured": "prigioniero prigionieri prigioniera prigioniere prisoner prisoners "
    "catturato catturati catturare captured capturing",
    "sent": "inviato inviati inviata inviate inviare invio inviando schierato schierati schierata schierate "
    "schierare schieramento dispiegato dispiegati dispiegata dispiegate dispiegare dispiegamento mandato "
    "mandati mandate mandare spedito spediti spedite presenza presenti impiego impiegati sent send "
    "sending deployed deploy deploying deployment dispatched shipped presence",
    "displaced": "sfollati sfollate evacuati evacuate evacuato displaced evacuated fleeing fled",
    "arrested": "arrestato arrestati arrestate arrested detained fermati",
    "infected": "contagiati contagiate positivi infected",
    "rescued": "salvato salvati salvate soccorsi soccorse rescued",
    "destroyed": "distrutto distrutti distrutta distrutte destroyed demolished",
    "fired": "licenziato licenziati licenziate fired laid dismissed",
    "hired": "assunto assunti assunte hired",
    "protested": "manifestato sfilato protested marched rallied",
    "withdrawn": "ritirato ritirati ritirate ritirata withdrawn withdrew",
}


def counted_thing(word: str) -> str | None:
    """What `word` counts, by a name of our own; None for words the lexicon lacks."""
    return _by_word("things").get(fold(word))


def happening(word: str) -> str | None:
    """What `word` says that happens to those counted, likewise."""
    return _by_word("events").get(fold(word))


@functools.cache
def _by_word(table: str) -> dict[str, str]:
    entries = _THINGS if table == "things" else _EVENTS
    return {fold(word): name for name, words in entries.items() for word in words.split()}
