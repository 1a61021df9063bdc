"""Lists by which the privacy scrubber tells names from other words, as far as no library ships them. Nobody in particular: only common ones."""

from __future__ import annotations

import unicodedata

_TILDE = "\N{COMBINING TILDE}"


def bare(word: str) -> str:
    """A word in small letters without accents (ñ is no accent), full stop and possessive ending."""
    plain = word.lower().replace("’", "'")
    if not plain.isascii():
        letters = unicodedata.normalize("NFD", plain)
        kept = (letter for letter in letters if letter == _TILDE or not unicodedata.combining(letter))
        plain = unicodedata.normalize("NFC", "".join(kept))
    return plain.strip(".").removesuffix("'s")


def words(text: str) -> frozenset[str]:
    """The words of a list written as one text, as `bare` gives them."""
    return frozenset(map(bare, text.split()))


# First names the census list lacks: common ones from elsewhere, and younger ones.
ELSEWHERE = words(
    """
    aadhya aaliyah aarav aarti abdullah abe abebe abena abiola adaeze adalynn addison ade adebayo adelaida aditi
    aditya adwoa agostina agripina aidan aiden ainsley aitana akua alessia alfie alistair aliyah alondra amada amadou
    amara amelie amir anahi anahí ananya anastasiya anders andrei andrzej anika anjali anke anselmo antonella anwar
    aoife arash archana archie aria arjun asher ashish ashok asif aurelia axel aylin azadeh aziz baltazar barb beata
    beckett belen benedikt bernabé bernd bernie bert bev bilal bindu bjorn bogdan bonifacio bozena brayden brenda
    brigitte brooklyn callum candelario caoimhe careen catriona celestino cerys chen chiamaka chiara chidi chike
    chimamanda chinedu chinwe chioma cipriano citlali claudiu colette conor corinne cormac cristian daiki danuta darya
    dawid dayana deb declan deepa deepak deepika deepti delaney dieter dilys dimitri divya diya dmitry dorota dotty
    easton ebele eduarda eesha eilidh ekaterina eleuterio elif emeka emersyn emiliano emre eoin epifanio estefania
    euan eusebio evaristo everly ewan ewelina fabiola faisal faiza farhan farida fatema fatou femi fergus fermín ffion
    finley finn fionnuala folake fortino francois frederique freya friedrich funmi gabe gabino ganesh gareth gaurav
    geeta genevieve gerhard gerry gerónimo ghazala giancarlo giovanni gisela giulia giuseppe glenys gloriana goran
    grayson graziella grzegorz gráinne guglielmo gumersindo gunter gunther gurpreet gwendoline hadley hafsa hal halina
    hamish hank hannelore harish haruka heinz helmut heloise hema henri hildegard hina hipólito hiroshi homero horst
    howie huda hussain hussein ibrahim ifeoma ignazio ikram ilya imani imogen iqbal irmgard isabelle isaura ishaan
    isla itzayana itzel iwona izabela jacinta jacinto jacques jakub jaswinder javed jaxon jayden jaylen jelena jhon
    jimena jing joao joaquim johan jolanta jordyn jorgelina josh jovana jun jurgen justyna jyoti kabir kalpana kamal
    kamil kamran karim karla karolina katarzyna katja kavita kavya kayden kenji kennedy khadija khaled khalid kiran
    kirsty klaus knox kofi krzysztof kwabena kwame lachlan lakshmi lalita lars lata laurent lazaro lenny leonila leyla
    liam lieselotte lisandro lizzy ljiljana loredana lowri luciana lucja luigi luiza lukasz macaria macario maciej
    maeve mags mahmoud malgorzata mamta manish manju manoj manpreet marcel marcin marek margaux maricruz mateo mateus
    mateusz matt matteo maximiliano mayela mbali meena meenakshi meera mehdi mehmet meilin micaela michal mihaela
    milagritos milena mirela mitch mitzi moe mohan morag muhammad mustafa nabila nadeem nadezhda naila naledi nancy
    nasir nasreen nasrin nate nathalie naveen navya nayeli neelam neha netty nevaeh ngozi niall niamh nicanor nikhil
    nimisha nirmala nkechi nohemi nomsa nuria obinna odile oksana olaf olena olivier olumide oluwaseun omid orla pablo
    padma padmini paisley paolo parisa parvati parveen pavel pawel petronila peyton philippa piotr pooja porfiria
    pradeep prakash precila presley primitiva prisha priya priyanka rabia radha radhika rahul rajesh rajiv rakesh
    ramesh ramona rani rania ranjit rashid ravi rebeca reem rekha remi renate rhys ricarda rizwan rohit roisin romina
    rosaura rosinha rowan roz ruben rukhsana russ ruta ryder ryszard saanvi sadia saima saira sakura salma salome
    samir sanjay saoirse satish saturnino satya saul sebastiana sergei shabana shabnam shahid shazia shobha shreya
    sieglinde silvano silvio sinead sipho sita siân skylar sloane stan stanislaw steph sudha sujata sunil sunita
    suresh sushma suze sven swati sylvie szymon tadeusz tahira takeshi tamia tanvi tariq tendai teofila tess thandiwe
    thiago thierry tiburcio tiff tilly timoteo tomasa tomasz tori trish uche ulrich uma uriel usha uwe vandana vanja
    vasant venancio verne vic vicenta vijay vikram vinay vinny vinod viv vivaan vladimir wafa walt waltraud wangari
    wendolyn wes wiktor wioletta wojciech wojtek wolfgang ximena xin yahir yara yareli yasir yetunde yuliana yuridia
    yusuf yves zach zack zahid zahra zainab zaira zanele zara zayden zbigniew zeinab zenaida zeynep zhen zoey zsofia
    zuzana łukasz
    """
)

