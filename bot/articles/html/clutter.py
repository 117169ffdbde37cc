"""What page markup and short lines look like when they are not the article: word lists, one reason each.

Only general vocabulary of web publishing stands here, no site's own names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

SCREEN_READER = "hidden text (for screen readers)"

# Words of class names and ids (camelCase and hyphens parted) that name a kind of box.
_NAME_WORDS: dict[str, str] = {
    "share": "share social sharing addthis addtoany sharedaddy sociallinks socials shares shareaholic sns shareblock "
    "sharebar sharebuttons sharetools socialshare",
    "related": "related relateds recommend recommended recommendation recommendations recirc recirculation "
    "outbrain taboola zergnet zemanta jp-relatedposts morefrom readmore trending popular mostread mostviewed "
    "mostpopular upnext alsoread readnext relacionadas relacionados relacionada relacionado verwandt "
    "similar crosslink crosslinks backlinks moreon yarpp onward seealso",
    "teaser": "teaser teasers",
    "newsletter": "newsletter newsletters signup subscribe subscription subscriptions optin mailchimp abo abonnement",
    "promo": "promo promos promotion promobox promoted marketing cta appeal donate donation donations upsell",
    "advertisement": "ad ads adv advert adverts advertisement advertising adslot adbox adunit adsense adsbygoogle dfp "
    "sponsor sponsored sponsors werbung anzeige publicidad publicite banner billboard leaderboard",
    "comments": "comment comments commentlist disqus respond reactions kommentare kommentar comentarios commentaires "
    "livefyre discussion replies fb-comments",
    "navigation": "nav navbar navigation menu submenu breadcrumb breadcrumbs pagination pager topnav subnav sitemap "
    "skiplink skip toolbar jumplinks toc",
    "sidebar": "sidebar rail aside widget widgets rightrail rightcol",
    "footer": "footer footnote-nav copyright colophon endnote impressum",
    "cookie notice": "cookie cookies consent gdpr cmp cookiebar",
    "overlay": "modal popup overlay lightbox tooltip interstitial toast",
    "byline": "byline bylines author authors authorbox bio writer autor auteur contributor contributors kicker "
    "dateline timestamp pubdate",
    "tags": "tags taglist tagcloud keywords topics categories hashtags cat-links tag-links entry-meta post-meta "
    "postmetadata postmeta",
    "caption": "caption captions credit credits figcaption imagecaption wp-caption-text copyrightholder legende "
    "bildunterschrift photocredit imgcaption piedefoto",
    "login": "login signin register logon paywall-overlay",
    "player": "player videoplayer audioplayer playlist podcast",
    "print or tools": "noprint hidden-print print-only articletools",
    "correction or disclaimer": "disclaimer",
    "gallery": "gallery slideshow carousel slider swiper",
    SCREEN_READER: "visuallyhidden screenreader sronly",
}
# Pairs of neighbouring words.
_NAME_PAIRS: dict[str, str] = {
    "related": "read-more read-next read-also most-read most-viewed most-popular see-also also-read more-from more-on "
    "more-stories more-news more-articles up-next you-may other-news other-stories other-articles next-article "
    "next-story latest-news top-stories in-other lire-aussi leer-mas mehr-zum internal-link link-list linked-article",
    "newsletter": "sign-up opt-in email-form mailing-list",
    "share": "follow-us follow-button",
    "byline": "about-author author-info publish-date published-date post-date",
    "tags": "tag-list entry-footer post-footer article-footer entry-meta post-meta article-meta meta-info cat-links "
    "tag-links article-tags post-tags story-tags",
    "caption": "photo-credit image-credit image-caption photo-caption wp-caption media-credit",
    SCREEN_READER: "sr-only visually-hidden screen-reader assistive-text",
    "comments": "fb-comments",
    "navigation": "skip-link post-navigation table-of-contents",
    "print or tools": "article-tools print-only no-print hidden-print",
    "advertisement": "google-ad ad-slot ad-container",
}
# "has-sidebar" or "no-ads" say something of the page around, not what the box is.
_STATES = frozenset("has have no not with without is if hide show enable disable".split())
_MAX_NAMES_CHARS = 600
_CONTENT_NAME = re.compile(r"(?:article|entry|post|story|news)(?:-|_|__)?(?:body|content|text)", re.I)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME_SPLIT = re.compile(r"[^a-z]+")


def _by_word(lists: dict[str, str]) -> dict[str, str]:
    return {word: reason for reason, words in lists.items() for word in words.split()}


_REASON_OF_WORD = _by_word(_NAME_WORDS)
_REASON_OF_PAIR = _by_word(_NAME_PAIRS)


@lru_cache(maxsize=8192)
def names_say(class_: str | None, id_: str | None) -> tuple[str | None, bool]:
    """Return what kind of clutter a class and an id name ("caption" for captions), and whether they name the article."""
    if not class_ and not id_:
        return None, False
    # Utility classes and one-off hashes can be endless in hostile pages: the first names are telling.
    names = (*(class_ or "")[:_MAX_NAMES_CHARS].split(), *(id_ or "")[:_MAX_NAMES_CHARS].split())
    if any(_CONTENT_NAME.fullmatch(name) for name in names):
        return None, True
    return _clutter_of(names), False


def _clutter_of(names: tuple[str, ...]) -> str | None:
    found: str | None = None
    for name in names:
        words = [word for word in _NAME_SPLIT.split(_CAMEL.sub("-", name).lower()) if word]
        for before, word in zip(("", *words), words, strict=False):
            reason = _REASON_OF_WORD.get(word)
            if reason is not None and before not in _STATES:
                found = found or reason
        for first, second in zip(words, words[1:], strict=False):
            reason = _REASON_OF_PAIR.get(f"{first}-{second}")
            if reason is not None:
                return reason
    return found


WHITE_ON_WHITE = "hidden text (white on white)"
HIDDEN_ATTRIBUTE = "hidden text (hidden attribute)"
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:(?:0?\.0\d*|0%?)(?:[;!]|$)|"
    r"font-size:(?:[01]|0?\.\d+|[01]\.\d+)(?:px|pt|%)(?:[;!]|$)|font-size:0(?:\.0+)?(?:r?em)?(?:[;!]|$)|"
    r"(?:left|top|right|bottom|text-indent|margin-left|margin-top):-\d{3,}|clip:rect\([01](?:px)?[,)]|"
    r"clip-path:(?:inset\((?:50|100)%|circle\(0|polygon\(0)|transform:scale\(0|content-visibility:hidden|mso-hide:all"
)
# A box without room hides its text only where what flows over is cut off.
_NO_ROOM = re.compile(r"(?<![\w-])(?:max-)?(?:height|width):(?:[01]|0?\.\d+)(?:px|r?em|%|pt)?(?:[;!]|$)")
_COLOR = re.compile(r"(?<![\w-])color:(#?[\w(),.%]{3,40})")
_BACKGROUND = re.compile(r"background(?:-color)?:(#?[\w(),.%]{3,40})")
_WHITES = frozenset(("#fff", "#ffffff", "white", "rgb(255,255,255)", "transparent", "rgba(0,0,0,0)"))
# A style attribute longer than this is a data image or an attack; its beginning is enough.
_MAX_STYLE_CHARS = 2_000


def hidden_reason(attributes: Mapping[str, str]) -> str | None:
    """Return why an element with these attributes is not seen by a reader, or None when it is."""
    if "hidden" in attributes and attributes.get("hidden") != "until-found":
        return HIDDEN_ATTRIBUTE
    if attributes.get("aria-hidden") == "true" and "href" not in attributes:
        return "hidden text (aria-hidden)"
    style = attributes.get("style")
    if not style:
        # The old way, `<font color>`.
        return WHITE_ON_WHITE if attributes.get("color", "").lower() in _WHITES else None
    compact = "".join(style[:_MAX_STYLE_CHARS].lower().split())
    found = _HIDDEN_STYLE.search(compact)
    if found is not None:
        return f"hidden text ({found[0].rstrip(';!')})"
    if "overflow:hidden" in compact and _NO_ROOM.search(compact):
        return "hidden text (no room)"
    color = _COLOR.search(compact)
    if color is None:
        return None
    background = _BACKGROUND.search(compact)
    if color[1] in _WHITES and (background is None or background[1] in _WHITES):
        return WHITE_ON_WHITE
    if background is not None and color[1] == background[1]:
        return "hidden text (text in the colour of its background)"
    return None


# Short lines that publishers put between paragraphs; each pattern is tried on the whole line.
_LINES: tuple[tuple[str, str], ...] = (
    (
        "related",
        r"(?:read (?:more|also|next|the full|this)|also read|see also|see more|more (?:on|from|about|stories|news)\b.{0,60}$|"
        r"related(?: (?:articles?|stories|story|news|content|topics|posts|links|coverage|video))?\s*(?::|$)|recommended|"
        r"you may (?:also )?(?:like|be interested)|you might (?:also )?(?:like|be interested)|don['’]t miss\s*:|"
        r"(?:watch|listen|explore|discover|learn) (?:more|also|now|next)\b|watch\s*:|up next|must read|trending|most (?:read|popular|viewed)|"
        r"lea (?:también|tambien|más|mas)\b|lea\s*:|leer (?:más|mas|también)|te puede interesar|puede interesarte|también (?:te puede|puedes leer)|"
        r"lire (?:aussi|également|la suite|plus)|à lire|voir aussi|a lire|sur le même sujet|"
        r"lesen sie (?:auch|mehr|hier|dazu|weiter)|mehr zum thema|mehr dazu|weiterlesen|auch interessant|das könnte sie|"
        r"lies auch|lesetipp|zum thema|siehe auch|schon gelesen|ähnliche beiträge|empfohlene beiträge|weitere informationen$|"
        r"weiterführende|dieses thema im programm|auf dieser seite|auch spannend|le puede interesar|más sobre\b.{0,40}$|"
        r"leggi anche|leggi tutto|potrebbe interessarti|leia (?:também|mais)|veja (?:também|mais)|saiba mais|"
        r"lees (?:ook|meer|verder)|läs (?:också|mer|även)|les også|læs også|lue myös|czytaj (?:też|także|więcej)|"
        r"zobacz (?:też|także)|читайте также|читать далее|смотрите также|関連記事|あわせて読みたい|相关阅读|相关新闻|延伸閱讀|관련기사|관련 기사|"
        r"▶|►|>>)",
    ),
    (
        "newsletter",
        r"(?:sign up (?:for|to|here|now|today)|subscribe (?:to|now|here|today|for)|get (?:the|our|all the|your) .{0,40}(?:newsletter|inbox|briefing)|"
        r"(?:want|like) (?:more|this).{0,60}(?:newsletter|inbox)|join (?:our|the) .{0,40}(?:newsletter|mailing list)|our newsletter|"
        r"newsletter\b|suscr[ií]bete|inscrivez-vous|abonnez-vous|jetzt abonnieren|abonnieren sie|iscriviti|inscreva-se|"
        r"by (?:signing up|subscribing|clicking)|your email address)",
    ),
    (
        "share",
        r"(?:share(?: (?:this|on|via|to|article|story))?\b.{0,40}$|follow (?:us|me|him|her|@\w+|our|the|\w+ (?:on|and))\b|(?:like|find) us on|"
        r"like this (?:story|article)|tweet(?: this)?$|facebook$|twitter$|whatsapp$|linkedin$|pinterest$|email$|e-mail$|print$|copy link|"
        r"s[ií]guenos|síguenos|comparte|compartir|partager|suivez[- ]nous|teilen$|folgen sie|artikel teilen|condividi|seguici|"
        r"compartilh[ae]|siga[- ]nos|공유하기|シェア)",
    ),
    (
        "advertisement",
        r"(?:advert(?:isement)?s?|advertising|ad$|ads$|sponsored|anzeige|werbung|publicidad|publicité|pubblicità|reklama?|"
        r"story continues|article continues|continue reading|scroll (?:down )?to continue|scroll down|the story continues)\b.{0,60}$",
    ),
    (
        "copyright",
        r"(?:©|\(c\) ?\d{4}|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés|"
        r"todos los derechos reservados|무단\s?전재|저작권자|ⓒ)",
    ),
    (
        "comments",
        r"(?:(?:leave|post|add|write) (?:a|your) (?:comment|reply)|\d+ comments?$|comments?(?: \(\d+\))?$|view comments|show comments|"
        r"comments are closed|join the (?:conversation|discussion)|kommentare$|kommentieren$)",
    ),
    (
        "print or tools",
        r"(?:click here|click to|tap here|enlarge|view (?:gallery|image|photos)|image (?:\d+ of \d+|source)|play video|"
        r"download (?:the|our) .{0,30}app\b|photo gallery|gallery:|back to top|load more|show more|hide$|close$|this video is|"
        r"listen to this|your browser does not|javascript is|please enable)",
    ),
    (
        "paywall",
        r"(?:this (?:content|article|story) is (?:reserved|exclusive|only|for|available) .{0,40}(?:subscribers|members|registered)|"
        r"already (?:a|have a|an) (?:subscriber|member|account|subscription)|register (?:/ sign in )?to unlock|create an account or sign in|"
        r"subscribe or sign in|sign in or create|unlimited (?:digital|online) access|log in to (?:read|continue)|"
        r"you have reached your|to continue reading|access articles from)",
    ),
    ("markup", r"(?:[<\[]\/?\w{1,20}(?: [\w-]{1,30}=|[>\]]))"),
    (
        "date",
        r"(?:(?:first |last |originally )?(?:published|updated|posted|modified)|stand|aktualisiert|veröffentlicht|erstellt|"
        r"publié|mis à jour|mise à jour|(?:última )?(?:actualiza|atualiza)\w+|publicado|pubblicato|aggiornato|gepubliceerd|"
        r"uppdaterad|publicerad|publisert|oppdatert|opublikowano|aktualizacja|güncelleme|опубликовано|обновлено|입력|수정|更新|公開)"
        r"\b\D{0,30}\d.{0,60}$",
    ),
    (
        "tags",
        r"(?:tags?|topics?|keywords|filed under|categor(?:y|ies)|schlagw(?:ort|örter).{0,30}|themen|stichw(?:ort|örter)|etiquetas|temas|"
        r"mots[- ]clés|sujets|argomenti|ämnen|tagi)\s*(?::|$)",
    ),
    (
        "caption",
        r"(?:photo(?:graph)?s?(?: by| credit| courtesy)?\s*[:/]|image(?: credit| source)?\s*:|credit\s*:|foto\s*:|fotos?\s?[:/©]|"
        r"(?:\()?(?:getty images|ap photo|reuters/|photo by|picture:)|bild\s*:|quelle\s*:|crédits?\s*(?:photo)?\s*:|imagen\s*:)",
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
