"""English, as far as claims are made in it: the words and the triggers that `claims` reads by.

Data alone; another language is another `Language`. `Language` says what each class of words is for
and `frontmap.geo.frames` how a frame is written. Lists are words separated by spaces, and a verb's
irregular forms stand as `base/past/participle`. What passive voice, relative clauses, infinitives
and lists do to a frame is the business of `clauses` and `frames`, not the table's.
"""

from __future__ import annotations

from frontmap.geo.english_dates import ENGLISH_DATES
from frontmap.geo.language import Form, Governance, Language, Tag, Trigger, words
from frontmap.geo.reading import Extent, Relation

__all__ = ["ENGLISH"]

_CAPTURED, _ENTERED, _WITHDREW = Relation.CAPTURED, Relation.ENTERED, Relation.WITHDREW
_CONTESTED, _BESIEGED = Relation.CONTESTED, Relation.BESIEGED
_NEAR, _HOLDS = Relation.NEAR, Relation.HOLDS

#: Each in turn by what it says: taken, left, entered, fought over, besieged, near, held.
_TRIGGERS = (
    Trigger(
        _CAPTURED,
        "A _ P",
        (
            "annex capture clear conquer free grab liberate occupy overpower "
            "overrun/overran/overrun overtake/overtook/overtaken overwhelm pacify recapture "
            "reclaim reconquer recover regain reoccupy retake/retook/retaken secure seize snatch "
            "take/took/taken wrest"
        ),
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
        (
            "acquire assume claim declare establish gain get/got/got obtain re-establish reassert "
            "reestablish regain restore retake/retook/retaken seize take/took/taken win/won/won "
            "wrest"
        ),
        (
            "The army took full control of Hama.",
            "Rebels regained control over Hama.",
        ),
    ),
    Trigger(
        _CAPTURED,
        "A _ over|back P",
        "claw take/took/taken win/won/won",
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
        "bring/brought/brought place put/put/put",
        (
            "The army brought Hama under its control.",
            "Hama was brought under government control.",
        ),
    ),
    Trigger(
        _CAPTURED,
        "A _ B back? from|out|off of? P",
        (
            "boot chase clear dislodge drive/drove/driven eject evict expel flush force hound oust "
            "push rout run/ran/run squeeze sweep/swept/swept throw/threw/thrown winkle"
        ),
        (
            "Rebels drove the army out of Hama.",
            "The army was pushed from Hama by rebels.",
        ),
    ),
    Trigger(
        _CAPTURED,
        "A _ out B from|of P",
        "drive/drove/driven force push",
        ("Rebels drove out the garrison of Hama.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ P of B",
        "purge rid/rid/rid",
        ("The army rid Hama of rebels.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ up? flag|flags|banner|banners|colours over|in|at|above|on P",
        "fly/flew/flown hoist plant put/put/put raise",
        ("Soldiers raised their flag over Hama.",),
    ),
    Trigger(
        _CAPTURED,
        "flag|flags|banner|banners _ over|above P",
        "fly/flew/flown hoist plant raise wave",
        ("The army's flag was hoisted over Hama.",),
    ),
    Trigger(
        _CAPTURED,
        "P _ to|before A",
        "buckle capitulate fall/fell/fallen succumb surrender",
        (
            "Hama fell to the rebels.",
            "Hama has fallen.",
        ),
    ),
    Trigger(
        _CAPTURED,
        "P _ into|in|under|to hands|control|grip of A",
        "come/came/come end fall/fell/fallen go/went/gone pass slip",
        (
            "Hama fell into the hands of the rebels.",
            "Hama came under the army's control.",
        ),
    ),
    Trigger(
        _CAPTURED,
        "P _ from grasp|hands|control|grip",
        "fall/fell/fallen slip",
        ("Hama slipped from the government's grasp.",),
    ),
    Trigger(
        _CAPTURED,
        "control of P _ to|into A",
        "fall/fell/fallen go/went/gone pass shift",
        ("Control of Hama has passed to the rebels.",),
    ),
    Trigger(
        _CAPTURED,
        "P _ hands",
        "change switch",
        ("Hama changed hands.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ B P",
        "cost/cost/cost",
        ("A surprise attack cost the army Hama.",),
    ),
    Trigger(
        _CAPTURED,
        "P _ owners|masters",
        "change get/got/got swap",
        ("Hama changed owners.",),
    ),
    Trigger(
        _CAPTURED,
        "P _ under|into|in rule|authority|administration|possession of A",
        "come/came/come fall/fell/fallen pass",
        ("Hama came under rebel rule.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ free P",
        "set/set/set",
        ("Troops set free Hama.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ P free",
        "set/set/set",
        ("Hama was set free by the army.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ hold of P",
        "get/got/got seize take/took/taken",
        ("The army got hold of Hama.",),
    ),
    Trigger(
        _CAPTURED,
        "A _ victory in P",
        "claim declare proclaim",
        ("The army declared victory in Hama.",),
    ),
    Trigger(
        _WITHDREW,
        "A _ over? P to B",
        "cede concede deliver hand lose/lost/lost relinquish surrender transfer turn yield",
        ("The army lost Hama to the rebels.",),
        armed=True,
        handover=True,
    ),
    Trigger(
        _CAPTURED,
        "B _ over? P to A",
        (
            "abandon cede concede deliver hand lose/lost/lost relinquish surrender transfer turn "
            "yield"
        ),
        (
            "The army lost Hama to the rebels.",
            "Hama was handed over to the rebels.",
        ),
        handover=True,
    ),
    Trigger(
        _CAPTURED,
        "_ of P by|to A",
        (
            "=annexation =capture =collapse =conquest =fall =liberation =occupation =recapture "
            "=seizure =storming =surrender =takeover"
        ),
        (
            "Following the capture of Hama by rebels, the army fled.",
            "The fall of Hama marks a turning point.",
            "The army's recapture of Hama took days.",
        ),
    ),
    Trigger(
        _WITHDREW,
        "A _ back|away|out|off? from|of P",
        (
            "break/broke/broken depart disappear disengage escape evacuate exit fall/fell/fallen "
            "flee/fled/fled march move peel pull redeploy retreat ride/rode/ridden "
            "slink/slunk/slunk steal/stole/stolen step trickle vanish withdraw/withdrew/withdrawn"
        ),
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
        (
            "clear creep/crept/crept drive/drove/driven fight/fought/fought file head limp march "
            "move pack pour ride/rode/ridden roll sail ship slip sneak stream trickle walk"
        ),
        ("The last soldiers slipped out of Hama.",),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "A _ B back|out? from|of P",
        "evacuate pull redeploy remove withdraw/withdrew/withdrawn",
        ("The army pulled its troops out of Hama.",),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "A _ up? P",
        (
            "abandon cede desert evacuate exit flee/fled/fled forfeit forsake/forsook/forsaken "
            "give/gave/given lose/lost/lost quit/quit/quit relinquish surrender vacate yield"
        ),
        (
            "The army abandoned Hama.",
            "Hama had been lost.",
        ),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "A _ out|back|away? $",
        "pull retreat withdraw/withdrew/withdrawn",
        ("Rebels entered Hama after the army had withdrawn.",),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "A _ P $",
        "leave/left/left",
        ("Soldiers had left Hama.",),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "A _ control|hold|possession|grip of|over|on P",
        "cede give/gave/given lose/lost/lost relinquish surrender",
        ("The army lost control of Hama.",),
    ),
    Trigger(
        _WITHDREW,
        (
            "A _ positions|position|bases|base|foothold|posts|garrison|camp|camps|"
            "headquarters|outposts in|at|inside P"
        ),
        "abandon desert evacuate give/gave/given leave/left/left quit/quit/quit vacate",
        ("The army abandoned its positions in Hama.",),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "_ of? B? from P",
        (
            "=departure =evacuation =exit =pull-out =pullback =pullout =redeployment "
            "=redeployments =retreat =withdrawal"
        ),
        ("State media announced the army's withdrawal from Hama.",),
        armed=True,
    ),
    Trigger(
        _WITHDREW,
        "_ of P",
        "=abandonment =loss",
        ("The army confirmed the loss of Hama.",),
    ),
    Trigger(
        _WITHDREW,
        "P _ of B",
        "empty",
        ("Hama was emptied of insurgents.",),
    ),
    Trigger(
        _ENTERED,
        "A _ P",
        "breach enter infiltrate penetrate re-enter reenter",
        ("Rebels entered Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ way|bridge|bridges|river|border? forward|back|deep|deeper? into|inside P",
        (
            "advance barge bite/bit/bitten break/broke/broken bulldoze burst charge crash crawl "
            "cross cut/cut/cut deploy drive/drove/driven fan fight/fought/fought filter force "
            "go/went/gone land limp make/made/made march move plough pour press punch push return "
            "ride/rode/ridden roll rush slice slip smash storm stream stroll surge "
            "sweep/swept/swept thrust trundle wade walk"
        ),
        (
            "Kurdish-led forces moved into Hama.",
            "Insurgents fought their way into Hama.",
        ),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ up? positions|position in|inside P",
        "take/took/taken",
        ("Troops have taken up positions inside Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ in|at P",
        "arrive",
        ("Soldiers arrived in Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ through P",
        "drive/drove/driven march parade patrol sweep/swept/swept walk",
        ("Gunmen drove through Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ B into|inside P",
        "deploy move push send/sent/sent",
        ("The SDF sent fighters into Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ foothold|footholds|bridgehead in|inside P",
        "establish gain get/got/got secure win/won/won",
        ("The Russians gained a foothold in Hama.",),
    ),
    Trigger(
        _ENTERED,
        "_ into|in P",
        "=entry =incursion",
        ("The rebels' entry into Hama came.",),
    ),
    Trigger(
        _ENTERED,
        "A _ P",
        "reach",
        ("Rebels reached Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ up in|at P",
        "pop show/showed/shown turn",
        ("Rebel scouts had turned up in Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ in? through into P",
        "break/broke/broken",
        ("The army broke through into Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ ashore at|in|near P",
        "come/came/come land wade",
        ("Marines came ashore at Hama.",),
        armed=True,
    ),
    Trigger(
        _ENTERED,
        "A _ back in|inside P",
        "be",
        ("Rebels were back in Hama.",),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        "A _ P",
        "assail assault attack contest counter-attack counterattack invade raid storm",
        ("The RSF attacked Hama.",),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        "A _ with|against? B? in|inside|around|for|over|at|on|through|across P",
        "battle clash fight/fought/fought skirmish",
        (
            "Rebels battled the army for Hama.",
            "The army clashed with rebels in Hama.",
        ),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        (
            "_ with|between|among|against? B? V? from|in|inside|around|for|over|at|through|"
            "across|to|on|into|near P"
        ),
        (
            "=battle =battles =clash =clashes =combat =fight =fighting =firefight =firefights "
            "=gunbattles =gunfight =hostilities =shootout =skirmishes"
        ),
        (
            "Fighting raged in Hama.",
            "Clashes between the army and rebels spread to Hama.",
            "The battle for Hama went on.",
        ),
    ),
    Trigger(
        _CONTESTED,
        "_ on|against|upon|into|in P",
        (
            "=assault =assaults =attack =attacks =counter-attack =counter-offensive =counterattack "
            "=counteroffensive =offensive =onslaught =operation =push =raid"
        ),
        ("The army launched an assault on Hama.",),
    ),
    Trigger(
        _CONTESTED,
        "A _ with|against? B? for control of P",
        "battle clash contend fight/fought/fought struggle vie",
        ("Troops and rebels are fighting for control of Hama.",),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        "_ for control of P",
        "=battle =battles =clashes =fight =fighting =struggle",
        ("The battle for control of Hama went on.",),
    ),
    Trigger(
        _CONTESTED,
        "_ reached|engulfed|gripped|rocked P",
        "=battle =battles =clashes =combat =fighting",
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
        _CONTESTED,
        "A _ fire with? B? in|at|around|over|across P",
        "exchange open trade",
        ("Soldiers exchanged fire with rebels in Hama.",),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        "A _ on|at P",
        "hammer pounce swoop",
        ("Rebels swooped on Hama.",),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        "A _ up? in P",
        "mop",
        ("Soldiers are mopping up in Hama.",),
        armed=True,
    ),
    Trigger(
        _CONTESTED,
        "P _ assaults|attacks|assault|attack|offensive",
        "repel repulse survive withstand/withstood/withstood",
        ("Hama has withstood four assaults.",),
    ),
    Trigger(
        _CONTESTED,
        "A _ in battle|combat for|over|in|at P",
        "lock",
        ("The RSF and the army are locked in battle for Hama.",),
        armed=True,
    ),
    Trigger(
        _BESIEGED,
        "A _ roads|routes|supplies|access to|into P",
        "block close cut/cut/cut sever",
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
        "besiege blockade encircle envelop girdle isolate ring strangle surround",
        (
            "Rebels surrounded Hama.",
            "Hama is besieged by the RSF.",
        ),
    ),
    Trigger(
        _BESIEGED,
        "A _ off P",
        "cut/cut/cut seal",
        ("The RSF cut off Hama.",),
    ),
    Trigger(
        _BESIEGED,
        "A _ siege to P",
        "lay/laid/laid",
        ("The RSF laid siege to Hama.",),
    ),
    Trigger(
        _BESIEGED,
        "_ of|around|on P",
        "=blockade =encirclement =siege",
        ("The RSF tightened its siege of Hama.",),
    ),
    Trigger(
        _BESIEGED,
        "P _ under siege|blockade|encirclement",
        "be come/came/come remain",
        ("Hama is under siege.",),
    ),
    Trigger(
        _BESIEGED,
        "A _ in P",
        "hem pen",
        ("The RSF hemmed in Hama.",),
    ),
    Trigger(
        _BESIEGED,
        "A _ ring|noose|circle around|round P",
        "close complete tighten",
        ("Rebels closed the ring around Hama.",),
    ),
    Trigger(
        _NEAR,
        "A _ Q P",
        (
            "advance approach arrive be camp close come/came/come crawl creep/crept/crept deploy "
            "draw/drew/drawn edge face fight/fought/fought gather get/got/got halt hold/held/held "
            "inch lie/lay/lain march mass move operate place position press push put/put/put reach "
            "remain report see/saw/seen sit/sat/sat stand/stood/stood station stop"
        ),
        (
            "The rebels are five kilometres from Hama.",
            "Russian scouts came within five kilometers of Hama.",
        ),
        armed=True,
    ),
    Trigger(
        _NEAR,
        "A _ on|toward|towards P",
        (
            "advance bear/bore/borne close converge drive/drove/driven edge head march move press "
            "push"
        ),
        ("Opposition factions advanced on Hama.",),
        armed=True,
    ),
    Trigger(
        _NEAR,
        "A _ near|outside P",
        "advance assemble camp deploy dig/dug/dug gather mass position",
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
        (
            "A _ to|at|on|near? outskirts|gates|edge|edges|doorstep|fringes|approaches|"
            "suburbs|limits of P"
        ),
        (
            "advance approach arrive be come/came/come get/got/got move push reach remain "
            "stand/stood/stood"
        ),
        (
            "The rebels reached the outskirts of Hama.",
            "Rebels are at the gates of Hama.",
        ),
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
    Trigger(
        _NEAR,
        "A _ P",
        "approach near",
        ("Rebels approached Hama.",),
        armed=True,
    ),
    Trigger(
        _NEAR,
        "A _ closer|nearer to P",
        "come/came/come creep/crept/crept draw/drew/drawn edge get/got/got inch move push",
        ("Troops are inching closer to Hama.",),
        armed=True,
    ),
    Trigger(
        _NEAR,
        "A _ within sight|reach|range of P",
        "be come/came/come get/got/got",
        ("Troops are within sight of Hama.",),
        armed=True,
    ),
    Trigger(
        _HOLDS,
        "P _ under|in|under authority|possession|thumb of A",
        "be remain stay",
        ("Hama is in Russian possession.",),
    ),
    Trigger(
        _HOLDS,
        "A _ over P",
        "preside rule",
        ("The rebels preside over Hama.",),
    ),
    Trigger(
        _HOLDS,
        "A _ to P",
        "cling/clung/clung",
        ("The army clings to Hama.",),
        armed=True,
    ),
    Trigger(
        _HOLDS,
        "A _ out in|inside|at P",
        "hold/held/held",
        ("A battalion is holding out in Hama.",),
        armed=True,
    ),
    Trigger(
        _HOLDS,
        "P _ to A",
        "belong",
        ("Hama belongs to the rebels.",),
    ),
    Trigger(
        _HOLDS,
        "A _ foothold|toehold|grip in|on P",
        "have/had/had hold/held/held keep/kept/kept maintain retain",
        ("The army keeps a foothold in Hama.",),
    ),
    Trigger(
        _HOLDS,
        "A _ sway over|in P",
        "have/had/had hold/held/held",
        ("Rebels hold sway over Hama.",),
    ),
    Trigger(
        _HOLDS,
        "A _ on? to? P",
        "administer control garrison govern hold/held/held keep/kept/kept retain rule run/ran/run",
        (
            "The army still holds Hama.",
            "Hama is controlled by the RSF.",
        ),
    ),
    Trigger(
        _HOLDS,
        "A _ in? control|possession|charge of|over P",
        "be have/had/had hold/held/held keep/kept/kept maintain remain retain stay",
        ("Its fighters remain in control of Hama.",),
    ),
    Trigger(
        _HOLDS,
        "A _ in at|in|inside P",
        "dig/dug/dug ensconce entrench hole sit/sat/sat",
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
        "be lie/lay/lain remain stay",
        (
            "Hama remains in the hands of the army.",
            "Hama is under rebel control.",
        ),
    ),
)

#: A consonant that is doubled before an ending: after the one vowel of a verb (grab, grabbed), in
#: a last syllable that is stressed (begin, beginning), and in "quit" and "equip".
_DOUBLED = (
    r"(?:^[^aeiou]+[aeiou]|^(?:admi|begi|commi|compe|contro|expe|infe|overru|patro|permi|prope|rebe"
    r"|refe|regre|repe|unplu)|qui)([^aeiouwxy])$"
)
_ENDINGS = {
    Form.THIRD: ((r"(?<![aeiou])y$", "ies"), (r"(?:(?<=[sxzo])|(?<=[sc]h))$", "es"), (r"$", "s")),
    **dict.fromkeys(
        (Form.PAST, Form.PARTICIPLE),
        ((r"(?<![aeiou])y$", "ied"), (r"(?<=e)$", "d"), (_DOUBLED, r"\g<0>\1ed"), (r"$", "ed")),
    ),
    Form.GERUND: (
        (r"^([ld])ie$", r"\1ying"),
        (r"(?<![ey])e$", "ing"),
        (_DOUBLED, r"\g<0>\1ing"),
        (r"$", "ing"),
    ),
}

_WINDS = {
    "north": "north northern",
    "north-east": "north-east north-eastern northeast northeastern",
    "east": "east eastern",
    "south-east": "south-east south-eastern southeast southeastern",
    "south": "south southern",
    "south-west": "south-west south-western southwest southwestern",
    "west": "west western",
    "north-west": "north-west north-western northwest northwestern",
}

ENGLISH = Language(
    code="en",
    dates=ENGLISH_DATES,
    triggers=_TRIGGERS,
    # Spelling
    abbreviations=(
        "Adm Apr Aug Brig Capt Col Dec Dr Feb Gen Jan Jr Jul Jun Lt Maj Mar Mr Mrs Ms No Nov Oct "
        "Prof Sep Sept Sgt Sr St U.K U.N U.S a.m approx p.m vs"
    ),
    ordinals=words("nd rd st th"),
    possessive="s",
    plural="s",
    plurals_end=("s", "men"),
    negative="n't",
    adverbial="ly",
    past="ed",
    endings=_ENDINGS,
    # Words by their tag
    classes={
        Tag.DETERMINER: (
            "a all an another any both dozen dozens each eight enough every few five four half her "
            "his hundreds its many more most much my nine no one other others our seven several "
            "six some ten the their these this those thousands three twelve twenty two your"
        ),
        Tag.PRONOUN: "he him i it she them they us we you",
        Tag.MODAL: "can could may might must ought should would",
        Tag.WILL: "shall will",
        Tag.TO: "to",
        Tag.THAT: "that",
        Tag.BE: "am are be been being is was were",
        Tag.HAVE: "had has have having",
        Tag.DO: "did do does",
        Tag.NEGATION: "cannot neither never nor not",
        Tag.ADVERB: (
            "abruptly again ago allegedly almost already also always apparently away back barely "
            "briefly completely earlier effectively elsewhere entirely even eventually ever far "
            "finally first formally forward fully further hardly hastily however indeed instead "
            "just largely lately later likewise long meanwhile merely mostly nearly now officially "
            "often once only overnight partly quickly recently reportedly scarcely simply "
            "simultaneously so soon steadily still swiftly then thereby therefore thus today "
            "together too twice yet"
        ),
        Tag.PREPOSITION: (
            "about above across against along alongside amid amidst among around at behind below "
            "beside besides between beyond by despite down during except following for from in "
            "including inside into like near of off on onto opposite out outside over past per "
            "round through throughout toward towards under up upon via with within without"
        ),
        Tag.CONJUNCTION: "& and but or",
        Tag.NOUN: (
            "allied ally armed armored armoured assembly combined daily hands hundred-odd italy "
            "july rally reply so-called supply united weekly"
        ),
        Tag.SUBORDINATOR: (
            "after although as because before if lest provided since though unless until when "
            "whereas whether while"
        ),
        Tag.RELATIVE: "where which who whom whose",
    },
    armed=words(
        "administration affiliates alliance allies armenians armies armor armour army artillery "
        "assailants attackers authorities azerbaijanis azeris band bands battalion battalions "
        "bikers bloc brigade brigades cadets cars cavalry clansmen coalition column columns "
        "command commandos conscripts contingent contingents convoy convoys corps crews defenders "
        "detachment detachments division divisions enemy eritreans extremists faction factions "
        "fano fighter fighters force forces front frontline garrison government group groups guard "
        "guards guerrilla guerrillas gunmen gunners guns hamas hezbollah houthis infantry "
        "insurgent insurgents invaders iranians iraqis irregulars islamist islamists israelis "
        "janjaweed jihadist jihadists junta kremlin kurds legion legionnaires line lines loyalist "
        "loyalists marines men mercenaries militant militants militaries military militia "
        "militiamen militias movement mujahideen nationalists navy occupiers opposition "
        "organisation organization outfit outpost outposts paramilitaries paramilitary "
        "paratroopers partisans patrol patrols peshmerga pick-ups pickets platoon police positions "
        "posts proxies raiders rebel rebels reconnaissance recruits regime regiment regiments "
        "regulars reinforcements reservists resistance russians rwandans sappers scouts "
        "secessionists separatist separatists side sides snipers soldier soldiers spearhead "
        "spearheads squad squads syrians taliban tanks terrorists tigrayans tribes tribesmen troop "
        "troops turks ukrainians unit units vanguard vehicles volunteers wagner warriors wing"
    ),
    unarmed=words(
        "activist activists agencies agency agreement aid aircraft airstrike airstrikes analyst "
        "analysts barrage bishop blaze bodies bombardment bombs buses ceasefire children civilian "
        "civilians crowd crowds deal delegation demonstrators detainees diplomats doctors drone "
        "drones earthquake electricity envoy evacuees families family farmers fire flood footage "
        "helicopter helicopters highway households humanitarian images inhabitants inspectors jet "
        "jets journalist journalists locals lorries mayor mediators migrants minister ministry "
        "missile missiles monitor monitors monks nation news observatory observers passengers "
        "patients peacekeepers people photograph photographs plane planes population president "
        "prices priest prisoners protesters question rain refugee refugees report reporter "
        "reporters resident residents river road rockets shelling shells smoke spokesman "
        "spokesperson spokeswoman staff statement story strike strikes students supplies survivor "
        "survivors talks teachers team teams traders travellers truce trucks video villager "
        "villagers war warplanes water women workers world"
    ),
    # Verbs and what they govern
    governors={
        Governance.SAYS: (
            "acknowledge add admit affirm allege announce argue assert assess believe boast brief "
            "broadcast/broadcast/broadcast caution cite claim comment complain concede conclude "
            "confirm congratulate counter declare describe disclose document estimate explain hail "
            "hear/heard/heard indicate inform insist judge know/knew/known learn list maintain "
            "mention note post praise proclaim publish recall reckon record recount reiterate "
            "relate release repeat report retort reveal say/said/said see/saw/seen "
            "show/showed/shown state stress suggest tell/told/told testify think/thought/thought "
            "trumpet verify warn write/wrote/written"
        ),
        Governance.DENIES: "contest contradict deny dismiss dispute rebut refute reject",
        Governance.PLANS: (
            "agree aim anticipate ask aspire attempt brace call command consider decide demand "
            "envisage expect forecast foresee/foresaw/foreseen gear hope instruct intend mass "
            "mean/meant/meant mobilise mobilize mull offer order plan pledge predict prepare "
            "promise propose rate ready refuse schedule seek/sought/sought set/set/set "
            "swear/swore/sworn threaten try undertake/undertook/undertaken urge vow want wish"
        ),
        Governance.FAILS: (
            "abort avert avoid block cancel delay deter fail foil forestall frustrate miss "
            "postpone prevent repel repulse stave thwart"
        ),
        Governance.DOUBTS: (
            "accuse doubt dread fear imagine question risk speculate suppose suspect wonder worry"
        ),
        Governance.PASSES: (
            "allow appear begin/began/begun cease come/came/come compel complete continue enable "
            "end finish force get/got/got go/went/gone have/had/had help keep/kept/kept "
            "let/let/let manage oblige proceed resume seem start succeed"
        ),
    },
    governing_nouns={
        Governance.SAYS: (
            "account accounts announcement claim claims news report reports statement stories story"
        ),
        Governance.DENIES: "denial denials",
        Governance.PLANS: (
            "accord agreement aim attempt attempts battle bid call calls campaign deadline deal "
            "decision drive effort efforts fight goal intent intention negotiations objective "
            "operation order orders pact plan plans pledge preparations promise proposal proposals "
            "push struggle talks threat threats ultimatum vow"
        ),
        Governance.FAILS: "failure failures inability refusal",
        Governance.DOUBTS: (
            "ability allegation allegations boast brink capacity case chance chances close concern "
            "concerns cusp danger event expectation expectations fear fears hopes idea instead "
            "likelihood need notion odds point possibility prospect prospects question risk rumor "
            "rumors rumour rumours scenario short speculation suggestion suggestions talk verge "
            "warning warnings word worries"
        ),
        Governance.PASSES: "",
    },
    phrasal={
        ("rule", "out"): Governance.DENIES,
        ("call", "off"): Governance.FAILS,
        ("give", "up"): Governance.FAILS,
        ("put", "off"): Governance.FAILS,
    },
    verbs=(
        "accept appoint arrest back bar become/became/become bomb border broker build/built/built "
        "burn bury buy/bought/bought carry celebrate collapse condemn crumble damage defend "
        "destroy detain die dispatch displace dissuade down drop eat/ate/eaten elect endanger "
        "erupt execute feel/felt/felt find/found/found fire flare follow grow/grew/grown guard "
        "happen hinder hit/hit/hit host house include intensify intercept invite involve isolate "
        "join kill last launch lead/led/led lift link live loot mark mediate meet/met/met mine "
        "mourn name need negotiate occur open oppose overlook pay/paid/paid pound prompt rage rain "
        "receive regroup reinforce relieve reply require resign respond rest rise/rose/risen "
        "run/ran/run save serve shed/shed/shed shell shelter shoot/shot/shot sign "
        "split/split/split spread/spread/spread starve straddle strengthen stretch "
        "strike/struck/struck suffer supply support talk target turn use visit vote wait weaken "
        "welcome withhold/withheld/withheld work wound"
    ),
    to_be="be",
    to_have="have",
    copulas=words("become get remain stay"),
    arising=words("begin break come erupt flare reach resume spread start"),
    beginning=words("begin start"),
    ending=words("breach break end lift raise relieve"),
    preventing=words("bar block deter dissuade halt hinder keep prevent save stop"),
    object_controls=words(
        "allow ask command compel drive enable expect force get help instruct invite lead leave "
        "let oblige order prompt push tell urge want"
    ),
    # Verb groups
    being=words("are is was were"),
    participials=words("being having"),
    gerunds=words(
        "beginning bombardment bombing building crossing fighting killing landing meeting offering "
        "shelling training uprising warning"
    ),
    not_yet=words("yet"),
    no_longer=("no", "longer"),
    negating=words("few neither no nobody none nor"),
    negating_prepositions=words("without"),
    ranks=words("fifth first fourth last latest only second third"),
    to_agent=words("before by of to"),
    agent=words("by"),
    particles=words("back down off out over up"),
    trailing=words("on out up"),
    carrying_on=words("as from into"),
    gerund_nouns=words("for from of on to"),
    topic=words("about against of"),
    against=words("against"),
    purpose=words("for"),
    # Clauses
    whose=words("who whom"),
    where=words("where"),
    relative_determiners=words("where whose"),
    conditional=words("case if lest provided unless"),
    whether=words("whether"),
    beside=words("after although as because before once since though until when whereas while"),
    contrasting=words("but"),
    alternative=words("nor or"),
    # Noun phrases
    articles=words("the"),
    possessives=words("its their"),
    pronominal=words("all both few half many most others several some"),
    none=words("no"),
    unsure=words("any"),
    genitive=words("of"),
    joining=words(
        "across against around at between by for from in inside near of on outside to towards "
        "under with within"
    ),
    after_nouns=words("against between by of"),
    on_ground=words("around in near on"),
    attached=words("affiliated allied backed close loyal opposed"),
    attaching=words("to with"),
    plurals=words("cavalry children men people police women"),
    existential=words("there"),
    persons=words("he him she"),
    # Actors and speakers
    parties=words(
        "administration admiral adviser alliance ambassador army authorities battalion brigade "
        "brigadier bulletin captain chief coalition colonel colonels command commandant commander "
        "commanders communique communiqué corps council deputy division emir envoy faction "
        "factions fighters force forces foreign-ministry front general generals government "
        "governor group guard guards head headquarters insurgency insurgent insurgents jihadists "
        "junta kremlin leader leaders leadership lieutenant major marines mayor militants military "
        "militia minister ministry movement navy officer officers official officials opposition "
        "organisation paramilitaries paramilitary party premier presidency president "
        "prime-minister rebel rebels regime regiment rulers secretary separatists sheikh side "
        "spokesman spokesperson spokeswoman staff state state-run statement troops unit units "
        "warlord wing"
    ),
    outsiders=words(
        "acled activist activists afp agencies agency aid analyst analysts ap bbc bellingcat "
        "bishop blogger bloggers broadcaster cartographers charities charity civilians cnn "
        "committee correspondent correspondents crescent cross daily deepstate diplomat diplomats "
        "doctor doctors driver drivers economist elder elders expert experts families farmer "
        "farmers footage historian hospital icrc image imagery images inhabitants institute isw "
        "jazeera journalist journalists lawyer lawyers locals mappers media merchant merchants "
        "miners mission monitor monitoring monitors monk monks mother msf nations network "
        "newspaper newspapers newsroom ngo nurse observatory observer observers ocha outlet "
        "outlets people photographs photos pilots priest project radio refugees reporter reporters "
        "researcher researchers resident residents reuters satellite shopkeeper sohr soldier "
        "soldiers station student students survivors teacher teachers think tracker trackers "
        "trader un unhcr video videos villager villagers volunteers watchdog website witness "
        "witnesses"
    ),
    partisan=words(
        "army government military official party pro-army pro-government state state-owned "
        "state-run"
    ),
    civil=words("aid civilian evacuation food humanitarian medical red relief rescue un"),
    capitals=words(
        "Ankara Asmara Baghdad Baku Bamako Beijing Damascus Jerusalem Khartoum Kiev Kigali "
        "Kinshasa Kyiv London Moscow Naypyidaw Paris Riyadh Sanaa Tehran Tripoli Washington "
        "Yerevan"
    ),
    crowds=words("hundreds thousands"),
    last_actor=words(
        "alliance coalition faction force group militia movement organisation organization"
    ),
    openers=words("a an his its the their"),
    to_speakers=words("according"),
    speakers_to=words("to"),
    # Places
    extents={
        Extent.WHOLE: "all completely entire entirely entirety full fully remainder rest whole",
        Extent.MOST: "80 90 bulk majority most much three-quarters two-thirds",
        Extent.PART: (
            "airbase airfield airport approaches area areas bank banks barracks base bases block "
            "blocks bridge bridges building buildings camp campus center central centre checkpoint "
            "checkpoints citadel command compound corner countryside crossing depot district "
            "districts downtown edge edges factory flank flanks fringe fringes garrison gates "
            "ground half harbor harbour headquarters heart hill hills hospital land line lines "
            "market mine neighborhood neighborhoods neighbourhood neighbourhoods outpost outposts "
            "outskirts palace part parts plant port position positions post posts prison quarter "
            "quarters refinery rim school section sections sector sectors side some square stadium "
            "station street streets suburb suburbs territory third trenches university "
            + " ".join(_WINDS.values())
        ),
    },
    places=words(
        "area base bastion capital city commune community county crossing district enclave "
        "governorate hamlet heights hills hub island junction locality mount mountain mountains "
        "oasis peak port-city post province region settlement state stronghold suburb town "
        "township village"
    ),
    several=words(
        "cities communities districts enclaves farms hamlets hilltops localities places points "
        "provinces regions settlements states strongholds suburbs towns townships villages"
    ),
    such_as=words("including like namely"),
    naming=("such", "as"),
    all_of=words("all both the these"),
    inside=words("at in inside of within"),
    anaphors=words(
        "city community enclave hamlet place port settlement stronghold town township village"
    ),
    pointing=words("its that the this"),
    it=words("it"),
    them=words("them"),
    there=words("there"),
    fronted=words("around at in near"),
    repeated=words("at from in into of on"),
    adding=(
        ("plus",),
        ("as", "well", "as"),
        ("along", "with"),
        ("as", "well"),
        ("as", "with"),
        ("together", "with"),
    ),
    source=words("from"),
    goal=words("to"),
    # What qualifies a claim
    starts=words(
        "advance assault attack campaign counteroffensive offensive operation push uprising war"
    ),
    doubtful=words(
        "alleged conflicting eventual expected false feared hypothetical likely possible potential "
        "probable prospective rumored rumoured supposed unconfirmed unverified"
    ),
    planned=words(
        "attempted future imminent impending intended looming planned threatened upcoming"
    ),
    hearsay=words("account accounts claim claims news report reports stories story"),
    inverted=words("had should were"),
    indefinite=words("whatever whichever whoever"),
    awaiting=words("before once until when"),
    present=words("am are is"),
    in_case=("in", "case"),
    falsehoods=words(
        "baseless exaggerated fabricated false lies nonsense propaganda unfounded untrue"
    ),
    long_ago=words("decades months years"),
    # Measures
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
    comparing=words("as"),
    directions={word: wind for wind, listed in _WINDS.items() for word in listed.split()},
)
