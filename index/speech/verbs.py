"""Verbs of saying in Italian and English: which word forms they have, and how surely they mean speech.

The lexicon is written as infinitives and stems; the forms a newspaper uses of them (third persons, participles, gerunds
with their clitics) are made here once, when the module is first used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Sense(StrEnum):
    """How a verb goes with somebody's exact words."""

    SAY = "say"
    """Takes a whole utterance: *ha detto*, *said*."""
    CALL = "call"
    """Takes the words as a description: *ha definito*, *called*."""
    ACT = "act"
    """An act done by speaking, with words built into it: *ha ringraziato*, *urged*."""
    MIND = "mind"
    """Thought or feeling: speech only where several words are quoted."""


class Form(StrEnum):
    """What a form can do in a clause."""

    FINITE = "finite"
    PARTICIPLE = "participle"
    GERUND = "gerund"
    INFINITIVE = "infinitive"


@dataclass(frozen=True, slots=True)
class Verb:
    """One reading of a word form. `noun` is True where the same form is a common noun as well."""

    sense: Sense
    form: Form
    noun: bool = False


_ARE = {
    Sense.SAY: (
        "afferm dichiar spieg raccont replic sottoline precis annunci assicur comment osserv ricord rivel conferm "
        "confid confess twitt riport continu esclam grid url sussurr mormor domand ammon avvis giur tuon chios "
        "ironizz scherz not evidenzi rimarc specific obiett rilanci rincar sbott sentenzi recit argoment rilev "
        "segnal inform comunic cant scand inton testimoni minimizz anticip ipotizz incalz sintetizz puntualizz post "
        "sbuff "
        "sospir scherz gongol esult ridacchi ammicc sferz ringhi dett balbett sibil implor esult tranquillizz garant"
    ),
    Sense.CALL: (
        "chiam boll etichett giudic consider liquid apostrof tacci qualific autoproclam ribattezz paragon indic"
    ),
    Sense.ACT: (
        "acclam elogi lod ringrazi esort invit incoraggi minacci accus critic denunci condann lament auspic "
        "obblig celebr salut appell impegn sollecit cit evoc invoc rimprover contest insult applaud raccomand "
        "consigli ordin intim neg rivendic attacc bacchett stronc parl sfid rassicur scus congratul sper augur "
        "vant reclam esalt rifiut rinfacci punt caldegg firm"
    ),
    Sense.MIND: ("pens immagin sogn preoccup mostr dimostr"),
}
_IRE = {
    Sense.SAY: ("ribad chiar garant sugger asser esord rifer"),
    Sense.CALL: ("defin autodefin"),
    Sense.ACT: ("stabil sanc sment ammon"),
}
_ITALIAN_OTHER = {
    # One verb a line: finite | participle | gerund | infinitive.
    Sense.SAY: """
    dice dicono disse dissero diceva dicevano dirà diranno direbbe|detto detta detti dette|dicendo|dire
    aggiunge aggiungono aggiunse aggiunsero aggiungeva aggiungevano|aggiunto|aggiungendo|aggiungere
    sostiene sostengono sostenne sostennero sosteneva sostenevano|sostenuto|sostenendo|sostenere
    risponde rispondono rispose risposero rispondeva rispondevano|risposto|rispondendo|rispondere
    conclude concludono concluse conclusero concludeva concludevano|concluso|concludendo|concludere
    ammette ammettono ammise ammisero ammetteva ammettevano|ammesso|ammettendo|ammettere
    riconosce riconoscono riconobbe riconobbero riconosceva|riconosciuto|riconoscendo|riconoscere
    scrive scrivono scrisse scrissero scriveva scrivevano|scritto|scrivendo|scrivere
    prosegue proseguono proseguì proseguirono proseguiva|proseguito|proseguendo|proseguire
    insiste insistono insistette insisteva insistevano|insistito|insistendo|insistere
    chiede chiedono chiese chiesero chiedeva chiedevano|chiesto|chiedendo chiedendosi|chiedere
    avverte avvertono avvertì avvertirono avvertiva avvertivano|avvertito|avvertendo|avvertire
    ribatte ribattono ribatté ribatteva|ribattuto|ribattendo|ribattere
    controbatte controbattono|controbattuto|controbattendo|controbattere
    interviene intervengono intervenne|intervenuto||
    ripete ripetono ripeté ripeteva ripetevano|ripetuto|ripetendo|ripetere
    legge leggono lesse|letto|leggendo|leggere
    riassume riassumono riassunse|riassunto|riassumendo|riassumere
    riprende riprendono riprese|ripreso|riprendendo|
    sorride sorridono sorrise sorrideva||sorridendo|
    ride ridono rise||ridendo|
    promette promettono promise promisero prometteva|promesso|promettendo|promettere
    """,
    Sense.CALL: """
    descrive descrivono descrisse descrissero descriveva|descritto descritta descritti descritte|descrivendo|descrivere
    dipinge dipingono dipinse|dipinto|dipingendo|dipingere
    ritiene ritengono ritenne riteneva ritenevano|ritenuto ritenuta|ritenendo|ritenere
    """,
    Sense.ACT: """
    esprime esprimono espresse espressero esprimeva|espresso espressa espressi|esprimendo|esprimere
    respinge respingono respinse respinsero respingeva|respinto respinta|respingendo|respingere
    rivolge rivolgono rivolse rivolsero|rivolto rivolta rivolti|rivolgendo|rivolgere
    difende difendono difese difesero|difeso difesa|difendendo|difendere
    prevede prevedono previde prevedeva|previsto|prevedendo|prevedere
    impone impongono impose imponeva|imposto|imponendo|imporre
    propone propongono propose proponeva|proposto|proponendo|proporre
    pretende pretendono pretese pretendeva|preteso|pretendendo|pretendere
    esige esigono esigeva||esigendo|esigere
    deride deridono derise|deriso|deridendo|deridere
    esclude escludono escluse escludeva|escluso|escludendo|escludere
    richiede richiedono richiese richiedeva|richiesto|richiedendo|richiedere
    vieta vietano|vietato|vietando|vietare
    """,
    Sense.MIND: """
    crede credono credeva credevano|creduto|credendo|
    teme temono temeva temevano|temuto|temendo|
    vuole vogliono voleva volevano|voluto||
    sente sentono sentì sentiva sentivano|sentito sentita sentiti|sentendo|
    """,
}
_ITALIAN_NOUNS = frozenset(
    "nota noti denuncia denunci accusa accusi conferma confermi replica critica critichi minaccia minacci "
    "domanda domandi legge detta dette detto detti scritto condanna saluta saluti sfida sfidi firma firmi "
    "difesa difese promessa punta punti grida gridi urla urli racconti letto canta canti ordina ordini giudichi "
    "avvisi annunci ricordi mostra mostri conclusa ripresa riprese rivolta rivolte impegni appelli inviti "
    "commenti cenni pretese imposta previsto sentiti loda lodi segnali segnala parli dimostra lamenti comunica "
    "spieghi urla consigli scherzi chiese tuona rilievi augura auguri".split()
)
_CLITICS = "- lo la li le gli si ne mi ci vi ti glielo gliela"
_INFINITIVES = "e lo la li le si"

