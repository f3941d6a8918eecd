"""Whether a full stop after a short word ends the sentence: abbreviations, initials and numbers.

The tables are chosen by the word itself, not by the article's language: Latin and Cyrillic words cannot be
mistaken for each other, and news in one language quotes names and measures of another.
"""

from __future__ import annotations

import re
from enum import Enum


class Next(Enum):
    """What the text goes on with after a full stop and white space, as far as a boundary depends on it."""

    CAPITAL = "a capital, or a letter of a script without capitals"
    OPENER = "a word that seldom stands inside a sentence with a capital"
    DIGIT = "a digit, or a sign that stands before numbers"
    OTHER = "an emoji, a bullet or another sign"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that seldom stand inside a sentence with a capital: after "in the U.S." they tell that a sentence begins.
SENTENCE_OPENERS = _words(
    "The A An It He She They We I You This That These Those There But And Or So Yet In On At For From With By To As "
    "If When While Where Since Because Although Though However Meanwhile Still Then Also Even Once Until After Before "
    "During Despite Among Its His Her Their Our My Your It's He's She's That's There's They're We're I'm Here What "
    "Why How Some Many Both Another Not According Now Just Only Instead Last Earlier Later Он Она Оно Они Это Эта "
    "Этот Эти Его Её Ее Их Ему Ей Им В Во На С Со По К Из От До За Для При После Об О У Не Однако Но А И Или Также "
    "Так Тогда Затем Кроме Если Когда Как Что Чтобы Мы Я Вы Все Там Здесь Тут Сегодня Сейчас Теперь Потом Позже "
    "Впоследствии Более Одним Одна Один Среди Согласно Ранее Между Через Под Над Без Именно Поэтому Хотя Ныне Вместе "
    "Помимо Благодаря Уже Всего Такой Такие Такая Тем Ол Олар Бұл Бұлар Осы Сол Оның Олардың Оған Оны Одан Онда Мұнда "
    "Мұндай Сонда Сондай Сонымен Сондықтан Содан Алайда Бірақ Ал Және Біз Сіз Қазір Кейін Егер Осылайша Бұдан Барлық "
    "Тек Мысалы Яғни Осыдан Дегенмен"
)

# Titles and the like: a name follows, whatever its first letter.
_BEFORE_A_NAME = _words(
    "Mr Mrs Ms Mx Messrs Dr Drs Prof Gen Maj Col Lt Sgt Cpl Pvt Capt Cmdr Adm Brig Sen Sens Rep Reps Gov Govs Rev Hon "
    "Pres Supt Insp Amb Msgr Fr Ste Mt Ft Sec Asst Sra Mme Mlle vs v e.g i.e eg ie cf viz approx Approx incl Incl ca "
    "feat им ул пл просп пр-т пр-кт пер наб бул стр оз пос дер дор р-н г-н г-жа гр-н проф акад подполк кап лейт св ср "
    "напр гл табл илл изд ред сост вып ст пп тт доц чл зам пом нач кон сер ок букв пгт мкр корп сев юж зап вост солт "
    "оңт шығ бат орт реж муз сцен худ арх инж тов свв мкрн кн доп упр сб плтф арт гв т.е т.к т.н т.ч т.о и.о т.наз "
    "англ франц итал исп греч каз рус укр тат яп польск орыс ағылш"
)
# Before a number these are no end; before a word they are judged as any other word.
_BEFORE_A_NUMBER = _words(
    "No Nos no nos p pp vol vols fig figs Fig Figs Vol Art Ch Para para ver Op Ver est c Jan Feb Mar Apr Jun Jul Aug "
    "Sep Sept Oct Nov Dec янв февр фев мар апр авг сент сен окт нояб ноя дек қаң ақп сәу мөлш шам ч час сағ кв гл рис "
    "род ум №"
)
# These stand before names as well as at ends, or are words too ("ген", "мыс"): only an opener tells an end.
_AT_ENDS_TOO = _words(
    "Inc Corp Co Cos Ltd Bros Jr Sr Esq St Ave Blvd Rd Dept Univ Assn Intl Natl Ph.D PhD M.D al Ala Ariz Ark Calif "
    "Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn Tenn Tex Va Vt "
    "Wash Wis Wyo Ont Que обл ген полк лат нем фр араб ауд көш респ ж жж ғ ғғ қ б.з.б б.з.д мыс қар"
)
# Russian years, centuries and eras, as in "в 1998 г. Путин" (goes on) and "основан в 1998 г. Завод" (ends).
_AFTER_A_DATE = _words("г гг в вв э н.э")
_ERAS = _words("э н.э")
# A law after its date: 3 февр. 2021 г. № 5, 3 февр. 2021 г. «О вакцинации».
_RUNS_ON_FROM_A_DATE = re.compile(r"\.\s(?:№|«Об? )")
# A measure after a number ("13 м.", "5 см."), or with the word before it "and so on" ("т. д.", "и пр."): these end.
# Elsewhere the short form of a word before a name ("с. Красное", "т. е. Казахстан", "пр. Абая"), or "see".
_JUDGED_BY_THE_WORD_BEFORE = _words("а б в г д е к л м н о п р с т у ф х ц ч ш я см пр долл")
_ET_CETERA = {"д": "т.", "п": "т.", "б": "т.", "с": "с.", "пр": "и"}

