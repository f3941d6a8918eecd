"""The words for time in English, in the form that `words` describes."""

from __future__ import annotations

TABLE = """
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

PAST = (
    r"did|was|were|had|has|have|been|said|told|won|lost|made|took|became|went|came|left|met|held|hit|fell|rose"
    r"|broke|led|found|beat|happening|[a-z]{3,20}ed"
)
PRESENT = r"is|are|do|does|can|usually|always|every|each"
FUTURE = r"will|going to|upcoming|coming|scheduled|next|expected|set to|plans to|about to|launching"
"""What marks a question about what happened, what is always so, and what is to come: regular expressions."""
