"""Made-up reports of a war in Syria, as many as are asked for and the same each time.

No report is real. They are composed to be as varied as an archive's: of claims of each relation and
status, of sentences that look like claims and are none, and of what else such articles say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

PLACES = [
    *("Aleppo", "Hama", "Homs", "Rastan", "Talbisseh", "Saraqib", "Morek", "Suran", "Halfaya"),
    *("Salamiyah", "Qusayr", "Palmyra", "Manbij", "Kobani", "Daraa", "Suwayda", "Nubl", "Azaz"),
    *("Jarablus", "Raqqa", "Tabqa", "Mayadin", "Idlib", "Ariha", "Binnish", "Sarmin", "Atarib"),
    *("Anadan", "Hayyan", "Douma", "Zabadani", "Quneitra", "Baniyas", "Jableh", "Tartus"),
    *("Latakia", "Masyaf", "Qamishli", "Hasakah"),
]
PROVINCES = ["Homs", "Hama", "Aleppo", "Idlib", "Daraa", "Deir ez-Zor", "Raqqa", "Latakia"]
ACTORS = [
    *("the rebels", "opposition fighters", "government forces", "the Syrian army", "the SDF"),
    *("Hayat Tahrir al-Sham", "the Free Syrian Army", "Islamic State fighters", "the group"),
]
SPEAKERS = [
    *(
        "the Syrian Observatory for Human Rights",
        "the defence ministry",
        "residents",
        "state media",
    ),
    *("a rebel commander", "local activists", "two security sources", "the provincial council"),
]
TAKEN = ["captured", "seized", "taken control of", "taken", "retaken", "overrun", "recaptured"]
TOOK = ["captured", "seized", "took control of", "took", "retook", "overran", "recaptured"]
PLANNED = ["vowed to take", "plan to seize", "were preparing to storm", "aim to capture"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WINDS = ["north", "south", "east", "west", "north-east", "south-west"]

CLAIMS = [
    "{Actor} {took} {place} on {day}, {speaker} said.",
    "{Speaker} said {actor} had {taken} {place} and two villages nearby.",
    "{Actor} entered {place} early on {day} after a night of shelling.",
    "{Actor} withdrew from {place} on {day}, leaving their posts empty.",
    "Fighting raged in {place} on {day} between {actor} and {other}.",
    "{Actor} were {number} kilometres {wind} of {place} by {day}, according to {speaker}.",
    "{Actor} have besieged {place} since {day}.",
    "{Place} fell to {actor} on {day}.",
    "{Actor} hold {place} and most of the countryside around it.",
    "The towns of {place}, {place2} and {place3} were {overrun} by {actor} earlier this week.",
]
NO_CLAIMS = [
    "If {actor} capture {place}, the road to {place2} would be cut.",
    "{Actor} {planned} {place} before the end of the month.",
    "{Speaker} denied that {actor} had {taken} {place}.",
    "{Actor} did not enter {place}, {speaker} said.",
    "The potential fall of {place} worries shopkeepers in {place2}.",
    "{Actor} failed to take {place} in three attempts last year.",
    "Nobody could confirm whether {actor} had {taken} {place}.",
]
CONTEXT = [
    "Prices of bread and fuel doubled in {place} within days.",
    "Aid trucks waited at the crossing {number} kilometres from {place} for a third day.",
    "Schools across {province} province stayed closed, and hospitals asked for blood.",
    "“We left with nothing but our papers,” said Umm Khaled, {number}, who fled {place}.",
    "The ministry in Damascus gave no figures for those who had left their homes.",
    "Diplomats met in Geneva on {day} without an agreement.",
    "The motorway through the {province} countryside is the country’s main link to the coast.",
    "Hassan al-Halabi, a baker from {place}, has not heard from his brother since {day}.",
    "Analysts said the winter would slow both sides, as it had in other years.",
    "The United Nations put the number of displaced people at {number},000.",
]
TITLES = ["Fighting nears {place}", "What is known about {place}", "{Province}: a week of war"]
FIRST_DAY = date(2016, 1, 1)


def article(number: int) -> dict[str, Any]:
    """Return one report with a few hundred words, as a row of an archive."""
    dice = Random(f"article {number}")
    paragraphs = [_filled(dice, dice.choice(TITLES)) + "."]
    for _ in range(dice.randint(5, 11)):
        kinds = dice.choices([CLAIMS, NO_CLAIMS, CONTEXT], [3, 1, 6], k=dice.randint(2, 4))
        paragraphs.append(" ".join(_filled(dice, dice.choice(kind)) for kind in kinds))
    published = FIRST_DAY + timedelta(days=dice.randrange(3650))
    return {
        "id": f"article-{number:07}",
        "published": published.isoformat(),
        "publisher": "The Made-up Gazette",
        "url": f"https://example.org/{published:%Y/%m/%d}/{number}",
        "text": "\n\n".join(paragraphs),
    }


def articles(count: int) -> Iterator[dict[str, Any]]:
    """Yield so many reports."""
    return map(article, range(count))


def write_articles(path: Path, count: int) -> int:
    """Write so many reports as JSON lines; return how many characters their texts have."""
    characters = 0
    with path.open("w", encoding="utf-8") as file:
        for row in articles(count):
            characters += len(row["text"])
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return characters


def _filled(dice: Random, template: str) -> str:
    actor, other = dice.sample(ACTORS, 2)
    place, place2, place3 = dice.sample(PLACES, 3)
    speaker, province = dice.choice(SPEAKERS), dice.choice(PROVINCES)
    return template.format(
        actor=actor,
        Actor=actor[0].upper() + actor[1:],
        other=other,
        speaker=speaker,
        Speaker=speaker[0].upper() + speaker[1:],
        place=place,
        Place=place,
        place2=place2,
        place3=place3,
        province=province,
        Province=province,
        taken=dice.choice(TAKEN),
        overrun=dice.choice(["captured", "seized", "retaken", "overrun"]),
        took=dice.choice(TOOK),
        planned=dice.choice(PLANNED),
        day=dice.choice(DAYS),
        wind=dice.choice(WINDS),
        number=dice.randint(3, 60),
    )