_ZONES_AND_DAYS = _words(
    "ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST CET CEST EET IST AEST AEDT AKDT HST HKT JST KST MSK SGT "
    "WAT EAT SAST Eastern Central Mountain Pacific Greenwich Monday Tuesday Wednesday Thursday Friday Saturday Sunday "
    "Mon Tue Tues Wed Thu Thurs Fri Sat Sun January February March April May June July August September October "
    "November December Jan Feb Mar Apr Jun Jul Aug Sept Oct Nov Dec"
)
_PLACE_TIME = re.compile(r"\w{1,20}(?: \w{1,20})? (?:time|Time)\b")

# One letter a part, or two that stand for one sound: "A", "J.R", "К.-Ж", "Дж", "Th".
_INITIALS = re.compile(r"(?:(?:[CKPST]h|Дж|[^\W\d_])[.-]+)*(?:[CKPST]h|Дж|[^\W\d_])")
_JOINED = re.compile(r"^[A-Za-z][a-z]{1,5}-(?=[A-Z])")  # "then-Sen", "ex-Gov"
_NUMBER_AND_WORD = re.compile(r"[\d.,–-]*\d(?:-?[хые])?([^\W\d_]+)")
_ROMAN = re.compile(r"[IVXLCІХ]+(?:[–—-][IVXLCІХ]+)?")
_YEAR = re.compile(r"(?:\d{1,4}[–—/-])?\d{3,4}(?:-?[а-я]{1,2})?")
_CYRILLIC_CAPITALS = frozenset("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯӘҒҚҢӨҰҮҺІ")
_LEADING_SIGNS = "([{<«»\"'“”‘’„—–-*•/"

# A date that opens a sentence: its first word, and the most words up to the abbreviation ("С 1 по 5 мая 1998 г.").
_DATE_OPENERS = _words(
    "в во к ко с со до после на по от около примерно уже ещё лишь только но а и между начиная летом осенью зимой весной"
)
_DATE_WORDS = 6
_DATE_CHARS = 60
_LOOK_BACK = 40  # code points that are read before a full stop: an abbreviation and the word before it


def full_stop_ends(text: str, start: int, dot: int, following: Next, word: str, word_at: int) -> bool:
    """Whether the full stop at `dot` ends the sentence that begins at `start`.

    `following` says what comes next and `word` is the word there (empty if none), which begins at `word_at`.
    What goes on in lower case has been ruled out already.
    """
    before, short = _words_before(text, start, dot)
    opener = following is Next.OPENER
    if not short:
        return True
    if short in ("a.m", "p.m"):
        return following is not Next.CAPITAL or not (word in _ZONES_AND_DAYS or _PLACE_TIME.match(text, word_at))
    if short in _BEFORE_A_NAME or _is_list_number(text, start, dot, short):
        return False
    if short in _BEFORE_A_NUMBER and following is Next.DIGIT:
        return False
    if short in _AFTER_A_DATE and (_is_date(before) or short in _ERAS):
        return not _RUNS_ON_FROM_A_DATE.match(text, dot) and (opener or not _opens_with_a_date(text, start, dot))
    if short in _JUDGED_BY_THE_WORD_BEFORE:
        return _ends_after(before, short, word)
    if short in _AT_ENDS_TOO or _is_initials(short):
        return opener
    return True


def _words_before(text: str, start: int, dot: int) -> tuple[str, str]:
    """The last two words before `dot`, the second without signs before it, as the tables have it; "" for none."""
    words = text[max(start, dot - _LOOK_BACK) : dot].split()
    if not words or text[dot - 1].isspace():
        return "", ""
    before = words[-2] if len(words) > 1 else ""
    short = _JOINED.sub("", words[-1].lstrip(_LEADING_SIGNS))
    if glued := _NUMBER_AND_WORD.fullmatch(short):  # "1998г.", "5млн."
        return short[: glued.start(1)], glued.group(1)
    if len(short) > 1 and short.istitle() and short[0] in _CYRILLIC_CAPITALS and not _is_initials(short):
        short = short.lower()  # "Ул. Абая", "Под ред."
    return before, short


def _ends_after(before: str, short: str, word: str) -> bool:
    """A short word with two readings, told apart by the word before it (or, for dollars, after it)."""
    if short == "долл":
        return word != "США"
    return before[-1:].isdigit() or before == _ET_CETERA.get(short)


def _is_initials(short: str) -> bool:
    """Single letters as in "J", "J.R" and "К.-Ж"; small ones too where dots are between them ("k.d")."""
    small = short[:1].islower() and not ("." in short and short[0] <= "z")
    return not small and len(short) <= 12 and _INITIALS.fullmatch(short) is not None


def _is_list_number(text: str, start: int, dot: int, short: str) -> bool:
    """A number that counts an entry of a list: at the sentence's start, or after a colon or semicolon."""
    if not (short.isdecimal() or _ROMAN.fullmatch(short)) or len(short) > 4:
        return False
    lead = text[max(start, dot - _LOOK_BACK) : dot - len(short)].strip()
    return (not lead and dot - start < _LOOK_BACK) or lead.endswith((":", ";"))


def _is_date(word: str) -> bool:
    word = word.lstrip(_LEADING_SIGNS)
    return _YEAR.fullmatch(word) is not None or _ROMAN.fullmatch(word) is not None


def _opens_with_a_date(text: str, start: int, dot: int) -> bool:
    """Whether text[start:dot] is an adverbial of time that a clause follows, and not a clause of its own."""
    if dot - start > _DATE_CHARS:
        return False
    words = text[start:dot].lstrip(_LEADING_SIGNS + " ").split()
    if not words or len(words) > _DATE_WORDS:
        return False
    first = words[0]
    return first.lower() in _DATE_OPENERS or first[0].isdigit() or _is_date(first)
