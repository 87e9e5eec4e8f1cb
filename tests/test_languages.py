"""Which language a report is in: clear ones are told apart, unclear ones are left open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontmap.geo.languages import detect

SENTENCES = {
    "en": "The rebels captured the town on Friday after the army had pulled back from it, a "
    "monitor said.",
    "ar": "قال المرصد إن الفصائل سيطرت على المدينة بعد انسحاب الجيش من محيطها خلال الليل في اليوم "
    "الثالث من المعارك",
    "fa": "به گفته ناظران، شورشیان این شهر را در روز جمعه گرفتند و ارتش از آن عقب‌نشینی کرد",
    "ru": "По словам наблюдателей, повстанцы заняли город в пятницу, после того как из него ушли "
    "войска, и это было подтверждено",
    "uk": "За словами спостерігачів, повстанці зайняли місто в п'ятницю, після того як з нього "
    "вийшли війська, і це підтвердили",
    "fr": "Les rebelles ont pris la ville vendredi après le départ de l'armée, selon une ONG qui "
    "suit le conflit dans le nord du pays.",
    "es": "Los rebeldes tomaron la ciudad el viernes después de que el ejército se retirara de "
    "ella, según una organización que sigue la guerra.",
    "de": "Die Rebellen haben die Stadt am Freitag eingenommen, nachdem sich die Armee aus ihr "
    "zurückgezogen hatte, wie die Beobachter mitteilten.",
    "tr": "Gözlemevine göre muhalifler, ordunun geri çekilmesinden sonra cuma günü kenti ele "
    "geçirdi ve bir köy daha aldı; bu bilgi ise doğrulanmadı.",
    "it": "I ribelli hanno preso la città venerdì dopo che l'esercito si è ritirato, secondo gli "
    "osservatori che seguono il conflitto nel paese.",
    "pt": "Os rebeldes tomaram a cidade na sexta-feira depois que o exército se retirou, segundo "
    "uma organização que não foi identificada.",
    "nl": "De rebellen hebben de stad vrijdag ingenomen nadat het leger zich uit het gebied had "
    "teruggetrokken, zegt een waarnemer van de oorlog.",
    "pl": "Rebelianci zajęli miasto w piątek po tym, jak wycofało się z niego wojsko, podali "
    "obserwatorzy, którzy są w kraju, i nie jest to sprawdzone.",
    "he": "המורדים כבשו את העיר ביום שישי",
    "my": "သူပုန်များက မြို့ကို သိမ်းပိုက်ခဲ့သည်",
    "ja": "反政府勢力は金曜日にその町を制圧したと監視団は述べた",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language(language: str) -> None:
    assert detect(SENTENCES[language]) == language


def test_names_in_another_script_do_not_change_it() -> None:
    assert detect(f"{SENTENCES['en']} (الرستن، حمص)") == "en"


@pytest.mark.parametrize(
    "text", ["", "12 34", "Homs", "Homs, Hama, Rastan", "zxq vbn wrt plk " * 9]
)
def test_what_is_not_clear_is_left_open(text: str) -> None:
    assert detect(text) == "und"


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    assert detect(text).isalpha()
