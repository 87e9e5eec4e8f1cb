"""English, as far as claims are made in it: the words and the triggers that `claims` reads by.

Data alone; another language is another `Language`. Lists are words separated by spaces, a verb's
irregular forms stand as `base/past/participle`. What passive voice, relative clauses, infinitives
and lists do to a frame is the business of `frontmap.geo.clauses`, not the table's.
"""

from __future__ import annotations

from frontmap.geo.english_dates import ENGLISH_DATES
from frontmap.geo.language import Governance, Language, Trigger, words
from frontmap.geo.reading import Extent, Relation

__all__ = ["ENGLISH"]

_CAPTURED, _ENTERED, _WITHDREW = Relation.CAPTURED, Relation.ENTERED, Relation.WITHDREW
_CONTESTED, _BESIEGED = Relation.CONTESTED, Relation.BESIEGED
_NEAR, _HOLDS = Relation.NEAR, Relation.HOLDS

_TRIGGERS = (
    Trigger(
        _CAPTURED,
        "A _ P",
        "capture seize take/took/taken retake/retook/retaken recapture overrun/overran/overrun "
        "occupy reoccupy conquer liberate regain recover wrest secure reclaim annex grab snatch "
        "overtake/overtook/overtaken reconquer clear free",
        (
            "Rebels captured Hama.",
            "Hama was retaken by the army.",
            "Insurgents, who seized Hama on Friday, rested.",
            "Soldiers left, losing and retaking Hama twice.",
        ),
    ),
    Trigger(
        _CAPTURED,
        "A _ control|possession|command of|over P",
        "take/took/taken seize gain win/won/won regain assume establish wrest retake/retook/retaken "
        "get/got/got claim declare reassert acquire restore reestablish re-establish",
        ("The army took full control of Hama.", "Rebels regained control over Hama."),
    ),
    Trigger(
        _CAPTURED,
        "A _ over|back P",
        "take/took/taken win/won/won",
        ("Turkish-backed groups took over Hama.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ P over|back",
        "take/took/taken win/won/won",
        ("Rebels took Hama back.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ P under control",
        "bring/brought/brought put/put/put place",
        ("The army brought Hama under its control.", "Hama was brought under government control."),
    ),
    Trigger(
        _CAPTURED,
        "A _ B back? from|out|off of? P",
        "drive/drove/driven push force expel oust dislodge eject evict rout flush sweep/swept/swept "
        "chase throw/threw/thrown squeeze clear",
        ("Rebels drove the army out of Hama.", "The army was pushed from Hama by rebels."),
    ),
    Trigger(
        _CAPTURED,
        "A _ out B from|of P",
        "drive/drove/driven push force",
        ("Rebels drove out the garrison of Hama.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ P of B",
        "rid/rid/rid purge",
        ("The army rid Hama of rebels.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ up? flag|flags|banner|banners|colours over|in|at|above|on P",
        "raise hoist plant fly/flew/flown put/put/put",
        ("Soldiers raised their flag over Hama.",),
    ),
    Trigger(
        _CAPTURED,
        "flag|flags|banner|banners _ over|above P",
        "raise hoist plant fly/flew/flown wave",
        ("The army's flag was hoisted over Hama.",),
    ),
    Trigger(
        _CAPTURED,
        "P _ to|before A",
        "fall/fell/fallen surrender capitulate",
        ("Hama fell to the rebels.", "Hama has fallen."),
    ),
    Trigger(
        _CAPTURED,
        "P _ into|in|under|to hands|control|grip of A",
        "fall/fell/fallen pass come/came/come go/went/gone slip end",
        ("Hama fell into the hands of the rebels.", "Hama came under the army's control."),
    ),
    Trigger(
        _CAPTURED,
        "P _ from grasp|hands|control|grip",
        "slip fall/fell/fallen",
        ("Hama slipped from the government's grasp.",),
    ),
    Trigger(
        _CAPTURED,
        "control of P _ to|into A",
        "pass shift go/went/gone fall/fell/fallen",
        ("Control of Hama has passed to the rebels.",),
    ),
    Trigger(_CAPTURED, "P _ hands", "change switch", ("Hama changed hands.",)),
    Trigger(
        _CAPTURED,
        "A _ B P",
        "cost/cost/cost",
        ("A surprise attack cost the army Hama.",),
    ),
    Trigger(
        _WITHDREW,
        "A _ over? P to B",
        "hand surrender cede lose/lost/lost yield relinquish concede transfer",
        ("The army lost Hama to the rebels.",),
        armed=True,
    ),
    Trigger(
        _CAPTURED,
        "B _ over? P to A",
        "hand surrender cede lose/lost/lost yield relinquish abandon concede transfer",
        ("The army lost Hama to the rebels.", "Hama was handed over to the rebels."),
    ),
    Trigger(
        _CAPTURED,
        "_ of P by|to A",
        "=capture =seizure =takeover =recapture =conquest =liberation =fall =occupation =collapse "
        "=annexation =storming =surrender",
        (
            "Following the capture of Hama by rebels, the army fled.",
            "The fall of Hama marks a turning point.",
            "The army's recapture of Hama took days.",
        ),
    ),
    Trigger(
        _WITHDREW,
        "A _ back|away|out|off? from|of P",
        "withdraw/withdrew/withdrawn retreat pull fall/fell/fallen move redeploy flee/fled/fled "
        "evacuate disengage depart escape step break/broke/broken vanish disappear exit",
        (
            "Government troops withdrew from Hama.",
            "Troops pulled out of Hama.",
            "Junta soldiers have retreated from Hama.",
        ),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "A _ out of P",
        "drive/drove/driven slip file walk march roll limp stream head move fight/fought/fought ship "
        "ride/rode/ridden sneak sail clear",
        ("The last soldiers slipped out of Hama.",),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "A _ B back|out? from|of P",
        "withdraw/withdrew/withdrawn pull redeploy evacuate remove",
        ("The army pulled its troops out of Hama.",),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "A _ up? P",
        "abandon quit/quit/quit vacate evacuate desert lose/lost/lost relinquish "
        "surrender cede give/gave/given yield forfeit exit flee/fled/fled",
        ("The army abandoned Hama.", "Hama had been lost."),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "A _ out|back|away? $",
        "withdraw/withdrew/withdrawn retreat pull",
        ("Rebels entered Hama after the army had withdrawn.",),
        armed=True,
    ),
    Trigger(_WITHDREW, "A _ P $", "leave/left/left", ("Soldiers had left Hama.",), armed=True),
    Trigger(
        _WITHDREW,
        "A _ control|hold|possession|grip of|over|on P",
        "lose/lost/lost relinquish cede give/gave/given surrender",
        ("The army lost control of Hama.",),
    ),
    Trigger(
        _WITHDREW,
        "A _ positions|position|bases|base|foothold|posts|garrison|camp|camps|headquarters|outposts in|at|inside P",
        "abandon leave/left/left vacate evacuate quit/quit/quit desert give/gave/given",
        ("The army abandoned its positions in Hama.",),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "_ of? B? from P",
        "=withdrawal =retreat =pullout =pull-out =evacuation =departure =exit =redeployment "
        "=pullback =redeployments",
        ("State media announced the army's withdrawal from Hama.",),
        armed=True,
    ),
    Trigger(_WITHDREW, "_ of P", "=loss =abandonment", ("The army confirmed the loss of Hama.",)),
    Trigger(
        _ENTERED,
        "A _ P",
        "enter reenter re-enter penetrate infiltrate breach",
        ("Rebels entered Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ way|bridge|bridges|river|border? forward|back|deep|deeper? into|inside P",
        "push move break/broke/broken advance storm sweep/swept/swept pour drive/drove/driven roll "
        "march burst fight/fought/fought go/went/gone return cross thrust charge force punch stream "
        "rush surge slip press walk ride/rode/ridden smash barge make/made/made land deploy cut",
        ("Kurdish-led forces moved into Hama.", "Insurgents fought their way into Hama."),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ up? positions|position in|inside P",
        "take/took/taken",
        ("Troops have taken up positions inside Hama.",),
        armed=True,
    ),
    Trigger(_ENTERED, "A _ in|at P", "arrive", ("Soldiers arrived in Hama.",), armed=True),
    Trigger(
        _ENTERED,
        "A _ through P",
        "drive/drove/driven walk march patrol sweep/swept/swept parade",
        ("Gunmen drove through Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ B into|inside P",
        "send/sent/sent move deploy push",
        ("The SDF sent fighters into Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ foothold|footholds|bridgehead in|inside P",
        "gain establish secure win/won/won get/got/got",
        ("The Russians gained a foothold in Hama.",),
    ),
    Trigger(_ENTERED, "_ into|in P", "=entry =incursion", ("The rebels' entry into Hama came.",)),
    Trigger(
        _ENTERED,
        "A _ P",
        "reach",
        ("Rebels reached Hama.",),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        "A _ P",
        "attack assault counterattack counter-attack invade raid contest assail storm",
        ("The RSF attacked Hama.",),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        "A _ with|against? B? in|inside|around|for|over|at|on|through|across P",
        "fight/fought/fought battle clash skirmish",
        ("Rebels battled the army for Hama.", "The army clashed with rebels in Hama."),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        "_ with|between|among|against? B? V? from|in|inside|around|for|over|at|through|across|to|on|into|near P",
        "=fighting =clashes =clash =battle =battles =combat =firefight =firefights =skirmishes "
        "=fight =hostilities =shootout =gunfight =gunbattles",
        (
            "Fighting raged in Hama.",
            "Clashes between the army and rebels spread to Hama.",
            "The battle for Hama went on.",
        ),
    ),
    Trigger(
        _CONTESTED,
        "_ on|against|upon|into|in P",
        "=attack =attacks =assault =assaults =offensive =counterattack =counter-attack =operation "
        "=onslaught =raid =counteroffensive =counter-offensive =push",
        ("The army launched an assault on Hama.",),
    ),
    Trigger(
        _CONTESTED,
        "A _ with|against? B? for control of P",
        "fight/fought/fought battle clash vie struggle contend",
        ("Troops and rebels are fighting for control of Hama.",),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        "_ for control of P",
        "=fighting =battle =battles =fight =struggle =clashes",
        ("The battle for control of Hama went on.",),
    ),
    Trigger(
        _CONTESTED,
        "_ reached|engulfed|gripped|rocked P",
        "=fighting =clashes =battle =battles =combat",
        ("Fighting has reached Hama.",),
    ),
    Trigger(
        _CONTESTED,
        "P _ under attack|fire|assault",
        "be come/came/come",
        ("Hama came under attack.",),
    ),
    Trigger(
        _CONTESTED,
        "P _ B fighting|clashes|combat|battles",
        "see/saw/seen witness",
        ("Hama saw heavy fighting.",),
    ),
    Trigger(
        _CONTESTED,
        "A _ in|inside|at P",
        "resist",
        ("Soldiers still resist in Hama.",),
        armed=True,
    ),
    Trigger(
        _BESIEGED,
        "A _ roads|routes|supplies|access to|into P",
        "cut/cut/cut sever block close",
        ("Rebels cut all the roads to Hama.",),
    ),
    Trigger(
        _BESIEGED,
        "A _ B in|inside P",
        "besiege encircle surround trap",
        ("The army encircled the rebels in Hama.",),
    ),
    Trigger(
        _BESIEGED,
        "A _ P",
        "besiege encircle surround blockade envelop ring",
        ("Rebels surrounded Hama.", "Hama is besieged by the RSF."),
    ),
    Trigger(_BESIEGED, "A _ off P", "cut/cut/cut seal", ("The RSF cut off Hama.",)),
    Trigger(_BESIEGED, "A _ siege to P", "lay/laid/laid", ("The RSF laid siege to Hama.",)),
    Trigger(
        _BESIEGED,
        "_ of|around|on P",
        "=siege =encirclement =blockade",
        ("The RSF tightened its siege of Hama.",),
    ),
    Trigger(
        _BESIEGED,
        "P _ under siege|blockade|encirclement",
        "be come/came/come remain",
        ("Hama is under siege.",),
    ),
    Trigger(
        _NEAR,
        "A _ Q P",
        "be stand/stood/stood come/came/come advance get/got/got move push reach sit/sat/sat remain "
        "approach position stop halt camp gather mass station arrive march edge lie/lay/lain hold "
        "report draw/drew/drawn close creep/crept/crept fight/fought/fought see/saw/seen "
        "deploy place put/put/put operate face press inch crawl fight/fought/fought",
        (
            "The rebels are five kilometres from Hama.",
            "Russian scouts came within five kilometers of Hama.",
        ),
        armed=True,
    ),
    Trigger(
        _NEAR,
        "A _ on|toward|towards P",
        "advance march converge bear/bore/borne drive/drove/driven push head press edge move close",
        ("Opposition factions advanced on Hama.",),
        armed=True,
    ),
    Trigger(
        _NEAR,
        "A _ near|outside P",
        "advance mass gather camp deploy position dig/dug/dug assemble",
        ("Hundreds of fighters massed near Hama.",),
        armed=True,
    ),
    Trigger(
        _NEAR,
        "A _ in on|upon P",
        "close",
        ("Rebels are closing in on Hama.",),
        armed=True,
    ),
    Trigger(
        _NEAR,
        "A _ to|at|on|near? outskirts|gates|edge|edges|doorstep|fringes|approaches|suburbs|limits "
        "of P",
        "be stand/stood/stood come/came/come advance get/got/got move push reach approach remain "
        "arrive",
        ("The rebels reached the outskirts of Hama.", "Rebels are at the gates of Hama."),
        armed=True,
    ),
    Trigger(
        _NEAR,
        "A _ to? within? Q P",
        "*",
        (
            "Patrols ventured to within five kilometres of Hama.",
            "Scouts were spotted five kilometres from Hama.",
        ),
        armed=True,
    ),
    Trigger(_NEAR, "A _ P", "approach near", ("Rebels approached Hama.",), armed=True),
    Trigger(
        _HOLDS,
        "A _ on? to? P",
        "hold/held/held control keep/kept/kept retain rule administer govern",
        ("The army still holds Hama.", "Hama is controlled by the RSF."),
    ),
    Trigger(
        _HOLDS,
        "A _ in? control|possession|charge of|over P",
        "be remain stay keep/kept/kept have/had/had retain maintain hold/held/held",
        ("Its fighters remain in control of Hama.",),
    ),
    Trigger(
        _HOLDS,
        "A _ in at|in|inside P",
        "dig/dug/dug hole",
        ("The army is dug in at Hama.",),
        armed=True,
    ),
    Trigger(
        _HOLDS,
        "A _ present in|inside P",
        "be remain stay",
        ("The army remains present in Hama.",),
        armed=True,
    ),
    Trigger(
        _HOLDS,
        "P _ in|under hands|control|grip|administration|rule|sway of A",
        "be remain stay lie/lay/lain",
        ("Hama remains in the hands of the army.", "Hama is under rebel control."),
    ),
)

ENGLISH = Language(
    code="en",
    dates=ENGLISH_DATES,
    triggers=_TRIGGERS,
    governors={
        Governance.SAYS: (
            "say/said/said claim announce declare confirm report admit state add acknowledge insist "
            "tell/told/told maintain reveal note argue assert concede write/wrote/written estimate "
            "reckon believe show/showed/shown indicate suggest explain repeat reiterate boast post "
            "broadcast/broadcast/broadcast publish describe hear/heard/heard learn conclude "
            "congratulate warn stress comment affirm assess disclose inform testify recount proclaim "
            "allege mention hail praise cite think/thought/thought know/knew/known see/saw/seen "
            "record document release verify list judge"
        ),
        Governance.DENIES: "deny dispute reject refute dismiss contest rebut contradict",
        Governance.PLANS: (
            "plan mass brace ready vow intend aim prepare pledge promise seek/sought/sought try attempt want hope "
            "order threaten urge ask agree decide wish mean/meant/meant propose aspire demand mobilise "
            "mobilize schedule expect predict forecast anticipate set/set/set swear/swore/sworn "
            "command instruct call gear offer undertake/undertook/undertaken consider refuse mull"
        ),
        Governance.FAILS: (
            "fail prevent avoid repel thwart foil stave block miss "
            "abort postpone cancel delay forestall avert frustrate repulse deter"
        ),
        Governance.DOUBTS: (
            "fear dread accuse suspect speculate doubt worry wonder risk question imagine suppose"
        ),
        Governance.PASSES: (
            "begin/began/begun start continue manage help force compel succeed appear seem proceed "
            "finish complete cease have/had/had go/went/gone come/came/come resume end allow enable let/let/let "
            "oblige get/got/got keep/kept/kept"
        ),
    },
    governing_nouns={
        Governance.SAYS: "report reports claim claims news word announcement statement reports",
        Governance.DENIES: "denial denials",
        Governance.PLANS: (
            "talks negotiations agreement deal pact accord proposal proposals plan plans bid effort efforts attempt attempts order orders vow threat threats intention "
            "intent goal aim campaign call calls promise pledge push operation deadline "
            "preparations orders ultimatum battle fight drive struggle aim objective decision"
        ),
        Governance.FAILS: "failure inability refusal failures",
        Governance.DOUBTS: (
            "verge brink cusp point short close instead event case fear fears risk possibility danger prospect prospects chance chances speculation "
            "scenario rumours rumors concern concerns worries expectation expectations warning "
            "warnings ability capacity chance need"
        ),
        Governance.PASSES: "",
    },
    verbs=(
        "launch open kill wound shell bomb strike/struck/struck hit/hit/hit fire shoot/shot/shot die "
        "destroy damage displace leave/left/left run/ran/run pass carry bring/brought/brought lead/led/led "
        "meet/met/met send/sent/sent spread/spread/spread rage erupt break/broke/broken flare intensify "
        "follow support back join sign talk accept condemn evacuate flee/fled/fled shift mark raise "
        "open use make/made/made give/gave/given find/found/found feel/felt/felt become/became/become "
        "work live turn happen occur wait serve need open receive return build/built/built deploy "
        "respond reply agree visit arrest detain execute loot burn cross rest link lie/lay/lain "
        "serve include involve suffer face change stretch overlook straddle threaten rain pound "
        "target intercept down supply pay/paid/paid buy/bought/bought shelter house boast border defend "
        "resist surrender collapse crumble dig/dug/dug endanger host regroup reinforce mine "
        "welcome celebrate mourn bury cut/cut/cut drop eat/ate/eaten last broker negotiate mediate "
        "dispatch withhold/withheld/withheld vote elect appoint resign name require grow/grew/grown "
        "rise/rose/risen bear/bore/borne oppose guard patrol trap isolate starve split/split/split "
        "strengthen weaken shed/shed/shed lift relieve"
    ),
    classes={
        "d": (
            "the a an this these those its their his her our your my some any several many few "
            "two three four five six seven eight nine ten dozen dozens another other others each every "
            "both all half most much more no enough hundreds thousands one twelve twenty"
        ),
        "o": "it they he she we i you them him us",
        "m": "would could may might can should must ought",
        "l": "will shall 'll wont",
        "t": "to",
        "?": "that",
        "b": "is are was were be been being 're am",
        "h": "has have had having 've",
        "x": "do does did",
        "!": "not never neither nor cannot no_longer",
        "r": (
            "also now then already still again largely fully completely almost nearly just only even "
            "later earlier soon finally briefly quickly mostly partly effectively reportedly meanwhile "
            "however thus yet once twice first today far so together forward therefore "
            "back barely hardly scarcely instead likewise too further thereby swiftly hastily ago ever always often "
            "apparently allegedly simultaneously eventually abruptly steadily away "
            "long twice merely simply indeed officially formally entirely elsewhere overnight recently lately"
        ),
        "p": (
            "of in on at by from with into onto over under against between among through during "
            "near around outside inside within towards toward across along behind beyond beside above "
            "below off up down out about via without despite upon throughout amid amidst per like "
            "following including except opposite past round besides alongside for"
        ),
        "c": "and or but &",
        "n": "daily weekly ally rally supply assembly reply july italy hands armed allied united combined armoured armored so-called hundred-odd",
        "S": (
            "if unless whether although though while as when because until before after since whereas "
            "lest provided"
        ),
        "w": "who whom whose which where",
    },
    armed=words(
        "troops troop forces force fighters fighter soldiers soldier army armies rebels rebel insurgents "
        "insurgent militants militant militia militias militiamen unit units brigade brigades battalion "
        "battalions regiment regiments division divisions corps faction factions junta regime "
        "paramilitary paramilitaries guerrilla guerrillas gunmen jihadists jihadist police "
        "marines paratroopers commandos men enemy invaders occupiers defenders separatists "
        "separatist alliance coalition group groups islamists islamist loyalists loyalist regulars volunteers mercenaries resistance "
        "vanguard scouts detachment detachments command administration mujahideen government military "
        "opposition side sides garrison infantry armour armor column columns tanks "
        "extremists terrorists squad squads platoon front navy allies allied partisans cavalry "
        "conscripts reservists recruits cadets guards guard legion movement organisation organization "
        "bloc contingent contingents warriors tribesmen tribes raiders assailants attackers "
        "patrol patrols crews spearhead reinforcements authorities kremlin wing bands band "
        "militaries clansmen nationalists secessionists irregulars legionnaires proxies affiliates "
        "outfit frontline line lines guns artillery outposts outpost positions pick-ups vehicles convoy convoys "
        "Russians Ukrainians Turks Syrians Israelis Houthis Kurds Iranians Tigrayans Eritreans Rwandans "
        "Armenians Azerbaijanis Azeris Iraqis Taliban Hezbollah Hamas Wagner Janjaweed Fano Peshmerga"
    ),
    unarmed=words(
        "survivors survivor residents resident civilians civilian people families family refugees refugee villagers villager "
        "observers journalists journalist reporters reporter diplomats inspectors workers "
        "aircraft drones drone jets jet planes plane warplanes helicopters helicopter shells rockets missiles missile "
        "spokesman spokeswoman spokesperson minister ministry president women children crowd crowds "
        "protesters demonstrators monks students doctors teachers staff aid trucks lorries buses envoy "
        "delegation mediators activists activist patients inhabitants locals prisoners detainees "
        "peacekeepers monitors monitor observatory analysts analyst team teams farmers traders thousands hundreds "
        "statement war electricity water prices fire smoke rain flood river road highway "
        "earthquake population households migrants travellers passengers bodies supplies evacuees "
        "strike strikes airstrikes airstrike bombs barrage shelling bombardment "
        "blaze story news report video footage images photograph photographs question talks ceasefire truce "
        "deal agreement nation world humanitarian agencies agency bishop priest mayor "
    ),
    parties=words(
        "army military ministry minister government junta regime commander commanders command general "
        "spokesman spokeswoman spokesperson president governor official officials officer officers "
        "insurgents rebels rebel fighters group militia leader leaders kremlin faction factions "
        "headquarters forces force paramilitary paramilitaries chief colonel brigadier captain admiral "
        "side opposition council administration authorities brigade regiment division battalion corps "
        "front movement coalition alliance party organisation wing state-run state presidency premier "
        "unit units mayor deputy head envoy ambassador adviser staff separatists "
        "jihadists militants insurgent premier secretary prime-minister troops marines navy "
        "guard guards bulletin communique communiqué statement emir warlord rulers foreign-ministry "
        "generals colonels sheikh militants lieutenant major leadership commandant insurgency"
    ),
    outsiders=words(
        "observatory monitor monitors monitoring watchdog residents resident witnesses witness activists "
        "activist analysts analyst think institute journalists journalist correspondents "
        "correspondent reporters reporter newspaper newspapers media un agencies agency doctors doctor hospital "
        "soldiers soldier bloggers blogger volunteers locals villagers villager diplomats diplomat footage images "
        "image imagery video videos photographs photos experts expert historian farmer farmers nurse "
        "teacher teachers people civilians families refugees charity charities ngo aid nations cross crescent "
        "trackers tracker researchers researcher project mappers cartographers lawyer lawyers shopkeeper trader "
        "priest bishop driver drivers inhabitants outlet outlets radio station website broadcaster "
        "DeepState ISW SOHR Reuters AFP AP BBC CNN UN UNHCR OCHA MSF ICRC ACLED Jazeera Bellingcat "
        "network newsroom daily survivors pilots merchants miners elders elder mother student students "
        "merchant monk monks economist observers observer mission committee  satellite"
    ),
    persons=words("he she him"),
    articles=words("the"),
    not_yet=words("yet"),
    arising=words("spread reach erupt break start begin resume flare come"),
    particles=words("off over back up out down"),
    possessives=words("its their"),
    attached=words("loyal allied close opposed backed affiliated"),
    whose=words("who whom"),
    copulas=words("remain stay become get"),
    preventing=words("stop keep halt bar block prevent hinder dissuade save deter"),
    falsehoods=words(
        "false untrue baseless unfounded fabricated exaggerated lies propaganda nonsense"
    ),
    ranks=words("first second third fourth fifth latest last only"),
    phrasal={
        "rule out": Governance.DENIES,
        "call off": Governance.FAILS,
        "give up": Governance.FAILS,
        "put off": Governance.FAILS,
    },
    to_speakers=words("according"),
    ending=words("lift break end relieve raise"),
    such_as=words("like including namely"),
    long_ago=words("months years decades"),
    civil=words("aid relief humanitarian un civilian rescue medical red food evacuation"),
    partisan=words(
        "state state-run state-owned official pro-government government military army pro-army party"
    ),
    capitals=frozenset(
        [
            "Moscow",
            "Kyiv",
            "Kiev",
            "Damascus",
            "Ankara",
            "Tehran",
            "Washington",
            "Jerusalem",
            "Baghdad",
            "Khartoum",
            "Naypyidaw",
            "Beijing",
            "Kigali",
            "Kinshasa",
            "Asmara",
            "Tripoli",
            "Sanaa",
            "Riyadh",
            "Baku",
            "Yerevan",
            "Bamako",
            "Paris",
            "London",
        ]
    ),
    extents={
        Extent.WHOLE: "all entire whole entirety entirely fully remainder rest completely full",
        Extent.MOST: "most much bulk majority two-thirds three-quarters 90 80",
        Extent.PART: (
            "part parts half some section sections area areas district districts neighbourhood "
            "neighbourhoods neighborhood neighborhoods quarter quarters suburb suburbs outskirts edge "
            "edges fringe fringes street streets block blocks sector sectors centre center airport "
            "command outpost outposts airbase airfield base bases barracks station palace bridge bridges headquarters hill hills "
            "port harbour harbor factory plant hospital university prison stadium checkpoint checkpoints "
            "position positions market downtown citadel garrison post posts side flank flanks third "
            "quarter trenches approaches compound mine refinery depot camp ground territory land crossing "
            "line lines countryside gates campus school buildings building heart bank banks square rim corner "
            "northern southern eastern western central north south east west north-west north-east "
            "south-west south-east northwest northeast southwest southeast north-western north-eastern "
            "south-western south-eastern northwestern northeastern southwestern southeastern"
        ),
    },
    places=words(
        "town city village settlement hamlet capital community port-city stronghold township bastion "
        "hub locality suburb district province governorate region state county commune island peak mount "
        "mountain heights mountains hills post crossing junction enclave oasis base area"
    ),
    several=words(
        "towns cities villages settlements hamlets communities strongholds townships localities places "
        "suburbs districts points enclaves hilltops farms provinces states regions settlements"
    ),
    inside=words("of in at inside within"),
    anaphors=words(
        "town city village settlement place hamlet township stronghold community port enclave"
    ),
    last_actor=words(
        "group force movement faction alliance coalition organisation organization militia"
    ),
    numbers={
        "a": 1,
        "one": 1,
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "nine": 9,
        "ten": 10,
        "eleven": 11,
        "twelve": 12,
        "thirteen": 13,
        "fourteen": 14,
        "fifteen": 15,
        "sixteen": 16,
        "seventeen": 17,
        "eighteen": 18,
        "nineteen": 19,
        "twenty": 20,
        "thirty": 30,
        "forty": 40,
        "fifty": 50,
        "sixty": 60,
        "seventy": 70,
        "eighty": 80,
        "ninety": 90,
        "hundred": 100,
        "half": 0.5,
    },
    kilometres={
        "km": 1,
        "kms": 1,
        "kilometre": 1,
        "kilometres": 1,
        "kilometer": 1,
        "kilometers": 1,
        "mile": 1.609344,
        "miles": 1.609344,
        "m": 0.001,
        "metres": 0.001,
        "meters": 0.001,
    },
    directions={
        word: wind
        for wind, words_ in {
            "north": "north northern",
            "north-east": "north-east northeast north-eastern northeastern",
            "east": "east eastern",
            "south-east": "south-east southeast south-eastern southeastern",
            "south": "south southern",
            "south-west": "south-west southwest south-western southwestern",
            "west": "west western",
            "north-west": "north-west northwest north-western northwestern",
        }.items()
        for word in words_.split()
    },
    starts=words(
        "offensive operation assault campaign attack push advance war uprising counteroffensive"
    ),
    doubtful=words(
        "potential possible likely feared eventual expected alleged probable supposed hypothetical "
        "prospective rumoured rumored unconfirmed unverified false conflicting"
    ),
    planned=words(
        "planned imminent looming threatened future upcoming impending attempted intended"
    ),
    gerunds=words(
        "fighting shelling bombing meeting building crossing landing uprising warning training killing "
        "beginning offering bombardment"
    ),
    plurals=words("men people police women children cavalry"),
    pronominal=words("both all some many several others most few half"),
    object_controls=words(
        "force compel order allow enable let help tell ask urge instruct command push oblige "
        "get want expect invite leave drive prompt lead"
    ),
    joining=words(
        "of to from for in at near with under loyal within around inside on against by across outside between towards"
    ),
    negating=words("no nobody none neither nor few"),
    negating_prepositions=words("without"),
    conditional=words("if unless should lest provided"),
    whether=words("whether"),
    beside=words("after before as while when since until because although though whereas once"),
)
