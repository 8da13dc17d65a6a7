"""Acts that have one date or one doer, and offices that one person holds, in Italian and English.

Like :mod:`qa.counted` a small lexicon on purpose: what happens again and again (*meets*, *visits*, *says*), and offices
that many hold (*senator*), are not here.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from index.analysis import fold, words
from index.keys import Key, question_keys
from qa.records import Question

_ONCE = {
    "born": "nato nata nacque nascita born birth",
    "died": "morto morta morì morte deceduto deceduta scomparso scomparsa died dies death",
    "killed": "ucciso uccisa uccise assassinato assassinata assassinò assassinio killed murdered assassinated",
    "founded": "fondato fondata fondò fondazione founded founding",
    "inaugurated": "inaugurato inaugurata inaugurò inaugurazione aperto aperta aprì apertura inaugurated opened opens "
    "opening",
    "built": "costruito costruita costruì edificato edificata built",
    "collapsed": "crollato crollata crollò crollo collapsed collapse",
    "crashed": "precipitato precipitata precipitò schiantato schiantata schiantò schianto crashed crash",
    "sunk": "affondato affondata affondò affondamento naufragato naufragata naufragio sank sunk sinking",
    "exploded": "esploso esplosa esplose esplosione exploded explosion",
    "discovered": "scoperto scoperta scoprì discovered discovery",
    "invented": "inventato inventata inventò invented invention",
    "designed": "progettato progettata progettò disegnato designed",
    "written": "scritto scritta scrisse wrote written",
    "directed": "diretto diretta diresse directed",
    "painted": "dipinto dipinta dipinse painted",
}
_AGAIN = {
    "signed": "firmato firmata firmò firma siglato siglata siglò signed signing",
    "elected": "eletto eletta elezione elected election",
    "appointed": "nominato nominata nominò nomina appointed appointment",
    "resigned": "dimesso dimessa dimise dimissioni resigned resigns resignation",
    "arrested": "arrestato arrestata arresto arrested arrest",
    "sentenced": "condannato condannata condannò condanna sentenced convicted",
    "married": "sposato sposata sposò sposati nozze matrimonio married wedding",
    "published": "pubblicato pubblicata pubblicò pubblicazione published",
    "began": "iniziato iniziata iniziò inizio cominciato cominciata cominciò began started begun",
    "ended": "finito finita finì terminato terminata terminò concluso conclusa concluse fine ended finished",
    "launched": "lanciato lanciata lanciò launched",
    "closed": "chiuso chiusa chiuse chiusura closed closure",
    "approved": "approvato approvata approvò approvazione approved approval",
    "bought": "acquistato acquistata acquistò comprato comprata comprò bought acquired",
    "won": "vinto vinta vinse vittoria won winner winners victory",
    "held": "svolto svolta svolse tenuto tenuta tenne held",
}
_DONE = frozenset(
    "founded inaugurated killed discovered invented designed written directed painted elected appointed won".split()
)
_OFFICES = {
    "mayor": "sindaco sindaca mayor",
    "president": "presidente presidentessa president chairman chairwoman",
    "premier": "premier",
    "minister": "ministro ministra minister",
    "secretary": "segretario segretaria secretary",
    "governor": "governatore governatrice governor",
    "chancellor": "cancelliere cancelliera chancellor",
    "ambassador": "ambasciatore ambasciatrice ambassador",
    "director": "direttore direttrice director",
    "ceo": "amministratore amministratrice ad ceo",
    "pope": "papa pontefice pope",
    "king": "re king",
    "queen": "regina queen",
    "bishop": "vescovo bishop",
    "archbishop": "arcivescovo archbishop",
    "prefect": "prefetto prefetta prefect",
    "rector": "rettore rettrice rector",
    "commissioner": "commissario commissaria commissioner",
    "leader": "leader",
    "coach": "allenatore allenatrice coach",
    "chief": "capo chief",
    "captain": "capitano capitana captain",
    "winner": "vincitore vincitrice winner",
    "author": "autore autrice author",
    "inventor": "inventore inventrice inventor",
}


def act(word: str) -> str | None:
    """The act that `word` names, by a name of our own; None for words the lexicon lacks."""
    return _by_word().get(fold(word))


def office(word: str) -> str | None:
    """The office that `word` names, likewise."""
    return _by_office().get(fold(word))


def once(name: str) -> bool:
    """Whether the act happens to somebody or something once."""
    return name in _ONCE


def by_one(name: str) -> bool:
    """Whether one person is who did it, or to whom it was done."""
    return name in _DONE


@functools.cache
def _by_word() -> dict[str, str]:
    return {fold(word): name for name, row in (_ONCE | _AGAIN).items() for word in row.split()}


@functools.cache
def _by_office() -> dict[str, str]:
    return {fold(word): name for name, row in _OFFICES.items() for word in row.split()}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks the date or the name of.

    Attributes:
        acts: the acts it names.
        offices: the offices it names.
        keys: its other words of content.
    """

    acts: frozenset[str]
    offices: frozenset[str]
    keys: tuple[Key, ...]

    def held(self, terms: frozenset[str], opening: frozenset[str]) -> bool:
        """Whether a sentence, with what its article opens with, holds every key, and itself at least one."""
        return any(key.terms & terms for key in self.keys) and all(
            key.terms & terms or key.terms & opening for key in self.keys
        )


def asked(question: Question, asking: frozenset[str]) -> Asked | None:
    """What `question` asks about; None where it has none of the words `asking`, folded, or only those."""
    text = question.searched
    found = list(words(text))
    if not any(word.form in asking for word in found):
        return None
    acts = {name for word in found if (name := act(word.form)) is not None}
    offices = {name for word in found if (name := office(word.form)) is not None}
    told = [word.span for word in found if word.form in asking or act(word.form) or office(word.form)]
    rest = "".join(" " if any(span.start <= at < span.end for span in told) else c for at, c in enumerate(text))
    keys = question_keys(rest, tuple(question.sources))
    return Asked(frozenset(acts), frozenset(offices), keys) if keys else None
