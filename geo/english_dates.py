"""English, as far as dates are written in it: the words and phrases that `timex` reads by."""

from __future__ import annotations

from frontmap.geo.datewords import DateWords, Link, Part, Rule, Unit

__all__ = ["ENGLISH_DATES"]

_ONE_TO_TWENTY = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_FIRST_TO_TWENTIETH = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)

_PHRASES = (
    (Rule.ISO, ("<iso>",)),
    (
        Rule.DAY,
        (
            "<wd> ,? the? <days> of? <mon> <year>?",
            "<wd> ,? <mon> the? <days> <year>?",
            "the? <days> of? <mon> <year>?",
            "<mon> the? <days> <year>?",
        ),
    ),
    (Rule.ORDINAL_DAY, ("the? <nth> day? of <month> <year>?",)),
    (Rule.MONTH_WEEK, ("the? <nth> week of|in <month> <year>?",)),
    (Rule.MONTH, ("<part> <month> <year>?", "<which> <month>", "<mon> <year>", "<month>")),
    (Rule.YEAR, ("<part> <yyyy>", "<yyyy>")),
    (Rule.WEEKDAY_OF_WEEK, ("<weekday> <time>? of? <which> week", "<which> week on? <weekday>")),
    (
        Rule.WEEKDAY_NEXT_TO,
        ("the <neighbour> <weekday> <time>?", "the <weekday> <sign>", "that <weekday> <time>?"),
    ),
    (
        Rule.WEEKDAY,
        (
            "<which> <weekday> <time>?",
            "early|late|earlier|later on? <weekday> <time>?",
            "<weekday> <time>?",
        ),
    ),
    (Rule.NIGHT_INTO, ("overnight into|to <weekday>",)),
    (Rule.NAMED, ("<named>",)),
    (Rule.WITHIN, ("<part> that same? <period>", "<part> the same <period>")),
    (
        Rule.PAST,
        ("this|the|these past <n>? <unit>", "past <n> <unit>", "the last <n> <unit>"),
    ),
    (Rule.LAST, ("the last <unit>",)),
    (Rule.RECENT, ("in|over|during? recent <units>",)),
    (Rule.PERIOD, ("<part> <which> <period>", "<part> the <period>", "<which> <period>")),
    (Rule.WEEKEND, ("the? <which> weekend", "the weekend")),
    (Rule.DAY_ALONE, ("the <days>",)),
    (Rule.AGO, ("<n> <unit> ago", "<units> ago")),
    (
        Rule.COMING,
        ("in|over|during|within the coming|next <n>? <unit>", "the coming <n>? <unit>"),
    ),
    (Rule.SHIFT, ("<n> <unit> <shift>", "<units> <shift>")),
    (Rule.COUNT, ("<n> <unit> <sign>", "<units> <sign>", "the <unit> <sign>")),
    (
        Rule.NEIGHBOUR,
        ("the? <neighbour> <time>", "the <neighbour> <n>? <unit>", "the <time> <sign>"),
    ),
    (Rule.SAME, ("the? very? same <time>", "the? very? same <unit>")),
    (Rule.THAT, ("that very? <time>", "that very? <unit>")),
    (Rule.THEN, ("then",)),
    (Rule.NTH_DAY, ("its|the|their <nth> day",)),
)