_ENGLISH = {
    Sense.SAY: (
        "say:says,said,saying tell:tells,told,telling add explain state declare announce claim argue insist note "
        "remark comment reply respond answer ask write:writes,wrote,written,writing tweet post warn "
        "admit:admits,admitted,admitting acknowledge concede confirm reveal recall continue conclude stress "
        "emphasise emphasize maintain suggest report assert contend allege testify shout chant yell scream whisper "
        "joke quip:quips,quipped,quipping vow pledge promise point observe complain exclaim reiterate repeat agree "
        "predict boast muse opine caution counter retort fume hint read:reads,reading recount inform confess confide "
        "mutter murmur cry snap:snaps,snapped,snapping clarify elaborate enthuse gush interject wonder explode roar "
        "sigh smile:smiles,smiled,smiling grin:grins,grinned,grinning chuckle giggle protest grumble "
        "sob:sobs,sobbed,sobbing scoff sneer marvel rejoice thunder gasp stammer purr growl groan moan plead lament "
        "warble sing:sings,sang,sung,singing advise deny apologise apologize speak:speaks,spoke,spoken,speaking "
        "think:thinks,thought,thinking remember reflect laugh begin:begins,began,beginning conclude communicate "
        "disclose relate tease text email message"
    ),
    Sense.CALL: (
        "call describe label:labels,labelled,labeled,labelling,labeling brand dub:dubs,dubbed,dubbing term "
        "characterise characterize refer:refers,referred,referring depict denounce slam:slams,slammed,slamming "
        "blast condemn hail praise portray deem liken compare nickname tout decry laud"
    ),
    Sense.ACT: (
        "thank urge threaten demand credit encourage invite order defend reject dismiss express voice hope "
        "criticise criticize accuse mock chide blame cite appeal recommend attack require define "
        "commit:commits,committed, committing endorse instruct rebuke question speculate raise propose offer "
        "guarantee oppose sue charge welcome salute commend challenge plead deplore deride ridicule scold "
        "swear:swears,swore,sworn insult celebrate ban:bans,banned,banning forbid:forbids,forbade decide rule "
        "implore beg:begs,begged,begging request stipulate mandate summon lash hit list:lists,listed detail "
        "outline highlight quote sign"
    ),
    Sense.MIND: (
        "believe feel:feels,felt,feeling fear want consider view find:finds,found see:sees,saw,seen,seeing worry "
        "know:knows,knew,known,knowing expect regard doubt understand:understands,understood"
    ),
}
_ENGLISH_NOUNS = frozenset(
    "claims states state reports report comments comment notes note remarks remark promises promise demands "
    "demand answers answer calls call reply replies posts post writing points point saying charges charge "
    "orders order counter counters vow vows pledge pledges attack attacks praise blast hint hints credit "
    "request requests questions question fears fear view views term terms label labels brand brands tweet "
    "tweets message messages laugh list lists detail details text texts email emails read reading joke jokes "
    "cry cries challenge challenges shout shouts rule rules blame sign signs offer offers raise appeal appeals "
    "hit hits warning meaning feeling finding findings hope hopes chant chants voice voices welcome highlight "
    "highlights outline stress whisper scream snap worry doubt doubts quote quotes".split()
)


