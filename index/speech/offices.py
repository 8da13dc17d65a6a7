"""Offices, callings and kin: nouns of people who may speak, and which of them mean the same office."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from index.speech.lexicon import words_of

_SAME = (
    "sindaco sindaca cittadino cittadina mayor borgomastro",
    "premier",
    "presidente presidentessa patron chairman chairwoman chair president numero",
    "leader segretario segretaria numero capo head boss chief",
    "vicepremier vicepresidente",
    "ministro ministra titolare minister secretary guardasigilli",
    "avvocato avvocata avvocatessa legale difensore difensora penalista lawyer attorney solicitor barrister counsel",
    "allenatore allenatrice tecnico ct mister coach manager boss trainer head",
    "attaccante centravanti bomber calciatore calciatrice giocatore giocatrice centrocampista fantasista difensore "
    "terzino portiere capitano striker forward player footballer midfielder defender winger goalkeeper captain skipper",
    "amministratore amministratrice ad ceo executive manager numero boss chief",
    "fondatore fondatrice imprenditore imprenditrice proprietario proprietaria titolare founder cofounder owner "
    "entrepreneur businessman businesswoman patron magnate tycoon miliardario billionaire",
    "procuratore procuratrice pm magistrato magistrata inquirente prosecutor",
    "giudice gip gup magistrato magistrata judge justice magistrate",
    "attore attrice interprete star actor actress",
    "cantante cantautore cantautrice rapper musicista artista frontman singer songwriter musician star artist",
    "testimone teste witness",
    "imputato imputata accusato accusata indagato indagata arrestato arrestata defendant suspect",
    "scrittore scrittrice romanziere giallista writer novelist poet poeta poetessa",
    "medico dottore dottoressa primario chirurgo chirurga virologo virologa infettivologo infermiere infermiera "
    "doctor physician surgeon nurse",
    "docente professore professoressa prof ricercatore ricercatrice studioso studiosa accademico scienziato scienziata "
    "geologo geologa storico storica economista sociologo sociologa psicologo psicologa politologo politologa biologo "
    "biologa esperto esperta professor lecturer academic researcher scientist historian economist scholar expert",
    "giornalista cronista conduttore conduttrice presentatore presentatrice inviato inviata corrispondente "
    "editorialista journalist reporter presenter host correspondent columnist broadcaster",
    "regista cineasta filmmaker director",
    "direttore direttrice curatore curatrice preside director curator headteacher",
    "generale colonnello capitano comandante tenente maresciallo caposquadra ammiraglio general colonel captain "
    "commander lieutenant sergeant admiral",
    "papa pontefice pope pontiff",
    "vescovo arcivescovo cardinale prelato porporato bishop archbishop cardinal",
    "sacerdote parroco prete don priest vicar reverendo reverend pastor",
    "governatore governatrice presidente governor",
    "senatore senatrice parlamentare onorevole senator lawmaker",
    "deputato deputata parlamentare onorevole congressman congresswoman representative lawmaker mp",
    "cancelliere cancelliera chancellor",
    "nuotatore nuotatrice tennista pilota ciclista atleta pugile sciatore sciatrice schermitrice corridore campione "
    "campionessa olimpionico olimpionica swimmer golfer driver rider cyclist runner boxer champion athlete",
    "portavoce spokesman spokeswoman spokesperson",
    "sindacalista delegato delegata unionist",
    "poliziotto poliziotta agente carabiniere vigile officer detective policeman policewoman sheriff",
)
"""Offices that one person can be called by in turn, a line each."""

_OTHER = words_of(
    "protagonista autore autrice author fisico fisica chimico chimica astronauta paleontologo archeologo archeologa "
    "oncologo oncologa pediatra veterinario veterinaria farmacista tassista edicolante parrucchiera fornaio fornaia "
    "panettiere pasticciere pasticciera macellaio contadino contadina pastore pescatore falegname idraulico "
    "elettricista muratore cuoco cuoca cameriere cameriera bidello bidella maestro maestra educatore educatrice "
    "bibliotecaria libraio libraia editore editrice fotografo fotografa pittore pittrice scultore scultrice "
    "ballerino ballerina coreografo coreografa compositore direttore soprano tenore comico comica influencer "
    "youtuber blogger stratega broker banchiere banchiera gestore costruttore immobiliarista armatore albergatore "
    "albergatrice viticoltore enologo agronomo soccorritore soccorritrice pompiere bagnino alpinista scalatore "
    "scalatrice guida skipper velista arbitro arbitra presentatore ex-ministro detenuto detenuta pentito pentita "
    "boss ragazzino ragazzina neonato gemello gemella nipote suocera suocero genero nuora cognato cognata erede "
    "coniuge marittimo militare soldato marinaio ufficiale brigadiere appuntato ispettore ispettrice vicequestore "
    "vicesindaco vicesindaca consorte primatista azzurro azzurra baker butcher builder plumber carpenter electrician "
    "farmer fisherman shopkeeper barber hairdresser waiter waitress bartender cook photographer painter sculptor "
    "dancer choreographer composer conductor poet editor publisher blogger influencer physicist chemist biologist "
    "geologist astronomer astronaut neuroscientist archaeologist anthropologist psychiatrist therapist dentist vet "
    "pharmacist librarian clerk cleaner cabbie referee umpire jockey trader banker investor landlord landlady tenant "
    "neighbour inmate prisoner refugee migrant worker miner trucker crofter gardener guitarist drummer bassist "
    "pianist violinist playwright screenwriter producer showrunner backbencher peer grandson granddaughter nephew "
    "niece twin partner girlfriend boyfriend fiance fiancee ex-wife ex-husband laureate medallist medalist olympian "
    "sprinter teenager youngster newcomer native ambasciatore ambasciatrice re regina principe principessa analista "
    "consigliere consigliera commissario commissaria filosofo filosofa candidato candidata dirigente rappresentante "
    "responsabile coordinatore coordinatrice assessore assessora assessor eurodeputato eurodeputata funzionario "
    "funzionaria autista consulente figlio figlia padre madre papà mamma nonno nonna zio zia fratello sorella cugino "
    "cugina moglie marito vedova vedovo compagno compagna fidanzato fidanzata amico amica custode capogruppo collega "
    "studente studentessa studenti ragazzo ragazza uomo donna bambino bambina pensionato pensionata operaio operaia "
    "residente commerciante barista ristoratore chef stilista architetto architetta ingegnere ingegnera "
    "sottosegretario sottosegretaria questore prefetto prefetta rettore rettrice volontario volontaria attivista "
    "vittima sopravvissuto turista passeggero passeggera macchinista garante relatore relatrice promotore promotrice "
    "organizzatore organizzatrice dem azzurra azzurro ambassador king queen prince princess analyst adviser advisor "
    "commissioner candidate nominee diplomat negotiator superintendent inspector designer artist strategist activist "
    "campaigner developer consultant mep vice deputy envoy man woman mother father mum mom dad son daughter wife "
    "husband brother sister cousin uncle aunt widow grandmother grandfather official comedian dissident democrat "
    "republican veteran teacher colleague councillor councilman councilwoman alderman resident neighbour neighbor "
    "student bookkeeper officer spokesperson farmer survivor victim passenger tourist fan pensioner engineer "
    "architect designer principal headmaster opposite source aide counterpart premier speaker treasurer teenager boy "
    "girl youngster rescuer firefighter paramedic pilot sailor soldier lawmaker volunteer organiser organizer "
    "chemist virologist epidemiologist psychologist"
)
ROLES = words_of(" ".join(_SAME)) | _OTHER
"""Nouns of one person, before or after a name or in its place."""

_ENDINGS = ("tore", "trice", "ista", "logo", "loga", "iatra", "woman", "sman", "ologist")
_THINGS = words_of(
    "motore settore fattore vettore valore trattore ascensore contatore indicatore calcolatore elettrodotto rettore "
    "lista vista rivista pista conquista intervista provvista prevista vista svista resista dialogo catalogo prologo "
    "epilogo monologo analogo analoga decalogo riepilogo luogo alluminista matrice cicatrice radice lavatrice "
    "lavastoviglie calcolatrice fattrice autore"
)


def is_role(word: str) -> bool:
    """Whether a lower-case word is a noun of one person, by the lists or by its ending (*-tore*, *-ista*, *-woman*)."""
    return word in ROLES or (len(word) > 6 and word.endswith(_ENDINGS) and word not in _THINGS)


PEOPLE = words_of(
    "inquirenti investigatori magistrati giudici avvocati legali difensori sindacati sindacalisti lavoratori operai "
    "genitori mamme madri padri familiari parenti residenti abitanti cittadini vicini commercianti studenti docenti "
    "insegnanti tifosi giocatori azzurri azzurre medici infermieri esperti analisti economisti scienziati "
    "ricercatori autorità vertici fonti testimoni amici colleghi deputati senatori parlamentari consiglieri "
    "dirigenti responsabili organizzatori attivisti ambientalisti manifestanti volontari soccorritori carabinieri "
    "vigili pompieri agenti poliziotti militari soldati agricoltori allevatori imprenditori industriali consumatori "
    "difesa accusa procura famiglia opposizione opposizioni maggioranza governo azienda società ragazzi ragazze "
    "giovani bambini donne uomini democratici repubblicani leghisti verdi dem sindaci governatori ministri portavoce "
    "critici critica fratelli sorelle nonni coniugi pensionati pendolari passeggeri turisti ristoratori albergatori "
    "gestori titolari investigators prosecutors police officers officials lawyers attorneys unions workers parents "
    "mothers fathers relatives residents neighbours neighbors students teachers fans players doctors nurses experts "
    "analysts economists scientists researchers authorities sources witnesses friends colleagues lawmakers senators "
    "activists campaigners protesters volunteers rescuers farmers critics supporters democrats republicans family "
    "families people passengers tourists organisers organizers ministers mps firefighters regulators bosses "
    "villagers locals survivors victims defence defense regulator watchdog opposition government company firm "
    "authors judges council"
)
"""Nouns of several people or of a body, which may speak without being named."""

KIN = words_of(
    "figlio figlia padre madre papà mamma nonno nonna zio zia fratello sorella cugino cugina moglie marito vedovo "
    "vedova compagno compagna fidanzato fidanzata suocero suocera nipote mother father mum mom dad son daughter wife "
    "husband brother sister cousin uncle aunt widow grandmother grandfather grandson granddaughter nephew niece"
)
"""Relatives: somebody beside the person spoken of."""

BESTOWED = words_of(
    "sindaco sindaca cittadino cittadina premier presidente presidentessa leader segretario segretaria vicepremier "
    "vicepresidente ministro ministra guardasigilli ad ceo procuratore procuratrice pm magistrato magistrata "
    "giudice gip gup direttore direttrice curatore curatrice preside papa pontefice vescovo arcivescovo cardinale "
    "governatore governatrice senatore senatrice deputato deputata cancelliere cancelliera portavoce questore prefetto "
    "prefetta rettore rettrice assessore assessora commissario commissaria capogruppo garante capo colonnello "
    "generale comandante ambasciatore ambasciatrice re regina principe principessa sottosegretario sottosegretaria "
    "mayor president chairman chairwoman chief head minister secretary prosecutor judge justice magistrate director "
    "pope bishop archbishop cardinal governor senator congressman congresswoman chancellor spokesman spokeswoman "
    "spokesperson commissioner ambassador king queen prince princess vice deputy sheriff general colonel commander"
)
"""Offices that are not said of somebody who is not known to hold them (*il giudice*, unlike *il tecnico*)."""

_TWO_WORDS = {
    ("presidente", "consiglio"): "premier",
    ("primo", "ministro"): "premier",
    ("prima", "ministra"): "premier",
    ("prime", "minister"): "premier",
    ("capo", "governo"): "premier",
    ("pubblico", "ministero"): "pm",
    ("capo", "stato"): "presidente",
}
ADJECTIVES = words_of(
    "militare ufficiale legale storico storica tecnico fisico fisica chimico chimica comico comica azzurro azzurra dem "
    "titolare responsabile accademico vicino accusato indagato arrestato candidato military official legal"
)
"""Of all these, the ones that are adjectives as well: nouns only right after an article (*il tecnico*)."""

_DEMONYMS = words_of(
    "romano romana milanese torinese napoletano napoletana veneziano veneziana genovese bolognese fiorentino "
    "fiorentina palermitano palermitana siciliano siciliana sardo sarda pugliese barese veneto veneta friulano "
    "friulana lombardo lombarda toscano toscana ligure emiliano emiliana umbro calabrese lucano altoatesino trentino "
    "trentina bergamasco bresciano bresciana veronese padovano triestino americano americana statunitense inglese "
    "britannico britannica francese tedesco tedesca spagnolo spagnola russo russa ucraino ucraina cinese giapponese "
    "brasiliano brasiliana argentino argentina svizzero svizzera austriaco austriaca olandese belga polacco polacca "
    "croato croata serbo serba turco turca greco greca norvegese svedese danese finlandese canadese australiano "
    "australiana keniano keniana etiope marocchino marocchina portoghese irlandese scozzese gallese sloveno slovena "
    "ceco ceca ungherese rumeno rumena messicano messicana colombiano colombiana american briton englishman "
    "frenchman german italian spaniard russian ukrainian canadian australian dutchman belgian swiss austrian pole "
    "serb croat swede dane norwegian finn brazilian argentine argentinian scot irishman welshman scotsman kenyan "
    "ethiopian texan californian londoner"
)
"""People by where they come from, which with an article alone take up somebody named (*la romana*)."""
_EMPTY = frozenset("del della dello dell' di".split())


def _kinds() -> dict[str, frozenset[int]]:
    kinds: dict[str, set[int]] = {}
    for number, line in enumerate(_SAME):
        for word in line.split():
            kinds.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in kinds.items()}


_KINDS = _kinds()


def is_demonym(word: str) -> bool:
    """Whether a lower-case word says where somebody is from: *la romana*, *il senegalese*."""
    return word in _DEMONYMS or (len(word) > 6 and word.endswith("ese"))


def two_word_office(words: Sequence[str]) -> tuple[str, str] | None:
    """The office of two nouns that a phrase names: ``il capo dello Stato``."""
    plain = [word for word in words if word not in _EMPTY]
    return next((two for two in itertools.pairwise(plain) if two in _TWO_WORDS), None)


def office_keys(words: Sequence[str]) -> frozenset[str]:
    """The offices that the lower-case words of a phrase name: the nouns, and a number for each kind they belong to."""
    if two := two_word_office(words):
        return frozenset((" ".join(two), *(str(kind) for kind in _KINDS[_TWO_WORDS[two]])))
    roles = [word for word in words if is_role(word)]
    if "numero" in roles and "uno" not in words:
        roles.append("giocatore")  # `il numero 9`
        roles.remove("numero")
    return frozenset(roles).union(str(kind) for role in roles for kind in _KINDS.get(role, ()))
