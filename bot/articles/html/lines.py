"""What short lines say when they are not the article: invitations, labels, notices; one reason each, many languages."""

from __future__ import annotations

import re

# Short lines that publishers put between paragraphs; each pattern is tried on the whole line.
_LINES: tuple[tuple[str, str], ...] = (
    (
        "related",
        r"(?:read (?:more|also|next|the full|this)|also read|see also|see more|more (?:on|from|about|stories|"
        r"news)\b.{0,60}$|"
        r"related(?: (?:articles?|stories|story|news|content|topics|posts|links|coverage|video))?\s*(?::|$)|"
        r"recommended|"
        r"you may (?:also )?(?:like|be interested)|you might (?:also )?(?:like|be interested)|don['’]t miss\s*:|"
        r"(?:watch|listen|explore|discover|learn) (?:more|also|now|next)\b|watch\s*:|up next|must read|trending|"
        r"most (?:read|popular|viewed)|"
        r"lea (?:también|tambien|más|mas)\b|lea\s*:|leer (?:más|mas|también)|te puede interesar|puede interesarte|"
        r"también (?:te puede|puedes leer)|"
        r"lire (?:aussi|également|la suite|plus)|à lire|voir aussi|a lire|sur le même sujet|"
        r"lesen sie (?:auch|mehr|hier|dazu|weiter)|mehr zum thema|mehr dazu|weiterlesen|auch interessant|"
        r"das könnte sie|"
        r"lies auch|lesetipp|zum thema|siehe auch|schon gelesen|ähnliche beiträge|empfohlene beiträge|"
        r"weitere informationen$|"
        r"weiterführende|dieses thema im programm|auf dieser seite|auch spannend|le puede interesar|"
        r"más sobre\b.{0,40}$|"
        r"leggi anche|leggi tutto|potrebbe interessarti|leia (?:também|mais)|veja (?:também|mais)|saiba mais|"
        r"lees (?:ook|meer|verder)|läs (?:också|mer|även)|les også|læs også|lue myös|czytaj (?:też|także|więcej)|"
        r"zobacz (?:też|także)|читайте также|читать далее|смотрите также|"
        r"関連記事|あわせて読みたい|相关阅读|相关新闻|延伸閱讀|관련기사|관련 기사|"
        r"▶|►|>>)",
    ),
    (
        "newsletter",
        r"(?:sign up (?:for|to|here|now|today)|subscribe (?:to|now|here|today|for)|get (?:the|our|all the|"
        r"your) .{0,40}(?:newsletter|inbox|briefing)|"
        r"(?:want|like) (?:more|this).{0,60}(?:newsletter|inbox)|join (?:our|the) .{0,40}(?:newsletter|"
        r"mailing list)|our newsletter|"
        r"newsletter\b|suscr[ií]bete|inscrivez-vous|abonnez-vous|jetzt abonnieren|abonnieren sie|iscriviti|inscreva-se|"
        r"by (?:signing up|subscribing|clicking)|your email address)",
    ),
    (
        "newsletter",
        r"(?:follow|suivez|síguenos|síganos|siga|folgen sie|seguici)\b.{0,160}\b(?:twitter|facebook|"
        r"instagram|whatsapp|telegram|youtube|tiktok|linkedin)\b|for (?:all )?(?:the latest|more|breaking) .{0,80}\b(?:download|"
        r"subscribe|sign up|follow us|our app|click)\b|never miss .{0,60}\bsign(?:ing)? up\b",
    ),
    (
        "share",
        r"(?:share(?: (?:this|on|via|to|article|story))?\b.{0,40}$|follow (?:us|me|him|her|@\w+|our|the|\w+ (?:on|"
        r"and))\b|(?:like|find) us on|"
        r"like this (?:story|article)|tweet(?: this)?$|facebook$|twitter$|whatsapp$|linkedin$|pinterest$|email$|"
        r"e-mail$|print$|copy link|"
        r"s[ií]guenos|síguenos|comparte|compartir|partager|suivez[- ]nous|teilen$|folgen sie|artikel teilen|"
        r"condividi|seguici|"
        r"compartilh[ae]|siga[- ]nos|공유하기|シェア)",
    ),
    (
        "advertisement",
        r"(?:advert(?:isement)?s?|advertising|ad$|ads$|sponsored|anzeige|werbung|publicidad|publicité|pubblicità|"
        r"reklama?|"
        r"story continues|article continues|continue reading|scroll (?:down )?to continue|scroll down|"
        r"the story continues)\b.{0,60}$",
    ),
    (
        "copyright",
        r"(?:©|\(c\) ?\d{4}|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés|"
        r"todos los derechos reservados|무단\s?전재|저작권자|ⓒ)",
    ),
    (
        "comments",
        r"(?:(?:leave|post|add|write) (?:a|your) (?:comment|reply)|\d+ comments?$|comments?(?: \(\d+\))?$|"
        r"view comments|show comments|"
        r"comments are closed|join the (?:conversation|discussion)|kommentare$|kommentieren$)",
    ),
    (
        "print or tools",
        r"(?:click here|click to|tap here|enlarge|view (?:gallery|image|photos)|image (?:\d+ of \d+|source)|play video|"
        r"download (?:the|our) .{0,30}app\b|photo gallery|gallery:|back to top|load more|show more|hide$|close$|"
        r"this video is|"
        r"listen to this|your browser does not|javascript is|please enable)",
    ),
    (
        "paywall",
        r"(?:this (?:content|article|story) is (?:reserved|exclusive|only|for|available) .{0,40}(?:subscribers|"
        r"members|registered)|"
        r"already (?:a|have a|an) (?:subscriber|member|account|subscription)|register (?:/ sign in )?to unlock|"
        r"create an account or sign in|"
        r"subscribe or sign in|sign in or create|unlimited (?:digital|online) access|log in to (?:read|continue)|"
        r"you have reached your|to continue reading|access articles from)",
    ),
    ("date", r"\d{1,2}[:.]\d{2}\s?(?:uhr|[ap]\.?m\.?|gmt|est|h)?$"),
    ("print or tools", r"(?:loading|wird geladen|cargando|chargement|読み込み中|불러오는 중)\W{0,3}$"),
    ("markup", r"(?:[<\[]\/?\w{1,20}(?: [\w-]{1,30}=|[>\]]))"),
    (
        "date",
        r"(?:(?:first |last |originally )?(?:published|updated|posted|modified)|stand|aktualisiert|veröffentlicht|"
        r"erstellt|"
        r"publié|mis à jour|mise à jour|(?:última )?(?:actualiza|atualiza)\w+|publicado|pubblicato|aggiornato|"
        r"gepubliceerd|"
        r"uppdaterad|publicerad|publisert|oppdatert|opublikowano|aktualizacja|güncelleme|опубликовано|обновлено|입력|"
        r"수정|更新|公開)"
        r"\b\D{0,30}\d.{0,60}$",
    ),
    (
        "byline",
        r"(?:[가-힣A-Za-z·]{2,12}\s?=\s?)?[가-힣]{2,4}\s?(?:선임|인턴)?(?:기자|특파원|앵커)\s{0,3}[=(/]?\s{0,3}(?:[\w.+-]{1,40}@[\w.-]{1,40})?\)?$",
    ),
    ("byline", r"[\w.+-]{1,40}@[\w-]{1,40}\.[\w.-]{2,30}$"),
    (
        "tags",
        r"(?:tags?|topics?|keywords|filed under|categor(?:y|ies)|schlagw(?:ort|örter).{0,30}|themen|stichw(?:ort|"
        r"örter)|etiquetas|temas|"
        r"mots[- ]clés|sujets|argomenti|ämnen|tagi)\s*(?::|$)",
    ),
    (
        "caption",
        r"(?:photo(?:graph)?s?(?: by| credit| courtesy)?\s*[:/]|image(?: credit| source)?\s*:|credit\s*:|foto\s*:|"
        r"fotos?\s?[:/©]|"
        r"(?:\()?(?:getty images|ap photo|reuters/|photo by|picture:)|bild\s*:|"
        r"quelle\s*:|crédits?\s*(?:photo)?\s*:|imagen\s*:)",
    ),
)
_LINE_PATTERNS = tuple((reason, re.compile(r"[\s\W]{0,3}" + pattern, re.I)) for reason, pattern in _LINES)
# Longer lines are sentences that merely begin like clutter.
_MAX_LINE_CHARS = 220
# These begin real sentences too ("Share prices fell ..."): believed only on short lines.
_SHORT_LINE_CHARS = 90


def clutter_of_line(text: str, *, link_share: float) -> str | None:
    """Return what kind of clutter a line is by its wording, or None; `link_share` is the share of it that is links."""
    if len(text) > _MAX_LINE_CHARS:
        return None
    for reason, pattern in _LINE_PATTERNS:
        if pattern.match(text) is None:
            continue
        if len(text) <= _SHORT_LINE_CHARS or link_share > 0.3 or reason in ("newsletter", "copyright"):
            return reason
    return None