def _italian() -> Iterator[tuple[str, Verb]]:
    for sense, stems in _ARE.items():
        for stem in stems.split():
            hard = stem + "h" if stem[-1] in "cg" else stem.removesuffix("i")
            yield from _forms(sense, stem, "a ano ava avano ò arono asse", Form.FINITE)
            yield from _forms(sense, hard, "i ino erà eranno erebbe", Form.FINITE)
            yield from _forms(sense, stem, "ato ata ati ate", Form.PARTICIPLE)
            yield from _forms(sense, stem + "ando", _CLITICS, Form.GERUND)
            yield from _forms(sense, stem + "ar", _INFINITIVES, Form.INFINITIVE)
    for sense, stems in _IRE.items():
        for stem in stems.split():
            yield from _forms(sense, stem, "isce iscono iva ivano ì irono irà irebbe", Form.FINITE)
            yield from _forms(sense, stem, "ito ita iti ite", Form.PARTICIPLE)
            yield from _forms(sense, stem + "endo", _CLITICS, Form.GERUND)
            yield from _forms(sense, stem + "ir", _INFINITIVES, Form.INFINITIVE)
    for sense, verbs in _ITALIAN_OTHER.items():
        for verb in verbs.strip().splitlines():
            for form, words in zip(Form, verb.strip().split("|"), strict=True):
                for word in words.split():
                    yield from _forms(sense, word, _CLITICS if form is Form.GERUND else "-", form)


def _forms(sense: Sense, stem: str, endings: str, form: Form) -> Iterator[tuple[str, Verb]]:
    """The forms of a stem; ``-`` is no ending."""
    for ending in endings.split():
        word = stem + ending.strip("-")
        yield word, Verb(sense, form, word in _ITALIAN_NOUNS)


def _english() -> Iterator[tuple[str, Verb]]:
    for sense, entries in _ENGLISH.items():
        for entry in entries.split():
            base, _, irregular = entry.partition(":")
            if base[-1] == "e":
                forms = [base + "s", base + "d", base[:-1] + "ing"]
            elif base[-1] == "y" and base[-2] not in "aeou":
                forms = [base[:-1] + "ies", base[:-1] + "ied", base + "ing"]
            else:
                forms = [base + ("es" if base.endswith(("s", "sh", "ch", "ss")) else "s"), base + "ed", base + "ing"]
            for word in [base, *(irregular.split(",") if irregular else forms)]:
                form = Form.GERUND if word.endswith("ing") and word != base else Form.FINITE
                yield word, Verb(sense, form, word in _ENGLISH_NOUNS)


@cache
def verbs(language: str) -> dict[str, Verb]:
    """Word form in lower case → its reading, for ``it`` or ``en``. The first sense listed for a form holds."""
    table: dict[str, Verb] = {}
    for word, verb in _italian() if language == "it" else _english():
        table.setdefault(word, verb)
    return table
