"""The words around place names, as far as they tell places from persons, units and other names.

Data alone: another language is another `PlaceWords`, and `frontmap.geo.recognition` names no word
of any. Words are lower-case and without diacritics. A list need not be complete: a name that no
word speaks for or against is judged by the gazetteer and by the rest of the text.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ENGLISH", "PlaceWords"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.replace("-", " ").split()) for phrase in text.split(","))


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The words of a language that the recogniser of toponyms goes by."""

    code: str
    function_words: frozenset[str]  # never (part of) a name, though capitalised at a start
    common: frozenset[str]  # also words: they need a reason to be a place
    joiners: frozenset[str]  # stand in lower case inside a name: Deir ez-Zor, Stoke on Trent
    soft_joiners: frozenset[str]  # do, too, but are words: they join known names alone
    abbreviations: frozenset[str]  # their full stop ends no sentence
    name_starts: frozenset[str]  # begin a name of several words, never one alone: San, Tell, Fort
    place_before: frozenset[str]  # stand before a place more than before anything else
    weak_before: frozenset[str]  # stand before places, and persons and things as well
    verbs_of_ground: frozenset[str]  # what is done to a place: captured, entered
    nouns_of_ground: frozenset[str]  # with a weak word: "the fall of X", "five miles from X"
    classes_before: frozenset[str]  # "the village of X", "the town X"
    classes_after: frozenset[str]  # "X province": one toponym with the name
    shared_classes: frozenset[str]  # of these, the plurals: "X and Y provinces"
    settlement_classes: frozenset[str]  # "X city": a cue, yet the name alone is the toponym
    facilities: frozenset[str]  # "X dam": named after a place, and none
    groups: frozenset[str]  # "Kachin fighters": after an area's name they are its people
    lengths: frozenset[str]  # "X, about 30 km south of": a distance after a place
    endings: tuple[str, ...]  # of names that only places have
    adjective_endings: tuple[str, ...]  # of an unknown name that is none: Arakanese
    whole_possessives: frozenset[str]  # part of a name in spite of the ending: People's
    units: frozenset[str]  # "X brigade": who is named after a place
    organisations: frozenset[str]  # capitalised, they make a name that of a body or a product
    seats: frozenset[str]  # bodies that are of the place that they are named by: X Police
    actors: frozenset[str]  # whole names of actors, hyphens left out
    actor_words: frozenset[str]  # single words that are always an actor's
    demonyms: frozenset[str]
    titles: frozenset[str]  # before a person
    given_names: frozenset[str]
    surnames: frozenset[str]
    patronymics: frozenset[str]  # abu, bin: they begin or join a person's name
    loses: frozenset[str]  # follow a place: "X fell"
    unassuming_titles: frozenset[str]  # in lower case they are other words
    contractions: frozenset[str]  # I've, we'd
    of: str  # "the town of X"
    based: frozenset[str]  # "X-based"
    be: frozenset[str]  # before a participle of `verbs_of_ground`: "X was captured"
    have: frozenset[str]  # "X has fallen"
    conjunctions: frozenset[str]  # between the last two of a list
    says: frozenset[str]  # follow a person, or the government that a place stands for
    directions: frozenset[str]
    land_starts: frozenset[str]  # begin the names of mountains, lakes and the like


