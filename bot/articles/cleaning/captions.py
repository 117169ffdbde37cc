"""Which lines belong to pictures: captions that end in a photo credit, credits alone, lines marked as captions.

Only a line's end is searched, so its length does not matter. A text agency in brackets after the last paragraph
("... he said. (dpa)") signs the article, not a picture.
"""

from __future__ import annotations

import re

from bot.articles.cleaning.blocks import Block
from bot.text.lazy import compile_later

# The longest credit ("Photo by Jane Doe/Paper via Getty Images") is shorter.
_END_CHARS = 110
_MAX_CREDIT_WORDS = 12

_AGENCIES = (
    r"(?:AP|AFP|Reuters|REUTERS|Yonhap|EPA(?:-EFE)?|EFE|ANSA|dpa|DPA|APA|Keystone|KEYSTONE"
    r"|Belga|ANP|NTB|TT|Ritzau|Getty(?:\sImages)?|TASS|Tass|Sputnik|KCNA|Xinhua|UPI|PTI|ANI"
    r"|Bloomberg|Newsis|News1|Kyodo|Jiji|PA(?:\sWire|\sMedia)?|Alamy|Shutterstock|iStock"
    r"|Unsplash|Pexels|Pixabay|imago|IMAGO|picture[ -]alliance|ZUMA(?:\sPress)?|SIPA|Sipa"
    r"|Anadolu"
    r"|AAP|Canadian Press|NurPhoto|Wikimedia Commons|LaPresse|LUSA|Lusa|Reprodução|Divulgação"
    r"|Archivo|РИА Новости|ТАСС|رويترز|أ\.?\s?ف\.?\s?ب"
    r"|연합뉴스|연합|뉴시스|뉴스1|로이터|게티이미지(?:뱅크|코리아)?|ロイター|共同|時事|新华社"
    r"|中新社|视觉中国|視覺中國|中央社|路透社?|法新社|美联社)"
)
_MEDIA = (
    r"(?:photo(?:graph)?s?|pictures?|images?|illustration|graphic|foto(?:s|grafia|grafía)?"
    r"|bild(?:er)?|crédit(?:s)?(?:\sphoto)?|фото|صورة|تصوير|사진|写真|图|圖|图片|圖片|画像"
    r"|撮影)"
)
_PERSON = r"[A-Z][\w.'-]+(?:\s[A-Z][\w.'-]+){0,3}"
_BRACKETED_CREDITS = (
    # (Reuters/Yonhap), (AP Photo/Jane Doe)
    rf"\(\s?(?:[^()]{{0,40}}[\s/·:=-])?{_AGENCIES}(?:[\s/·,:-][^()]{{0,40}})?\)",
    # (Photo by Jane Doe), [사진=연합뉴스], (写真：...)
    rf"[(\[（【<]\s?{_MEDIA}\s?(?:by|of|:|：|=|/|／|credit|courtesy|제공|\s)[^()\[\]（）]{{1,60}}[)\]）】>]",
    rf"[(\[（【<]\s?{_MEDIA}\s?[)\]）】>]",
    # (file photo)
    r"[(\[（]\s?(?:file\s(?:photo|image)|handout|자료\s?사진|资料图片?|資料照片?|archivfoto|foto de archivo"
    r"|foto d'archivio|archives)[^()]{0,20}[)\]）]",
    # [가람시 제공. 재판매 및 DB 금지]
    r"\[[^\[\]]{2,40}(?:제공|자료\s?사진|금지|캡처|캡쳐|촬영)[^\[\]]{0,24}\]",
)
_OPEN_CREDITS = (
    # ". /한빛일보", ". ⓒ 뉴스1"
    r"(?<=[.!?。\s])[/／ⓒ©]\s?(?:사진\s?=?\s?)?[^\s.]{2,14}(?:\s(?:기자|제공|캡처|캡쳐))?",
    # ". TASS-Yonhap", ". Jane Doe/Getty Images", ". REUTERS/Jane Doe/File Photo"
    rf"(?<=[.!?。])\s?(?:{_PERSON}\s?/\s?)?(?:[A-Z][A-Za-z]+[-/])?{_AGENCIES}"
    r"(?:\s?(?:/|-|via)\s?[^.。]{1,40})?(?:\sphoto|\s?제공|\s?자료사진|\s?캡처)?",
    # ". Photograph: Jane Doe/The Paper", "| Photo Credit: J. Doe", "— Foto: ..."
    rf"(?:^|(?<=[.!?。]\s)|(?<=[.!?。|])|(?<=[—–|-]\s))"
    rf"(?:{_MEDIA}\s?(?:credit|courtesy)?|credit|courtesy|photographer|fotograf[oa]?)"
    r"\s?(?:by\s|(?<=courtesy)\sof\s|:|：|=|／|/)\s?(?:[A-Z]\.\s?){0,3}[^.。:]{2,50}",
    # "。林知远 摄", "＝北原美咲撮影", ". 소라군 제공", ". 홍길동 기자"
    r"(?<=[\s。）)])[^\s.。]{2,12}\s?(?:摄|攝|供图|供圖|提供)",
    r"[=＝](?:ロイター|共同|時事|AP|AFP|[^。=＝]{2,40}(?:撮影|提供))",
    r"(?<=[.!?])\s[가-힣A-Za-z·]{2,16}(?:\s[가-힣]{2,8})?\s?제공",
    r"(?<=[.!?。])\s[가-힣]{2,4}\s?(?:선임|사진|객원)?\s?기자",
)
_CREDIT_END = compile_later(rf"(?:{'|'.join((*_BRACKETED_CREDITS, *_OPEN_CREDITS))})\s?\.?$", re.IGNORECASE)
# In plain text (`Block.is_plain`) every one of the credits above ends in a bracket, holds a sign, or names an agency or
# a medium where a sentence or the text begins, or after a bar or dash.
_CLOSING_BRACKETS = (")", "]", ">")
_PLAIN_CREDIT = compile_later(
    rf"[.!?|–—-]\s?(?:[a-z]++-)?(?:{_AGENCIES.lower()}|{_MEDIA}|credit|courtesy|fotograf)"  # of a line in small letters
)
_CREDIT_NOUN = (
    rf"(?:{_MEDIA}|image source|photo credit|picture credit|image credit|crédito|crédit|credits?|courtesy|bildquelle"
    r"|fotocredit|사진\s?제공|사진\s?출처|그래픽|图片来源|圖片來源|图源|供图|提供写真)"
)
_CREDIT_ONLY = compile_later(
    r"[(\[（【<]?\s?(?:"
    rf"{_CREDIT_NOUN}\s?(?:by\s|(?<=courtesy)\sof\s|:|：|=|／|(?<=source),\s|/)\s?\S.{{0,70}}"
    rf"|[©ⓒ]\s?{_AGENCIES}.{{0,40}}"
    rf"|(?:{_PERSON}\s?/\s?)?{_AGENCIES}(?:\s?/\s?[^\W\d_][\w\s.'-]{{1,40}})?"
    r"|file photo|file image|handout|자료\s?사진|资料图|資料写真"
    r")\s?[)\]）】>]?\.?$",
    re.IGNORECASE,
)
# With what a marked caption begins in plain text.
_PLAIN_MARKS = ("image c", "media c", "photo c", "caption", "bild", "légende", "pie de", "legenda", "didascalia")
_MARKED = compile_later(
    r"(?:image caption|media caption|photo caption|caption|bildunterschrift|bildbeschreibung"
    r"|bild vergrößern|légende|pie de foto|legenda|didascalia|подпись|사진\s?설명|사진설명"
    r"|写真説明|图片说明)\s?[:：,=.|]\s?\S"
    r"|▲\s?\S|△\s?\S|\[사진\d{0,2}\]\s?\S|\(?사진\s?\d?\s?=|▼ 사진",
    re.IGNORECASE,
)


