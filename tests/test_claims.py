"""What is read out of sentences, and what holds of any text.

Sentences are of a Friday, 6 December 2024. Those of the annotated reports are in
test_reports_corpus.py, an example of every trigger in test_english.py.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_places import PUBLISHED, TOWNS, KnownPlaces, claims_in

from frontmap.geo.claims import read_report
from frontmap.geo.english import ENGLISH
from frontmap.geo.reading import LIVE, Basis, Claim, ClaimStatus, Extent, Relation
from frontmap.geo.records import Actor


def rows(table: str) -> list[tuple[str, ...]]:
    """Return the cells of a table, one row a line."""
    return [tuple(cell.strip() for cell in line.split("|")) for line in table.strip().split("\n")]


def live(claims: list[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.is_live]


def one(claims: list[Claim], relation: str, place: str = "Hama") -> Claim:
    """Return the first claim of a relation and a place."""
    return next(c for c in claims if c.relation == relation and c.place.surface == place)


# What is told of Hama, asserted or claimed

RELATIONS = """
captured | The insurgents have wrested Hama from government control.
captured | Hama is the latest city to fall to the rebels.
captured | Hama slipped from the government's grasp.
captured | Control of Hama has passed to the rebels.
captured | The SDF announced the liberation of Hama.
captured | Rebels completed their takeover of Hama on Friday.
captured | The rebels' capture of Hama shocked the region.
captured | Hama, captured by rebels on Friday, was calm.
captured | The army has been driven from Hama.
captured | The rebels celebrated the seizure of Hama.
captured | Rebel fighters poured into Hama and seized its airport.
captured | The military said its forces had recaptured the town of Hama.
captured | Soldiers retook the strategic town of Hama from the RSF on Friday.
captured | The group claimed full control of Hama.
captured | Hama was captured without a fight.
captured | The fighters ousted the army from Hama.
captured | Troops have cleared the last rebels from Hama.
withdrew | The army surrendered Hama.
withdrew | The army has pulled back from Hama.
withdrew | Government forces fled Hama.
withdrew | The last soldiers left Hama at dawn.
withdrew | The army confirmed that it had redeployed from Hama.
withdrew | The defence ministry announced a withdrawal from Hama.
withdrew | Soldiers deserted their posts in Hama.
withdrew | Troops evacuated Hama overnight.
entered | Rebels have entered the outskirts of Hama.
entered | Rebel forces stormed into Hama.
entered | Troops advanced into Hama.
entered | The first units crossed into Hama.
entered | Militants infiltrated Hama.
contested | Heavy clashes are under way in Hama.
contested | Fighting continues in Hama.
contested | The army launched a counter-offensive in Hama.
contested | Street battles raged in Hama.
contested | Troops and rebels are fighting for control of Hama.
contested | Rebels assaulted Hama from three sides.
contested | Gun battles broke out in Hama on Friday.
contested | The RSF has launched repeated attacks on Hama.
besieged | Hama has been under siege since May.
besieged | The RSF has besieged Hama for a year.
besieged | Rebels encircled Hama.
besieged | The army is surrounded in Hama.
near | The rebels are now 10 km north of Hama.
near | Rebels advanced to within 10 km of Hama.
near | The front line is 10 km from Hama.
near | Troops reached a point 10 km from Hama.
near | Rebel forces have reached the outskirts of Hama.
near | Fighters took up positions five miles from Hama.
near | Rebels were closing in on Hama.
near | The fighters are at the gates of Hama.
holds | Rebels now control Hama after the army fled.
holds | The army maintains control of Hama.
holds | Hama remains under government control.
holds | The government still controls most of Hama.
holds | Hama is held by the army.
holds | Rebels hold half of Hama.
"""


@pytest.mark.parametrize(("relation", "text"), rows(RELATIONS))
def test_what_happened_is_a_live_claim(relation: str, text: str) -> None:
    assert relation in [claim.relation for claim in live(claims_in(text))]


# What is said of Hama and is no claim, with its status where there is anything to list

BLOCKED = """
denied | The army denied losing Hama.
negated | The rebels have failed to take Hama.
negated | The army prevented rebels from entering Hama.
negated | The army barred rebels from entering Hama.
planned | The rebels vowed to take Hama.
planned | Rebels are preparing to storm Hama.
hypothetical | Rebels may soon enter Hama.
hypothetical | The army could lose Hama.
planned | Analysts expect Hama to fall.
hypothetical | The fall of Hama would be a blow.
planned | Rebels are expected to attack Hama.
negated | The rebels have not entered Hama.
negated | The rebels never took Hama.
planned | Rebels want to capture Hama.
planned | Rebels tried to enter Hama.
planned | The army thwarted an attempt to enter Hama.
hypothetical | Whether the rebels took Hama is unclear.
hypothetical | It is unclear whether Hama has fallen.
hypothetical | There were unconfirmed reports that Hama had fallen.
denied | The army said reports that Hama had fallen were false.
hypothetical | Rumours that Hama had fallen spread quickly.
- | Had the rebels taken Hama, the war would be over.
hypothetical | The rebels are on the verge of capturing Hama.
hypothetical | The rebels are close to taking Hama.
hypothetical | Unless help arrives, Hama will fall.
planned | The rebels threatened to retake Hama.
planned | The president ordered the army to withdraw from Hama.
planned | The army is considering a retreat from Hama.
- | Aid convoys entered Hama.
- | Residents fled Hama.
- | Thousands of people left Hama.
- | Airstrikes hit Hama.
negated | The army stopped the rebels from reaching Hama.
hypothetical | The rebels fell short of taking Hama.
denied | The army ruled out a withdrawal from Hama.
planned | The rebels gave up their attempt to capture Hama.
planned | The plan to retake Hama was dropped.
- | Rebels were unable to hold Hama.
hypothetical | Have the rebels captured Hama?
negated | Rebels have neither taken Hama nor entered Rastan.
planned | It would take weeks to capture Hama.
- | The army will defend Hama.
negated | The rebels say they will not enter Hama.
hypothetical | Officials fear that the rebels could capture Hama.
denied | The army denied reports that it had lost Hama.
denied | The army dismissed claims that Hama had fallen.
- | The rebels were stopped before Hama.
- | The army says Hama is safe.
hypothetical | If Hama falls, the army will retreat from Homs.
planned | Talks on the withdrawal of troops from Hama failed.
- | An agreement on the army's withdrawal from Hama was signed.
negated | The siege of Hama was lifted.
negated | The army lifted its siege of Hama.
- | Hama is no longer under siege.
negated | The army no longer holds Hama.
- | Israel struck targets in Damascus and Hama.
- | Shells fell on Hama.
- | Two soldiers were captured in Hama.
- | The army captured a rebel commander in Hama.
- | Rebels seized weapons in Hama.
- | The rebels took hostages in Hama.
- | The army took part in talks in Hama.
- | Fighters left for Hama.
- | The army moved troops from Hama to Homs.
- | Reinforcements arrived from Hama.
- | A bomb exploded in Hama.
- | Thousands protested in Hama.
- | Hama was quiet on Friday.
- | Hama was bombed.
- | The rebels captured villages near Hama.
- | Rebels captured three villages in the Hama countryside.
- | Rebels seized the road between Hama and Homs.
- | The army sent reinforcements to Hama.
- | The president visited Hama.
- | The UN envoy entered Hama.
- | The rebels lost dozens of men in Hama.
- | The rebels held a rally in Hama.
- | The army controls the road to Hama.
- | Rebels fired rockets at Hama.
- | The fall in prices hit Hama.
- | The Battle of Hama is a film.
- | Video footage showed rebels inside Hama.
"""


@pytest.mark.parametrize(("status", "text"), rows(BLOCKED))
def test_what_did_not_happen_is_no_live_claim(status: str, text: str) -> None:
    claims = claims_in(text)
    assert live(claims) == []
    told = [claim for claim in claims if claim.place.surface == "Hama"]
    assert not told or all(claim.reason for claim in told)
    assert (status in [claim.status for claim in told]) is (status != "-")


# Who did it, how it is put, and who says so

ATTRIBUTED = """
The rebels said they had captured Hama. | captured | Hama | * | claimed | The rebels
Rebels captured Hama, according to state television. | captured | Hama | Rebels | claimed | state television
According to the Observatory, rebels captured Hama. | captured | Hama | rebels | asserted | the Observatory
Rebels, the army said, had captured Hama. | captured | Hama | Rebels | claimed | the army
"We have taken Hama," the group's leader said. | captured | Hama | * | claimed | leader
Hama was captured by rebels, residents told Reuters. | captured | Hama | rebels | asserted | residents
The United Nations said that RSF fighters had entered Hama. | entered | Hama | RSF fighters | asserted | United Nations
Sudan's army said on Monday it had recaptured Hama. | captured | Hama | * | claimed | Sudan's army
In a statement, the army announced the recapture of Hama. | captured | Hama | the army | claimed | the army
A spokesperson for the RSF confirmed that its forces had left Hama. | withdrew | Hama | its forces | claimed | spokesperson
Local media reported that soldiers had abandoned Hama. | withdrew | Hama | soldiers | asserted | Local media
Russia's defence ministry claimed the capture of Hama. | captured | Hama | * | claimed | Russia's defence ministry
Ukraine's military said it had withdrawn from Hama. | withdrew | Hama | * | claimed | Ukraine's military
Monitors say the insurgents have surrounded Hama. | besieged | Hama | insurgents | asserted | Monitors
The town of Hama fell to the Arakan Army, the group said. | captured | Hama | Arakan Army | claimed | group
Kyiv confirmed its troops had pulled out of Hama. | withdrew | Hama | its troops | claimed | Kyiv
The governor said Hama was still under Ukrainian control. | holds | Hama | Ukrainian | claimed | governor
General Omar said on Friday that his men had driven the rebels out of Hama. | captured | Hama | his men | claimed | General Omar
The military council announced that Hama and Rastan had been liberated. | captured | Rastan | - | claimed | military council
The army reported heavy fighting in Hama. | contested | Hama | - | claimed | The army
Activists reported clashes in Hama. | contested | Hama | - | asserted | Activists
Witnesses said fighters were seen 10 km from Hama. | near | Hama | fighters | asserted | Witnesses
The monitor said the army had sent reinforcements and that rebels had seized Hama. | captured | Hama | rebels | asserted | monitor
The Observatory, a war monitor, said rebels had seized Hama. | captured | Hama | rebels | asserted | Observatory
Rebel leader Abu Ahmad said that Hama had fallen. | captured | Hama | - | claimed | Abu Ahmad
Forces loyal to the general took Hama on Monday. | captured | Hama | Forces loyal | asserted | -
The Kurdish-led SDF took control of Hama after government forces withdrew. | captured | Hama | SDF | asserted | -
Fighters from the Free Army seized the border town of Hama. | captured | Hama | Fighters | asserted | -
Rebels led by HTS captured Hama on Thursday. | captured | Hama | Rebels | asserted | -
HTS and its allies captured Hama. | captured | Hama | HTS and its allies | asserted | -
Turkish-backed rebels have been advancing and seized Hama. | captured | Hama | Turkish-backed rebels | asserted | -
A coalition of ethnic armies captured Hama. | captured | Hama | coalition | asserted | -
The junta lost Hama to the KIA in April. | captured | Hama | KIA | asserted | -
The junta lost Hama to the KIA in April. | withdrew | Hama | The junta | asserted | -
Government forces, backed by Russian jets, retook Hama. | captured | Hama | Government forces | asserted | -
Hama, home to a large air base, was overrun on Sunday. | captured | Hama | - | asserted | -
Insurgents took Hama a day after entering Rastan. | entered | Rastan | Insurgents | asserted | -
The army retook Hama, Rastan and the nearby town of Talbisseh. | captured | Talbisseh | The army | asserted | -
The army retook the towns of Hama and Rastan. | captured | Rastan | The army | asserted | -
The army has retaken Hama as well as Rastan. | captured | Rastan | The army | asserted | -
Rebels swept through Hama and on to Rastan. | entered | Hama | Rebels | asserted | -
The 5th Brigade took Hama. | captured | Hama | The 5th Brigade | asserted | -
Soldiers of the 4th Division abandoned Hama. | withdrew | Hama | Soldiers | asserted | -
Assad's forces lost control of Hama. | withdrew | Hama | Assad's forces | asserted | -
Wagner mercenaries captured Hama. | captured | Hama | Wagner mercenaries | asserted | -
Israel's army entered Hama. | entered | Hama | Israel's army | asserted | -
The UN-recognised government's forces entered Hama. | entered | Hama | forces | asserted | -
Russian troops have taken up positions inside Hama. | entered | Hama | Russian troops | asserted | -
"""  # noqa: E501


@pytest.mark.parametrize(
    ("text", "relation", "place", "actor", "status", "attribution"), rows(ATTRIBUTED)
)
def test_an_actor_a_status_and_an_attribution_are_those_of_the_sentence(
    text: str, relation: str, place: str, actor: str, status: str, attribution: str
) -> None:
    claim = one(claims_in(text), relation, place)
    assert claim.status == status
    for found, wanted in ((claim.actor, actor), (claim.attribution, attribution)):
        if wanted == "-":
            assert found is None
        elif wanted != "*":
            assert found is not None and wanted in found
    assert claim.attribution_is_party is (status == "claimed")


# All live claims of a sentence, with their last day where it is told

WHOLE = """
Rebels captured Hama on Thursday and Rastan on Friday. | Hama captured 12-05, Rastan captured 12-06
On Thursday rebels captured Hama and entered Rastan. | Hama captured 12-05, Rastan entered 12-05
The army said on Thursday that it had left Hama the day before. | Hama withdrew 12-04
Hama fell on November 30, a day after Rastan. | Hama captured 11-30
The army left Hama late last month. | Hama withdrew
Since November 27 rebels have captured Hama and Rastan. | Hama captured, Rastan captured
Rebels, who captured Hama on Thursday, have entered Rastan. | Hama captured 12-05, Rastan entered
The army repelled an attack on Hama and retook Rastan. | Hama contested, Rastan captured
The army was driven back from Hama. | Hama captured
The rebels withdrew after an attack on Hama. | Hama contested
The battle for Hama will be decisive. | Hama contested
The army insisted that it still held Hama. | Hama holds
Rebels claimed to have captured Hama; the army denied it. | Hama captured
The rebels captured Hama, but failed to take Rastan. | Hama captured
The rebels captured Hama, and may take Rastan. | Hama captured
After taking Hama, rebels aim for Rastan. | Hama captured
Before entering Hama, the rebels captured Rastan. | Hama entered, Rastan captured
Without capturing Hama, the rebels entered Rastan. | Rastan entered
The rebels captured Hama in 2015. | Hama captured
The army began withdrawing from Hama on Friday. | Hama withdrew 12-06
The army completed its withdrawal from Hama. | Hama withdrew
The army has been forced to abandon Hama. | Hama withdrew
The army was forced out of Hama. | Hama captured
The rebels managed to enter Hama. | Hama entered
Rebels continued to advance and captured Hama. | Hama captured
Mayor Hama said rebels captured Rastan. | Rastan captured
Rastan, 12 km from Homs, was captured. | Rastan captured
Rebels captured Rastan, 12 km from Homs. | Rastan captured
Rebels in Rastan are 12 km from Homs. | Homs near
"""


@pytest.mark.parametrize(("text", "told"), rows(WHOLE))
def test_a_sentence_makes_these_claims_and_no_others(text: str, told: str) -> None:
    wanted = {(place, relation): day for place, relation, *day in map(str.split, told.split(","))}
    found = {(c.place.surface, str(c.relation)): c.date.last for c in live(claims_in(text))}
    assert found.keys() == wanted.keys()
    for key, day in wanted.items():
        assert not day or found[key] == date.fromisoformat(f"2024-{day[0]}")


# Extents, distances, directions

EXTENTS = """
The army holds Hama. | -
The army holds all of Hama. | whole
The army holds most of Hama. | most
The army holds the northern districts of Hama. | part
The army holds Hama airport. | part
The army holds Hama's eastern suburbs. | part
"""


@pytest.mark.parametrize(("text", "extent"), rows(EXTENTS))
def test_how_much_of_a_place_it_is_about(text: str, extent: str) -> None:
    (claim,) = claims_in(text)
    assert claim.extent == (None if extent == "-" else Extent(extent))


DISTANCES = """
Rebels are 5 km from Homs. | 5 | -
Rebels are five kilometres north of Homs. | 5 | north
Rebels are just 2.5 km to the south-west of Homs. | 2.5 | south-west
Rebels came within two miles of Homs. | 3.218688 | -
Rebels are at a point twenty-five kilometres east of Homs. | 25 | east
Rebels stopped two hundred metres from Homs. | 0.2 | -
"""


@pytest.mark.parametrize(("text", "km", "direction"), rows(DISTANCES))
def test_how_far_off_an_actor_is(text: str, km: str, direction: str) -> None:
    claim = one(claims_in(text), "near", "Homs")
    assert claim.distance_km == pytest.approx(float(km))
    assert claim.direction == (None if direction == "-" else direction)


def test_being_early_in_the_morning_is_no_distance() -> None:
    assert claims_in("I am staying in Hama, said a baker who am tired.") == []


# Words that stand for places and actors

ANAPHORA = """
Rebels shelled Hama. They entered the city on Friday. | entered | Hama
The army holds Hama. Rebels have surrounded it. | besieged | Hama
Soldiers left Hama. Rebels took both Rastan and Homs. They hold both towns. | holds | Rastan, Homs
Rebels took Rastan and Homs. The army came. It retook both of them. | captured | Rastan, Homs
Hama is quiet. Fighting rages in Rastan, where rebels hold its outskirts. | contested | Rastan
Rebels reached Homs. Clashes are going on there. | contested | Homs
Rebels took Hama after the army had withdrawn. | withdrew | Hama
"""


@pytest.mark.parametrize(("text", "relation", "places"), rows(ANAPHORA))
def test_words_stand_for_the_places_named_before(text: str, relation: str, places: str) -> None:
    found = [claim.place.surface for claim in claims_in(text) if claim.relation == relation]
    assert found[-len(places.split(", ")) :] == places.split(", ")


PRONOUNS = """
The RSF shelled the road. It entered Hama. | The RSF
HTS advanced on Homs. The group captured Rastan. | The group
Insurgents advanced on Homs. Residents fled. They hold Hama. | Insurgents
It is raining. They hold Hama. | -
"""


@pytest.mark.parametrize(("text", "actor"), rows(PRONOUNS))
def test_a_pronoun_is_the_last_armed_actor_named(text: str, actor: str) -> None:
    claim = next(c for c in reversed(claims_in(text)))
    assert claim.actor == (None if actor == "-" else actor)


# Dates

DATES = """
Rebels captured Hama. | - | 12-06 | none
Rebels captured Hama on Wednesday. | 12-04 | 12-04 | relative
Rebels captured Hama on 27 November. | 11-27 | 11-27 | explicit
Rebels captured Hama earlier this week. | 12-02 | 12-06 | relative
The army said on Thursday that rebels had captured Hama. | - | 12-05 | relative
Rebels will meet on Saturday. They captured Hama. | - | 12-06 | none
"""


@pytest.mark.parametrize(("text", "first", "last", "basis"), rows(DATES))
def test_the_days_are_those_beside_the_verb(text: str, first: str, last: str, basis: str) -> None:
    claim = one(claims_in(text), "captured")
    assert claim.date.last == date.fromisoformat(f"2024-{last}")
    assert claim.date.basis == Basis(basis)
    assert claim.date.first == (None if first == "-" else date.fromisoformat(f"2024-{first}"))


def test_nothing_is_older_than_the_offensive_that_it_is_told_of() -> None:
    text = "The offensive, which began on November 27, goes on. Rebels captured Hama."
    claim = one(claims_in(text), "captured")
    assert (claim.date.first, claim.date.basis) == (date(2024, 11, 27), Basis.NONE)


def test_what_happened_long_before_is_no_news() -> None:
    claims = claims_in("Rebels retook Hama five months after the army took Rastan.")
    assert [claim.place.surface for claim in claims] == ["Hama"]


# Denials, repetitions

CAPTURE = "Rebels captured Hama, activists said. "


@pytest.mark.parametrize(
    "denial",
    [
        "The army denied that the rebels had captured Hama.",
        "The army denied having lost Hama.",
        "The army rejected reports that the city had fallen.",
    ],
)
def test_a_denial_is_laid_beside_the_claim_it_disputes(denial: str) -> None:
    claims = claims_in(CAPTURE + denial)
    assert one(claims, "captured").disputed_by == "The army"
    denials = [claim for claim in claims if claim.status is ClaimStatus.DENIED]
    assert [(claim.disputed_by, claim.is_live) for claim in denials] == [("The army", False)]


@pytest.mark.parametrize(
    "text",
    [
        CAPTURE + "The army denied that Rastan had fallen.",
        "The army denied that the rebels had entered Hama. Rebels captured Hama on Friday.",
        "The army said it had left Hama. The army denied that it had lost Hama.",
        "The army holds Hama. The rebels denied that they had lost Hama.",
    ],
    ids=["another place", "a denial before", "what one says oneself", "no change"],
)
def test_a_denial_disputes_nothing_else(text: str) -> None:
    assert [claim.disputed_by for claim in live(claims_in(text))] == [None]


def test_a_denial_never_becomes_the_opposite() -> None:
    claims = claims_in("The army denied that it had withdrawn from Hama.")
    assert [(c.relation, c.status) for c in claims] == [(Relation.WITHDREW, ClaimStatus.DENIED)]


def test_what_is_not_denied_is_so() -> None:
    (claim,) = claims_in("The army did not deny that it had left Hama.")
    assert claim.is_live


# The project's actors


ACTORS = (
    Actor("government", "Syrian government", "Government", "a", "#111111", aliases=("the army",)),
    Actor("hts", "Hay'at Tahrir al-Sham", "HTS", "b", "#222222", aliases=("rebels", "fighters")),
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Rebels captured Hama.", ["hts"]),
        ("HTS captured Hama. They entered Rastan.", ["hts", "hts"]),
        ("HTS captured Hama. The group entered Rastan.", ["hts", "hts"]),
        ("The army left Hama. Its soldiers left Rastan.", ["government", "government"]),
        ("Its fighters captured Hama.", ["hts"]),
        ("The Turkish army entered Hama.", [None]),
        ("Hama fell.", [None]),
    ],
)
def test_actors_are_matched_to_those_of_the_project(text: str, ids: list[str | None]) -> None:
    assert [claim.actor_id for claim in claims_in(text, actors=ACTORS)] == ids


# Languages


def test_of_a_language_without_rules_the_toponyms_alone_are_read() -> None:
    text = "Les rebelles ont pris la ville de Hama vendredi, selon une ONG qui suit le conflit."
    reading = read_report(text, PUBLISHED, KnownPlaces())
    assert [toponym.surface for toponym in reading.toponyms] == ["Hama"]
    assert list(reading.claims) == []
    assert reading.notes == (
        "the text seems to be in 'fr', for which there are no rules: toponyms only",
    )
    assert read_report(text, PUBLISHED, KnownPlaces(), language=ENGLISH).notes == ()


# What holds of any text

WORDS = sorted({word for claim in rows(RELATIONS) + rows(BLOCKED) for word in claim[1].split()})
PIECES = st.one_of(
    st.sampled_from([*WORDS, *TOWNS, ",", ".", "?", ";", '"', "that", "which", "to", "of", "both"]),
    st.text(max_size=6),
)


@given(st.lists(PIECES, max_size=60).map(" ".join))
@settings(max_examples=300)
def test_any_text_can_be_read(text: str) -> None:
    claims = claims_in(text, actors=ACTORS, language=ENGLISH)
    starts = [claim.start for claim in claims]
    assert starts == sorted(starts)
    for claim in claims:
        assert text[claim.start : claim.end] == claim.quote != ""
        assert (claim.status in LIVE) is (claim.reason is None)
        assert claim.date.last <= PUBLISHED
        assert (claim.status is ClaimStatus.DENIED) or claim.disputed_by is None or claim.is_live
    repeated = [(c.place.start, c.relation, c.status, c.actor) for c in claims]
    assert len(set(repeated)) == len(repeated)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n\t ",
        "to take Hama " * 3_000,
        "most of " * 3_000 + "Hama fell.",
        "Rebels captured Hama on Monday, the Observatory, ",
        "Fighting in Hama, ",
        "The army had withdrawn from Hama's ",
        "Rebels said the army said " * 2_000 + "Hama fell.",
        "." * 50_000 + "Hama fell",
        "x" * 50_000,
        "5 mileſ from Hama, five kılometres, ½ km, ² km.",
    ],
    ids=[
        "empty",
        "space",
        "infinitives",
        "parts",
        "comma",
        "cut off",
        "possessive",
        "speech",
        "stops",
        "one word",
        "odd letters",
    ],
)
def test_odd_texts_can_be_read(text: str) -> None:
    assert all(text[c.start : c.end] == c.quote for c in claims_in(text, language=ENGLISH))