# In the census list, but people who type them mean the word.
NO_NAMES_HERE = words(
    """
    ai aide al alpha alta ami an angeles angle ara asa asia ave babe baby barbar bari bok bong brain cancer carin
    carry chan chanda chau ching chiquita cierra concepcion conception deja del dell delta dia dimple do doctor dona
    dong dung else ena era ethyl fe gala ha hae hal han hang he ho hoa homer hong hsiu hue hui hung ike ima in ina ion
    ja jed jena jin jun jung ka kali ke kia kum la lai lala lan lang lavender le lean len les li libra lien lin ling
    linn loan lolita loma lon long love ma mai man mana manual many mao marg mari marin marine marquis marry me meta
    mi mica min miss monte mora my na nada nam ned no nova nu numbers nurse o oda ok ola oma omega ona ora pa palma
    pandora pei per pia ping pok rea rey ria sal sana sang sari sau season see sha shad shan she shin shu si so son
    song sook soon sparkle su suk sun sung ta tai temple tena thi thu tia tiara ting toi tu tula ty ula una up ute
    vena vi via von wai wan wen wm xi yang yee yen yer yi yon yong young yu zu
    """
)

# Names that are words too: a name after "my daughter" or with a capital in the middle of a sentence, otherwise a word.
EITHER = words(
    """
    abbey amber ana angel angelic art ash aura aurora autumn bambi basil beau bee bell bella berry bill birdie blanca
    blessing bliss blossom blue bonita booker brandy brian brook brooks buck bud buddy bunny buster candida candy
    caprice cara carmel chance charity chase chastity cherish cherry chi chin chip christian chuck cinderella clay
    clement cliff consuelo coral corazon coy crystal dahlia daisy dan dawn dee desire destiny diamond dick dolores don
    dot drew dusty earnest ebony echo ed eden emerald esperanza ester eve fairy faith fawn fay fern flo flor forest
    frank gale garland garnet gay gene genesis genie gil ginger glory golden grace grant guy harley harmony hazel
    heath heather heaven herb holly honey hope hunter ida indigo iris ivory ivy jade jean jewel joy junior justice
    karma kay king kip kit kitty lacy lady lance lane laurel lee liberty lily lore lucky luna luz lynx mac magnolia
    major maple marina mark marvel mason maverick max mel melody mercy merry milagros miles mimi misty moon myrtle nan
    nana nelly nick noble noel nova olive opal pacific page paloma pansy parker pat patience paz pearl peg penny pilar
    piper poppy porter precious prince princess prudence queen rain raven ray reed refugio remedios reno rich rob
    robin rock rocky rod rosa rose rosemary rosie rosy royal ruby rusty saffron sage sandy scarlet serenity shay
    sherry skip sky socorro sol soledad sonny spring star sterling storm stormy sue summer sunny sunshine tad tam
    tanner temperance terra tiny trinity true unity val van velvet vera verity vida violet vita walker ward will
    willow windy winter wren zen
    """
)

