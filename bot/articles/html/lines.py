"""What short lines say when they are not the article: invitations, labels, notices; one reason each, many languages."""

from __future__ import annotations

import re

from bot.text.lazy import compile_later

# Short lines that publishers put between paragraphs; each pattern is tried on the whole line.
_LINES: tuple[tuple[str, str], ...] = (
    (
        "related",
        r"(?:read (?:more|also|next|the full|this)|also read|see also|see more|more (?:on|from|about|stories|"
        r"news)\b[^.]{0,60}$|related(?: (?:articles?|stories|story|news|content|topics|posts|links|coverage|"
        r"video))?\s*(?::|$)|recommended(?: (?:for you|stories|reading|articles|videos))?\s*(?::|$)|you may "
        r"(?:also )?(?:like|be interested)|you might (?:also )?(?:like|be interested)|don['’]t miss\s*:|"
        r"(?:watch|listen|explore|discover|learn) (?:more|also|now|next)\b|watch\s*:|(?:up next|must[- ]read|"
        r"trending(?: now| topics| stories)?|most (?:read|popular|viewed))\s*(?:[:|]|$)|lea (?:también|tambien|"
        r"más|mas)\b|lea\s*:|leer (?:más|mas|también)|te puede interesar|puede interesarte|también (?:te puede|"
        r"puedes leer)|lire (?:aussi|également|la suite|plus)|à lire|voir aussi|a lire|sur le même sujet|lesen "
        r"sie (?:auch|mehr|hier|dazu|weiter)|mehr zum thema|mehr dazu|weiterlesen|auch interessant|das könnte "
        r"sie|lies auch|lesetipp|zum thema|siehe auch|schon gelesen|ähnliche beiträge|empfohlene beiträge|"
        r"weitere informationen$|weiterführende|dieses thema im programm|auf dieser seite|auch spannend|le "
        r"puede interesar|más sobre\b.{0,40}$|leggi anche|leggi tutto|potrebbe interessarti|leia (?:também|"
        r"mais)|veja (?:também|mais)|saiba mais|lees (?:ook|meer|verder)|läs (?:också|mer|även)|les også|læs "
        r"også|lue myös|czytaj (?:też|także|więcej)|zobacz (?:też|także)|читайте также|читать далее|смотрите "
        r"также|関連記事|あわせて読みたい|相关阅读|相关新闻|延伸閱讀|관련기사|관련 기사|▶|►|>>)",
    ),
    (
        "newsletter",
        r"(?:sign up (?:for|to|here|now|today)|subscribe (?:to|now|here|today|for)|get (?:the|our|all the|your) "
        r".{0,40}(?:newsletter|inbox|briefing)|(?:want|like) (?:more|this).{0,60}(?:newsletter|inbox)|join "
        r"(?:our|the) .{0,40}(?:newsletter|mailing list)|our newsletter|newsletter\b|suscr[ií]bete|"
        r"inscrivez-vous|abonnez-vous|jetzt abonnieren|abonnieren sie|iscriviti|inscreva-se|by (?:signing up|"
        r"subscribing|clicking)|your email address)",
    ),
    (
        "newsletter",
        r"(?:follow|suivez|síguenos|síganos|siga|folgen sie|seguici)\b.{0,160}\b(?:twitter|facebook|instagram|"
        r"whatsapp|telegram|youtube|tiktok|linkedin)\b|for (?:all )?(?:the latest|more|breaking) "
        r".{0,80}\b(?:download|subscribe|sign up|follow us|our app|click)\b|never miss .{0,60}\bsign(?:ing)? "
        r"up\b",
    ),
    (
        "share",
        r"(?:share(?:$|\s*:| (?:this|on|via|article|story)\b.{0,40}$)|follow (?:us|me|him|her|@\w+|our|\w+ "
        r"on)\b|(?:like|find) us on|like this (?:story|article)|tweet(?: this)?$|facebook$|twitter$|whatsapp$|"
        r"linkedin$|pinterest$|email$|e-mail$|print$|copy link|s[ií]guenos|síguenos|comparte|compartir|partager|"
        r"suivez[- ]nous|teilen$|folgen sie|artikel teilen|condividi|seguici|compartilh[ae]|siga[- ]nos|"
        r"공유하기|シェア)",
    ),
    (
        "advertisement",
        r"(?:(?:advert(?:isement)?s?|advertising|ads?|sponsored(?: content)?|anzeige|werbung|publicidad|"
        r"publicité|pubblicità|reklama?|광고)\s*(?:[:|]|$)|(?:story|article|the story) continues\b|continue "
        r"reading\b|scroll (?:down )?to continue|scroll down)",
    ),
    (
        "copyright",
        r"(?:©|\(c\) ?\d{4}|copyright\s*(?:©|\(c\)|\d{4}|by\b|:|$)|all rights reserved|alle rechte vorbehalten|"
        r"tous droits réservés|todos los derechos reservados|무단\s?전재|저작권자|ⓒ)",
    ),
    (
        "comments",
        r"(?:(?:leave|post|add|write) (?:a|your) (?:comment|reply)|\d+ comments?$|comments?(?: \(\d+\))?$|view "
        r"comments|show comments|comments are closed|join the (?:conversation|discussion)|kommentare$|"
        r"kommentieren$)",
    ),
    (
        "print or tools",
        r"(?:click here|click to|tap here|enlarge(?: image)?$|view (?:gallery|image|photos)|image (?:\d+ of \d+|"
        r"source)|play video|download (?:the|our) .{0,30}app\b|photo gallery|gallery:|back to top|load more|"
        r"show more|hide$|close$|this video is|listen to this|your browser does not|javascript is|please enable)",
    ),
    (
        "paywall",
        r"(?:this (?:content|article|story) is (?:reserved|exclusive|only|for|available) .{0,40}(?:subscribers|"
        r"members|registered)|already (?:a|have a|an) (?:subscriber|member|account|subscription)|register (?:/ "
        r"sign in )?to unlock|create an account or sign in|subscribe or sign in|sign in or create|unlimited "
        r"(?:digital|online) access|log in to (?:read|continue)|you have reached your|to continue reading|"
        r"access articles from)",
    ),
    ("date", r"\d{1,2}[:.]\d{2}\s?(?:uhr|[ap]\.?m\.?|gmt|est|h)?$"),
    ("print or tools", r"(?:loading|wird geladen|cargando|chargement|読み込み中|불러오는 중)\W{0,3}$"),
    ("markup", r"(?:[<\[]\/?\w{1,20}(?: [\w-]{1,30}=|[>\]]))"),
    (
        "date",
        r"(?:(?:first |last |originally )?(?:published|updated|posted|modified)|stand|aktualisiert|"
        r"veröffentlicht|erstellt|publié|mis à jour|mise à jour|(?:última )?(?:actualiza|atualiza)\w+|publicado|"
        r"pubblicato|aggiornato|gepubliceerd|uppdaterad|publicerad|publisert|oppdatert|opublikowano|"
        r"aktualizacja|güncelleme|опубликовано|обновлено|입력|수정|更新|公開)\b(?=.*(?:(?:19|20)\d\d|"
        r"\d[:.]\d\d))\D{0,30}\d.{0,60}$",
    ),
    (
        "byline",
        r"(?:[가-힣A-Za-z·]{2,12}\s?=\s?)?[가-힣]{2,4}\s?(?:선임|인턴)?(?:기자|특파원|"
        r"앵커)\s{0,3}[=(/]?\s{0,3}(?:[\w.+-]{1,40}@[\w.-]{1,40})?\)?$",
    ),
    ("byline", r"[\w.+-]{1,40}@[\w-]{1,40}\.[\w.-]{2,30}$"),
    (
        "tags",
        r"(?:tags?|topics?|keywords|filed under|categor(?:y|ies)|schlagw(?:ort|örter).{0,30}|themen|"
        r"stichw(?:ort|örter)|etiquetas|temas|mots[- ]clés|sujets|argomenti|ämnen|tagi)\s*(?::|$)",
    ),
    (
        "caption",
        r"(?:photo(?:graph)?s?(?: by| credit| courtesy)?\s*[:/]|image(?: credit| source)?\s*:|credit\s*:|"
        r"foto\s*:|fotos?\s?[:/©]|(?:\()?(?:getty images|ap photo|reuters/|photo by|picture:)|bild\s*:|"
        r"quelle\s*:|crédits?\s*(?:photo)?\s*:|imagen\s*:)",
    ),
)
_LINE_PATTERNS = tuple((reason, compile_later(r"[\s\W]{0,3}" + pattern, re.I)) for reason, pattern in _LINES)
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
