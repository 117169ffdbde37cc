"""What page markup and short lines look like when they are not the article: word lists, one reason each.

Only general vocabulary of web publishing stands here, no site's own names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from bot.text.lazy import compile_later

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
_STATES = frozenset(("has", "have", "no", "not", "with", "without", "is", "if", "hide", "show", "enable", "disable"))
_CONTENT = "article text"
# What longer names say is worked out anew each time, so that hostile pages can't fill the memory.
_MAX_KNOWN_CHARS = 600
# A longer name is no word but a hash or an attack.
_MAX_NAME_CHARS = 200
_CONTENT_NAME = compile_later(r"(?:article|entry|post|story|news)(?:-|_|__)?(?:body|content|text)", re.I)
_CAMEL = compile_later(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME_SPLIT = compile_later(r"[^a-z]+")


def _by_word(lists: dict[str, str]) -> dict[str, str]:
    return {word: reason for reason, words in lists.items() for word in words.split()}


_REASON_OF_WORD = _by_word(_NAME_WORDS)
_REASON_OF_PAIR = _by_word(_NAME_PAIRS)


def names_say(class_: str | None, id_: str | None) -> tuple[str | None, bool]:
    """Return what kind of clutter a class and an id name ("caption" for captions), and whether they name the text."""
    names = f"{class_ or ''} {id_ or ''}"
    return _known_names_say(names) if len(names) <= _MAX_KNOWN_CHARS else _names_say(names)


@lru_cache(maxsize=8192)
def _known_names_say(names: str) -> tuple[str | None, bool]:
    return _names_say(names)


def _names_say(names: str) -> tuple[str | None, bool]:
    found: str | None = None
    for name in names.split():
        reason, is_plain = _reason_of(name) if len(name) <= _MAX_NAME_CHARS else (None, False)
        if reason == _CONTENT:
            return None, True
        found = reason if is_plain else found or reason
    return found, False


@lru_cache(maxsize=16384)
def _reason_of(name: str) -> tuple[str | None, bool]:
    """Return what kind of clutter one class name says, and whether two of its words together say so plainly."""
    if _CONTENT_NAME.fullmatch(name):
        return _CONTENT, True
    words = [word for word in _NAME_SPLIT.split(_CAMEL.sub("-", name).lower()) if word]
    for first, second in pairwise(words):
        reason = _REASON_OF_PAIR.get(f"{first}-{second}")
        if reason is not None:
            return reason, True
    for before, word in zip(("", *words), words, strict=False):
        reason = _REASON_OF_WORD.get(word)
        if reason is not None and before not in _STATES:
            return reason, False
    return None, False


# Elements without any of these are seen.
HIDING_ATTRIBUTES = frozenset(("hidden", "aria-hidden", "style", "color"))
WHITE_ON_WHITE = "hidden text (white on white)"
HIDDEN_ATTRIBUTE = "hidden text (hidden attribute)"
_HIDDEN_STYLE = compile_later(
    r"display:none|visibility:(?:hidden|collapse)|opacity:(?:0?\.0\d*|0%?)(?:[;!]|$)|"
    r"font-size:(?:[01]|0?\.\d+|[01]\.\d+)(?:px|pt|%)(?:[;!]|$)|font-size:0(?:\.0+)?(?:r?em)?(?:[;!]|$)|"
    r"(?:left|top|right|bottom|text-indent|margin-left|margin-top):-\d{3,}|clip:rect\([01](?:px)?[,)]|"
    r"clip-path:(?:inset\((?:50|100)%|circle\(0|polygon\(0)|transform:scale\(0|content-visibility:hidden|mso-hide:all"
)
# A box without room hides its text only where what flows over is cut off.
_NO_ROOM = compile_later(r"(?<![\w-])(?:max-)?(?:height|width):(?:[01]|0?\.\d+)(?:px|r?em|%|pt)?(?:[;!]|$)")
_COLOR = compile_later(r"(?<![\w-])color:(#?[\w(),.%]{3,40})")
_BACKGROUND = compile_later(r"background(?:-color)?:(#?[\w(),.%]{3,40})")
_WHITES = frozenset(("#fff", "#ffffff", "white", "rgb(255,255,255)", "transparent", "rgba(0,0,0,0)"))


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
    compact = "".join(style.lower().split())
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