# Names that are places, months or brands too, so that a capital tells nothing: a name after "my daughter" only.
PLACES = words(
    """
    alexandria america april arlington asia august augusta austin burma cairo carmel carolina cary chanel charleston
    charlotte chelsea cheyenne china cleveland columbus dakota dallas denver diego dominica durham easter elvis
    florence florida france geneva georgia german houston india irish isis israel jackson jan january jefferson jersey
    jesus june kenya kingston krishna latina lincoln london lourdes madison madonna marietta marx maryland may
    mercedes milan modesto napoleon nevada olympia orlando oscar paris phoenix porsche raleigh rico roma roman
    roosevelt salina salvador sanford santa santiago savanna savannah september sheridan siri spain stanford sunday
    sydney tequila tijuana tyson valencia venice venus verona vienna virginia winston
    """
)

# Capitalised in ordinary writing without being anybody's name, and so never taken for one.
NOT_NAMES = words(
    """
    abraxane acs adriamycin advil aetna afinitor african alabama aleve alexa aloxi american anderson anthem april arab
    aredia arimidex army aromasin asheville ashkenazi asian aspirin ativan august avastin baptist bcbs benadryl bible
    black bone bones boone brain brca brca1 brca2 breast british broviac buddhist california canadian cancer care
    careline caribbean carolina catholic center centre charlotte chatgpt chemo chinese christ christian christmas
    cigna clinic coumadin ct cuban curie cushing cytoxan dad dcis decadron december doctor doxil dr duke durham east
    easter ecg ekg ellence english enhertu epirubicin er eribulin european evista facebook farber fareston faslodex
    fda february femara filipina filipino florida foley foundation french friday fulvestrant gabapentin gemzar georgia
    german god google grade greensboro groshong halaven halloween health her2 her2+ herceptin hickman hindu hispanic
    hodgkin hopkins hormone hospital humana husband ibc ibrance ibuprofen icu imodium indian info information
    institute insurance internet irish italian itovebi ixempra january japanese jersey jesus jewish july june kadcyla
    kaiser kentucky kettering keytruda kisqali komen korean latina latino lbbc letrozole liver lord luke lung lungs
    lupron lutheran lymph lynch lynparza lyrica march marines maryland may mayo mbc mcallister medicaid medical
    medicare medigap megace methodist mets mexican michigan miralax mississippi moffitt mom monday mormon morphine
    motrin mri muslim native navigator navy nci negative nerlynx neulasta neupogen nih nolvadex north november nubeqa
    nurse october ohio oncologist oncology orserdu oxycodone paget palbociclib perjeta pet pharmacist pharmacy phase
    phesgo piqray polish positive pr practitioner prayers prednisone prolia puerto radiation raleigh reddit rican
    russian saturday senna september share sinai siri sloan society south spanish stage sunday surgeon surgery susan-g
    talzenna tamoxifen taxol taxotere team tennessee texas thanksgiving thursday tnbc tricare triple trodelvy truqap
    tuesday tukysa tumor tumour tykerb tylenol type unc university verzenio vietnamese virginia wednesday west white
    wife xanax xeloda xgeva y-me york youtube zofran zoladex zoloft zometa
    """
)