def has_photo_credit(block: Block, closes_article: bool) -> bool:
    """Return whether a line ends in a photo credit; the last paragraph may be signed by an agency all the same."""
    if closes_article and not block.is_one_sentence:
        return False
    if block.words < 3:
        return False
    end = block.text[-_END_CHARS:]
    found = _CREDIT_END.search(end) if not block.is_plain or _may_end_in_credit(end) else None
    if found is None:
        return False
    return not (closes_article and re.match(r"[(（]", found.group()) and len(found.group()) <= 10)


def is_credit_only(block: Block) -> bool:
    """Return whether a line is nothing but the credit of a picture above it."""
    return (
        block.words <= _MAX_CREDIT_WORDS
        and len(block.text) <= _END_CHARS
        and _CREDIT_ONLY.match(block.text) is not None
    )


def is_marked_caption(block: Block) -> bool:
    """Return whether a line says that it is a caption."""
    if block.is_plain and not block.folded.startswith(_PLAIN_MARKS):
        return False
    return block.words <= 60 and _MARKED.match(block.text) is not None


def _may_end_in_credit(end: str) -> bool:
    """Return whether the end of a plain line is worth the search for a credit: most lines of prose are not."""
    if "/" in end or "=" in end or end.rstrip(" .").endswith(_CLOSING_BRACKETS):
        return True
    return _PLAIN_CREDIT.search(f"|{end.lower()}") is not None
