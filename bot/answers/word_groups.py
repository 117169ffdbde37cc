"""Words that stand for one another in questions and news: who asks "Who won?" accepts "beat" and "victory".

Groups of English words, compared as index terms; a question's word counts less when only a neighbour of its group
stands in a sentence. General words only: no names.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bot.text.words import terms

_GROUPS = (
    "deploy send sent dispatch station",
    "visit trip travel tour journey",
    "meet met meeting summit talks hold",
    "kill dead die death toll fatality deadly",
    "injure wound hurt injury",
    "buy purchase acquire bought acquisition takeover",
    "sell sold sale",
    "sign seal ink conclude",
    "agreement treaty pact accord deal",
    "agree agreement",
    "win won winner victory defeat beat triumph champion claim clinch",
    "lose lost defeat",
    "country nation state",
    "arrest detain custody",
    "leader president chief head",
    "gift give gave present gifted given donate",
    "cost price pay paid spend spent worth",
    "confirm acknowledge",
    "include contain",
    "sister sibling brother",
    "ceasefire cease-fire cease truce",
    "troop soldier force",
    "ship deliver supply sent send",
    "change amend strike stricken remove",
    "work analyst employ job employer researcher professor engineer scientist director lecturer member",
    "begin began start open launch begun",
    "end finish close conclude stop",
    "u.s. united american america",
    "u.k. british britain",
    "happen occur place",
    "fly flew flown flight",
    "aircraft plane airplane jet",
    "car vehicle limousine",
    "rise rose increase grow grew growth climb",
    "fall fell drop decrease decline",
    "build built construct construction erect",
    "found founded establish set establishment",
    "create created invent make made design develop",
    "write wrote written author",
    "elect elected election vote",
    "appoint name named appointed",
    "resign quit leave left depart step",
    "award prize honor honour",
    "premiere debut release released publish launch",
    "host hosted hold held",
    "earn revenue income gross made",
    "reach reached attain",
    "marry married wed wife husband spouse",
    "bear born birth",
    "describe call called dub term characterize",
    "damage destroy destroyed harm",
    "accuse blame charge",
    "discuss talk address discussion",
    "movie film picture",
    "company firm corporation",
    "record-setting record",
    "money fund funding grant finance",
    "vehicle train transport travel",
    "commemorate mark celebrate honor honour",
    "fall falls date",
    "oppose reject against object",
    "demand insist condition require ask",
    "invite invitation invited",
    "attend attended appear join",
    "announce announced declare reveal",
    "say said state stated comment tell told remark",
    "warn caution cautioned",
    "predict forecast expect prediction",
    "estimate believe",
    "ally alliance partner",
    "repair restore mend fix",
    "cause reason because",
    "want seek sought aim",
    "rely depend relied",
    "denied deny reject refuse",
    "receive received get got obtain",
    "cancel call-off scrap",
    "delay postpone late",
    "hire recruit",
    "study research survey",
    "discover find found",
    "shut close closed closure",
    "near close next",
    "big large",
    "affect impact influence depend",
    "risky risk danger dangerous",
    "help assist support aid assistance",
    "attack strike assault raid",
    "vow pledge promise swear",
    "praise hail commend laud",
    "criticise criticize condemn denounce",
    "approve pass adopt back",
    "cut reduce lower slash",
    "people person resident inhabitant",
    "child kid",
    "house home",
    "store shop",
    "job position post role",
    "doctor physician",
    "boat ship vessel ferry",
    "soldier serviceman fighter",
    "talk negotiation negotiate",
    "friendship friend friendly",
    "weapon arm munition ammunition",
    "war conflict invasion fighting",
    "holiday anniversary",
    "dissolve dissolution collapse",
    "director direct directed",
    "borrow loan lend lent",
)
IN_GROUP = 0.5
"""What a word of the same group counts against the word itself."""


def with_groups(some: Iterable[str]) -> set[str]:
    """Return index terms together with the others of their groups."""
    return {other for term in some for other in (term, *word_groups().get(term, ()))}


@lru_cache(maxsize=1)
def word_groups() -> dict[str, frozenset[str]]:
    """Return for each index term the others of its groups."""
    found: dict[str, set[str]] = {}
    for group in _GROUPS:
        members = [made[0] for word in group.split() if (made := terms(word))]
        for member in members:
            found.setdefault(member, set()).update(other for other in members if other != member)
    return {term: frozenset(others) for term, others in found.items()}