ENGLISH_DATES = DateWords(
    code="en",
    months=(
        "January Jan",
        "February Feb",
        "March Mar",
        "April Apr",
        "May",
        "June Jun",
        "July Jul",
        "August Aug",
        "September Sept Sep",
        "October Oct",
        "November Nov",
        "December Dec",
    ),
    weekdays=(
        "Monday Mon",
        "Tuesday Tues Tue",
        "Wednesday Weds Wed",
        "Thursday Thurs Thur Thu",
        "Friday Fri",
        "Saturday Sat",
        "Sunday Sun",
    ),
    ordinal_suffixes="st nd rd th",
    ordinals={
        word: number
        for number, word in enumerate(
            _FIRST_TO_TWENTIETH.split(),
            1,
        )
    }
    | {"last": -1, "final": -1},
    numbers={word: (number, number) for number, word in enumerate(_ONE_TO_TWENTY.split(), 1)}
    | {"a": (1, 1), "an": (1, 1), "thirty": (30, 30), "forty": (40, 40), "a dozen": (12, 12)}
    | {"a couple of": (2, 3), "couple of": (2, 3), "a few": (2, 5), "few": (2, 5)}
    | {"several": (3, 7)},
    bare=(2, 7),
    singular={
        Unit.HOUR: "hour",
        Unit.DAY: "day",
        Unit.WEEK: "week",
        Unit.FORTNIGHT: "fortnight",
        Unit.MONTH: "month",
        Unit.YEAR: "year",
    },
    plural={
        Unit.HOUR: "hours",
        Unit.DAY: "days",
        Unit.WEEK: "weeks",
        Unit.FORTNIGHT: "fortnights",
        Unit.MONTH: "months",
        Unit.YEAR: "years",
    },
    times="dawn morning noon midday afternoon evening night midnight",
    hours=("early hours", "small hours", "early morning", "late evening", "day"),
    parts={
        Part.EARLY: (
            *("early", "early in", "the beginning of", "the start of", "the first days of"),
            *("the opening days of", "the very beginning of", "beginning of", "start of"),
        ),
        Part.MID: ("mid", "the middle of", "middle of"),
        Part.LATE: (
            *("late", "late in", "the last days of", "the final days of"),
            "the closing days of",
        ),
        Part.END: ("the end of", "end of", "the very end of"),
        Part.FIRST_HALF: ("the first half of",),
        Part.SECOND_HALF: ("the second half of",),
        Part.EARLIER: ("earlier", "earlier in"),
        Part.LATER: ("later", "later in"),
    },
    which={
        "last": -1,
        "past": -1,
        "this past": -1,
        "this last": -1,
        "this": 0,
        "current": 0,
        "next": 1,
        "coming": 1,
        "this coming": 1,
    },
    neighbours={
        "previous": -1,
        "preceding": -1,
        "following": 1,
        "next": 1,
        "subsequent": 1,
    },
    shifts={
        "later": 1,
        "afterwards": 1,
        "afterward": 1,
        "earlier": -1,
        "beforehand": -1,
        "previously": -1,
    },
    signs={"before": -1, "after": 1},
    named={
        "the day before yesterday": (-2, -2),
        "the day after tomorrow": (2, 2),
        "yesterday": (-1, -1),
        "yesterday morning": (-1, -1),
        "yesterday afternoon": (-1, -1),
        "yesterday evening": (-1, -1),
        "last night": (-1, -1),
        "last evening": (-1, -1),
        "overnight": (-1, 0),
        "today": (0, 0),
        "earlier today": (0, 0),
        "tonight": (0, 0),
        "this morning": (0, 0),
        "this afternoon": (0, 0),
        "this evening": (0, 0),
        "tomorrow": (1, 1),
    },
    years={
        "last year": -1,
        "this year": 0,
        "next year": 1,
        "that year": None,
        "the same year": None,
    },
    of="of",
    articles="the a an",
    to="to until till through into",
    and_="and",
    or_="or",
    links={
        Link.ON: ("on", "in", "at", "during", "over", "throughout", "as of", "within", "for"),
        Link.OF: ("of",),
        Link.SINCE: ("since", "ever since"),
        Link.FROM: ("from",),
        Link.BETWEEN: ("between",),
        Link.UNTIL: ("until", "till", "up to", "up until", "through"),
        Link.BY: ("by", "no later than", "not later than"),
        Link.BEFORE: ("before", "prior to", "ahead of"),
        Link.AFTER: ("after", "later than"),
    },
    bare_links="in of since until till by before after from between during throughout",
    manpower_links="of until till by before after from between",
    manpower="troops soldiers fighters rebels militants insurgents militiamen gunmen personnel",
    onwards="on onward onwards",
    about=(
        *("about", "around", "roughly", "approximately", "some", "nearly", "almost", "at least"),
        *("more than", "less than", "over", "under", "or around", "or about", "circa"),
        *("just over", "just under", "well over"),
    ),
    just=("just", "only", "exactly", "barely", "precisely", "even"),
    will=(
        *("will", "shall", "'ll", "’ll", "won't", "won’t"),
        *("is due", "are due", "is set", "are set", "is expected", "are expected"),
        *("is scheduled", "are scheduled", "is going to", "are going to", "upcoming"),
    ),
    would=(
        *("would", "plan", "plans", "planned", "planning", "vowed", "vows", "vow", "intends"),
        *("intend", "aims", "aim", "hopes", "hope", "expected", "expects", "expect", "scheduled"),
        *("due", "set to", "must", "deadline", "promised", "pledged", "ready", "want", "wants"),
        *("could", "may", "might", "should", "ordered", "threatened", "postponed", "ultimatum"),
    ),
    clauses=(
        "after before when while which who that since because as where although though once if "
        "having following"
    ),
    carries_on=(
        "and but or when while in at by with near from to amid without under during as after "
        "said according had was were has have on"
    ),
    that="that this",
    never_after="every each Black Bloody Good Palm Easter Ash Holy Super Cyber Giving Ruby",
    never_before=(
        "Times Telegraph Mirror Express Herald prayer prayers sermon sermons mass "
        "Alliance alliance Movement movement Coalition coalition Brigade Brigades brigade "
        "Revolution Street Square Avenue Bridge University"
    ),
    counted=(
        "people civilians homes houses families households villages towns settlements children "
        "women men tanks vehicles drones missiles km kilometres kilometers miles metres meters "
        "feet tonnes tons hours minutes days weeks months years percent per dollars euros "
        "million billion thousand prisoners bodies wounded dead other others"
    ),
    phrases=_PHRASES,
)
