"""What published maps and briefs say, in each language, and how they write dates and numbers.

Every sentence is a template whose names are the values that go into it. In right-to-left
languages each value is isolated (U+2068 … U+2069), or "2016-02-01" would be drawn "01-02-2016".
A template that counts has one form for each plural category of its language, as in "places_one".
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
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
    "towards": "Towards {place}",
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
    "sources_line": "Sources: {sources}",
    "and_more": "and {count} more",
    "comma": ", ",
    "semicolon": "; ",
    "credits": "Credits",
    "borders": "Borders as the United Nations recognise them",
    "close": "Close",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "reset": "Show the whole map",
    "locator": "Where the mapped area lies",
    "share": "Share & download",
    "copy_link": "Copy link to this view",
    "copy_embed": "Copy embed code",
    "save_png": "Download picture (PNG)",
    "save_geojson": "Download areas and front line (GeoJSON)",
    "save_csv": "Download who holds how much (CSV)",
    "copied": "Copied.",
    "copied_whole": "Copied: the code holds the whole map, {size} kB.",
    "copy_by_hand": "This page may not copy: here is the text, selected for you to copy.",
    "saved": "Download started: {name}",
    "save_by_hand": "This frame may not download: copy the text into a file called {name}",
    "picture_by_hand": "This frame may not download: right-click the picture or long-press it.",
    "no_picture": "This browser could not draw the picture.",
    "open_by_hand": "This frame may not open links: copy the address.",
    "text_to_copy": "Text to copy",
    "other_day": "The link asks for {asked}, but this map shows {shown}.",
    "heading_held": "Held by {actor}",
    "heading_besieged": "Held by {actor}, besieged",
    "heading_contested": "Contested: {actor}, against {rivals}",
    "selected": "Selected: {what}",
    "records": "Records that decide this ground",
    "records_front": "Records on either side of this stretch",
    "no_records": "No record says who holds this ground.",
    "map_help": "Click an area or the front line to see who says so.",
    "play": "Play",
    "pause": "Pause",
    "step_back": "Previous day",
    "step_forward": "Next day",
    "speed": "Days a second",
    "timeline": "Timeline",
    "day": "Day",
    "compare": "Gains since",
    "compare_day": "the day before",
    "compare_week": "a week before",
    "compare_month": "30 days before",
    "changes_on": "What changed on {day}",
    "area_chart": "Area held, km²",
    "change_chart": "Change in area held since {day}, km²",
    "distance_chart": "Distance, km",
    "gained": "{area} km² gained since {day}",
    "lost": "{area} km² lost since {day}",
    "history": "Who held this point",
    "old_browser": "This player needs a browser made in 2023 or later.",
    "player_help": "Space plays and stops, the arrow keys step by a day, Home and End go to the "
    "first and last day. Click the map to see who held a point, and when.",
    "alt_series": "Maps of control of territory in {theatre} at the end of each day from {first} "
    "to {last} ({zone}).",
    "alt_series_day": "{day}: {holdings}.",
    "alt_opening": "Map of control of territory in {theatre} at the end of {day} ({zone}).",
    "alt_holdings": "Areas held: {holdings}.",
    "alt_holding": "{actor} about {area} km² ({share})",
    "alt_unknown": "no record for {share}",
    "alt_gains": "Gained since {day}: {gains}.",
    "alt_gain": "{actor} about {area} km²",
    "alt_claims": "{share} of the area rests on the claims of a party alone.",
    "alt_records": "Drawn from {count} records of {sources} sources, known at {instant}.",
    "alt_method": "Lines between places are approximate.",
    "detail": "Detail: {distance} around {place}",
    "detail_unnamed": "Detail",
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
    "towards": "باتجاه {place}",
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
    "sources_line": "المصادر: {sources}",
    "and_more": "و{count} غيرها",
    "comma": "، ",
    "semicolon": "؛ ",
    "credits": "حقوق البيانات",
    "borders": "الحدود كما تعترف بها الأمم المتحدة",
    "close": "إغلاق",
    "zoom_in": "تكبير",
    "zoom_out": "تصغير",
    "reset": "إظهار الخريطة كلها",
    "locator": "موقع المنطقة",
    "share": "مشاركة وتنزيل",
    "copy_link": "نسخ رابط هذا العرض",
    "copy_embed": "نسخ رمز التضمين",
    "save_png": "تنزيل الصورة (PNG)",
    "save_geojson": "تنزيل المناطق وخط الجبهة (GeoJSON)",
    "save_csv": "تنزيل مساحات السيطرة (CSV)",
    "copied": "تم النسخ.",
    "copied_whole": "تم النسخ: يضم الرمز الخريطة كلها، {size} كيلوبايت.",
    "copy_by_hand": "لا يسمح لهذه الصفحة بالنسخ: النص هنا محدد لتنسخه.",
    "saved": "بدأ تنزيل {name}",
    "save_by_hand": "لا يسمح لهذا الإطار بالتنزيل: انسخ النص إلى ملف اسمه {name}",
    "picture_by_hand": "لا يسمح لهذا الإطار بالتنزيل: احفظ الصورة بالزر الأيمن أو بضغطة مطولة.",
    "no_picture": "تعذر على هذا المتصفح رسم الصورة.",
    "open_by_hand": "لا يسمح لهذا الإطار بفتح الروابط: انسخ العنوان.",
    "text_to_copy": "نص للنسخ",
    "other_day": "يطلب الرابط تاريخ {asked}، أما هذه الخريطة فلتاريخ {shown}.",
    "heading_held": "تحت سيطرة {actor}",
    "heading_besieged": "بيد {actor}، محاصرة",
    "heading_contested": "متنازع عليها: {actor} ضد {rivals}",
    "selected": "المحدد: {what}",
    "records": "السجلات التي تقرر هذه الأرض",
    "records_front": "السجلات على جانبي هذا المقطع",
    "no_records": "لا سجل يقول من يسيطر على هذه الأرض.",
    "map_help": "انقر على منطقة أو على خط الجبهة لترى من يقول ذلك.",
    "play": "تشغيل",
    "pause": "إيقاف مؤقت",
    "step_back": "اليوم السابق",
    "step_forward": "اليوم التالي",
    "speed": "أيام في الثانية",
    "timeline": "الخط الزمني",
    "day": "اليوم",
    "compare": "المكاسب منذ",
    "compare_day": "اليوم السابق",
    "compare_week": "أسبوع قبله",
    "compare_month": "30 يوما قبله",
    "changes_on": "ما تغير في {day}",
    "area_chart": "مساحة السيطرة، كم²",
    "change_chart": "تغير مساحة السيطرة منذ {day}، كم²",
    "distance_chart": "المسافة، كم",
    "gained": "كسب {area} كم² منذ {day}",
    "lost": "خسر {area} كم² منذ {day}",
    "history": "من سيطر على هذه النقطة",
    "old_browser": "يحتاج هذا المشغل إلى متصفح من عام 2023 أو بعده.",
    "player_help": "مفتاح المسافة يشغل ويوقف، والأسهم تنتقل يوما، وHome وEnd إلى أول يوم وآخره. "
    "انقر على الخريطة لترى من سيطر على نقطة ومتى.",
    "alt_series": "خرائط السيطرة على الأرض في {theatre} في نهاية كل يوم من {first} إلى {last} "
    "({zone}).",
    "alt_series_day": "{day}: {holdings}.",
    "alt_opening": "خريطة السيطرة على الأرض في {theatre} في نهاية {day} ({zone}).",
    "alt_holdings": "مساحات السيطرة: {holdings}.",
    "alt_holding": "{actor} نحو {area} كم² ({share})",
    "alt_unknown": "لا سجل عن {share}",
    "alt_gains": "المكاسب منذ {day}: {gains}.",
    "alt_gain": "{actor} نحو {area} كم²",
    "alt_claims": "يستند {share} من المساحة إلى ادعاء أحد الأطراف وحده.",
    "alt_records": "مرسومة من {count} سجلا عن {sources} مصدرا، معروفة حتى {instant}.",
    "alt_method": "الخطوط بين الأماكن تقريبية.",
    "detail": "تفصيل: {distance} حول {place}",
    "detail_unnamed": "تفصيل",
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
    "towards": "У напрямку: {place}",
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
    "sources_line": "Джерела: {sources}",
    "and_more": "і ще {count}",
    "comma": ", ",
    "semicolon": "; ",
    "credits": "Дані",
    "borders": "Кордони, визнані Організацією Об’єднаних Націй",
    "close": "Закрити",
    "zoom_in": "Наблизити",
    "zoom_out": "Віддалити",
    "reset": "Показати всю карту",
    "locator": "Де розташована територія",
    "share": "Поділитися й завантажити",
    "copy_link": "Копіювати посилання на цей вигляд",
    "copy_embed": "Копіювати код для вставлення",
    "save_png": "Завантажити зображення (PNG)",
    "save_geojson": "Завантажити території й лінію фронту (GeoJSON)",
    "save_csv": "Завантажити, хто скільки утримує (CSV)",
    "copied": "Скопійовано.",
    "copied_whole": "Скопійовано: код містить усю карту, {size} кБ.",
    "copy_by_hand": "Цій сторінці не дозволено копіювати: ось текст, виділений для копіювання.",
    "saved": "Завантаження почалося: {name}",
    "save_by_hand": "Цій рамці не дозволено завантажувати: скопіюйте текст у файл {name}",
    "picture_by_hand": (
        "Рамці не дозволено завантажувати: збережіть зображення правою кнопкою миші."
    ),
    "no_picture": "Цей браузер не зміг намалювати зображення.",
    "open_by_hand": "Цій рамці не дозволено відкривати посилання: скопіюйте адресу.",
    "text_to_copy": "Текст для копіювання",
    "other_day": "Посилання просить {asked}, але ця карта показує {shown}.",
    "heading_held": "Утримує {actor}",
    "heading_besieged": "Утримує {actor}, в облозі",
    "heading_contested": "Оспорюється: {actor} проти {rivals}",
    "selected": "Вибрано: {what}",
    "records": "Записи, що визначають цю землю",
    "records_front": "Записи обабіч цієї ділянки",
    "no_records": "Жоден запис не каже, хто утримує цю землю.",
    "map_help": "Натисніть на територію чи лінію фронту, щоб побачити, хто про це каже.",
    "play": "Відтворити",
    "pause": "Зупинити",
    "step_back": "Попередній день",
    "step_forward": "Наступний день",
    "speed": "Днів за секунду",
    "timeline": "Шкала часу",
    "day": "День",
    "compare": "Просування після",
    "compare_day": "попереднього дня",
    "compare_week": "дня тижнем раніше",
    "compare_month": "дня 30 днями раніше",
    "changes_on": "Що змінилося {day}",
    "area_chart": "Утримувана площа, км²",
    "change_chart": "Зміна утримуваної площі після {day}, км²",
    "distance_chart": "Відстань, км",
    "gained": "здобуто {area} км² після {day}",
    "lost": "втрачено {area} км² після {day}",
    "history": "Хто утримував цю точку",
    "old_browser": "Цьому програвачу потрібен браузер 2023 року або новіший.",
    "player_help": "Пробіл відтворює й зупиняє, стрілки переходять на день, Home і End ведуть до "
    "першого й останнього дня. Натисніть на карту, щоб побачити, хто й коли утримував точку.",
    "alt_series": "Карти контролю над територією: {theatre}, кінець кожного дня від {first} до "
    "{last} ({zone}).",
    "alt_series_day": "{day}: {holdings}.",
    "alt_opening": "Карта контролю над територією: {theatre}, кінець дня {day} ({zone}).",
    "alt_holdings": "Утримувані площі: {holdings}.",
    "alt_holding": "{actor} близько {area} км² ({share})",
    "alt_unknown": "немає записів про {share}",
    "alt_gains": "Здобуто після {day}: {gains}.",
    "alt_gain": "{actor} близько {area} км²",
    "alt_claims": "{share} площі спирається лише на заяви однієї зі сторін.",
    "alt_records": "Накреслено за записами ({count}) з джерел ({sources}), відомими на {instant}.",
    "alt_method": "Лінії між населеними пунктами приблизні.",
    "detail": "Фрагмент: {distance} навколо {place}",
    "detail_unnamed": "Фрагмент",
    "km": "км",
    "m": "м",
}

#: What maps of two accounts say; a language that is not here has none yet.
_ENGLISH_COMPARISON = {
    "comparison_title": "{one} and {other} compared",
    "comparison_agreed": "Both say the same of {share} of the {area} km² compared",
    "comparison_both": "Both: {holder}",
    "comparison_either": "{one}: {ours}; {other}: {theirs}",
    "comparison_always": "On every date, {one}: {ours}; {other}: {theirs}",
    "comparison_disputed_note": "Stripes: colour after the first account, stripes after the other",
    "comparison_baseline_note": "Faint stripes: so on every date, thus in their baselines",
}

#: The daily brief's own sentences; a language that is not here has no brief yet.
_ENGLISH_BRIEF = {
    "brief_title": "{theatre}: daily brief, {day}",
    "compared": "Compared with the end of {day}",
    "compared_none": "There is no earlier map to compare with.",
    "heading_glance": "At a glance",
    "heading_changes": "What changed",
    "heading_ground": "Ground held, gained and lost",
    "heading_people": "People",
    "heading_claims": "Claimed or contested",
    "heading_quiet": "Not reported on lately",
    "heading_corrections": "Corrections",
    "heading_method": "How to read this brief",
    "range": "{low}–{high}",
    "list_and": "{first} and {last}",
    "named": "{place} ({certainty})",
    "places_one": "{count} place",
    "places_other": "{count} places",
    "days_one": "{count} day",
    "days_other": "{count} days",
    "changes_one": "{count} change is recorded since {day}",
    "changes_other": "{count} changes are recorded since {day}",
    "count_confirmed": "{count} confirmed",
    "count_reported": "{count} reported by third parties",
    "count_claimed": "{count} claimed by a party alone",
    "counted": "{changes}: {levels}.",
    "changes_none_since": "No change is recorded since {day}.",
    "gains": "recorded gains of {what}",
    "losses": "recorded losses of {what}",
    "gains_from": "{gains}, from {holders}",
    "among_them": "{gains}; among them {named}",
    "namely": "{gains}: {named}",
    "distance_was": "{distance} on {day}",
    "distance_reported": "Without claims it is {distance}.",
    "distance_confirmed": "By confirmed records alone it is {distance}.",
    "distance_line": "{measured}. It was {was}.",
    "distance_nearer": "{distance} nearer",
    "distance_farther": "{distance} farther",
    "distance_same": "unchanged",
    "distance_none": "none",
    "distance_trend": "{place}: {first} on {start}, {last} on {end}",
    "distance_trend_least": "{trend}; nearest {least} on {day}",
    "trend_of": "Distance to {place}, at the end of each day",
    "held_before": "Held before by",
    "held_before_too": "{actor}, as now",
    "held_before_part": "{holders} (in part)",
    "change_where": "Where",
    "change_status": "Recorded as",
    "change_who": "Who says so",
    "status_controlled": "Controlled",
    "status_besieged": "Besieged",
    "status_contested": "Contested by {rival}",
    "status_contested_alone": "Contested",
    "status_no_data": "No longer known",
    "status_rival": "rivals claim it too: contested on the map",
    "status_covered": "not on the map: other records cover it",
    "reference_number": "[{number}]",
    "no_source": "no source named",
    "actor_changes_one": "{actor}: {count} record",
    "actor_changes_other": "{actor}: {count} records",
    "ended": "Records that ended",
    "ended_when": "Ended",
    "ended_count_one": "{count} record ended.",
    "ended_count_other": "{count} records ended.",
    "share_heading": "Share",
    "gain_heading": "Gained",
    "loss_heading": "Lost",
    "gained_places": "Places gained",
    "lost_places": "Places lost",
    "area_held": "Area held",
    "area_caption": "By actor, in a range of what the records allow",
    "all_records": "all records",
    "all_records_least": "all records that are at least {least}",
    "area_note": "Lowest and highest figure, from confirmed records alone to {records}.",
    "area_note_moved": "Gains and losses are since {day}.",
    "place": "Place",
    "difference": "Change",
    "by_reported": "Without claims",
    "by_confirmed": "By confirmed records alone",
    "shortest_from_front": "Shortest distance from the front line",
    "shortest_from_ground": "Shortest distance from ground held by {holder}",
    "people_held": "By who is recorded to hold the place",
    "people_near": "Within {distance} of the front line",
    "people_near_none": "There is no front line on this date, so no place is near it.",
    "people_near_nobody": "No place that the gazetteer knows lies within {distance} of the front "
    "line.",
    "people_places": "Places",
    "people_no_figure": "Places without a figure",
    "people_figure": "People in the other places",
    "people_known_one": "{people} people in {count} place by the gazetteer",
    "people_known_other": "{people} people in {count} places by the gazetteer",
    "people_unknown_one": "and no figure for {count} more place",
    "people_unknown_other": "and no figure for {count} more places",
    "people_total": "Together",
    "people_note": "Who holds a place is taken from {records}. Figures are the gazetteer's, of "
    "various years: they count neither displacement nor return. Places without a figure are "
    "counted, not estimated, so the true sums are other than these.",
    "claims_claimed": "Resting on the claims of a party alone",
    "claims_contested": "Contested",
    "claims_share": "{area} ({share} of the theatre).",
    "claims_none": "No ground on this map rests on the claims of a party alone, and none is "
    "contested.",
    "claims_caption": "The largest first",
    "claims_small_one": "{count} smaller piece is left out.",
    "claims_small_other": "{count} smaller pieces are left out.",
    "since_day": "Since",
    "quiet_some_one": "No report for more than {count} day, up to {day}",
    "quiet_some_other": "No report for more than {count} days, up to {day}",
    "quiet_none_one": "The whole front line, and all claimed or contested ground, was reported on "
    "within {count} day.",
    "quiet_none_other": "The whole front line, and all claimed or contested ground, was reported "
    "on within {count} days.",
    "quiet_where": "What",
    "quiet_front": "Front line, {between}",
    "quiet_last": "Last report",
    "quiet_days": "Days ago",
    "quiet_extent": "How much",
    "quiet_part": "{part} of {whole}",
    "quiet_whole": "all {whole}",
    "retracted": "Records retracted since {instant}",
    "retracted_when": "Retracted",
    "retracted_why": "Why",
    "retracted_said": "What it said",
    "retracted_who": "Who had said so",
    "late": "Records written down since {instant} for {day} or earlier",
    "late_when": "Written down",
    "corrections_none": "Since {instant} no record was retracted, and none was added for an "
    "earlier day.",
    "corrections_some_one": "{count} record was retracted since {instant}: see Corrections.",
    "corrections_some_other": "{count} records were retracted since {instant}: see Corrections.",
    "records_one": "{count} record",
    "records_other": "{count} records",
    "sources_one": "{count} source",
    "sources_other": "{count} sources",
    "sources_note": "Those cited in this brief. The whole map rests on {records} of {sources}, "
    "known at {instant}.",
    "undated": "no date recorded",
    "method_range": "A range runs from the lowest to the highest figure that the records allow: "
    "confirmed ones alone, those reported by third parties too, or all claims. No outline is good "
    "for more than three figures.",
    "method_before": "“Held before by” names who held that ground on {day}, by the same records; "
    "“in part” means that the rest was already held as now. Parts of less than a tenth are left "
    "out.",
    "method_gains": "Gains and losses compare the two days by the records known now, so they are "
    "not the difference between two briefs.",
    "method_distance": "Distances are the shortest on the ground, to the centre of a place: its "
    "point in the gazetteer, not its edge.",
    "method_quiet": "A report on ground, or on the ground beside a front line, is a record that "
    "holds from that day or a source it cites that was published that day.",
    "method_lines": "Lines between named places are approximate. The brief tells of places and "
    "areas only, never of the positions of units or people.",
}

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    # The Levant's names first, then those of Egypt and the Gulf, as the United Nations write them.
    "ar": "كانون~الثاني/يناير شباط/فبراير آذار/مارس نيسان/أبريل أيار/مايو حزيران/يونيو تموز/يوليو "
    "آب/أغسطس أيلول/سبتمبر تشرين~الأول/أكتوبر تشرين~الثاني/نوفمبر كانون~الأول/ديسمبر",
}

_CATALOGUES = {"en": _ENGLISH, "ar": _ARABIC, "uk": _UKRAINIAN}
_BRIEFS = {"en": _ENGLISH_BRIEF}
_COMPARISONS = {"en": _ENGLISH_COMPARISON}
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

    @classmethod
    def of_brief(cls, lang: str) -> Words:
        """Return the words of a language that has those of the brief too; else InputError."""
        words = cls.of(lang)
        if lang not in _BRIEFS:
            known = ", ".join(sorted(_BRIEFS))
            raise InputError(f"no brief in the language {lang!r} yet: choose one of {known}")
        return words

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr"."""
        return "rtl" if self.lang in _RIGHT_TO_LEFT else "ltr"

    @property
    def catalogue(self) -> dict[str, str]:
        """Return every template by its key."""
        return dict(_CATALOGUES[self.lang])

    @property
    def brief_catalogue(self) -> dict[str, str]:
        """Return every template of the brief by its key, none where it has no brief."""
        return dict(_BRIEFS.get(self.lang, {}))

    def say(self, sentence: str, **values: str) -> str:
        """Fill in the template called `sentence`, isolating values that run the other way."""
        isolated = {name: self.isolate(value) for name, value in values.items()}
        return self._template(sentence).format_map(isolated)

    def count(self, sentence: str, number: int, **values: str) -> str:
        """Fill in a template that counts, in the form that its language has for `number`."""
        form = f"{sentence}_{plural(self.lang, number)}"
        return self.say(form, count=self.number(number), **values)

    def count_range(self, sentence: str, low: int, high: int) -> str:
        """Fill in a template that counts with a range, as in "0–1 places"."""
        if low == high:
            return self.count(sentence, high)
        category = plural(self.lang, high) if self.lang != "en" else "other"
        return self.say(f"{sentence}_{category}", count=self.range(low, high))

    def range(self, low: int, high: int) -> str:
        """Write two whole numbers as a range, one where they are equal."""
        if low == high:
            return self.number(high)
        return self.say("range", low=self.number(low), high=self.number(high))

    def _template(self, sentence: str) -> str:
        for catalogues in (_CATALOGUES, _BRIEFS, _COMPARISONS):
            if sentence in catalogues.get(self.lang, {}):
                return catalogues[self.lang][sentence]
        raise KeyError(sentence)

    def listed(self, items: Sequence[str]) -> str:
        """Join items in a sentence: "A", "A and B", "A, B and C"."""
        if len(items) < 2:
            return "".join(items)
        return self.say("list_and", first=", ".join(items[:-1]), last=items[-1])

    def isolate(self, text: str) -> str:
        """Keep a value's own direction from reordering the sentence around it."""
        if text and (self.direction == "rtl" or _is_right_to_left(text)):
            return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
        return text

    def day(self, day: date) -> str:
        """Write a date in full: "6 December 2024"."""
        return f"{day.day} {self.months[day.month - 1]} {day.year}"

    @property
    def months(self) -> tuple[str, ...]:
        """Return the names of the months as `day` writes them."""
        return tuple(month.replace("~", " ") for month in _MONTHS[self.lang].split())

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

    def people(self, count: int) -> str:
        """Write a number of people to three figures, as in "5,350,000"."""
        return self.number(round(count, min(0, 3 - len(str(count)))))

    def number(self, number: int) -> str:
        """Write a whole number with separators of thousands."""
        return self._number(f"{number:,}")

    def share(self, share: float) -> str:
        """Write a share of 0 to 1 in per cent: "<1%", "55%"."""
        return "<1%" if 0 < share < 0.01 else f"{share:.0%}"

    def distance(self, label: str) -> str:
        """Put a label such as "5 km" or "350 m" into the language's own units."""
        number, _, unit = label.partition(" ")
        return f"{self._number(number)} {_CATALOGUES[self.lang].get(unit, unit)}"

    def _number(self, english: str) -> str:
        return english.translate(_SEPARATORS.get(self.lang, {}))


def plural(lang: str, number: int) -> str:
    """Return the plural category of a whole number, such as "one", "few" or "other".

    The rules are those of Unicode CLDR (https://cldr.unicode.org/index/cldr-spec/plural-rules).
    """
    tens, hundreds = number % 10, number % 100
    if lang == "uk":
        if hundreds not in range(11, 15) and tens in range(1, 5):
            return "one" if tens == 1 else "few"
        return "many"
    if lang == "ar":
        exact = {0: "zero", 1: "one", 2: "two"}
        few_or_many = "few" if 3 <= hundreds <= 10 else "many" if hundreds >= 11 else "other"
        return exact.get(number, few_or_many)
    return "one" if number == 1 else "other"


def _is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)
