"""Cues that change what a statement commits to: negation, hedging, reporting, attribution and announcement.

Lists are English and Korean first, then the basics of German, French, Spanish, Japanese and Chinese. Words of one
language that are words of another (Spanish "sin") are matched all the same: a cue found where none is costs a second
look, a cue missed costs a wrong claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.lazy import compile_later

_ENGLISH_NEGATIONS = (
    r"not|no(?!\.?\s*\d|\s+(?:less|more|fewer|later|longer|sooner|doubt)\b)|never|none|nobody|nothing|nowhere|neither"
    r"|nor|without|cannot|unable|den(?:y|ies|ied|ying)|refus(?:e|es|ed|ing)|reject(?:s|ed|ing)?|fail(?:s|ed|ing)?"
    r"|lack(?:s|ed|ing)?"
)
_EUROPEAN_NEGATIONS = (
    r"nicht|keine?[mnrs]?|niemals|niemand|nichts|weder|ohne|jamais|aucune?|rien|personne\s+ne|sans|nunca|jamás|nadie"
    r"|ningun[oa]s?|ningún|tampoco|sin"
)
_KOREAN_NEGATIONS = (
    r"않(?:았|는|은|을|다|고|아|기|으)|안\s(?=[가-힣])|아니(?:다|라|며|었|고|한|냐)|없(?:다|었|는|이|어|음|고|을|으)|못\s?(?:하|했|한|할)"
    r"|(?:거부|부인|거절|실패|반대|불가)(?:했|하|한|할|됐|되)"
)
_CJK_NEGATIONS = (
    r"ない(?!し)|なかった|ません|ず(?=、|に)|否定(?:し|する|的)|拒否|没有|沒有|不(?!仅|僅|同|断|斷|少|久|过|過)|未(?!来|來|成年)"
    r"|否认|否認|拒绝|拒絕|无法|無法"
)
NEGATIONS = compile_later(
    rf"\b(?:{_ENGLISH_NEGATIONS}|{_EUROPEAN_NEGATIONS})\b|n['’]t\b|\bn['’](?:a|ont|est|avait|était)\b|\bne\s\w+\spas\b"
    rf"|{_KOREAN_NEGATIONS}|{_CJK_NEGATIONS}",
    re.IGNORECASE,
)

_ENGLISH_HEDGES = (
    r"may|might|could|possibl[ey]|potential(?:ly)?|likely|unlikely|probabl[ey]|perhaps|maybe|reported(?:ly)?|alleged(?:ly)?"
    r"|alleges?|suspected|expected|apparent(?:ly)?|appears?|appeared|seems?|seemed|believed|speculat\w{1,8}|rumou?r\w{0,4}"
    r"|consider(?:s|ed|ing)?|purported(?:ly)?|presumabl[ey]|suggests?|suggested|if|unconfirmed|unclear"
)
_EUROPEAN_HEDGES = (
    r"vielleicht|möglicherweise|wahrscheinlich|vermutlich|angeblich|mutmaßlich\w{0,2}|offenbar|könnten?|dürften?|soll(?:en)?"
    r"|peut-être|probablement|pourraient|pourrait|serait|seraient|aurait|auraient|présumée?s?|semble(?:nt)?"
    r"|quizás?|tal\svez|probablemente|posiblemente|podrían?|supuest[oa]s?|supuestamente|presunt[oa]s?|al\sparecer|habrían?"
)
_KOREAN_HEDGES = (
    r"것으로\s(?:보인|보이|알려|전해|추정|예상|전망|관측)|수도\s있|가능성|추정(?:된|되|하|했)|예상(?:된|되|하|했)"
    r"|전망(?:된|되|이다|했)|의혹|혐의|듯(?:하|했|이)|아마|것\s같"
)
_CJK_HEDGES = (
    r"かもしれ|可能性|とみられ|とされ|ようだ|らしい|だろう|でしょう|見通し|おそらく|疑い|可能|也许|也許|或许|或許|大概|据称|據稱"
    r"|涉嫌|疑似|预计|預計|似乎"
)
HEDGES = compile_later(rf"\b(?:{_ENGLISH_HEDGES}|{_EUROPEAN_HEDGES})\b|{_KOREAN_HEDGES}|{_CJK_HEDGES}", re.IGNORECASE)

_ENGLISH_REPORTING = (
    r"sa(?:id|ys?|ying)|t(?:old|ells?)|add(?:s|ed)|stat(?:es|ed)|warn(?:s|ed)|argu(?:es|ed)|claim(?:s|ed)|insist(?:s|ed)"
    r"|not(?:es|ed)|announc(?:es|ed)|admit(?:s|ted)|den(?:ies|ied)|explain(?:s|ed)|writes|wrote|according\sto|calls?|called"
    r"|describ(?:es|ed)|tweet(?:s|ed)|ask(?:s|ed)|acknowledg(?:es|ed)|assert(?:s|ed)|confirm(?:s|ed)|declar(?:es|ed)"
    r"|pledg(?:es|ed)|repli(?:es|ed)|responded|testif(?:ies|ied)|vow(?:s|ed)|accus(?:es|ed)|alleg(?:es|ed)|thinks?|believes?"
)
_EUROPEAN_REPORTING = (
    r"sagte[n]?|sagt|erklärten?|erklärt|teilten?|betonten?|betont|so\sder|laut|zufolge|nach\sAngaben"
    r"|a\sdéclaré|déclare|ont\sdéclaré|affirmé|affirme|selon|a\sdit|indiqué|d['’]après|annoncé"
    r"|dijo|dijeron|afirmó|afirmaron|declaró|aseguró|según|señaló|anunció|indicó"
)
_KOREAN_REPORTING = (
    r"(?<![가-힣])(?:말|밝|전|설명|주장|강조|덧붙|지적|발표|언급|반박|비판|경고|당부|답|보도|토로)(?:했|혔|하|히|한|힌|였|여|인|이)[가-힣]{0,3}"
    r"|(?:이)?라(?:고|며)\s|에\s(?:따르면|의하면)"
)
_CJK_REPORTING = (
    r"述べ|語っ|語り|明らかにし|発表し|と話し|によると|と説明し|主張し|表示|指出|说|說|称(?=[，：,])|稱(?=[，：,])|强调|強調"
    r"|宣布|透露|据|據"
)
REPORTING = compile_later(
    rf"\b(?:{_ENGLISH_REPORTING}|{_EUROPEAN_REPORTING})\b|{_KOREAN_REPORTING}|{_CJK_REPORTING}", re.IGNORECASE
)

ATTRIBUTIONS = compile_later(
    r"\b(?:according\sto|citing|as\squoted\sby|in\sa\sstatement|by\s[a-z]+\sown\saccount|laut|zufolge|nach\sAngaben"
    r"|selon|d['’]après|según|de\sacuerdo\scon)\b|에\s(?:따르면|의하면)|によると|によれば|据[^，。]{1,20}(?:报道|消息)|根据",
    re.IGNORECASE,
)

FUTURES = compile_later(
    r"\b(?:will|won['’]t|shall|going\sto|(?:is|are|was|were)\s(?:set|due|scheduled|expected|planned|slated|about|poised)\sto"
    r"|plan(?:s|ned|ning)?\sto|intends?\sto|aims?\sto|scheduled\sfor|upcoming|wird|werden|planen"
    r"|prévoit|prévue?s?|va\sa|van\sa|prevé|planea)\b"
    r"|[가-힣]\s(?:예정|계획|방침|전망)|(?:예정|계획|방침)(?:이다|이라|인|으로)|할\s것(?:이|으로)|予定|計画|方針|する見通し|将|將|计划|計劃|预计|預計|拟",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One cue as the text words it: `text[start:end]`."""

    text: str
    start: int
    end: int


def find_negations(text: str) -> list[Cue]:
    """Return what denies in the text, in order."""
    return _find(NEGATIONS, text)


def find_hedges(text: str) -> list[Cue]:
    """Return what makes a statement less than certain, in order."""
    return _find(HEDGES, text)


def find_reporting(text: str) -> list[Cue]:
    """Return the verbs and phrases that put a statement into somebody's mouth, in order."""
    return _find(REPORTING, text)


def find_attributions(text: str) -> list[Cue]:
    """Return the phrases that name a source ("according to"), in order."""
    return _find(ATTRIBUTIONS, text)


def find_futures(text: str) -> list[Cue]:
    """Return what places a statement in the future, in order."""
    return _find(FUTURES, text)


def _find(pattern: re.Pattern[str], text: str) -> list[Cue]:
    return [Cue(text=match.group(), start=match.start(), end=match.end()) for match in pattern.finditer(text)]
