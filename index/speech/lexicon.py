"""Word lists for finding who speaks: offices, bodies, places, outlets, works, given names. All in lower case."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())


def phrases_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of `text`, parted by commas, each as its words."""
    return tuple(tuple(phrase.split()) for phrase in text.split(","))


ROLES = words_of(
    "leader presidente presidentessa premier ministro ministra portavoce segretario segretaria ambasciatore "
    "ambasciatrice direttore direttrice generale colonnello capitano comandante capo sindaco sindaca "
    "governatore governatrice senatore senatrice deputato deputata cancelliere cancelliera papa pontefice re "
    "regina principe principessa giudice procuratore procuratrice avvocato avvocata professore professoressa "
    "docente ricercatore ricercatrice analista esperto esperta allenatore allenatrice tecnico ct calciatore "
    "attaccante portiere attore attrice regista cantante rapper scrittore scrittrice autore autrice "
    "giornalista cronista conduttore conduttrice imprenditore fondatore fondatrice amministratore consigliere "
    "consigliera commissario commissaria vicepresidente vescovo cardinale arcivescovo reverendo dottore "
    "dottoressa medico sociologo economista storico storica filosofo numero candidato candidata vicepremier "
    "dirigente manager legale rappresentante responsabile coordinatore coordinatrice parlamentare "
    "eurodeputato tycoon magnate miliardario ad ceo nuotatore nuotatrice campione campionessa tennista pilota "
    "atleta poliziotto agente autista artista musicista scienziato scienziata consulente presentatore "
    "presentatrice figlio figlia padre madre fratello sorella moglie marito vedova president chancellor "
    "minister secretary spokesman spokeswoman spokesperson ambassador director general colonel captain "
    "commander chief chairman chairwoman chair mayor governor senator congressman congresswoman "
    "representative lawmaker pope king queen prince princess judge justice prosecutor attorney lawyer "
    "professor lecturer researcher analyst expert coach manager player striker goalkeeper actor actress "
    "singer author writer journalist reporter presenter host founder cofounder executive officer adviser "
    "advisor commissioner bishop cardinal archbishop reverend doctor physician scientist economist historian "
    "candidate nominee diplomat negotiator boss head owner sheriff detective superintendent inspector "
    "sergeant officer chef designer artist musician strategist activist campaigner swimmer golfer driver "
    "pilot billionaire entrepreneur developer consultant mp mep vice deputy envoy skipper man woman mother "
    "father son daughter wife husband brother sister widow official comedian dissident democrat republican "
    "frontman star actor veteran teacher"
)
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
    "nord sud est ovest stati uniti regno unito cremlino kremlin casa bianca white house mosca moscow "
    "pyongyang kiev kyiv seul seoul pechino beijing washington bruxelles brussels londra london parigi paris "
    "berlino berlin roma rome milano milan tokyo teheran tehran gerusalemme jerusalem ankara madrid vienna "
    "russia ucraina ukraine cina china francia france germania germany italia italy spagna spain inghilterra "
    "england scozia scotland galles wales irlanda ireland giappone japan corea korea india pakistan iran iraq "
    "siria syria israele israel palestina turchia turkey brasile brazil messico mexico canada argentina "
    "australia europa europe africa asia america usa uk ue u.s. u.n. onu nato gran bretagna britain svizzera "
    "switzerland polonia poland ungheria hungary grecia greece egitto egypt california texas york florida "
    "catalogna catalonia barcellona barcelona quirinale viminale farnesina vaticano vatican pentagono "
    "pentagon"
)
"""Names of places, in single words: they end a person's name that follows them (*Corea del Nord* | *Kim Jong Un*)."""

OUTLETS = words_of(
    "ansa askanews adnkronos agi lapresse italpress reuters afp ap kcna yonhap interfax tass ria novosti "
    "xinhua bloomberg upi dpa efe bbc cnn nbc cbs abc msnbc fox sky rai mediaset la7 npr pbs politico axios "
    "guardian independent newsweek corriere repubblica stampa avvenire fatto foglio sole messaggero giornale "
    "libero wafb mic variety wapo nyt spiegel zeit monde figaro pais nhk al-jazeera jazeera nikkei wsj sun "
    "mirror economist time vogue espn rt sputnik france24 nielsen advocate examiner gazzetta nyp cnbc"
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
    "accusa replica monito richiesta analisi sfogo invito attacco denuncia ammissione promessa "
    "verdict reaction "
    "slogan motto frase frasi parole coro cori scritta striscione cartello cartelli messaggio appello grido "
    "annuncio dichiarazione avvertimento risposta commento tweet post lettera domanda phrase words slogan "
    "chant chants sign message statement warning response comment call cry banner letter question caption "
    "placard placards"
)
"""Nouns of something said or written, which may stand for a verb of saying."""