ENGLISH = PlaceWords(
    code="en",
    function_words=_set(
        """
        a an the this that these those it its he she they we you i his her their our your my him
        them us me who whom whose which what when where why how and or but nor so yet if unless
        because since although though while whereas as at by for from in into near of off on onto
        out outside over past through throughout to toward towards under until up upon with within
        without about above across after against along amid among around before behind below
        beneath beside besides between beyond despite down during except inside like per plus
        versus via is are was were be been being am has have had having do does did will would
        shall should can could may might must not no yes none nothing nobody neither either both
        each every all any some many most more much few fewer several one two three four five six
        seven eight nine ten eleven twelve hundred thousand million once twice first second third
        last next other another such same own only just even also too very quite rather still
        already again ever never always often sometimes now then there here today tonight tomorrow
        yesterday soon later earlier meanwhile however moreover furthermore nevertheless therefore
        thus hence indeed instead perhaps maybe according elsewhere nearby farther further inland
        overnight recently previously currently together whether asked told said says say let get
        got new old north south east west northern southern eastern western january february march
        april may june july august september october november december jan feb mar apr jun jul aug
        sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues
        wed thu thur thurs fri sat sun morning afternoon evening night day week month year spring
        summer autumn winter christmas easter ramadan eid god lord internet english
        """
    ),
    common=_set(
        """
        accord act action allah alleluia alliance alpha am amen amendment angel angels ann annual
        ant apartment apple archer archive arm army article atomic audi aunt avenue ba baby babylon
        bacon bad baker ballet band bank baptist bar barber base bath battalion battle bay beach
        bean bear bears bee beer berry best beta bethel bible big bill bird bishop black block blog
        blood blue bone book border boring born boulevard bowman boy brain bread breakfast bridge
        brigade bright bronco broncos brother brown bs buena buffalo buick building bull bulldog
        bulldogs bulls bush butcher butter buy cable cadillac calvary camp camry can canaan capital
        captain cardinal cardinals carpenter casa cat catholic cd center central centre century
        chance chandler channel chapter charger chargers cheese cherry chevrolet chicken child
        children choir chrysler church cinema circle city civic civil clay clear clerk clinton
        close club coalition coast code coffee college colt colts comet commerce common concert
        concord congratulations cook cooper corn corner corolla corps costa cougar cougars council
        country court cousin cow crab credit creek criminal cross crown dale dance dark data date
        daughter deal dear deep deer delta democrat demon dental devil digital dinner division
        doctor dodge dog dollar dolphin dolphins dream drive driver duck due dvd eagle ear early
        eden egg electric elk email empty energy enterprise episcopal equity era evangelical
        expressway exterior eye fair faith falcon falcons falls false far farm farmer father fed
        federal feds fiat field film final finance fine fire fiscal fish fisher flat fletcher floor
        fly foot force ford forest fort forward free friendship frog front full galilee gallery
        gamma gap garden gardener garlic gate general ghost ginger girl global goal goat gold
        golden good goose gop goshen governor grade grammy grand grant grape gray green grill
        ground group grove hair hall hallelujah hand harbor harbour hard harmony haven hawk head
        health heart heavy hell hello help hero high hill hills hilltop hit holdings honda hope
        horse hospital hot house human hunter husband id impala independence industry info interior
        international iota iron islam island jd jeep jet jets joy judge junction junta jupiter
        justice kappa kind king knight knights koran labs lake lambda land lane late law leader
        league leg legal lemon letter lexus liberty library life light lime limit line lion lobster
        local long loop lord lot love low lunch lutheran ma magic major male mall man marine
        marines market marlin marlins mars marsh mason mayor mayors mazda md meat media medical
        melon men mercedes mercury mercy methodist mid mile mill miller mine minister mission
        mobile model moon moral morning most mother mount mountain mouse mouth movie mr ms much
        muscle museum music mustang mustangs mustard mutual mystery narrow national natural navy
        neptune net news nice nissan nobel normal northeast northwest nose novel nurse oak ocean of
        off officer official ok olive olympian olympic olympics omega onion online opel open opera
        operation opportunity opposition orange orchestra order orthodox oscar oyster page palm
        panther paradise paralympic parent parish park parks parkway partners pass passover pasta
        path pc pea peace peach pearl peculiar people pepper person ph phi pig pike pilot pine pink
        pirate pirates pizza plain plan planet plaza please plum pluto pm poem point police policy
        pontiac pool port post potato potter power presbyterian president price prince princess
        private pro program progress project prospect protection protestant providence public
        pulitzer pupil purchase purple queen quran race radio raider raiders ram rams ranch ranger
        rangers rat raven ravens reading ready real rebels red reform regards regime region
        republican reserve resistance resort rest rice rich ridge rio rise river rn road rock room
        rose round royal rule rural rush safe sailor saint saints sake salad salmon salt sanction
        sand satellite saturn sauce school science sea seat section security sen senate senator
        senior sens sergeant service services sharia shark sharp sheep shepherd shoemaker short
        show shrimp sierra sigma silver sincerely sister site skin smith snake snow social soft
        soldier solutions son song sorry soul soup southeast southwest spa speaker special spider
        spirit sport sports spring springs square stage star state station sterling stone story
        street strong student suburban success sugar suite sun sunset superior supper sure surprise
        suv sweet systems tailor tale tall taylor tea teacher tech tell temple ten terrace thank
        thanks theater theatre theta thick thin tiger time title tomato tooth top tower town toyota
        trail trinity trojan trojans trout troy true trust truth tunnel turner turnpike tv
        uncle union unit unity university valley venus verse via victory video view viking vikings
        villa village violet vision vista volvo walker war ward warrior warriors water weaver web
        welcome well whale white why wide widow wife wild wildcat wildcats wine wing winner
        wireless wolf woman women wonder wood word world wright yellow yes young zion zone
        """
    ),
    joiners=_set(
        """
        al el ash ad ar az ed en es ez ul ur de del della di da do dos das des du la las le les los
        der den ibn bin
        """
    ),
    soft_joiners=_set("of on upon sur am at as an by the and in under y i e"),
    abbreviations=_set(
        """
        st ste ft mt pt mr mrs ms dr gen col lt maj capt sgt cpl sen rep gov pres prof rev hon jr
        sr no vs u.s u.k sec brig adm cmdr supt insp atty pvt
        """
    ),
    name_starts=_set(
        """
        san santa santo sao saint st ste st. fort ft mount mt port puerto new old north south east
        west upper lower great greater big little el al la las los le les de del tel tell khan kafr
        kfar deir dayr ain ayn ras beit bayt umm abu nova novo novyi stara staryi staro velyka
        velykyi mala malyi bila verkhnia nyzhnia nizhny nizhniy veliky wad jebel jabal wadi bir
        qalat qalaat shaykh sheikh bani beni
        """
    ),
    place_before=_set(
        """
        in at near nearby neighbouring neighboring towards toward outside around across throughout
        inside into reached reaching entering leaving besieging visiting
        """
    ),
    weak_before=_set(
        """
        from to at of over between through against on beyond past via for and or with within behind
        as
        """
    ),
    verbs_of_ground=_set(
        """
        capture captured captures capturing seize seized seizes seizing overrun overran overruns
        overrunning take took taken taking retake retook retaken retaking recapture recaptured
        recapturing occupy occupied occupies occupying reoccupied reoccupy conquer conquered
        liberate liberated liberates liberating regain regained recover recovered enter entered
        enters entering re-entered quit abandon abandoned abandoning abandons vacate vacated
        evacuate evacuated leave left leaving besiege besieged besieges besieging encircle
        encircled encircling surround surrounded surrounding shell shelled shelling bomb bombed
        bombing bombard bombarded bombarding storm stormed storming attack attacked attacking hold
        held holds holding control controlled controls controlling defend defended defending secure
        secured securing clear cleared clearing lose lost losing loses reach reached surrender
        surrendered surrendering cede ceded wrest wrested reclaim reclaimed blockade blockaded
        annex annexed cross crossed visit visited raid raided retain retained kept keep keeps
        captured-back retaken flatten flattened free freed approach approached approaching
        infiltrate infiltrated burned burnt razed destroyed devastated ransacked looted
        struck strike hit wrested swept administer administers administered relinquished relinquish
        govern governs ruled
        """
    ),
    nouns_of_ground=_set(
        """
        capture fall loss seizure siege battle recapture liberation control outskirts evacuation
        most all half part parts much rest north south east west north-east north-west south-east
        south-west northeast northwest southeast southwest kilometers kilometres km miles mile
        kilometer kilometre metres meters yards retreat withdrawal departure assault attack attacks
        attacked offensive advance advances advanced advancing push pushed road roads highway route
        centre center suburbs suburb edge side quarters quarter districts streets airport base hold
        march marched convoy convoys airstrikes strikes shelling clashes fighting surrender entry
        entrance access residents resident people mayor governor inhabitants retreated withdrew
        withdrawn pulled fled driven moved moving returned travelled traveled flew drove bound
        gates doorstep short out garrison defenders occupation conquest handover takeover
        possession whole expelled ousted dislodged chased slipped flushed ejected thrown cleared
        far inch close
        """
    ),
    classes_before=_set(
        """
        city town village hamlet settlement township port district suburb neighbourhood
        neighborhood capital province region governorate county state oblast prefecture island
        municipality community area stronghold quarter towns villages cities hamlets settlements
        districts suburbs neighbourhoods quarters provinces outskirts suburbs gates edge parish
        post outpost camp junction crossing enclave bastion citadel republic kingdom emirate
        territory borough countryside
        """
    ),
    classes_after=_set(
        """
        province governorate region state county oblast prefecture countryside parish provinces
        regions counties governorates states oblasts prefectures
        raion rayon krai voivodeship emirate borough
        """
    ),
    shared_classes=_set("provinces regions counties governorates states oblasts prefectures"),
    settlement_classes=_set(
        """
        city town village hamlet district suburb area township municipality subdistrict
        sub-district neighbourhood neighborhood proper itself axis front direction suburbs
        outskirts pocket sector border plain corridor valley
        """
    ),
    facilities=_set(
        """
        dam bridge airport airbase airfield air base refinery university hospital prison palace
        power plant station mosque church cathedral square street road avenue highway stadium
        museum school college port barracks crossing checkpoint oilfield gasfield field mine
        factory hotel market tower international military camp citadel railway reservoir motorway
        cemetery monastery academy
        """
    ),
    groups=_set(
        """
        rebel rebels fighter fighters group groups guerrilla guerrillas insurgent insurgents
        militant militants people activists activist leaders commanders troops forces soldiers
        units separatists armed ethnic refugees villagers community communities possession hands
        sappers infantry gunners ranks
        """
    ),
    lengths=_set("km kilometres kilometers kilometre kilometer miles mile"),
    endings=(
        "ivka",
        "ovka",
        "yvka",
        "ivsk",
        "ansk",
        "insk",
        "ynsk",
        "tske",
        "nske",
        "vske",
        "nivka",
        "ovo",
        "eve",
        "ove",
        "grad",
        "abad",
        "burg",
        "ville",
        "pur",
        "kyin",
        "gyi",
        "khali",
    ),
    adjective_endings=("ese", "ian", "ians", "ing", "ist", "ists"),
    whole_possessives=_set("people's people’s women's men's children's"),
    units=_set(
        """
        brigade brigades battalion battalions regiment regiments division divisions militia
        militiamen militias group front faction movement lions wolves tigers hawks eagles falcons
        panthers shield shields martyrs corps column legion unit units squad company operation
        command army forces force alliance coalition club team party family tribe clan dynasty
        """
    ),
    organisations=_set(
        """
        monitor watch insight analytics studies research
        army forces force brigade brigades battalion regiment division corps legion front militia
        council party movement alliance coalition union committee commission congress ministry
        department agency authority command group network organisation organization association
        federation institute foundation society centre center observatory university college school
        academy club fc united news times post independent herald tribune gazette journal star
        daily telegraph guardian chronicle press media tv radio television bank company corp inc
        ltd llc co industries airlines airways street avenue road boulevard drive lane highway
        route bridge dam airport airbase hospital hotel museum theatre theater stadium park square
        church mosque cathedral temple cemetery library shield lions wolves tigers hawks eagles
        falcons panthers bears giants cowboys yankees operation treaty agreement accord accords
        conference summit festival award prize cup league championship open games act bill
        initiative project program programme fund trust service services security defence defense
        liberation resistance democratic national international people's patriotic revolutionary
        martyrs office bureau court senate parliament assembly house palace crescent cross
        peacekeepers mission tribunal staff guard guards regiment squadron fleet police
        """
    ),
    seats=_set(
        """
        police sheriff sheriff's mayor city county council fire high school schools public district
        board jail town township village court courthouse superior circuit attorney regional
        volunteer community coroner chamber detention state selectmen commissioners commission
        legislature senate governor gov house department area metropolitan municipal international
        airport clerk prosecutor general health elementary middle planning zoning supreme
        parliament government
        """
    ),
    actors=_phrases(
        """
        islamic state, tahrir al-sham, hayat tahrir al-sham, ahrar al-sham, jabhat al-nusra,
        free syrian, free army, al-qaeda, al-shabaab, al shabab, boko haram, white house,
        red cross, red crescent, united nations, european union, african union, arab league,
        security council, general staff, supreme court, high court, state department,
        north atlantic treaty, al jazeera, al-jazeera, al arabiya, al-arabiya, al-watan,
        al-mayadeen, ansar allah, ansarullah, wagner group, right sector, asian highway,
        five corps, kachin independence, karen national, arakan army
        """
    ),
    actor_words=_set(
        """
        wagner hezbollah hizbollah hizbullah hamas isis isil daesh houthi houthis taliban fatah
        peshmerga sdf ypg pkk hts snc sna rsf saf sohr un nato eu osce usaid unhcr ocha icrc cnn
        bbc afp reuters tass sana azov aidar akhmat m23 fardc mndaa tnla kia knu aa pdf pdfs
        kremlin pentagon junta tatmadaw janjaweed kurds alawites druze sunnis shiites yazidis
        tuaregs google facebook twitter telegram youtube deepstate covid republicans democrats
        christians muslims jews arabs
        """
    ),
    demonyms=_set(
        """
        syrian syrians russian russians ukrainian ukrainians turkish turks turk iraqi iraqis
        iranian iranians israeli israelis lebanese jordanian egyptian egyptians saudi saudis yemeni
        yemenis emirati qatari kuwaiti omani libyan libyans tunisian algerian moroccan sudanese
        ethiopian ethiopians eritrean somali somalis kenyan ugandan rwandan congolese burundian
        malian malians nigerian nigerians nigerien chadian cameroonian burkinabe ghanaian
        senegalese american americans british briton britons french german germans italian italians
        spanish polish belarusian chechen georgian armenian armenians azerbaijani azerbaijanis
        azeri chinese japanese korean indian indians pakistani pakistanis afghan afghans
        bangladeshi burmese thai vietnamese filipino indonesian australian canadian canadians
        mexican mexicans cuban brazilian european europeans african africans asian arab arabs
        kurdish kurd kurds palestinian palestinians islamic muslim islamist christian jewish sunni
        shia shiite alawite druze turkmen tuareg rohingya karen karenni tigrayan tigrayans oromo
        amharan houthi soviet western nato dutch belgian swedish norwegian danish finnish greek
        serbian serb serbs croatian bosnian albanian romanian bulgarian hungarian czech slovak
        swiss austrian irish scottish welsh english portuguese latin hispanic texan californian
        bedouin bedouins chins darfuri ta'ang taang kokang-led kachins crimean donbas-based
        siberian venezuelan colombian peruvian chilean argentine haitian jamaican nepali malaysian
        singaporean arakanese
        """
    ),
    titles=_set(
        """
        mr mrs ms miss dr sir lord lady president vice prime minister premier chancellor king queen
        prince princess emperor sheikh sheik emir general gen colonel col major maj captain capt
        lieutenant lt sergeant sgt corporal commander admiral marshal brigadier governor gov mayor
        senator sen representative rep congressman congresswoman secretary ambassador envoy judge
        justice attorney professor prof reverend rev bishop archbishop father pope imam mullah
        ayatollah chief director chairman chairwoman spokesman spokeswoman coach sheriff detective
        officer deputy councilman councilwoman commissioner trooper pastor principal superintendent
        leader warlord
        """
    ),
    given_names=_set(
        """
        james john robert michael william david richard joseph thomas charles christopher daniel
        matthew anthony mark donald steven stephen paul andrew joshua kenneth kevin brian george
        timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan larry justin
        scott brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry
        tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter
        christian keith roger terry sean gerald carl harold dylan arthur lawrence jordan jesse
        bryan billy bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent
        mason roy ralph bobby russell bradley philip phillip eugene bill bob tom jim mike dave
        steve dan ben sam tim tony ken ron greg jeff chris matt andy nick fred ted ed don ray mary
        patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra
        margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie
        rebecca laura sharon cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole
        anna samantha katherine christine helen debra rachel carolyn janet maria catherine heather
        diane olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith
        andrea hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann kathryn
        abigail sophia frances jean alice judy isabella julia grace amber denise danielle marilyn
        beverly charlotte natalie theresa diana brittany doris kayla alexis lori marie jane anne
        sue kate katie jill wendy sally peggy robin dawn tracy tina paula chelsea hillary barack
        jimmy johnny tommy danny kenny larry luke evan ian neil craig todd chad troy shane derek
        travis cody dustin marcus curtis leon leonard norman stanley clarence ernest floyd glenn
        herbert howard hugh lee leo lewis lloyd louis marvin melvin milton oscar otis warren wesley
        calvin cecil chester clifford clinton dale dean dwight earl edgar edwin franklin gilbert
        gordon harvey homer jackson lester luther martin maurice max morris nelson perry preston
        reginald rodney rufus sidney stuart tyrone vernon victor virgil wallace winston carlos luis
        miguel jorge pedro antonio francisco manuel jesus mario sergio fernando roberto eduardo
        javier ricardo diego pablo rafael mohammad mohammed muhammad mohamed mahmoud mahmud ahmad
        ahmed ali hassan hasan hussein hussain husain omar umar othman osman khaled khalid khalifa
        ibrahim ismail ismael yusuf yousef youssef mustafa moustafa mustapha abdul abdel abdullah
        abdulla abdallah abdelfattah abdulrahman abdelrahman abdulmalik salah saleh salih samir
        sami nabil jamal gamal nasser nasir tariq tarek walid waleed rami ramy karim kareem bashar
        maher hafez asad fares faris firas fadi ghassan haidar haider hadi hamid hamed hisham imad
        iyad jaber jalal kamal malik mansour marwan mazen munir murad musa moussa nizar qasem
        qassem qasim rashid riad riyad said saeed sayed salim salman suleiman sulayman taha usama
        osama wissam yahya yasser yassin zaid zayed ziad zein fatima aisha amina zainab layla leila
        mariam maryam noor nour rania recep tayyip fuat hulusi hakan mehmet murat mustafa benjamin
        yoav avigdor ariel vladimir volodymyr vladislav sergei sergey serhii serhiy oleksandr
        aleksandr alexandr aleksei alexei oleksii oleksiy andrii andriy andrei andrey dmytro dmitri
        dmitry dmitriy yevgeny yevgeniy evgeny yevhen ivan igor ihor ilya mykola nikolai nikolay
        mykhailo mikhail oleh oleg pavlo pavel petro pyotr roman ruslan stanislav taras valerii
        valery valeriy viktor vitalii vitaliy vitaly vadym vadim yurii yuri yuriy kyrylo kirill
        denys denis maksym maxim maksim bohdan bogdan borys boris hryhorii anatolii anatoly gennady
        hennadii leonid lev ramzan apti natalia nataliya olena elena olga olha iryna irina oksana
        yulia tatiana tetiana svetlana svitlana maria mariia kateryna ekaterina hanna ganna aung
        min naw saw khun nai sai htoo zaw thein thura kyaw myint tun soe win hla khin daw maung ko
        nang lahpai twan tar zin moe htet ye wai abiy debretsion getachew tesfaye tadesse berhanu
        kebede girma mulugeta haile felix paul joseph corneille bertrand sultani willy vital
        juvenal etienne jean-pierre ibrahima amadou moussa mamadou oumar assimi iyad alghabass
        boubacar modibo seydou khalifa fayez aguila fathi usama saif muammar seif haftar abdelhamid
        ilham nikol serzh robert samvel araik vahagn hikmet ibrahim xi li wang zhang liu chen yang
        kim park lee choi nguyen tran narendra rahul amit imran nawaz ashraf hamid gulbuddin
        emmanuel francois nicolas jacques pierre jean-luc olaf angela boris keir rishi theresa
        gordon tony silvio giorgia matteo pedro viktor donald joe hillary condoleezza colin dick
        rudy newt sheldon rush mitt nancy harry orrin
        """
    ),
    surnames=_set(
        """
        smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez
        gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris
        sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen
        hill flores green adams nelson baker hall rivera campbell mitchell carter roberts
        washington lincoln jefferson madison monroe houston austin dallas denver bush clinton obama
        cheney biden trump putin zelensky zelenskyy assad erdogan netanyahu hemedti burhan
        prigozhin shoigu gerasimov syrskyi zaluzhny kadyrov strelkov haftar sarraj hadi abadi
        maliki talabani barzani poroshenko yanukovych lavrov medvedev peskov guterres macron merkel
        scholz johnson cameron thatcher blair reagan nixon kennedy carter ford bryant franklin
        warren marshall douglas howard arnold lawrence logan wayne marion perry clay henderson
        hamilton jordan hudson crawford clayton newton vernon webster
        """
    ),
    patronymics=_set("abu abou bin ibn bint abdul abdel al-din ud-din van von mac"),
    says=_set(
        """
        said says told tells added adds wrote writes argued explained noted testified recalled
        replied retorted insisted declared vowed conceded commented smiled laughed thinks thought
        who himself herself jr sr
        """
    ),
    loses=_set("fell falls fallen falling capitulated under"),
    unassuming_titles=_set(
        "major general prime principal vice deputy king queen miss lord lady chief justice "
        "secretary attorney father pope leader private"
    ),
    contractions=_set("ve d ll re m t"),
    of="of",
    based=_set("based born area bound"),
    have=_set("has have had"),
    conjunctions=_set("and or"),
    be=_set("was were is are been being be"),
    directions=_set(
        """
        north south east west north-east north-west south-east south-west northeast northwest
        southeast southwest northern southern eastern western northeastern northwestern
        southeastern southwestern north-eastern north-western south-eastern south-western central
        upper lower
        """
    ),
    land_starts=_set("mount mt lake jebel jabal wadi cape gulf strait isle"),
)
