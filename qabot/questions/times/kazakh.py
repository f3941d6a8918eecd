"""The words for time in Kazakh, in the form that `words` describes."""

from __future__ import annotations

_WORDS = """
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
_MONTHS = (
    "қаңтар да дан ға дың, ақпан да нан ға ның, наурыз да дан ға дың, сәуір де ден ге дің, мамыр да дан ға дың, "
    "маусым да нан ға ның, шілде де ден ге нің, тамыз да дан ға дың, қыркүйек те тен ке тің, қазан да нан ға ның, "
    "қараша да дан ға ның, желтоқсан да нан ға ның"
)


def _months() -> str:
    """The lines for the months in their cases."""
    lines = []
    for month, forms in enumerate(_MONTHS.split(","), start=1):
        stem, place, *others = forms.split()
        bare = ", ".join(stem + ending for ending in ("", *others))
        lines.append(f"month {month}: {bare}\nmonth+in {month}: {stem}{place}, {stem}{place}ғы, {stem}{place}гі")
    return "\n".join(lines)


TABLE = _WORDS + _months()

PAST = r"[а-яәғқңөұүһі]{2,20}(?:ды|ді|ты|ті|ған|ген|қан|кен)|не жаңалық"
PRESENT = r"әдетте|әрқашан|күн сайын|жыл сайын|аталып өтіледі|деп аталады"
FUTURE = r"болады|өтеді|келесі|жоспарлануда|жоспарланған"
"""What marks a question about what happened, what is always so, and what is to come: regular expressions."""
