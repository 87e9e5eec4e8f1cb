"""Dates in words: a table of phrases, the traps, and what holds for any text."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontmap.geo.datewords import DateWords, Link, Part, Rule, Unit
from frontmap.geo.english_dates import ENGLISH_DATES
from frontmap.geo.timex import DateMention, find_dates

# A row is a text whose dates stand in brackets, and what each of them means: its first and its last
# day, then whatever else isn't the usual. A month and day are of 2024, ~ stands before what isn't
# explicit but relative, and - is no first day.

FRIDAY = """
Rebels entered Hama on the morning of the attack, [on 27 November]. = 11-27
Rebels attacked [on November 27], 2,000 of them in all. = 11-27
[On November 27, 2023], rebels attacked. = 2023-11-27
[On 27 November 2023] rebels attacked. = 2023-11-27
The 46th Division left [on the 27th of November]. = 11-27
The army left [on Nov. 27]. = 11-27
The army left [on 27 Nov]. = 11-27
The army left [on Sept. 3, 2015]. = 2015-09-03
ALEPPO, Syria, [Nov 30] — Rebels entered it. = 11-30
REBELS TOOK ALEPPO [ON NOVEMBER 30] = 11-30
The line of [2024-11-27] held. = 11-27
The line of [2024/11/27] held. = 11-27
It fell [on November 27th]. = 11-27
It fell [on the first of December]. = 12-01
It fell [on the 3rd of December 2016]. = 2016-12-03
It fell [on Wednesday, November 27]. = 11-27
It fell [on Wednesday, 27 November 2024]. = 11-27
It fell [on Wed 27 Nov]. = 11-27
It fell [on Wednesday (November 27)]. = 11-27
It fell [on November 27, a Wednesday], without a shot. = 11-27
It fell [on Thursday — December 5] — without a shot. = 12-05
It fell [on Tuesday, November 27]. = 2018-11-27
The talks are [on Monday, 9 December]. = 12-09 future
It fell [on 7 December]. = 2023-12-07
It fell [on December 6]. = 12-06
It fell [on 29 February]. = 02-29
It fell [in late July]. = 07-21..07-31
It fell [in early April]. = 04-01..04-10
It fell [in mid-May]. = 05-11..05-20
It fell [in mid May 2023]. = 2023-05-11..2023-05-20
It fell [late in October]. = 10-21..10-31
[Early in May], it fell. = 05-01..05-10
It fell [at the beginning of November]. = 11-01..11-10
It fell [at the start of November]. = 11-01..11-10
It fell [at the end of November]. = 11-21..11-30
It fell [in the first half of November]. = 11-01..11-15
It fell [in the second half of November]. = 11-16..11-30
It fell [in the first week of November]. = 11-01..11-07
It fell [in the second week of November]. = 11-08..11-14
It fell [in the last week of November]. = 11-24..11-30
It fell [on the last day of February]. = 02-29
It fell [in March]. = 03-01..03-31
It fell [in March 2013]. = 2013-03-01..2013-03-31
It fell [in December]. = 12-01..12-06
It fell [in early December]. = 12-01..12-06
It fell [in late December]. = 2023-12-21..2023-12-31
It fell [in Nov. 2016]. = 2016-11-01..2016-11-30
It fell [in May last year]. = 2023-05-01..2023-05-31
It fell [in May of this year]. = 05-01..05-31
It fell [last May]. = 05-01..05-31
It fell [last December]. = 2023-12-01..2023-12-31
It fell [on 3 May last year]. = 2023-05-03
It fell [in 2023]. = 2023-01-01..2023-12-31
It fell [in 2024]. = 01-01..12-06
It fell [in early 2023]. = 2023-01-01..2023-04-30
It fell [in mid-2023]. = 2023-05-01..2023-08-31
It fell [in late 2016], after a siege. = 2016-09-01..2016-12-31
It fell in the summer of [2023]. = 2023-01-01..2023-12-31
It fell [on the night of 5-6 December]. = 12-05..12-06
It fell [on the night of December 4–5]. = 12-04..12-05
It fell [between 27 and 30 November]. = 11-27..11-30
It fell [between November 27 and 30]. = 11-27..11-30
It fell [between November 27 and December 1]. = 11-27..12-01
It fell [from November 27 to December 5]. = 11-27..12-05
It fell [from 27 to 30 November 2016]. = 2016-11-27..2016-11-30
It fell [between 28 December and 3 January]. = 2023-12-28..2024-01-03
It fell [between 28 December 2015 and 3 January]. = 2015-12-28..2016-01-03
It fell [between 3 October and 5 November 2016]. = 2016-10-03..2016-11-05
It fell [27 November – 3 December]. = 11-27..12-03
It fell [from November 27 until December 5]. = 11-27..12-05
It was fought over [from December 1 to 10]. = 12-01..12-06
It was fought over [from December 1 to December 10]. = 12-01..12-06
It fell [between March and May]. = 03-01..05-31
It fell [between late March and early April]. = 03-21..04-10
It fell [between 2014 and 2016]. = 2014-01-01..2016-12-31
It fell [from 2014 to 2016]. = 2014-01-01..2016-12-31
It fell [on May 4 and 5]. = 05-04..05-05
It fell [on May 4, 5 and 6]. = 05-04..05-06
They came [on 5 October] and [7 November 2016]. = 2016-10-05; 2016-11-07
They came [on 5 October] and [on 7 November 2016]. = 2016-10-05; 2016-11-07
It has been theirs [since May 10]. = 05-10..12-06 since
It has been theirs [since early May]. = 05-01..12-06 since
It has been theirs [since 2014]. = 2014-01-01..12-06 since
It has been theirs [since Friday]. = ~12-06 since
It has been theirs [since last Friday]. = ~11-29..12-06 since
It has been theirs [since the weekend]. = ~11-30..12-06 since
It has been theirs [since the start of the month]. = ~12-01..12-06 since
It has been theirs [from November 27 on]. = 11-27..12-06 since
It has been theirs [from November 27 onwards]. = 11-27..12-06 since
A video [from November 27] shows the square. = 11-27
They must leave [by January 10]. = -..2025-01-10 before future
They had left [by November 30]. = -..11-30 before
They left [before November 30]. = -..11-29 before
They left [before Thursday]. = ~-..12-04 before
They left [after November 30]. = 12-01..12-06 after
They left [after Thursday]'s attack. = ~12-05..12-06 after
They left just [before Thursday]'s attack. = ~-..12-05 before
It fell [between November 27, 2016, and December 1, 2016]. = 2016-11-27..2016-12-01
They held it [until November 30]. = 11-30 until
They held it [until Thursday]. = ~12-05 until
Rebels entered it [on Friday]. = ~12-06
Rebels entered it [Thursday]. = ~12-05
Rebels entered it [on Saturday]. = ~11-30
Rebels entered it [on Friday night]. = ~12-06
Rebels entered it [late on Thursday]. = ~12-05
Rebels entered it [early on Thursday morning]. = ~12-05
Rebels entered it at dawn [on Sunday]. = ~12-01
[Thursday]'s capture of Hama cut the road. = ~12-05
Rebels entered it [last Friday]. = ~11-29
Rebels entered it [last Thursday]. = ~12-05
Rebels entered it [this past Monday]. = ~12-02
Rebels entered it [this Monday]. = ~12-02
Rebels entered it [on Friday last week]. = ~11-29
Rebels entered it [on Monday of last week]. = ~11-25
Rebels entered it [on Monday this week]. = ~12-02
Talks begin [next Friday]. = ~12-13 future
Talks begin [on Monday next week]. = ~12-09 future
The ministers will meet [on Monday]. = ~12-09 future
The ministers will meet, after Hama fell [on Monday]. = ~12-02
They will march on after taking Hama [on Thursday]. = ~12-05
They would leave [by Monday]. = ~-..12-09 before future
The talks will be held [on 10 December]. = 12-10 future
He said that he would leave [on November 27]. = 11-27
It fell [between Friday and Sunday]. = ~11-29..12-01
It fell [between Saturday night and Sunday morning]. = ~11-30..12-01
It fell [in the early hours of Thursday]. = ~12-05
It fell [between Wednesday night and the early hours of Thursday]. = ~12-04..12-05
It is to fall [by the end of the year]. = ~-..12-31 before future
It is to fall [before the end of the year]. = ~-..12-31 before future
It fell [before the end of November]. = -..11-30 before
It fell [from Monday to Thursday]. = ~12-02..12-05
It fell [on Saturday and Sunday]. = ~11-30..12-01
It fell [on Saturday or Sunday]. = ~11-30..12-01
They came [on Monday] and [Thursday]. = ~12-02; ~12-05
It fell [from November 27 to Thursday]. = ~11-27..12-05
It fell [overnight into Thursday]. = ~12-04..12-05
It fell [on Wednesday night into Thursday]. = ~12-04..12-05
It fell [yesterday]. = ~12-05
It fell [the day before yesterday]. = ~12-04
It fell [today]. = ~12-06
[Tonight] it is theirs. = ~12-06
It fell [this morning]. = ~12-06
It fell [last night]. = ~12-05
It fell [overnight]. = ~12-05..12-06
Talks begin [tomorrow]. = ~12-07 future
It fell [earlier this week]. = ~12-02..12-06
It fell [earlier in the week]. = ~12-02..12-06
It fell [this week]. = ~11-30..12-06
It fell [late last week]. = ~11-29..12-01
It fell [early this week]. = ~12-02..12-04
It fell [last week]. = ~11-25..12-01
Talks begin [next week]. = ~12-09..12-15 future
Talks begin [later this week]. = ~12-07..12-08 future
It fell [over the weekend]. = ~11-30..12-01
It fell [at the weekend]. = ~11-30..12-01
It fell [last weekend]. = ~11-30..12-01
It fell [over the past weekend]. = ~11-30..12-01
They will meet [at the weekend]. = ~12-07..12-08 future
It fell [last month]. = ~11-01..11-30
It fell [late last month]. = ~11-21..11-30
It fell [at the end of last month]. = ~11-21..11-30
It fell [this month]. = ~12-01..12-06
It fell [earlier this month]. = ~12-01..12-06
Talks begin [later this month]. = ~12-07..12-31 future
It fell [earlier this year]. = ~01-01..12-06
It fell [last year]. = ~2023-01-01..2023-12-31
It fell [late last year]. = ~2023-09-01..2023-12-31
Talks begin [next month]. = ~2025-01-01..2025-01-31 future
It fell [three days ago]. = ~12-03
It fell [a day ago]. = ~12-05
It fell [two or three days ago]. = ~12-03..12-04
It fell [a few days ago]. = ~12-01..12-04
It fell [several days ago]. = ~11-29..12-03
It fell [days ago]. = ~11-29..12-04
It fell [36 hours ago]. = ~12-04..12-05
It fell [hours ago]. = ~12-05..12-06
It fell [a week ago]. = ~11-29 approximate
It fell [two weeks ago]. = ~11-22 approximate
It fell [about ten days ago]. = ~11-26 approximate
It fell [a fortnight ago]. = ~11-22 approximate
It fell [a month ago]. = ~11-06 approximate
It fell [three years ago]. = ~2021-01-01..2021-12-31 approximate
It fell [in recent days]. = ~11-29..12-06
It fell [in the past 24 hours]. = ~12-05..12-06
It fell [within the last 48 hours]. = ~12-04..12-06
It fell [in the last few days]. = ~12-01..12-06
It fell [over the past three days]. = ~12-03..12-06
It fell [in the last week]. = ~11-29..12-06
It fell [over the past two weeks]. = ~11-22..12-06
They will attack [in the coming days]. = ~12-07..12-13 future
They will attack [in the next two days]. = ~12-07..12-08 future
It fell [a day earlier]. = ~12-05
It fell [the day before]. = ~12-05
"""

ANCHORED = """
[On Tuesday] they said it fell [the previous day]. = ~12-03; ~12-02
They said [on Sunday] that it fell [the day before]. = ~12-01; ~11-30
They said [on Sunday] that it fell [the night before]. = ~12-01; ~11-30
They said [on Sunday] that it fell [a day earlier]. = ~12-01; ~11-30
It fell [on November 27]. [Two days earlier], Hama fell. = 11-27; ~11-25
It fell [on November 27]. [Two days later], Hama fell. = 11-27; ~11-29
It fell [on November 27]. [The following day], Hama fell. = 11-27; ~11-28
It fell [on November 27]. Hama fell [the next day]. = 11-27; ~11-28
It fell [on November 27]. Hama fell [the next morning]. = 11-27; ~11-28
It fell [on November 27], and Hama [the day after]. = 11-27; ~11-28
It fell [on November 27]. Hama fell [the same day]. = 11-27; ~11-27
It fell [on November 27]. [That night] Hama fell. = 11-27; ~11-27
It fell [on November 27]. It is theirs [since then]. = 11-27; ~11-27..12-06 since
It fell [on November 27] and Hama [three days after that]. = 11-27; ~11-30
It fell [on November 27] and Hama [a few days later]. = 11-27; ~11-29..12-02
It fell [on November 27] and Hama [days later]. = 11-27; ~11-29..12-04
It fell [on November 27] and Hama [hours later]. = 11-27; ~11-27..11-28
It fell [on November 20] and Hama [a week later]. = 11-20; ~11-27 approximate
It fell [on October 5] and Hama [later that month]. = 10-05; ~10-06..10-31
It fell [on December 2] and Hama [later that month]. = 12-02; ~12-03..12-06
It fell [on October 5] and Hama [later in the month]. = 10-05; ~10-06..10-31
It fell [on October 5] and Hama [earlier that month]. = 10-05; ~10-01..10-04
It fell [on October 5] and Hama [late that month]. = 10-05; ~10-21..10-31
It fell [on October 5] and Hama [that week]. = 10-05; ~09-30..10-06
It fell [on October 5] and Hama [the following week]. = 10-05; ~10-07..10-13
It fell [on October 5] and Hama [the month before]. = 10-05; ~09-01..09-30
It fell [on 5 May 2016] and Hama [in July of that year]. = 2016-05-05; 2016-07-01..2016-07-31
It fell [in 2016] and Hama [in December that year]. = 2016-01-01..2016-12-31; 2016-12-01..2016-12-31
It fell [in 2016] and Hama [the following year]. = 2016-01-01..2016-12-31; ~2017-01-01..2017-12-31
It fell [in 2016] and Hama [later that year]. = 2016-01-01..2016-12-31; ~2016-01-01..2016-12-31
It fell [in May 2016] and Hama [later that year]. = 2016-05-01..2016-05-31; ~2016-06-01..2016-12-31
It fell [on 5 May 2016], Hama [a year later]. = 2016-05-05; ~2017-05-05 approximate
It fell [on November 20] and Hama [the following Friday]. = 11-20; ~11-22
It fell [on November 20] and Hama [the Friday before]. = 11-20; ~11-15
It fell [on November 27] and Hama [in the next two days]. = 11-27; ~11-28..11-29
The offensive began [on November 27]. [On the third day] it fell. = 11-27; ~11-29
[On the third day] of the offensive, begun [on November 27], it fell. = ~11-29; 11-27
It was lost [on Friday], [six days] after rebels entered. = ~12-06; ~11-30 introduces
It was lost [on Friday], [just six days] after rebels entered. = ~12-06; ~11-30 introduces
It was lost [on Friday], [a day] before rebels entered Homs. = ~12-06; ~12-07 introduces future
It was lost [on Friday], [a day] after rebels entered Homs. = ~12-06; ~12-05 introduces
[Six days] after rebels entered, it was lost [on Friday]. = ~11-30 introduces; ~12-06
It fell [six days after] the attack began [on November 27]. = ~12-03; 11-27
It fell [two days before] the truce of [December 4]. = ~12-02; 12-04
It fell [on November 27], and [on the 29th], so did Hama. = 11-27; 11-29
"""

NO_DATES = """
It may fall to them, and they march on Damascus.
May they march; they sun themselves.
Prime Minister May said that she may go. May's cabinet agreed.
March on Damascus, they said. The march 5 km on was long.
An august body sat, and the sun set. Mon Repos fell; Sat Nam did not.
Jan Egeland and Dec the dog met April and June.
It fell after weeks of fighting.
It fell after five months of siege.
It held out for three days.
It fell for the first time in years.
It was retaken nearly five months after losing it.
It was retaken about six days after losing it.
It fell within days, and within a week Hama did.
It fell in two days.
It was a two-day battle, the third day running.
They left at dawn, at 5 a.m., at noon and at night.
It was on 03/04/2024, or 3/4/24, or 03.04.2024.
It fell in 2014-15.
In 2,023 places, 2024 people and 2000 troops, it said.
Surrounded by 2000 troops, over 2014 fighters and up to 1999 soldiers fell.
In 2000 homes there is no water.
It was on Black Friday, at Friday prayers, as every Friday.
The Sunday Times and Russia Today said so.
The March 14 Alliance and a brigade said so.
See https://example.org/2024/12/06/yesterday-on-friday.
On 31 November and 30 February nothing was.
The army's last days, on the last day of the war.
The minister spoke of that.
Then it fell. And then they left, by then or not.
Years ago and years later it was so.
The previous government and the following towns were theirs.
The next village and the last two of them fell.
A day after it, nothing was left, three weeks before the end.
Two days later it fell.
That day it fell.
Room 5 and May 5.5 million and 27:30 Nov.
"""

REPORTS = [
    # The day of publication, with what the words mean on it.
    ("2024-10-30", "They left [over the weekend].", "~10-26..10-27"),
    ("2023-04-22", "It spread [this week].", "~2023-04-16..2023-04-22"),
    ("2024-12-07", "It fell [over the weekend].", "~12-07"),
    ("2024-12-08", "It fell [over the weekend].", "~12-07..12-08"),
    ("2024-12-08", "It fell [last weekend].", "~11-30..12-01"),
    ("2024-12-09", "It fell [last weekend].", "~12-07..12-08"),
    ("2024-12-02", "It fell [earlier this week].", "~12-02"),
    ("2024-12-01", "It fell [last week].", "~11-18..11-24"),
    ("2023-05-21", "They plan to leave Bakhmut [by June 1].", "-..2023-06-01 before future"),
    ("2024-01-02", "It fell [on December 30].", "2023-12-30"),
    ("2024-01-02", "It fell [last month].", "~2023-12-01..2023-12-31"),
    ("2024-01-01", "It fell [from December 28 to January 3].", "2023-12-28..01-01"),
    ("2023-03-01", "It fell [on 29 February].", "2020-02-29"),
    ("2024-03-31", "It fell [a month ago].", "~02-29 approximate"),
    ("2024-12-05", "It was theirs [from Wednesday to Friday].", "~11-27..11-29"),
    ("2024-12-04", "It fell [last Friday].", "~11-29"),
    ("2024-12-04", "Talks begin [this Friday].", "~12-06 future"),
    ("2024-12-06", "The truce ends [on June 1, 2025].", "2025-06-01 future"),
    ("2024-12-06", "Elections are due [in 2026].", "2026-01-01..2026-12-31 future"),
    ("2024-12-06", "It is theirs, [as of Thursday].", "~12-05"),
]


def _rows() -> list[tuple[str, str, str]]:
    rows = list(REPORTS)
    for line in (FRIDAY + ANCHORED).strip().splitlines():
        if line:
            text, meant = line.rsplit(" = ", maxsplit=1)
            rows.append(("2024-12-06", text, meant))
    return rows


def _marked(text: str, mentions: list[DateMention]) -> str:
    for found in reversed(mentions):
        text = f"{text[: found.start]}[{text[found.start : found.end]}]{text[found.end :]}"
    return text


def _meant(found: DateMention) -> str:
    days = [
        "-" if day is None else day.isoformat().removeprefix("2024-")
        for day in (found.date.first, found.date.last)
    ]
    about = "~" if found.date.basis == "relative" else ""
    words = [about + (days[0] if days[0] == days[1] else "..".join(days))]
    words += [found.relation] if found.relation != "on" else []
    words += [flag for flag in ("approximate", "introduces", "future") if getattr(found, flag)]
    return " ".join(words)


@pytest.mark.parametrize(("published", "text", "meant"), _rows())
def test_finds_each_date_and_what_it_means(published: str, text: str, meant: str) -> None:
    plain = text.replace("[", "").replace("]", "")
    mentions = find_dates(plain, date.fromisoformat(published))
    assert (_marked(plain, mentions), "; ".join(map(_meant, mentions))) == (
        text,
        meant.replace("2024-", ""),
    )


@pytest.mark.parametrize("text", NO_DATES.strip().splitlines())
def test_leaves_what_is_no_date(text: str) -> None:
    assert _marked(text, find_dates(text, date(2024, 12, 6))) == text


# What holds for any text

days = st.dates()
VOCABULARY = """
on in at since by until before after from between to and of the that same a an Monday Friday Fri
May March November Nov. last this next previous following two three several days day week weeks
month year hours ago later earlier night 1 2 5 27 31 0 99 2024 1999 2099 9999-12-31 0001-01-01
2024-11-27 3rd 31st early mid late yesterday overnight tomorrow weekend first coming recent past
will would then third end start - – , . ( ) 's ; rebels Hama
"""
vocabulary = [*VOCABULARY.split(), "\n", "\n\n"]
texts = st.one_of(
    st.text(),
    st.lists(st.sampled_from(vocabulary), max_size=24).map(" ".join),
    st.lists(st.sampled_from([*vocabulary, " ", ""]), max_size=24).map("".join),
)


@given(texts, days)
def test_mentions_are_in_order_and_ranges_too(text: str, published: date) -> None:
    end = 0
    for found in find_dates(text, published):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start : found.end].strip() == text[found.start : found.end]
        assert found.date.first is None or found.date.first <= found.date.last
        assert found.date.last <= published or found.future
        end = found.end


@given(days, st.sampled_from(ENGLISH_DATES.weekdays))
def test_a_weekday_is_one_of_the_seven_days_up_to_the_report(published: date, names: str) -> None:
    name = names.split()[0]
    found = find_dates(f"Rebels entered Hama on {name}.", published)
    assert len(found) == 1 or published < date.min + timedelta(7)
    for day in (mention.date.last for mention in found):
        assert found[0].date.first == day
        assert f"{day:%A}" == name
        assert timedelta(0) <= published - day < timedelta(7)


@given(days, days)
def test_a_date_in_full_is_that_day_whenever_it_is_read(day: date, published: date) -> None:
    for text in (f"{day.isoformat()}", f"{day:%B} {day.day}, {day.year}"):
        if 1800 <= day.year <= 2099:
            (found,) = find_dates(f"On {text} Hama fell.", published)
            assert (found.date.first, found.date.last) == (day, day)
            assert found.future == (day > published)


@given(days, st.integers(0, 364))
def test_a_date_without_a_year_is_the_latest_such_day(published: date, ago: int) -> None:
    if published.toordinal() > 400 and published.year > 1:
        day = published - timedelta(ago)
        (found,) = find_dates(f"Hama fell on {day.day} {day:%B}.", published)
        assert (found.date.first, found.date.last) == (day, day)


@given(texts, days, st.text(alphabet="xyz ,.\n", max_size=9))
def test_text_after_a_paragraph_changes_no_date_before_it(
    text: str, published: date, more: str
) -> None:
    alone = find_dates(text + ".", published)
    assert find_dates(f"{text}.\n\n{more}", published)[: len(alone)] == alone


@pytest.mark.parametrize(
    "text",
    [
        "on the first day of ",
        "a day after ",
        "in the last two days. ",
        "1, ",
        "May 5, ",
        "on ",
        " ",
    ],
)
def test_takes_a_long_text_of_one_phrase(text: str) -> None:
    length = 60_000
    found = find_dates(text * (length // len(text)) + ". Hama fell on Friday.", date(2024, 12, 6))
    assert found[-1].start > length - len(text)


# Another language is data alone

_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
SPANISH_DATES = DateWords(
    code="es",
    months=tuple(
        [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ]
    ),
    weekdays=tuple(["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]),
    ordinal_suffixes="º",
    ordinals={"primero": 1, "último": -1},
    numbers={"un": (1, 1), "una": (1, 1), "dos": (2, 2), "tres": (3, 3), "unos": (2, 5)},
    bare=(2, 7),
    singular={Unit.DAY: "día", Unit.WEEK: "semana", Unit.MONTH: "mes", Unit.YEAR: "año"},
    plural={Unit.DAY: "días", Unit.WEEK: "semanas", Unit.MONTH: "meses", Unit.YEAR: "años"},
    times="mañana tarde noche madrugada",
    hours=("primeras horas",),
    parts={
        Part.EARLY: ("a principios de",),
        Part.MID: ("a mediados de",),
        Part.LATE: ("a finales de",),
    },
    which={"pasado": -1, "pasada": -1, "este": 0, "esta": 0, "próximo": 1, "próxima": 1},
    neighbours={"anterior": -1, "siguiente": 1},
    shifts={"después": 1, "antes": -1},
    signs={"antes de": -1, "después de": 1},
    named={"hoy": (0, 0), "ayer": (-1, -1), "anteayer": (-2, -2), "anoche": (-1, -1)},
    years={"del año pasado": -1},
    of="de del",
    articles="el la",
    to="a al hasta",
    and_="y",
    or_="o",
    links={
        Link.ON: ("en", "el"),
        Link.OF: ("de", "del"),
        Link.SINCE: ("desde", "desde el"),
        Link.FROM: ("del",),
        Link.BETWEEN: ("entre", "entre el"),
        Link.UNTIL: ("hasta", "hasta el"),
        Link.BY: ("para el",),
        Link.BEFORE: ("antes del", "antes de"),
        Link.AFTER: ("después del", "tras el"),
    },
    bare_links="en desde de hasta",
    manpower_links="de hasta",
    manpower="soldados combatientes",
    onwards="en adelante",
    about=("unos", "casi", "más de"),
    just=("solo", "apenas"),
    will=("será", "serán"),
    would=("planea", "prevé"),
    clauses="que cuando mientras",
    carries_on="y pero en por",
    that="eso",
    never_after="cada",
    never_before="Santo",
    counted="personas casas km",
    phrases=(
        (Rule.DAY, ("<days> de <mon> <year>?", "<wd> <days> de <mon> <year>?")),
        (Rule.MONTH, ("<part> <month> <year>?", "<mon> <year>", "<month>")),
        (Rule.YEAR, ("<yyyy>",)),
        (Rule.WEEKDAY, ("<weekday> <which>", "<weekday>")),
        (Rule.NAMED, ("<named>",)),
        (Rule.PERIOD, ("la|el <period> <which>", "<which> <period>")),
        (Rule.AGO, ("hace <n> <unit>",)),
        (Rule.SHIFT, ("<n> <unit> <shift>",)),
        (Rule.NEIGHBOUR, ("al|el? <unit> <neighbour>",)),
    ),
)

SPANISH = """
Tomaron Hama [el 27 de noviembre]. = 11-27
Tomaron Hama [el 27 de noviembre de 2023]. = 2023-11-27
Tomaron Hama [el miércoles 27 de noviembre]. = 11-27
Tomaron Hama [el viernes]. = ~12-06
Tomaron Hama [el viernes pasado]. = ~11-29
Tomaron Hama [ayer]. = ~12-05
Tomaron Hama [hace tres días]. = ~12-03
Tomaron Hama [la semana pasada]. = ~11-25..12-01
Tomaron Hama [a finales de julio]. = 07-21..07-31
Es suya [desde el 10 de mayo]. = 05-10..12-06 since
Es suya [desde mayo]. = 05-01..12-06 since
La tomaron [entre el 27 y 30 de noviembre]. = 11-27..11-30
La tomaron [el 27 de noviembre], y Homs [dos días después]. = 11-27; ~11-29
La tomaron [el 27 de noviembre], y Homs [al día siguiente]. = 11-27; ~11-28
"""


@pytest.mark.parametrize("row", SPANISH.strip().splitlines())
def test_reads_another_language_by_its_words_alone(row: str) -> None:
    text, meant = row.rsplit(" = ", maxsplit=1)
    plain = text.replace("[", "").replace("]", "")
    mentions = find_dates(plain, date(2024, 12, 6), SPANISH_DATES)
    assert (_marked(plain, mentions), "; ".join(map(_meant, mentions))) == (text, meant)
