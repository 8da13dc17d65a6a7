"""Word lists for finding who speaks: titles, bodies, places, outlets, works. All in lower case."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())


def phrases_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of `text`, parted by commas, each as its words."""
    return tuple(tuple(phrase.split()) for phrase in text.split(","))


TITLES = words_of(
    "mr mrs ms miss dr prof sir dame lord lady president chancellor minister secretary senator sen rep "
    "congressman congresswoman governor gov mayor judge justice general gen colonel col lieutenant lt captain "
    "capt sergeant sgt major king queen prince princess pope reverend rev father sister brother cardinal "
    "archbishop bishop chief coach professor doctor prime vice deputy ambassador attorney state director "
    "chairman officer detective inspector superintendent sheriff former ex foreign defense defence interior "
    "business health home finance treasury education trade supreme court nominee manager signor signora dott "
    "dottor dottoressa avv ing on onorevole sen presidente ministro senatore senatrice premier segretario "
    "papa don padre suor monsignor cardinale generale colonnello professor professoressa reverendo primo "
    "ministra cancelliera cancelliere re regina principe governatore sindaco direttore capitano luogotenente "
    "tenente democrat republican european american british first lady spokesman spokeswoman spokesperson "
    "speaker commissioner"
)
BODIES = words_of(
    "party committee commission council court university institute national centre center service department "
    "ministry office agency association federation union group company corporation corp inc ltd bank club "
    "team police army navy force forces church street road avenue city county house parliament congress "
    "senate assembly government party times post news journal herald gazette tribune telegraph mail radio tv "
    "television press network channel magazine fund foundation society league cup olympics games museum "
    "hospital school college airport bridge lake river partito comitato commissione consiglio corte "
    "università istituto centro servizio dipartimento ministero ufficio agenzia associazione federazione "
    "unione gruppo società banca squadra polizia esercito marina forze chiesa via piazza viale città contea "
    "camera parlamento congresso senato assemblea governo lega museo ospedale scuola collegio aeroporto ponte "
    "lago fiume coppa olimpiadi giochi procura regione provincia questura prefettura cassazione consulta "
    "trattato accordo guerra mondiale articolo treaty war act law bill plan day"
)
PLACES = words_of(
    "nord sud est ovest stati uniti nazioni unite nations united regno unito cremlino kremlin casa bianca white "
    "house mosca moscow pyongyang kiev kyiv seul seoul pechino beijing washington bruxelles brussels londra london "
    "parigi paris berlino berlin roma rome milano milan tokyo teheran tehran gerusalemme jerusalem ankara madrid "
    "vienna russia ucraina ukraine cina china francia france germania germany italia italy spagna spain inghilterra "
    "england scozia scotland galles wales irlanda ireland giappone japan corea korea india pakistan iran iraq siria "
    "syria israele israel palestina turchia turkey brasile brazil messico mexico canada argentina australia europa "
    "europe africa asia america usa uk ue u.s. u.n. onu nato gran bretagna britain svizzera switzerland polonia "
    "poland ungheria hungary grecia greece egitto egypt california texas york florida catalogna catalonia barcellona "
    "barcelona quirinale viminale farnesina vaticano vatican pentagono pentagon"
)
"""Names of places, in single words: they end a person's name that follows them (*Corea del Nord* | *Kim Jong Un*)."""

OUTLETS = words_of(
    "ansa askanews adnkronos agi lapresse italpress reuters afp ap kcna yonhap interfax tass ria novosti xinhua "
    "bloomberg upi dpa efe bbc cnn nbc cbs abc msnbc fox sky rai mediaset la7 npr pbs politico axios guardian "
    "independent newsweek corriere repubblica stampa avvenire fatto foglio sole messaggero giornale bild zdf ard orf "
    "nzz echo haaretz unian ukrinform ilpost adn skytg24 tg1 tg2 tg3 tgcom24 linkiesta domani manifesto secolo "
    "sole24ore tempo huffpost fanpage open libero wafb mic variety wapo nyt spiegel zeit monde figaro pais nhk "
    "al-jazeera jazeera nikkei wsj sun mirror economist time vogue espn rt sputnik france24 nielsen advocate "
    "examiner gazzetta nyp cnbc"
)
OUTLET_ENDS = words_of(
    "news times post journal herald gazette tribune telegraph mail radio tv television press hill chronicle globe "
    "examiner newspaper standard observer agency quotidiano"
)
OUTLET_NOUNS = words_of(
    "agenzia quotidiano giornale emittente settimanale rivista tv televisione radio sito testata network "
    "newspaper agency broadcaster network magazine channel affiliate outlet website daily tabloid station "
    "media stampa microfoni"
)
WORKS = words_of(
    "libro libri film pellicola serie programma show trasmissione canzone canzoni brano album singolo romanzo "
    "saggio racconto poesia opera spettacolo commedia documentario museo nave incrociatore petroliera "
    "operazione progetto mostra rivista quotidiano giornale titolo intitolato intitolata dipinto quadro "
    "podcast videogioco concetto termine parola espressione soprannome premio soprannominato soprannominata "
    "cosiddetto cosiddetta cosiddetti cosiddette detto ribattezzato denominato denominata sitcom telefilm "
    "rubrica autore autrice regista protagonista ristorante locale associazione teatro stadio scuola istituto "
    "book books film films movie movies series program programme show shows song songs track album albums "
    "single novel essay play musical documentary museum ship vessel operation project exhibition painting "
    "podcast game titled entitled concept term word nicknamed nickname so-called named author memoir poem "
    "sitcom drama thriller comedy anthem hit restaurant award known alias"
)
"""Nouns before the name of a work, a thing or a term: what follows in marks is that name."""

TERMS = words_of(
    "concetto termine parola espressione soprannome soprannominato soprannominata cosiddetto cosiddetta "
    "cosiddetti cosiddette detto ribattezzato denominato denominata cognome nome intitolato name surname "
    "concept term word nicknamed nickname so-called known alias titled"
)
"""Of these, the ones after which a word without a capital is a name or term as well."""

UTTERANCES = words_of(
    "urlo racconto deposizione testimonianza versione auspicio saluto ricordo sintesi battuta difesa "
    "accusa replica monito richiesta analisi sfogo invito attacco denuncia ammissione promessa "
    "verdict reaction "
    "slogan motto frase frasi parole coro cori scritta striscione cartello cartelli messaggio appello grido "
    "annuncio dichiarazione avvertimento risposta commento tweet post lettera domanda phrase words slogan "
    "chant chants sign message statement warning response comment call cry banner letter question caption "
    "placard placards"
)
"""Nouns of something said or written, which may stand for a verb of saying."""

WEEKDAYS = words_of(
    "lunedì martedì mercoledì giovedì venerdì sabato domenica monday tuesday wednesday thursday friday saturday sunday"
)
TIMES = WEEKDAYS | words_of(
    "giorno giorni anno anni mese mesi settimana settimane mattina mattinata sera serata notte pomeriggio "
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre ora ore "
    "minuti scorso scorsa stesso volta ieri oggi domani day year month week morning evening night afternoon "
    "january february april june july september october november december time hours days weeks months years "
    "last yesterday today tomorrow earlier later"
)
"""Words of a date or a time, which stand between a subject and its verb or before it."""

ABBREVIATIONS = words_of(
    "mr mrs ms dr prof sen rep gov gen col lt capt sgt rev st jr sr inc ltd co corp vs no jan feb mar apr jun "
    "jul aug sept sep oct nov dec dott sig avv ing on art pag ecc n tel p.s. gen feb magg giu lug ago sett "
    "ott nov dic approx dept hon fr etc"
)
