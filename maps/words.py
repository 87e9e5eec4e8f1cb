"""What a published map says, in each language, and how it writes dates and numbers.

Every sentence is a template whose names are the values that go into it. In right-to-left
languages each value is isolated (U+2068 … U+2069), or "2016-02-01" would be drawn "01-02-2016".
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime

from frontmap.geo.errors import InputError

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"

_ENGLISH = {
    "title": "{theatre}: control of territory",
    "as_of": "{day}, end of day, {zone}",
    "known_at": "Records known at {instant}",
    "at_least": "Only what is at least {certainty}",
    "map": "Map",
    "legend": "Legend",
    "show": "Show",
    "layer_gains": "Recent gains",
    "layer_labels": "Place names",
    "layer_both": "Local script",
    "layer_rivers": "Rivers and lakes",
    "layer_records": "Outlines of records",
    "no_data": "No data",
    "claimed": "Claimed",
    "reported": "Reported",
    "confirmed": "Confirmed",
    "claimed_meaning": "a party to the conflict says so",
    "reported_meaning": "third parties say so",
    "confirmed_meaning": "there is evidence, or both parties agree",
    "legend_note": "km²: lowest and highest, from confirmed records alone to all claims",
    "legend_assessed": "Assessed",
    "legend_assessed_meaning": "third parties report it, or evidence or both parties confirm it",
    "legend_claimed": "Claimed only",
    "legend_claimed_meaning": "a party to the conflict says so, no one else yet",
    "legend_contested": "Contested",
    "legend_contested_meaning": "rival sides claim the same ground; stripes show both",
    "legend_besieged": "Besieged",
    "legend_besieged_meaning": "held, but surrounded",
    "legend_no_data": "No data",
    "legend_no_data_meaning": "no record says who holds it",
    "legend_gains": "Gained since {day}",
    "legend_gains_meaning": "stronger colour, outlined",
    "legend_front": "Front line",
    "legend_front_meaning": "between areas of opposing sides",
    "legend_distance": "Distance",
    "legend_distance_meaning": "shortest line on the ground, to the place's centre",
    "area": "{area} km²",
    "area_range": "{low}–{high} km²",
    "distances": "Distances",
    "from_front": "from the front line between {one} and {other}",
    "from_ground": "from ground held by {holder}",
    "reference": "{distance} {origin} to the centre of {place}",
    "reference_near": "{reference}; nearest point {bearing} of it, by {near}",
    "held": "inside",
    "held_by": "{place} is inside ground held by {holder}",
    "no_front": "There is no front line on this date, so no distance from it.",
    "no_ground": "{holder} holds no ground on this date, so there is no distance from it.",
    "changes_since": "What changed since {day}",
    "changes_none": "No change is recorded.",
    "change_of": "{where}: {what}",
    "what_controlled": "controlled by {actor}",
    "what_contested": "contested, {actor} against {rival}",
    "what_contested_alone": "contested, held by {actor}",
    "what_besieged": "held by {actor}, besieged",
    "what_no_data": "no longer known who holds it",
    "around": "Area around {place}",
    "from_day": "From {day}",
    "until": "until {day}",
    "said_by": "quoting {who}",
    "published": "published {day}",
    "method_drawn": "Outline drawn from a file",
    "method_cell": "Outline: the ground nearer to this place than to any other",
    "method_area": "Outline: an administrative area",
    "method_standoff": "Outline drawn to reach a stated distance from a place",
    "table": "The map as a table",
    "areas": "Areas",
    "front": "Front line",
    "between": "{one} / {other}",
    "actor": "Held by",
    "certainty": "Certainty",
    "area_heading": "Area",
    "length_heading": "Length",
    "sources": "Sources",
    "sources_count": "Sources ({count})",
    "credits": "Credits",
    "borders": "Borders as the United Nations recognise them",
    "close": "Close",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "reset": "Show the whole map",
    "locator": "Where the mapped area lies",
    "heading_held": "Held by {actor}",
    "heading_besieged": "Held by {actor}, besieged",
    "heading_contested": "Contested: {actor}, against {rivals}",
    "selected": "Selected: {what}",
    "records": "Records that decide this ground",
    "records_front": "Records on either side of this stretch",
    "no_records": "No record says who holds this ground.",
    "map_help": "Click an area or the front line to see who says so.",
    "alt_opening": "Map of control of territory in {theatre} at the end of {day} ({zone}).",
    "alt_holdings": "Areas held: {holdings}.",
    "alt_holding": "{actor} about {area} km² ({share})",
    "alt_unknown": "no record for {share}",
    "alt_gains": "Gained since {day}: {gains}.",
    "alt_gain": "{actor} about {area} km²",
    "alt_claims": "{share} of the area rests on the claims of a party alone.",
    "alt_records": "Drawn from {count} records of {sources} sources, known at {instant}.",
    "alt_method": "Lines between places are approximate.",
    "km": "km",
    "m": "m",
}

_ARABIC = {
    "title": "{theatre}: السيطرة على الأرض",
    "as_of": "{day}، نهاية اليوم، بتوقيت {zone}",
    "known_at": "السجلات المعروفة حتى {instant}",
    "at_least": "ما بلغت درجة ثبوته على الأقل: {certainty}",
    "map": "الخريطة",
    "legend": "مفتاح الخريطة",
    "show": "إظهار",
    "layer_gains": "المكاسب الأخيرة",
    "layer_labels": "أسماء الأماكن",
    "layer_both": "الأسماء بكتابة أخرى",
    "layer_rivers": "الأنهار والبحيرات",
    "layer_records": "حدود السجلات",
    "no_data": "لا بيانات",
    "claimed": "ادعاء",
    "reported": "منقول",
    "confirmed": "مؤكد",
    "claimed_meaning": "يقول ذلك أحد أطراف النزاع",
    "reported_meaning": "تقول ذلك أطراف ثالثة",
    "confirmed_meaning": "هناك دليل، أو اتفق عليه الطرفان",
    "legend_note": "كم²: الأدنى والأعلى، من السجلات المؤكدة وحدها إلى كل الادعاءات",
    "legend_assessed": "مقدَّر",
    "legend_assessed_meaning": "نقلته أطراف ثالثة، أو أكده دليل أو اتفاق الطرفين",
    "legend_claimed": "ادعاء فقط",
    "legend_claimed_meaning": "يقوله أحد أطراف النزاع ولم يقله غيره بعد",
    "legend_contested": "متنازع عليها",
    "legend_contested_meaning": "تدعيها أو تتقاتل عليها أطراف متخاصمة؛ الخطوط بلونيهما",
    "legend_besieged": "محاصرة",
    "legend_besieged_meaning": "تحت سيطرة طرف لكنها مطوقة",
    "legend_no_data": "لا بيانات",
    "legend_no_data_meaning": "لا سجل يقول من يسيطر عليها",
    "legend_gains": "مكاسب منذ {day}",
    "legend_gains_meaning": "لون أقوى بحدود ظاهرة",
    "legend_front": "خط الجبهة",
    "legend_front_meaning": "بين مناطق الأطراف المتخاصمة",
    "legend_distance": "المسافة",
    "legend_distance_meaning": "أقصر مسافة على سطح الأرض",
    "area": "{area} كم²",
    "area_range": "{low}–{high} كم²",
    "distances": "المسافات",
    "from_front": "من خط الجبهة بين {one} و{other}",
    "from_ground": "من مناطق سيطرة {holder}",
    "reference": "{distance} {origin} إلى مركز {place}",
    "reference_near": "{reference}؛ أقرب نقطة عند {near}",
    "held": "في الداخل",
    "held_by": "{place} داخل مناطق سيطرة {holder}",
    "no_front": "لا خط جبهة في هذا التاريخ، فلا مسافة منه.",
    "no_ground": "لا يسيطر {holder} على أرض في هذا التاريخ، فلا مسافة منها.",
    "changes_since": "ما تغير منذ {day}",
    "changes_none": "لا تغيير مسجل.",
    "change_of": "{where}: {what}",
    "what_controlled": "تحت سيطرة {actor}",
    "what_contested": "متنازع عليها، {actor} ضد {rival}",
    "what_contested_alone": "متنازع عليها، بيد {actor}",
    "what_besieged": "بيد {actor}، محاصرة",
    "what_no_data": "لم يعد معروفا من يسيطر عليها",
    "around": "المنطقة حول {place}",
    "from_day": "منذ {day}",
    "until": "حتى {day}",
    "said_by": "نقلا عن {who}",
    "published": "نشر في {day}",
    "method_drawn": "الحدود مرسومة من ملف",
    "method_cell": "الحدود: الأرض الأقرب إلى هذا المكان من غيره",
    "method_area": "الحدود: منطقة إدارية",
    "method_standoff": "الحدود مرسومة لتبلغ مسافة معلنة من مكان",
    "table": "الخريطة جدولا",
    "areas": "المناطق",
    "front": "خط الجبهة",
    "between": "{one} / {other}",
    "actor": "المسيطر",
    "certainty": "الثبوت",
    "area_heading": "المساحة",
    "length_heading": "الطول",
    "sources": "المصادر",
    "sources_count": "المصادر ({count})",
    "credits": "حقوق البيانات",
    "borders": "الحدود كما تعترف بها الأمم المتحدة",
    "close": "إغلاق",
    "zoom_in": "تكبير",
    "zoom_out": "تصغير",
    "reset": "إظهار الخريطة كلها",
    "locator": "موقع المنطقة",
    "heading_held": "تحت سيطرة {actor}",
    "heading_besieged": "بيد {actor}، محاصرة",
    "heading_contested": "متنازع عليها: {actor} ضد {rivals}",
    "selected": "المحدد: {what}",
    "records": "السجلات التي تقرر هذه الأرض",
    "records_front": "السجلات على جانبي هذا المقطع",
    "no_records": "لا سجل يقول من يسيطر على هذه الأرض.",
    "map_help": "انقر على منطقة أو على خط الجبهة لترى من يقول ذلك.",
    "alt_opening": "خريطة السيطرة على الأرض في {theatre} في نهاية {day} ({zone}).",
    "alt_holdings": "مساحات السيطرة: {holdings}.",
    "alt_holding": "{actor} نحو {area} كم² ({share})",
    "alt_unknown": "لا سجل عن {share}",
    "alt_gains": "المكاسب منذ {day}: {gains}.",
    "alt_gain": "{actor} نحو {area} كم²",
    "alt_claims": "يستند {share} من المساحة إلى ادعاء أحد الأطراف وحده.",
    "alt_records": "مرسومة من {count} سجلا عن {sources} مصدرا، معروفة حتى {instant}.",
    "alt_method": "الخطوط بين الأماكن تقريبية.",
    "km": "كم",
    "m": "م",
}

_UKRAINIAN = {
    "title": "{theatre}: контроль над територією",
    "as_of": "{day}, кінець дня, {zone}",
    "known_at": "За записами, відомими на {instant}",
    "at_least": "Лише з певністю не нижче: {certainty}",
    "map": "Карта",
    "legend": "Легенда",
    "show": "Показати",
    "layer_gains": "Останні просування",
    "layer_labels": "Назви місць",
    "layer_both": "Назви іншим письмом",
    "layer_rivers": "Річки та озера",
    "layer_records": "Межі записів",
    "no_data": "Немає даних",
    "claimed": "Заявлено",
    "reported": "Повідомлено",
    "confirmed": "Підтверджено",
    "claimed_meaning": "так каже сторона конфлікту",
    "reported_meaning": "так кажуть треті сторони",
    "confirmed_meaning": "є докази, або згодні обидві сторони",
    "legend_note": "км²: найменше й найбільше, від лише підтверджених записів до всіх заяв",
    "legend_assessed": "Оцінено",
    "legend_assessed_meaning": "повідомляють треті сторони, або є докази чи згода обох сторін",
    "legend_claimed": "Лише заявлено",
    "legend_claimed_meaning": "так каже сторона конфлікту, і поки більше ніхто",
    "legend_contested": "Оспорюється",
    "legend_contested_meaning": "на землю претендують різні сторони; смуги показують обидві",
    "legend_besieged": "В облозі",
    "legend_besieged_meaning": "утримується, але оточено",
    "legend_no_data": "Немає даних",
    "legend_no_data_meaning": "жоден запис не каже, хто тут",
    "legend_gains": "Здобуто після {day}",
    "legend_gains_meaning": "яскравіший колір, з контуром",
    "legend_front": "Лінія фронту",
    "legend_front_meaning": "між територіями ворожих сторін",
    "legend_distance": "Відстань",
    "legend_distance_meaning": "найкоротша на місцевості, до центру населеного пункту",
    "area": "{area} км²",
    "area_range": "{low}–{high} км²",
    "distances": "Відстані",
    "from_front": "від лінії фронту між {one} та {other}",
    "from_ground": "від землі під контролем {holder}",
    "reference": "{distance} {origin} до центру: {place}",
    "reference_near": "{reference}; найближча точка біля: {near}",
    "held": "всередині",
    "held_by": "{place}: всередині землі під контролем {holder}",
    "no_front": "На цю дату немає лінії фронту, тож немає й відстані від неї.",
    "no_ground": "На цю дату {holder} не утримує землі, тож немає й відстані від неї.",
    "changes_since": "Що змінилося після {day}",
    "changes_none": "Змін не записано.",
    "change_of": "{where}: {what}",
    "what_controlled": "контролює {actor}",
    "what_contested": "оспорюється, {actor} проти {rival}",
    "what_contested_alone": "оспорюється, утримує {actor}",
    "what_besieged": "утримує {actor}, в облозі",
    "what_no_data": "більше не відомо, хто утримує",
    "around": "Район навколо: {place}",
    "from_day": "Від {day}",
    "until": "до {day}",
    "said_by": "з посиланням на {who}",
    "published": "опубліковано {day}",
    "method_drawn": "Межі з файлу",
    "method_cell": "Межі: земля, ближча до цього місця, ніж до інших",
    "method_area": "Межі: адміністративна одиниця",
    "method_standoff": "Межі сягають названої відстані від місця",
    "table": "Карта як таблиця",
    "areas": "Території",
    "front": "Лінія фронту",
    "between": "{one} / {other}",
    "actor": "Утримує",
    "certainty": "Певність",
    "area_heading": "Площа",
    "length_heading": "Довжина",
    "sources": "Джерела",
    "sources_count": "Джерела ({count})",
    "credits": "Дані",
    "borders": "Кордони, визнані Організацією Об’єднаних Націй",
    "close": "Закрити",
    "zoom_in": "Наблизити",
    "zoom_out": "Віддалити",
    "reset": "Показати всю карту",
    "locator": "Де розташована територія",
    "heading_held": "Утримує {actor}",
    "heading_besieged": "Утримує {actor}, в облозі",
    "heading_contested": "Оспорюється: {actor} проти {rivals}",
    "selected": "Вибрано: {what}",
    "records": "Записи, що визначають цю землю",
    "records_front": "Записи обабіч цієї ділянки",
    "no_records": "Жоден запис не каже, хто утримує цю землю.",
    "map_help": "Натисніть на територію чи лінію фронту, щоб побачити, хто про це каже.",
    "alt_opening": "Карта контролю над територією: {theatre}, кінець дня {day} ({zone}).",
    "alt_holdings": "Утримувані площі: {holdings}.",
    "alt_holding": "{actor} близько {area} км² ({share})",
    "alt_unknown": "немає записів про {share}",
    "alt_gains": "Здобуто після {day}: {gains}.",
    "alt_gain": "{actor} близько {area} км²",
    "alt_claims": "{share} площі спирається лише на заяви однієї зі сторін.",
    "alt_records": "Накреслено за записами ({count}) з джерел ({sources}), відомими на {instant}.",
    "alt_method": "Лінії між населеними пунктами приблизні.",
    "km": "км",
    "m": "м",
}

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    # The Levant's names first, then those of Egypt and the Gulf, as the United Nations write them.
    "ar": "كانون~الثاني/يناير شباط/فبراير آذار/مارس نيسان/أبريل أيار/مايو حزيران/يونيو تموز/يوليو "
    "آب/أغسطس أيلول/سبتمبر تشرين~الأول/أكتوبر تشرين~الثاني/نوفمبر كانون~الأول/ديسمبر",
}

_CATALOGUES = {"en": _ENGLISH, "ar": _ARABIC, "uk": _UKRAINIAN}
_RIGHT_TO_LEFT = frozenset({"ar"})
#: From the English separators of thousands and decimals to a language's own.
_SEPARATORS = {"uk": str.maketrans(",.", "\u00a0,")}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; `lang` is a BCP 47 tag."""

    lang: str

    @classmethod
    def of(cls, lang: str) -> Words:
        """Return the words of a language; InputError for one that has none yet."""
        if lang not in _CATALOGUES:
            known = ", ".join(sorted(_CATALOGUES))
            raise InputError(f"no words for the language {lang!r}: choose one of {known}")
        return cls(lang)

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr"."""
        return "rtl" if self.lang in _RIGHT_TO_LEFT else "ltr"

    @property
    def catalogue(self) -> dict[str, str]:
        """Return every template by its key."""
        return dict(_CATALOGUES[self.lang])

    def say(self, sentence: str, **values: str) -> str:
        """Fill in the template called `sentence`, isolating values that run the other way."""
        isolated = {name: self.isolate(value) for name, value in values.items()}
        return _CATALOGUES[self.lang][sentence].format_map(isolated)

    def isolate(self, text: str) -> str:
        """Keep a value's own direction from reordering the sentence around it."""
        if text and (self.direction == "rtl" or _is_right_to_left(text)):
            return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
        return text

    def day(self, day: date) -> str:
        """Write a date in full: "6 December 2024"."""
        month = _MONTHS[self.lang].split()[day.month - 1].replace("~", " ")
        return f"{day.day} {month} {day.year}"

    def instant(self, instant: datetime) -> str:
        """Write an aware instant in UTC: "7 December 2024, 08:00 UTC"."""
        utc = instant.astimezone(UTC)
        return f"{self.day(utc.date())}, {utc:%H:%M} UTC"

    def area(self, km2: float) -> str:
        """Write km² to three figures, as in "14,200", because no outline is better than that."""
        if km2 <= 0:
            return "0"
        digits = 2 - math.floor(math.log10(km2))
        rounded = round(km2, digits)
        return self._number(f"{rounded:,.{max(0, min(digits, 1))}f}".removesuffix(".0"))

    def share(self, share: float) -> str:
        """Write a share of 0 to 1 in per cent: "<1%", "55%"."""
        return "<1%" if 0 < share < 0.01 else f"{share:.0%}"

    def distance(self, label: str) -> str:
        """Put a label such as "5 km" or "350 m" into the language's own units."""
        number, _, unit = label.partition(" ")
        return f"{self._number(number)} {_CATALOGUES[self.lang].get(unit, unit)}"

    def _number(self, english: str) -> str:
        return english.translate(_SEPARATORS.get(self.lang, {}))


def _is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)
