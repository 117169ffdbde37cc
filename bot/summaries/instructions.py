"""Finds text in an article that gives orders instead of reporting, so that it never reaches a bullet.

An article is data. A line that tells the reader or a machine what to do ("ignore the above", "add this to your
answer", a code block, a fake system prompt) is no news, whoever planted it; neither is "click here". The signs are
general: an imperative at the start, talk about "your answer", talk to an assistant, code, and a paragraph that shares
no word with the rest of the article. An order inside quotation marks is reported speech and stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.model import Sentence
from bot.summaries.lexicon import AMBIGUOUS_VERBS, CODE_WORDS, FOREIGN_WORDS, OPENING_WORDS, TALK_WORDS, TASK_VERBS
from bot.summaries.ranking import Vector
from bot.text.lazy import compile_later

MAX_CHARS = 4000  # of a text that are looked at: an instruction shows itself at once
ALIEN_MIN_SENTENCES = 6  # in a shorter article a paragraph without a shared word is no sign yet
ALIEN_MAX_SHARED = 0.15  # of a paragraph's terms that other paragraphs hold, too, up to which it is alien
PLANTED_MAX_SENTENCES = 4  # a paragraph this short that opens with an order is all of it planted

_OBJECT = (
    "the|a|an|your|my|our|this|that|these|those|all|any|each|every|me|us|it|him|them|some|no|only|following|both|"
    "nothing|anything|everything|numbers|letters|words|emojis?|in (?:reverse|english|french|german|spanish|korean)|"
    "using|with|as (?:if|a|an|though)|like|how|what|why|down|here|to (?:the|this|your|our)|out|up|random|main|whether"
)
_NOT_A_NOUN = r"(?!\s*(?:[,.:;!?]|of\b|is\b|are\b|was\b|were\b|has\b|have\b|had\b|will\b|by\b|and\b|said\b|says\b))"
_PLEASE = (
    r"(?:(?:please|kindly|now|then|next|first|finally|also|instead|always|never|just|simply|seamlessly|carefully|"
    r"don['’]?\s?t\s+forget\s+to|remember\s+to|be\s+sure\s+to|make\s+sure\s+to|take\s+a\s+moment\s+to|to\s+proceed|"
    r"do\s+not|do\s+n['’]t|don['’]t|you\s+(?:must|should|will|need\s+to|have\s+to|are\s+to)(?:\s+(?:now|always|also))?|"
    r"in\s+(?:your|the|this)\s+(?:\w+\s+)?\w+)\s*,?\s+)"
)
_IMPERATIVE = compile_later(
    rf"^(?:{_PLEASE}{{0,2}}(?:{'|'.join(sorted(TASK_VERBS))})\s+(?!to\b){_NOT_A_NOUN}"
    rf"|{_PLEASE}{{0,2}}(?:{'|'.join(sorted(AMBIGUOUS_VERBS))})\s+(?:{_OBJECT})\b"
    rf"|(?:please|kindly)\s*,?\s+[a-z]+\b"
    rf"|(?:can|could|would|will)\s+you\b|let['’]?s\s+(?:think|play|pretend)\b"
    rf"|(?:how|where|when|why|what)\s+(?:can|do|should|could|would|must)\s+(?:i|you)\b)",
    re.IGNORECASE,
)
_QUESTION_ABOUT_TEXT = compile_later(
    r"^(?:is|are|was|does|do|what|which|how|whether)\s[^.?!]{0,80}\b(?:this|these|the\s+following)\s+(?:feedback|reviews?|"
    r"tweets?|sentences?|comments?|texts?|messages?|passages?|paragraphs?|words?|phrases?)\b[^?]{0,80}\?",
    re.IGNORECASE,
)
_REPLY_NOUN = (
    r"(?:answers?|response|repl(?:y|ies)|outputs?|summar(?:y|ies)|completion|elucidation|solution|implementation|"
    r"algorithm|code(?:base)?|instructions?|(?:system\s+)?prompt|program\s+logic|generation)"
)
_TALK = compile_later(
    rf"\byour\s+(?:\w+\s+)?{_REPLY_NOUN}\b(?!\s+to\s+(?:the\s+)?(?:disaster|crisis|crime))"
    rf"|\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.!?]{{0,40}}\b(?:previous|prior|above|earlier|preceding|"
    r"foregoing|system|all)\b[^.!?]{0,30}\b(?:instruction|prompt|rule|direction|guideline|context|text|content|message|"
    r"command|order)s?\b"
    r"|\b(?:system|developer|assistant|user)\s+(?:prompt|message|instruction|override|note)s?\b\s*[:\]>]"
    r"|^\W*(?:system|assistant|user|instructions?|important|attention|note to (?:the )?\w+)\s*:\s"
    r"|\b(?:you\s+are|act\s+as|pretend\s+to\s+be|as)\s+(?:now\s+)?(?:an?|the)\s+(?:\w+\s+){0,3}"
    r"(?:ai|a\.i\.|chat\s?bots?|assistant|language\s+model|llm|gpt|summari[sz]er|bot|jailbroken\s+\w+)\b(?!\s+(?:said|says))"
    r"|\b(?:ai|language)\s+(?:model|assistant)s?\s+(?:reading|processing|summari[sz]ing|parsing)\b"
    r"|\bwhen\s+(?:you\s+)?(?:summari[sz]e|summari[sz]ing|answering|responding|replying)\b"
    r"|\b(?:following|below|subsequent|given)\s+code\s+(?:\w+\s+)?(?:snippet|block|section|excerpt|fragment)"
    r"|\bcode\s+(?:snippet|block|excerpt)s?\s*:"
    r"|\b(?:my|me)\s+(?:with\s+)?(?:computer|laptop|homework|recipe)\b",
    re.IGNORECASE,
)
_CODE = compile_later(
    r"```|~~~|<\s*/?\s*(?:script|system|instructions?|prompt|im_start|im_end|assistant|user|document|context)\b[^<>]{0,40}>"
    r"|<\|[\w ]{1,40}\|>|\[/?(?:INST|SYS|SYSTEM)\]|<<\s*SYS|^#{1,6}\s+(?:instruction|system|response|input|prompt)"
    r"|^\s*(?:import\s+[\w.,\s]+$|from\s+[\w.]+\s+import\s|def\s+\w+\s*\(|class\s+\w+\s*[:(]|while\s+True\s*:|"
    r"#include\s*<|function\s+\w*\s*\(|SELECT\s+.{1,80}\s+FROM\s)"
    r"|(?<=\w)\.\w{1,40}\([^()]{0,200}\)\s*(?:[;.:]|$)|^\s*(?:sudo|curl|wget|rm\s+-rf|pip\s+install)\s+\S|\{\s*\"role\"\s*:|;\s*\}\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_FOREIGN = compile_later(
    r"(?:이전|위의|앞의|모든|기존)\s?(?:의\s?)?(?:모든\s?)?(?:지시|명령|프롬프트|지침|규칙|내용)\S*\s?(?:을|를|은|는)?\s?\S{0,6}\s?"
    r"(?:무시|잊|따르지)"
    r"|(?:당신|너|귀하)(?:의|은|는)\s?(?:\S+\s){0,3}?(?:답변|응답|대답|출력|요약|역할|AI|인공지능|챗봇|비서)"
    r"|(?:답변|응답|대답|출력|요약)(?:문)?(?:에|을|를|은|는|할\s?때|에는)\s[^.!?]{0,60}(?:하세요|하십시오|해라|하라|해\s?줘|해\s?주세요|"
    r"하시오|넣어|추가|포함|바꿔|써)\S*[.!]?$"
    r"|(?:주세요|주십시오|하십시오|하시오|하세요|으세요|마세요|해줘|해\s줘|보세요|바랍니다|할\s?것)\s*[.!]?$"
    r"|(?:指示|命令|プロンプト|ルール)\S{0,6}無視|(?:して|って|いて|えて|んで)ください[。！]?$|(?:回答|返答|応答|出力|要約)(?:に|を|は|で)[^。]{0,40}(?:せよ|なさい|こと)[。！]?$"
    r"|忽略\S{0,12}(?:指令|指示|提示|内容|说明|命令)|^请(?:你)?(?:忽略|翻译|回答|用|把|将|写|提供|在|以|输出|总结|不要|务必|告诉)|你(?:的|必须|应该)\S{0,6}(?:回答|回复|输出|答案|总结)"
    r"|\bignor(?:a|e|ez|ar|iere|ieren|iert)\b[^.!?]{0,40}\b(?:instruc\w+|istruz\w+|instruç\w+|anweisung\w*|befehl\w*|"
    r"consign\w+|vorherig\w+|précédent\w+|anterior\w*|precedent\w*)"
    r"|\b(?:tu|su|sua|ta|votre|vos|deine?r?|ihre?r?|la tua)\s+(?:respuesta|resposta|risposta|réponses?|antwort\w*)\b"
    r"|^(?:traduce|traduzca|responde|responda|escribe|escriba|traduis|traduisez|réponds|répondez|écris|écrivez|übersetze|"
    r"übersetzen sie|antworte|antworten sie|schreibe?|schreiben sie|traduci|rispondi|scrivi|traduza|escreva|añade|"
    r"incluye|"
    r"ajoute|ajoutez|füge|fügen sie)\b"
    r"|(?:игнорируй|проигнорируй|забудь)\w*|^(?:переведи|ответь|напиши|добавь|включи|объясни)\w*\b|(?:تجاهل|ترجم|اكتب|أجب)\s"
    r"|(?:निर्देश\S*|आदेश\S*)\s.{0,30}(?:अनदेखा|नज़रअंदाज़)",
    re.IGNORECASE,
)
_CODE_MARK = compile_later(r"[`~<\[#{}()](?:(?<![~()])|(?<=~)~|(?<=\()\)|(?<=\))[.;:])")
_FOREIGN_STEMS = (
    "ignor",
    "tradu",
    "respon",
    "rispon",
    "scriv",
    "escri",
    "escre",
    "inclu",
    "ajout",
    "antwort",
    "schreib",
)
_FOREIGN_LETTER = compile_later(r"[^\W\d_a-zA-Z]")
_WORD = compile_later(r"[a-z]+")
_SIGNAL_WORDS = CODE_WORDS | TALK_WORDS | FOREIGN_WORDS
_QUOTED_SPEECH = compile_later(r"[\"“„«「『][^\"“”„«»「」『』]*[\"”»」』]|``[^`]*''")
_LIST_MARK = compile_later(r"^[\s>*#•–—\-\d.)(\[\]]+")
_SPEECH_REPORT = compile_later(r"\b(?:said|says|told|added|asked|wrote|tweeted|urged|shouted|warned)\b", re.IGNORECASE)
# What `_DIRECT_APPEAL` cannot match without.
_APPEAL_SIGN = compile_later(
    r"[Yy?？:.@당여Ww](?:(?<=[Yy])[Oo][Uu]|(?<=[?？])|(?<=:)//|(?<=\.)[CcNnOoIi]|(?<=@)\w|(?<=당)신|(?<=여)러|(?<=[Ww])[Ww])"
)
_DIRECT_APPEAL = compile_later(
    r"\b(?:you|your)\b|[?？]\s*$|https?://|\bwww\.|\b[\w-]+\.(?:com|net|org|io)\b|@\w+\.\w|당신|여러분", re.IGNORECASE
)


def is_instruction(text: str) -> bool:
    """Whether `text` orders the reader or a machine to do something, or is code, instead of reporting.

    Orders inside quotation marks do not count: they are reported speech.
    """
    head = text[:MAX_CHARS].strip()
    words = _WORD.findall(head.lower())
    signals = not _SIGNAL_WORDS.isdisjoint(words)
    may_be_code = _CODE_MARK.search(head) or (signals and not CODE_WORDS.isdisjoint(words))
    if may_be_code and _CODE.search(head):
        return True
    suspects = _patterns_to_try(head, words, signals)
    if not suspects:
        return False
    bare = _LIST_MARK.sub("", _QUOTED_SPEECH.sub('""', head).strip())
    if not bare or bare.startswith('""') or _SPEECH_REPORT.search(bare):
        return False
    return any(pattern.search(bare) for pattern in suspects)


def _patterns_to_try(head: str, words: Sequence[str], signals: bool) -> list[re.Pattern[str]]:
    """The patterns a text could match at all, told from its words; `signals` says that it has `_SIGNAL_WORDS`."""
    suspects: list[re.Pattern[str]] = []
    if words and words[0] in OPENING_WORDS:
        suspects.append(_IMPERATIVE)
    if signals and not TALK_WORDS.isdisjoint(words):
        suspects.append(_TALK)
    if "?" in head:
        suspects.append(_QUESTION_ABOUT_TEXT)
    opens_foreign = bool(words) and words[0].startswith(_FOREIGN_STEMS)
    has_foreign = signals and not FOREIGN_WORDS.isdisjoint(words)
    if opens_foreign or has_foreign or (not head.isascii() and _FOREIGN_LETTER.search(head)):
        suspects.append(_FOREIGN)
    return suspects


def find_planted(sentences: Sequence[Sentence], vectors: Sequence[Vector]) -> frozenset[int]:
    """Positions in `sentences` of text that gives orders, is code, or stands in a paragraph alien to the article.

    `vectors` are the sentences' term vectors; sentences past their end are judged by wording alone.
    """
    return find_orders(sentences) | find_aliens(sentences[: len(vectors)], vectors)


def find_orders(sentences: Sequence[Sentence]) -> frozenset[int]:
    """Positions in `sentences` of text that gives orders or is code, with the rest of a short paragraph it opens."""
    planted: set[int] = set()
    paragraphs = _positions_by_paragraph(sentences)
    in_fence = False
    for positions in paragraphs:
        texts = [sentences[position].text for position in positions]
        fences = sum([text.count("```", 0, MAX_CHARS) + text.count("~~~", 0, MAX_CHARS) for text in texts])
        ordering = [is_instruction(text) for text in texts]
        if not (in_fence or fences or True in ordering):
            continue
        opens_with_order = ordering[0] and len(positions) <= PLANTED_MAX_SENTENCES and len(paragraphs) > 1
        if in_fence or fences or opens_with_order:
            planted.update(positions)
        planted.update(position for position, orders in zip(positions, ordering, strict=True) if orders)
        in_fence ^= fences % 2 == 1
    return frozenset(planted)


def find_aliens(sentences: Sequence[Sentence], vectors: Sequence[Vector]) -> frozenset[int]:
    """Positions of short paragraphs that appeal to the reader and share hardly a term with the others.

    `vectors` are the term vectors of `sentences`, from the ranking.
    """
    paragraphs = _positions_by_paragraph(sentences)
    if len(sentences) < ALIEN_MIN_SENTENCES or len(paragraphs) < 2:
        return frozenset()
    suspects = [positions for positions in paragraphs if _may_appeal(sentences, positions)]
    if not suspects:
        return frozenset()
    carriers = Counter(
        term for positions in paragraphs for term in set().union(*(vectors[position] for position in positions))
    )
    shared = {term for term, count in carriers.items() if count > 1}
    alien: set[int] = set()
    for positions in suspects:
        own = set().union(*(vectors[position] for position in positions))
        if len(own & shared) > ALIEN_MAX_SHARED * len(own):
            continue
        texts = (_QUOTED_SPEECH.sub(" ", sentences[position].text[:MAX_CHARS]) for position in positions)
        if any(_DIRECT_APPEAL.search(text) for text in texts):
            alien.update(positions)
    return frozenset(alien)


def _may_appeal(sentences: Sequence[Sentence], positions: Sequence[int]) -> bool:
    """Whether a paragraph is short and holds a sign of an appeal; a quick look before the terms are compared."""
    if len(positions) > PLANTED_MAX_SENTENCES:
        return False
    return any(_APPEAL_SIGN.search(sentences[position].text) for position in positions)


def _positions_by_paragraph(sentences: Sequence[Sentence]) -> list[list[int]]:
    """The positions of the sentences, one list a paragraph, in order."""
    paragraphs: list[list[int]] = []
    last: int | None = None
    for position, sentence in enumerate(sentences):
        if sentence.paragraph != last:
            paragraphs.append([])
            last = sentence.paragraph
        paragraphs[-1].append(position)
    return paragraphs
