"""Direct speech in made-up sentences: one case a phenomenon, in Italian and in English."""

from __future__ import annotations

import pytest

from index.speech import extract
from index.speech.grammar import grammar
from index.speech.names import Finder
from index.speech.persons import Names

Case = tuple[str, str, list[tuple[str, str | None]]]

CASES: dict[str, Case] = {
    "guillemets, inverted verb": (
        "it",
        "«Non ci fermeremo», ha detto ieri il sindaco Marta Bonfanti.",
        [("Non ci fermeremo", "Marta Bonfanti")],
    ),
    "name and colon": ("it", "Bonfanti: «Non ci fermeremo mai».", [("Non ci fermeremo mai", "Bonfanti")]),
    "verb and colon": (
        "it",
        "La ministra Elena Carli ha spiegato: «I conti tornano. Andremo avanti».",
        [("I conti tornano. Andremo avanti", "Elena Carli")],
    ),
    "short name resolved": (
        "it",
        "Il presidente della Banca d'Arno Luigi Testa è arrivato a Pisa. «Siamo pronti», ha assicurato Testa.",
        [("Siamo pronti", "Luigi Testa")],
    ),
    "office resolved": (
        "it",
        "Il premier ungherese Pál Kovács è a Roma. Il premier ungherese ha definito l'accordo «un errore storico».",
        [("un errore storico", "Pál Kovács")],
    ),
    "implicit subject": (
        "it",
        "Marco Neri è tornato a casa lunedì. «Sto bene», ha detto ai cronisti.",
        [("Sto bene", "Marco Neri")],
    ),
    "pronoun, Italian": (
        "it",
        "Anna Ferri ha vinto la gara. «Non me l'aspettavo», ha raccontato lei.",
        [("Non me l'aspettavo", "Anna Ferri")],
    ),
    "gerund": (
        "it",
        "Il ministro Paolo Gatti ha lasciato l'aula parlando di «un giorno nero» per il Paese.",
        [("un giorno nero", "Paolo Gatti")],
    ),
    "two partial quotations, one verb": (
        "it",
        "Il Comune ha definito il progetto “sbagliato” e “troppo caro”.",
        [("sbagliato", "Il Comune"), ("troppo caro", "Il Comune")],
    ),
    "relative clause": (
        "it",
        "Ha risposto a Carla Bruni, che aveva definito “ridicola” la proposta.",
        [("ridicola", "Carla Bruni")],
    ),
    "according to": (
        "it",
        "Secondo Giulia Monti, la legge è “scritta male e in fretta”.",
        [("scritta male e in fretta", "Giulia Monti")],
    ),
    "written note": (
        "it",
        "«La società respinge ogni accusa», si legge in una nota.",
        [("La società respinge ogni accusa", None)],
    ),
    "attribution in the next sentence": (
        "it",
        "«Abbiamo perso una battaglia, non la guerra». Così Dario Sala dopo il voto.",
        [("Abbiamo perso una battaglia, non la guerra", "Dario Sala")],
    ),
    "continued in the next paragraph": (
        "it",
        "«È finita», ha detto Ugo Riva.\n\n«Domani si ricomincia da capo».",
        [("È finita", "Ugo Riva"), ("Domani si ricomincia da capo", "Ugo Riva")],
    ),
    "passive with agent": (
        "it",
        "Il piano è stato definito «folle» dal leghista Aldo Brambilla.",
        [("folle", "Aldo Brambilla")],
    ),
    "work, film and ship are not speech": (
        "it",
        "Il regista presenta il film “La lunga notte”. La nave “Stella Polare” è in porto. "
        "Il cosiddetto “decreto casa” slitta.",
        [],
    ),
    "irony is not speech": ("it", "In paese sono tutti “esperti” di calcio, a quanto pare.", []),
    "museum is not speech": ("it", "La cerimonia per il “Museo della civiltà contadina” si è svolta ieri.", []),
    "the next sentence takes it up": (
        "it",
        "«Non ci saranno tasse». Il ministro dell'Economia Paolo Gatti lo ribadisce in aula.",
        [("Non ci saranno tasse", "Paolo Gatti")],
    ),
    "a noun of saying after it": (
        "it",
        "«Siamo stanchi di promesse», è il commento di Maria Esposito, portavoce del comitato.",
        [("Siamo stanchi di promesse", "Maria Esposito")],
    ),
    "in somebody's view": (
        "it",
        "Per la segretaria Elena Villa, invece, la manovra è «iniqua e miope».",
        [("iniqua e miope", "Elena Villa")],
    ),
    "name after the hearer": (
        "it",
        "«Nessuno dimenticherà», ha detto venerdì al quotidiano Grant Reeher, professore a Syracuse.",
        [("Nessuno dimenticherà", "Grant Reeher")],
    ),
    "apposition and adverb": (
        "it",
        "Il reverendo David Orsi, figlio del fondatore, ha chiamato con orgoglio il coro «la voce dei poveri».",
        [("la voce dei poveri", "David Orsi")],
    ),
    "a sentence's subject is not the speaker": (
        "it",
        "Aldo Riva è in piazza. I democratici, ha affermato, vogliono solo «ostacolare il governo».",
        [("ostacolare il governo", "Aldo Riva")],
    ),
    "passive without agent": ("it", "Aldo Riva tace. Il piano è stato definito «folle».", [("folle", None)]),
    "English, said Name": (
        "en",
        "“We will not stop,” said Helen Marsh, the mayor of Leeds.",
        [("We will not stop,", "Helen Marsh")],
    ),
    "English, Name said": (
        "en",
        'Police chief Tom Reyes arrived at noon. "Nobody was hurt," Reyes said. "We were lucky."',
        [("Nobody was hurt,", "Tom Reyes"), ("We were lucky.", "Tom Reyes")],
    ),
    "English, pronoun": (
        "en",
        "Margaret Hollis met John Keane on Friday. “He was very kind,” she said.",
        [("He was very kind,", "Margaret Hollis")],
    ),
    "English, partial": (
        "en",
        "The Treasury described the plan as “reckless” and urged ministers to “think again”.",
        [("reckless", "The Treasury"), ("think again", "The Treasury")],
    ),
    "English, single marks": (
        "en",
        "‘It’s the players’ choice,’ Sarah Boyd told reporters.",
        [("It’s the players’ choice,", "Sarah Boyd")],
    ),
    "English, question": (
        "en",
        "“Who will pay?” Daniel Ross asked.",
        [("Who will pay?", "Daniel Ross")],
    ),
    "English, apposition": (
        "en",
        "Ruth Adler, a lawyer for the family and their friends, said the ruling was “deeply unfair”.",
        [("deeply unfair", "Ruth Adler")],
    ),
    "English, split by its attribution": (
        "en",
        "“If they come,” Peter Lund said, “we will be ready.”",
        [("If they come,", "Peter Lund"), ("we will be ready.", "Peter Lund")],
    ),
    "English, passive with agent": (
        "en",
        "Bosses have been accused of “breathtaking greed” by the minister, Steve Rowe.",
        [("breathtaking greed", "Steve Rowe")],
    ),
    "English, nickname of an office": (
        "en",
        "Captain Ruth Sand spoke first. The captain said the crew were “a family”.",
        [("a family", "Ruth Sand")],
    ),
    "English, it": (
        "en",
        "The regulator, Ofwat, gave no comment. In its report it described the service as “poor”.",
        [("poor", "The regulator")],
    ),
    "English, name and group": (
        "en",
        "“Too little, too late,” said Anna Whitfield of the group Clean Rivers.",
        [("Too little, too late,", "Anna Whitfield")],
    ),
    "English, colon": ("en", 'Nina Costa added: "I have no regrets."', [("I have no regrets.", "Nina Costa")]),
    "English, title and term are not speech": (
        "en",
        'Her novel "The Quiet Year" sold well, and the factory runs on a "just-in-time" basis.',
        [],
    ),
    "English, so-called": ("en", "The so-called “bathroom tax” was dropped.", []),
    "English, statement": (
        "en",
        "“We regret the delay,” the company said in a statement.",
        [("We regret the delay,", "the company")],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_words_and_speakers(case: Case) -> None:
    """Exactly these words are speech, and each has exactly this speaker."""
    language, text, expected = case
    found = extract("a", text, language)

    assert [(quote.span.of(text), quote.speaker) for quote in found] == expected


def test_a_phrase_with_an_empty_word_is_read() -> None:
    """A phrase that ends in an apostrophe has an empty word, which is no age; it may still be anybody's."""
    italian = grammar("it")
    names = Names(Finder("", [], italian), [], italian, {})

    assert names.may_be("Mario Rossi", ["sindaco", ""])