EPITHETS = words_of(
    "leader presidente premier ministro ministra president minister senator senatore senatrice deputato "
    "capitano captain coach manager allenatore tecnico player giocatore striker attaccante actor actress "
    "attore attrice cantante singer rapper star champion campione campionessa regista scrittore scrittrice "
    "author autrice nuotatore nuotatrice swimmer golfer congressman congresswoman chancellor "
    "cancelliere mayor sindaco frontman pilota driver"
)
"""Offices and callings that, with an article and no name, take up somebody named before."""

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

MALE = words_of(
    "aaron abdul abraham adam adrian ahmed alan albert alberto aldo alessandro alessio alex alexander alexei "
    "aleksandr alexandr alfred alfredo ali andrea andreas andrei andrew andrey angelo anthony antonio antony "
    "armando arthur barack ben benito benjamin bernard bernie bill bob boris brad brett brian bruce bruno "
    "carl carlo carlos charles chris christian christopher chuck claudio craig dan daniel daniele danilo "
    "dario dave david davide dean dennis denis diego dieter dmitri dmitry domenico donald doug douglas ed "
    "eduardo edward elia elon emanuele emmanuel enrico eric ernesto evo fabio fabrizio federico felix "
    "fernando filippo francesco francois frank franco fred gabriele gareth gary george gerard giacomo "
    "gianluca gianni giancarlo giorgio giovanni giulio giuseppe gordon graham grant greg gregory guido guy "
    "hans harry henry howard hugo ian igor ivan jack jacob jair james jamie jan jared jason jay jean jeff "
    "jeremy jerome jim jimmy joao joe joel john jon jonathan jordan jorge jose joseph josh joshua juan julian "
    "justin karl keir keith ken kenneth kevin kirill kyle larry lars lee leo leonardo lorenzo louis luca "
    "luciano luigi luis luke manuel marc marcello marco mario mark markus marvin massimo matt matteo matthew "
    "maurizio max mauro michael michel michele miguel mike mikhail mohamed mohammed muhammad narendra nathan "
    "neal neil nicholas nick nicola nicolas nigel oliver oriol paolo pat patrick paul pedro peter phil philip "
    "pierre pietro rafael ralph raffaele ray renato rex riccardo richard rick rishi rob robert roberto "
    "rodrigo roger roland romano ron ronald rory ross roy ryan salvatore sam samuel scott sean sebastian "
    "sebastiano sergei sergey sergio shinzo silvio simon simone stefan stefano stephen steve steven stu "
    "stuart ted thomas tim timothy tiziano toby todd tom tommaso tommy tony umberto valerio valery vincent "
    "vincenzo vittorio viktor victor vladimir volodymyr walter warren wayne will william xavier xi yuri "
    "zachary"
)
FEMALE = words_of(
    "ada adele agnese alessandra alessia alexandra alexandria alice alicia alison allison amanda amelia amy "
    "anastasia andrea angela anita ann anna anne annie antonella antonia arianna ashley barbara beatrice "
    "bernadette beth betty bianca camilla carla carmen carol caroline catherine cecilia charlotte chiara "
    "christina christine cindy claire clara claudia condoleezza cristina cynthia daniela debbie deborah "
    "denise diana diane dianne donatella donna dorothy eilidh elena eleonora elettra elin elisa elisabeth "
    "elisabetta elizabeth ella ellen elly emily emma erin eva evelyn federica fiona florence frances "
    "francesca gabriella giada gina giorgia giovanna giulia giuliana giuseppina gloria grace greta hannah "
    "heather heidi helen hillary ilaria ines irene iris isabel isabella jane janet jennifer jessica jill joan "
    "joanna jo julia julie kamala karen karine kate katherine kathryn katie kay kelly kim kimberly kirsty "
    "laura lauren leslie lidia lily linda lisa liz lorella lucia lucy luisa lynn madeleine maddalena margaret "
    "margherita maria marianna marie marina marine marta martha martina mary megan melania melanie melissa "
    "meghan meryl michela michelle miriam molly monica nadia nancy natalia natalie nell nicola nicole nikki "
    "nina olga olivia ornella pamela paola patricia patrizia paula penelope priscilla rachel rebecca renata "
    "rita roberta rosa rosanna rose ruth sabrina sally samantha sandra sara sarah serena sharon sheila silvia "
    "simona sofia sonia sophie stefania stephanie stormy sue susan susanna tatiana teresa theresa tina "
    "tiffany ursula valentina valeria vanessa veronica victoria virginia vittoria whoopi yulia"
)
GIVEN = MALE | FEMALE
ABBREVIATIONS = words_of(
    "mr mrs ms dr prof sen rep gov gen col lt capt sgt rev st jr sr inc ltd co corp vs no jan feb mar apr jun "
    "jul aug sept sep oct nov dec dott sig avv ing on art pag ecc n tel p.s. gen feb magg giu lug ago sett "
    "ott nov dic approx dept hon fr etc"
)