# Words that may follow "my daughter", "Dr", "this is" and the like and are not names, whatever their capitals.
COMMON = words(
    """
    a about across afraid after again against ago all allergic almost alone along already also alright always am an
    and another any anymore anyone anything appointment are aren't around as ask asked asking asks at away awful back
    bad badly be because been before being believe better between big bit bleeding born both bother bring brought but
    by call called calling came can can't cannot car cares caring changed chances clinic come comes coming complains
    confused coughing could couldn't cried crying day days diagnosed did didn't die died dies different do does
    doesn't doing don't done down drive drives driving drove due during each eat eating else end ended even ever every
    everyone everything exactly explain explained fainted family feel feeling feels fell felt few finally find fine
    first for found four from gave get gets getting give given gives go goes going gone good got great had half
    happening happened happy hard has hasn't hate have haven't having he he's hear heard help helping helps her here
    hers herself hi him his home hoping horrible hospital hour hours how however hurt hurting hurts husband i i'd i'll
    i'm i've if important in instead into is isn't issue it it's its itself just keep keeps killing knew know knows
    last late later left less let lets letter life like likely likes little live lives living long longer look looks
    lost lot love loves made make makes making many married maybe me mean means medicine meds might mine mom month
    months more morning most mother moved much must my myself name near necessary need needed needs never new next
    nice night no nobody none normal nor not nothing now of off office often oh ok okay old on once one only onto or
    ordered orders other our ours out over pain painful past patient phone please pray prescribed private probably put
    puts question questions quit quite ran rather read ready real really recommended recommends refused relative
    remember reports rest right robot sad said same saw say saying says scared second see seeing seems seen sees sent
    serious set several she she's should shouldn't sick sir sleep sleeps so some somebody someone something sometimes
    soon sore sorry started starting starts stay stays still stop stopped stuck such suffering suggested suggests
    supposed sure swears take taken takes taking talk talked talks tell telling tells terminal terrible terrified than
    thank thanks that that's the their them then there there's these they they're thing things think thinking thinks
    this those though thought three through time tired to today together told tomorrow tonight too took true try
    trying turned turns two bout decide decides guess limit limits picks pick twice daily weekly monthly laughed
    shrugged smiled agrees agree disagree disagrees forgot hung stepped ugly unable under understand until up upset us
    use used uses using usually very visit visits wait waiting wake wakes walk want wanted wants was wasn't we we're
    weak week weeks well went were what what's when where which while who who's whose why wife will wishes with
    without won't wonder wondering work working works worried worries worry worse worst would wouldn't write wrote
    yeah year years yes yesterday yet you you're young your yours yourself que es está esta estaba y o de en con por
    para se le la el los las un una muy mi su tiene tenía tengo dice dijo fue era ha murió vive vino va quiere
    necesita sufre también siempre ahora hoy ayer al del lo ya si sí como cuando porque pero más im ive id pls plz n u
    ur hav havent wont cant dont doesnt didnt isnt wasnt aint gonna bc igual
    """
)


# Of those that are words too: so likely to be a verb or an adjective that the sentence has to go on as after a name.
NEED_A_VERB = words(
    "will may rose drew love van don dan ed ward guy lucky tiny art lee rich frank gay pat mark bill sue max blue golden noble merry"
    " sunny misty rusty dusty royal sandy summer winter spring autumn major rocky stormy windy star serenity unity true real"
)

# What follows the name of a person sooner than it follows a misspelt word: "my mom xiaomei has", "my son will is".
AFTER_A_NAME = words(
    """
    and asked asks bought brought called calls came can can't cannot cant comes cooks could couldn't cried cries dice
    did didn't didnt died dijo does doesn't doesnt drives drove es está fainted falleció feels fell found gave gets
    got had has hasn't hasnt helped helps hurt is isn't isnt keeps knows left likes lives looks lost loves made moved
    mows murió needs never noticed or passed prays quiere refuses retired said saw says sent shaved sings smoked spoke
    started stopped swears takes talked tells thinks thought tiene told took tried va vino vive walked wants was
    wasn't wasnt watched watches went who won't wont worked works worries would y
    """
)
