"""The words for time in English, Russian and Kazakh, and what kind of word each is.

A table has lines `kind number: word, word, two words`. The kinds are what the forms of `time_forms` are written in.
The number is a month (1-12), a weekday (Monday is 0), a unit (`DAY` to `WEEKEND`), days from today, a count, a part
of a period (0 early, 1 middle, 2 late) or a season (spring is 0). `month+in` is one word that says both.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

DAY, WEEK, MONTH, YEAR, WEEKEND = range(5)
"""Units of time, as the tables number them."""

FEW = 6
"""What "a few" is read as, in days, weeks or months: rather too many than too few."""

_ENGLISH = """
month 1: january
month 2: february
month 3: march
month 4: april
month 5: may
month 6: june
month 7: july
month 8: august
month 9: september
month 10: october
month 11: november
month 12: december
short 1: jan
short 2: feb
short 3: mar
short 4: apr
short 6: jun
short 7: jul
short 8: aug
short 9: sep, sept
short 10: oct
short 11: nov
short 12: dec
weekday 0: monday
weekday 1: tuesday
weekday 2: wednesday
weekday 3: thursday
weekday 4: friday
weekday 5: saturday
weekday 6: sunday
unit 0: day
unit 1: week
unit 2: month
unit 3: year
unit 4: weekend
units 0: days
units 1: weeks
units 2: months
units 3: years
deictic 0: today, tonight, this morning, this afternoon, this evening
deictic -1: yesterday, last night
deictic -2: day before yesterday
number 1: one
number 2: two, couple
number 3: three
number 4: four
number 5: five
number 6: six
number 7: seven
number 8: eight
number 9: nine
number 10: ten
number 12: twelve
few: few, several
article: a, an
ordinal 1: first, 1st
ordinal 2: second, 2nd
ordinal 3: third, 3rd
ordinal 4: fourth, 4th
quarterly: quarter
quarter 1: q1
quarter 2: q2
quarter 3: q3
quarter 4: q4
season 0: spring
season 1: summer
season 2: autumn, fall
season 3: winter
part 0: early
part 1: mid
part 2: late
edge 0: start, beginning
edge 1: middle
edge 2: end
last: last
past: past, this past
this: this, current
ago: ago
in: in, during, over, within, throughout
on: on, at
since: since
after: after, following
before: before, prior to
until: until, till, by, through
from: from
to: to
between: between
and: and
of: of
the: the
whose: its, his, her, their, my, our, your
latest: latest, newest, most recent, what's new, what is new, whats new
fresh: recent, fresh, breaking
news: news, article, articles, headline, headlines, story, stories, report, reports, update, updates, developments, \
events
report: published, reported, reporting, reports, writes, wrote, written, coverage, review, interview, post, posted, \
according, analysis
small: due, with, that, for, because, amid, when, as, who, what, which, where, how, why, did, do, does, is, was, were, \
has, have, had, but, or, if, about, night, evening, morning, afternoon, near
rough: than, about, around, nearly, almost, roughly, how
moment: date, year, years, day, time, possible
"""

_RUSSIAN = """
month 1: январь, января, январе, январю, январём, январем
month 2: февраль, февраля, феврале, февралю, февралём, февралем
month 3: март, марта, марте, марту, мартом
month 4: апрель, апреля, апреле, апрелю, апрелем
month 5: май, мая, мае, маю, маем
month 6: июнь, июня, июне, июню, июнем
month 7: июль, июля, июле, июлю, июлем
month 8: август, августа, августе, августу, августом
month 9: сентябрь, сентября, сентябре, сентябрю, сентябрём, сентябрем
month 10: октябрь, октября, октябре, октябрю, октябрём, октябрем
month 11: ноябрь, ноября, ноябре, ноябрю, ноябрём, ноябрем
month 12: декабрь, декабря, декабре, декабрю, декабрём, декабрем
short 1: янв
short 2: фев, февр
short 4: апр
short 8: авг
short 9: сен, сент
short 10: окт
short 11: ноя, нояб
short 12: дек
weekday 0: понедельник, понедельника, понедельнику
weekday 1: вторник, вторника, вторнику
weekday 2: среда, среду, среды, среде
weekday 3: четверг, четверга, четвергу
weekday 4: пятница, пятницу, пятницы, пятнице
weekday 5: суббота, субботу, субботы, субботе
weekday 6: воскресенье, воскресенья, воскресенью
unit 0: день, дня, сутки
unit 1: неделя, неделю, неделе, недели
unit 2: месяц, месяца, месяце
unit 3: год, года, году, г
unit 4: выходные, выходных
units 0: дней, суток
units 1: недель
units 2: месяцев
units 3: лет
deictic 0: сегодня, сегодняшние, сегодняшних, сегодняшний, сегодняшнее
deictic -1: вчера, вчерашние, вчерашних, вчерашний, вчерашнее, вчерашней
deictic -2: позавчера
number 1: один, одну, одного
number 2: два, две, двух, пару
number 3: три, трёх, трех
number 4: четыре, четырёх, четырех
number 5: пять, пяти
number 6: шесть, шести
number 7: семь, семи
number 8: восемь
number 9: девять
number 10: десять, десяти
few: несколько
ordinal 1: первый, первом, первого, i
ordinal 2: второй, втором, второго, ii
ordinal 3: третий, третьем, третьего, iii
ordinal 4: четвёртый, четвёртом, четвёртого, четвертый, четвертом, четвертого, iv
quarterly: квартал, квартале, квартала
season 0: весна, весной, весны, весну
season 1: лето, летом, лета
season 2: осень, осенью, осени
season 3: зима, зимой, зимы, зиму
edge 0: начало, начале, начала, началу
edge 1: середина, середине, середины
edge 2: конец, конце, конца, концу
last: прошлый, прошлая, прошлое, прошлые, прошлого, прошлой, прошлом, прошлую, прошлых, прошлым, минувший, минувшая, \
минувшее, минувшие, минувшей, минувшего, минувшем, минувшую, минувших
past: последний, последняя, последнее, последние, последней, последнего, последнем, последнюю, последних, последним
this: этот, эта, это, эти, этой, этого, этом, эту, этим, этих, текущий, текущей, текущего, текущем, нынешней, \
нынешнего, нынешнем
ago: назад, тому назад
in: в, во, на, за, в течение, в ходе
on: от
since: с, со, начиная с
after: после
before: до, перед
until: к, ко
to: по
between: между
and: и
latest: новейшие, новейших, новейший, новейшая, самые новые, самая новая, самый новый, самые свежие, самая свежая, \
самый свежий, самое свежее, самые последние, что нового
fresh: свежие, свежих, свежая, недавние, недавних
news: новость, новости, новостей, новостях, новостям, новостями, событие, события, событий, событиях, сообщение, \
сообщения, сообщений, сообщениях, известия, статья, статьи, статье, статью, статей, статьях, заметка, заметки, \
публикация, публикации, публикаций, данные, данных, данным, сводка, сводки
report: опубликован, опубликована, опубликовано, опубликованы, опубликованный, опубликованная, опубликованное, \
опубликованные, опубликованной, опубликованных, опубликовал, опубликовала, опубликовали, сообщил, сообщила, \
сообщило, сообщили, сообщает, сообщают, сообщалось, писал, писала, писали, писало, написал, написала, написали, пишет, \
репортаж, репортаже, вышла, вышли
rough: более, больше, чем, около, почти, примерно, свыше, менее
"""

_KAZAKH = """
weekday 0: дүйсенбі
weekday+in 0: дүйсенбіде
weekday 1: сейсенбі
weekday+in 1: сейсенбіде
weekday 2: сәрсенбі
weekday+in 2: сәрсенбіде
weekday 3: бейсенбі
weekday+in 3: бейсенбіде
weekday 4: жұма
weekday+in 4: жұмада
weekday 5: сенбі
weekday+in 5: сенбіде
weekday 6: жексенбі
weekday+in 6: жексенбіде
unit 0: күн, күндегі, күнгі
unit+in 0: күнде
unit 1: апта, аптадағы, аптаның, аптасы, аптадан, аптаға
unit+in 1: аптада
unit 2: ай, айдағы, айдың, айдан, айға
unit+in 2: айда
unit 3: жыл, жылғы, жылдың, жылдағы, жылдан, жылға, ж
unit+in 3: жылы, жылда
deictic 0: бүгін, бүгінгі
deictic -1: кеше, кешегі
deictic -2: алдыңғы күні, алдыңгүні, арғы күні
this+unit 3: биыл, биылғы
last+unit 3: былтыр, былтырғы
number 1: бір
number 2: екі
number 3: үш
number 4: төрт
number 5: бес
number 6: алты
number 7: жеті
number 8: сегіз
number 9: тоғыз
number 10: он
few: бірнеше
ordinal 1: бірінші
ordinal 2: екінші
ordinal 3: үшінші
ordinal 4: төртінші
quarterly: тоқсан, тоқсанның
quarterly+in: тоқсанда, тоқсанында
season 0: көктем, көктемнің, көктемгі
season+in 0: көктемде, көктемінде
season 1: жаз, жаздың, жазғы
season+in 1: жазда, жазында
season 2: күз, күздің, күзгі
season+in 2: күзде, күзінде
season 3: қыс, қыстың, қысқы
season+in 3: қыста, қысында
edge 0: басы
edge+in 0: басында, басындағы
edge 1: ортасы
edge+in 1: ортасында, ортасындағы
edge 2: аяғы
edge+in 2: аяғында, соңында, соңындағы
edge+since 0: басынан
last: өткен
past: соңғы
this: осы, бұл
ago: бұрын
in: айында, айындағы, күні, күнгі
of: айы, айының, айынан, айына
since: бері, бастап
after: кейін, соң
before: дейін
between: арасында, аралығында
and: мен, бен, пен, және
latest: ең жаңа, ең соңғы, не жаңалық
fresh: жаңа
news: жаңалық, жаңалықтар, жаңалықтары, жаңалықтарды, жаңалықтарын, жаңалықтарда, хабар, хабарлар, хабарлары, \
хабарларды, оқиға, оқиғалар, оқиғалары, оқиғаларды, мақала, мақалалар, мақалада, мақалалары, мақаласы, мақаласында, \
мақалаларды, мәліметтер, деректер
report: жарияланды, жарияланған, жариялады, жариялаған, хабарлады, хабарлаған, хабарланды, жазды, жазған, жазылған
rough: астам, шамамен
"""

# Stems of Kazakh months and the endings of "in", "from" and "to", which differ with the vowels of the stem.
_KAZAKH_MONTHS = (
    "қаңтар да дан ға дың, ақпан да нан ға ның, наурыз да дан ға дың, сәуір де ден ге дің, мамыр да дан ға дың, "
    "маусым да нан ға ның, шілде де ден ге нің, тамыз да дан ға дың, қыркүйек те тен ке тің, қазан да нан ға ның, "
    "қараша да дан ға ның, желтоқсан да нан ға ның"
)


def _kazakh_months() -> str:
    lines = []
    for month, forms in enumerate(_KAZAKH_MONTHS.split(","), start=1):
        stem, place, *others = forms.split()
        bare = ", ".join(stem + ending for ending in ("", *others))
        lines.append(f"month {month}: {bare}\nmonth+in {month}: {stem}{place}, {stem}{place}ғы, {stem}{place}гі")
    return "\n".join(lines)


class Words(NamedTuple):
    """The words of one language.

    language: its ISO 639-1 code.
    kinds: of a word or phrase in small letters, with its number; more than one where a word says two things.
    openers: first words of the phrases.
    past, present, future: match questions about what happened, what is always so, and what is to come.
    """

    language: str
    kinds: dict[str, tuple[tuple[str, int], ...]]
    openers: frozenset[str]
    past: re.Pattern[str]
    present: re.Pattern[str]
    future: re.Pattern[str]


_TABLES = {"en": _ENGLISH, "ru": _RUSSIAN, "kk": _KAZAKH}
_MOODS = {
    "en": (
        r"did|was|were|had|has|have|been|said|told|won|lost|made|took|became|went|came|left|met|held|hit|fell|rose"
        r"|broke|led|found|beat|happening|[a-z]{3,20}ed",
        r"is|are|do|does|can|usually|always|every|each",
        r"will|going to|upcoming|coming|scheduled|next|expected|set to|plans to|about to|launching",
    ),
    "ru": (
        r"[а-яё]{2,20}(?:л|ла|ло|ли|лся|лась|лось|лись)|происходит",
        r"обычно|всегда|каждый|каждую|каждое|каждого|является|являются|отмечают|отмечается|какой по сч[её]ту",
        r"будет|будут|состоится|состоятся|пройдёт|пройдет|предстоит|следующ[а-я]{2,3}|запланирован[а-я]{0,2}",
    ),
    "kk": (
        r"[а-яәғқңөұүһі]{2,20}(?:ды|ді|ты|ті|ған|ген|қан|кен)|не жаңалық",
        r"әдетте|әрқашан|күн сайын|жыл сайын|аталып өтіледі|деп аталады",
        r"болады|өтеді|келесі|жоспарлануда|жоспарланған",
    ),
}


@cache
def words_of(language: str) -> Words | None:
    """The words of a language by its ISO 639-1 code, made when first asked for; None for other languages."""
    if language not in _TABLES:
        return None
    table = _TABLES[language] + (_kazakh_months() if language == "kk" else "")
    kinds: dict[str, tuple[tuple[str, int], ...]] = {}
    for line in table.strip().splitlines():
        head, _, words = line.partition(":")
        said, _, number = head.partition(" ")
        entry = tuple((kind, int(number or 0)) for kind in said.split("+"))
        for word in words.split(","):
            kinds.setdefault(word.strip(), entry)
    openers = frozenset(word.split()[0] for word in kinds if " " in word)
    past, present, future = (re.compile(rf"\b(?:{mood})\b") for mood in _MOODS[language])
    return Words(language, kinds, openers, past, present, future)
