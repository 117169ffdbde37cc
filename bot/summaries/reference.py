"""Whether a sentence stands alone, and who "he" or "she" at its start is.

The rule for bringing in a name. Only "He" or "She" as the first word of a sentence is replaced, and only when nobody
can doubt who it is: going back over at most `MAX_LOOK_BACK` sentences of the same article (each step only over a
sentence that opens with the same pronoun), the sentence reached must open with a name that is shaped like a person's,
must show that it is a person (a title or age, a verb of speaking, or "his"/"her" later on), and must hold no second
name that could be a person. The name's own words then replace the pronoun and both sentences are cited. The
source "he added" is named likewise, in the attribution only: by the phrase of the sentence just before it in the same
paragraph. Everything else that points backwards is not repaired: the ranking takes another sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Sentence
from bot.summaries.lexicon import SPEECH
from bot.text.lazy import compile_later

MAX_LOOK_BACK = 3  # sentences
MAX_QUOTED_SENTENCES = 5  # a quotation open for longer is a forgotten mark
MAX_CHARS = 600  # of a sentence that are looked at

_ENGLISH_POINTERS = compile_later(
    r"^[\"'“‘`(\[]*\s*(?:he|she|it|they|we|him|her|hers|his|its|their|theirs|them|this|that|these|those|such|but|and|so|also|"
    r"however|meanwhile|instead|then|here|who|which|whose|or|nor|yet|because|the\s+(?:latter|pair|duo|trio|former(?=\s+(?:is|was|has|had|said))|"
    r"two|three|four|same|other|others|move|decision|visit|incident|couple)|others|neither|either|"
    r"(?:he|she|it|they|that|there|who|we|i)['’]\w+|(?:in|at|on|during|after|before|despite|since|as|for|of|from|by|under|"
    r"following|with|amid|to)\s+(?:this(?!\s+(?:year|week|month|summer|season|morning|"
    r"afternoon|evening|weekend|spring|autumn|winter|time))|that|these|those|it|them|him|doing|which|whom|such|the\s+same)|"
    r"similarly|likewise|therefore|thus|moreover|furthermore|additionally|nevertheless|nonetheless|otherwise|"
    r"as\s+(?:a\s+result|such)|for\s+(?:example|instance)|in\s+(?:addition|contrast|turn|response|other\s+words)|"
    r"at\s+the\s+(?:time|same\s+time)|too|i|you|my|our|your|me)(?=[\s,.:;'’]|$)",
    re.IGNORECASE,
)
_OTHER_POINTERS = compile_later(
    r"^[\"'“‘「『(\[]*\s*(?:"
    r"(?:그|그녀|그들|이들|이|이것|그것|저|우리|나)(?:는|은|가|를|을|의|에|에게|도|와|로|들은|들이|들의)?\s|이는\s|이를\s|이에\s|이와\s|이날|"
    r"이러한|이런|이같은|이같이|이처럼|이렇게|그러한|그런|그러나|하지만|그리고|그런데|그래서|따라서|이후|이어|또|또한|한편|다만|반면|특히|여기|당시|해당|앞서|즉|"
    r"彼|彼女|これ|それ|この|その|こうした|そうした|しかし|また|一方|さらに|だが|ただ|そして|なお|同氏|同社|"
    r"他|她|它|这|這|该|該|此|其|但|而|并|並|同时|同時|然而|因此|对此|對此|"
    r"(?:él|ella|ellos|ellas|esto|eso|este|esta|estos|estas|ese|esa|su|sus|pero|además|sin\s+embargo|también|"
    r"il|elle|ils|elles|ce|cet|cette|ces|cela|ça|son|sa|ses|leurs?|mais|cependant|en\s+outre|"
    r"er|sie|es|dies|diese[rsnm]?|das|sein|seine|ihre?|aber|doch|außerdem|zudem|jedoch|"
    r"ele|ela|eles|elas|isso|isto|essa|seu|sua|mas|além\s+disso|"
    r"egli|lui|lei|loro|questo|questa|suo|ma|inoltre|tuttavia|"
    r"он|она|они|оно|это|этот|эта|его|её|их|но|однако|при\s+этом|"
    r"αυτός|αυτή|αυτό|όμως|هو|هي|هذا|هذه|لكن|वह|यह|वे|लेकिन)(?=[\s,.:]))",
    re.IGNORECASE,
)
_QUOTE_MARK = compile_later(r"[\"“”„«»「」『』`'](?:(?<![`'])|(?<=`)`|(?<=')')")
_OPENING_QUOTES = ("“", "„", "«", "「", "『")
_TOGGLING_QUOTES = ('"', "``", "''")
_OBJECT_PRONOUN = compile_later(r"^(?:[\w'’-]+\s+){1,8}(?:it|them|him|this|that|so)\s?[,.;]")
_THIRD_PERSON = compile_later(r"[hst](?<!\w.)(?:(?<=h)(?:e|is|er|im)|(?<=s)he|(?<=t)(?:hey|heir|hem))\b")
_CAPITALISED = compile_later(r"[A-Z](?<!\w.)\w")
_QUOTED = compile_later(r"[\"“„«][^\"“”„«»]*[\"”»]|``[^`]*''")
_NAME = r"(?:[A-ZÀ-Þ][\w'’-]*[a-zß-ÿ][\w'’-]*|[A-Z]\.)"
_TITLE = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Rev|Sir|Lord|Lady|Dame|President|Minister|Prime Minister|"
    r"Professor|Senator|Governor|Mayor|Chancellor|Secretary|Judge|Justice|Captain|Coach|Pope|King|Queen|Prince|Princess|"
    r"Director|Chairman|Chairwoman|Spokesman|Spokeswoman|Detective|Inspector|Officer)\.?)"
)
_PERSON_SUBJECT = compile_later(
    rf"^(?:(?P<title>{_TITLE})\s+)?(?P<name>{_NAME}(?:\s+(?:de|van|von|bin|al|la|el|da|dos|ter)(?=\s))?"
    rf"(?:[ -]{_NAME}){{0,3}})"
    r"(?P<next>\s*,\s*\d{1,3}\s*,|\s*\(\d{1,3}\)|\s*,|\s+[a-z]+)"
)
_OTHER_NAMES = compile_later(rf"(?<!^)(?<![.!?]\s)\b{_NAME}(?:\s+{_NAME})+")
_NOT_A_PERSON = compile_later(
    r"\b(?:University|College|School|Institute|Ministry|Department|Office|Agency|Council|Court|Party|Bank|Company|Corp|Inc|"
    r"Ltd|Group|Association|Union|League|Club|United|City|County|State|States|Republic|Kingdom|North|South|East|West|New|"
    r"The|Police|Army|Navy|Force|House|Street|Road|Avenue|River|Lake|Mount|Sea|Bay|Island|Airport|Station|Hospital|Church|"
    r"Museum|Park|Centre|Center|Times|Post|News|Daily|World|National|International|Federal|Supreme|Royal|Central|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|"
    r"October|November|December|American|British|Chinese|Russian|Korean|Japanese|German|French|Cup|Championship|Committee|"
    r"Commission|Foundation|Service|Authority|Board|Bureau|Congress|Parliament|Senate|Assembly|Prize|Award|Act|Day|Games|"
    r"In|On|At|When|While|After|As|For|It|He|She|They|This|That|If|But|And|From|With|By|An|A|One|Two|San|Los|Las|Saint)\b"
)


@dataclass(frozen=True, slots=True)
class Antecedent:
    """The words that stand for the pronoun, and the position of the sentence they come from."""

    text: str
    position: int


def points_backwards(text: str, language: str = "en") -> bool:
    """Whether the sentence opens with a word that needs the sentence before it."""
    head = text[:MAX_CHARS]
    if _OTHER_POINTERS.match(head):
        return True
    return language in ("en", "und") and bool(_ENGLISH_POINTERS.match(head))


def find_split_quotes(sentences: Sequence[Sentence]) -> frozenset[int]:
    """Positions of sentences that hold a part of a quotation which began before them or goes on after them."""
    split: set[int] = set()
    opened = False
    opened_at = 0
    paragraph: int | None = None
    for position, sentence in enumerate(sentences):
        if sentence.paragraph != paragraph or position - opened_at > MAX_QUOTED_SENTENCES:
            opened = False
            paragraph = sentence.paragraph
        began_inside = opened
        for mark in _QUOTE_MARK.findall(sentence.text[:MAX_CHARS]):
            opened = mark in _OPENING_QUOTES or (mark in _TOGGLING_QUOTES and not opened)
            opened_at = position
        if began_inside or opened:
            split.add(position)
    return frozenset(split)


def leaves_unnamed(text: str) -> bool:
    """Whether an English sentence speaks of somebody or something it does not name ("when he left")."""
    head = _QUOTED.sub(" ", text[:MAX_CHARS])
    lowered = head.lower()
    if _OBJECT_PRONOUN.match(lowered):
        return True
    return bool(_THIRD_PERSON.search(lowered)) and not _CAPITALISED.search(head, 1)


def find_antecedent(texts: Sequence[str], position: int, opening: int = 0) -> Antecedent | None:
    """Who "He" or "She" is at `opening` of `texts[position]`, by the rule at the head of this file."""
    pronoun = _subject_pronoun(texts[position][opening:])
    if pronoun is None:
        return None
    for back in range(position - 1, max(-1, position - 1 - MAX_LOOK_BACK), -1):
        earlier = texts[back][:MAX_CHARS]
        if _subject_pronoun(earlier) == pronoun:
            continue
        name = _person_subject(earlier, pronoun)
        return Antecedent(name, back) if name else None
    return None


def replace_subject(text: str, name: str) -> str:
    """The sentence with its first word replaced by `name`."""
    return name + text[len(text.split(None, 1)[0]) :]


def _subject_pronoun(text: str) -> str | None:
    """The pronoun "he" or "she", when the sentence opens with it as its subject."""
    match = re.match(r"(he|she)\s+[a-z]", text[:40], re.IGNORECASE)
    return match[1].lower() if match else None


def _person_subject(text: str, pronoun: str) -> str | None:
    """The name the sentence opens with, when it can only be a person's and no other could be meant."""
    match = _PERSON_SUBJECT.match(text)
    if match is None or _NOT_A_PERSON.search(match["name"]):
        return None
    name, title = match["name"], match["title"]
    following = match["next"].strip(" ,()")
    possessive = {"he": "his", "she": "her"}[pronoun]
    rest = _QUOTED.sub(" ", text[match.end("name") :])
    is_person = bool(title) or following.isdigit() or following in SPEECH or bool(re.search(rf"\b{possessive}\b", rest))
    opposite = {"he": r"\b(?:she|her)\b", "she": r"\b(?:he|his|him)\b"}[pronoun]
    if not is_person or (" " not in name and not title) or re.search(opposite, rest, re.IGNORECASE):
        return None
    others = [other.group() for other in _OTHER_NAMES.finditer(rest) if not _NOT_A_PERSON.search(other.group())]
    if others:
        return None
    return f"{title} {name}" if title else name
