"""The words by which a question is seen to lean on what was said before it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cues:
    """Words of one language.

    pronouns: stand for a person or thing named before.
    pointing: point at something said before, with a noun or without.
    more: ask for more of the same.
    generic: tell nothing of what is asked for.
    openings: how only a follow-up begins.
    endings: how only a follow-up ends.
    """

    pronouns: frozenset[str]
    pointing: frozenset[str]
    more: frozenset[str]
    generic: frozenset[str]
    openings: re.Pattern[str]
    endings: re.Pattern[str]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ENGLISH = Cues(
    pronouns=_set(
        """he she they it him her them his hers their theirs its he's she's it's they're they've he'd she'd they'd
        he'll she'll they'll it'll"""
    ),
    pointing=_set("this that these those there then"),
    more=_set("other others else another next same again besides afterwards"),
    generic=_set(
        """happen happened happens do did does done doing go went gone going come came get got give gave say said tell
        told know known think thought make made makes take took see saw find found learn start begin began end ended
        interesting important notable significant special particular aspect aspects article fact facts thing things
        something anything someone anyone anybody everything detail details information example examples story way
        ways kind kinds type types sort long often far old big well good bad first last now still ever
        really exactly actually please time times year years day reason reasons result results outcome
        name names called one two three yes no ok okay"""
    ),
    openings=re.compile(r"(?:and|but|so|or|then|also|what about|how about|why not|who else|what else)\b(?! of)", re.I),
    endings=re.compile(r"\b(?:though|too|as well|then|instead|before that|after that)\W*$", re.I),
)

_RUSSIAN = Cues(
    pronouns=_set("он она оно они его ее ему ей им ею их нем ней них нее него ним ними нему"),
    pointing=_set("это этот эта эти этого этой этом этому этим этих этими тогда там туда оттуда"),
    more=_set("еще другой другая другие других другого также тоже потом затем дальше снова опять остальные"),
    generic=_set(
        """произошло произойдет случилось стало сделал сделала сделали делал говорит сказал сказала сказали рассказал
        рассказали известно значит означает называется называются интересного важного нового человек люди год году
        года день время причина причины результат подробнее пример именно"""
    ),
    openings=re.compile(r"(?:а|и|но|ну|или|так|то есть)\s+(?=[\w«\"])", re.I),
    endings=re.compile(r"\b(?:тогда|потом|тоже|после этого|до этого)\W*$", re.I),
)

_KAZAKH = Cues(
    pronouns=_set("ол олар оның олардың оны оларды оған оларға онда одан онымен олармен"),
    pointing=_set("бұл бұны бұның мұны мұның мұнда мұндай сонда соны соның содан сонымен"),
    more=_set("тағы басқа басқалар басқасы келесі қалған"),
    generic=_set(
        """болды болған болады болып айтты деді істеді жасады мәні мағынасы аталады атайды адам жыл жылы күн күні
        уақыт уақытта себебі нәтижесі мысалы"""
    ),
    openings=re.compile(r"(?:ал|және|бірақ|сонда|сосын)\s+(?=[\w«\"])", re.I),
    endings=re.compile(r"\b(?:ше|сонда)\W*$", re.I),
)

CUES = {"en": (_ENGLISH,), "ru": (_RUSSIAN, _KAZAKH), "kk": (_KAZAKH,)}
"""By the language that a question is taken to be in; a short Kazakh one is easily taken to be Russian."""

AUXILIARIES = _set(
    """do does did is are was were has have had will would can could should may might didn't doesn't wasn't weren't
    isn't don't hasn't"""
)
PAST = _set("did was were had didn't wasn't weren't")
QUESTION_WORDS = _set("who whom whose what which when where why how any")
PREPOSITIONS = _set("of in at on by for from to with about after before since during like than over through until and")
THING_PRONOUNS = _set("it its it's")
RELATIVE = _set("that who which whose")
NAMES_OF_THINGS = _set("name names word words term terms")
TIMES = _set(
    """hour hours day days night morning afternoon evening week weeks weekend month months season summer winter spring
    autumn fall year years decade decades century"""
)
# What is spoken of with "the" where the listener knows which.
THINGS = _set(
    """accident act actor actress agreement album article attack author band battle bill book campaign case ceremony
    club coach company concert contract couple crash deal director divorce election episode event festival film fire
    firm founder game girl group incident investigation law lawsuit man marriage match movement movie period plan
    player project record relationship report research season series show single singer song story study survey team
    tour trial victim video vote war woman writer"""
)
