"""Words that say nothing of what a text is about: our own English list, stopwords-iso for every other language."""

from __future__ import annotations

from functools import lru_cache

from bot.text.word_sets import word_set

# Lists kept: more than the languages of one archive, less than every code somebody may send.
_REMEMBERED_LANGUAGES = 64

# Function words, titles, the verbs of reporting and the units of time: in news they fit every story.
_ENGLISH = word_set(
    """a an the and or but if then than that this these those of in on at by for with from to into onto over under
    about as is are was were be been being am do does did doing done have has had having will would can could may
    might must shall should not no nor so such too very it its itself he him his himself she her hers herself they
    them their theirs themselves we us our ours ourselves you your yours yourself i me my mine myself who whom whose
    which what when where why how there here also just only own same s t d ll m re ve up down out off again once
    more most some any each few both all other others while during before after between because until against
    through above below further said say says saying according mr mrs ms dr told tell tells added new one two first
    last year years day days week weeks month months time times people like even much many isn't wasn't aren't
    weren't don't doesn't didn't won't wouldn't can't couldn't shouldn't hasn't haven't hadn't cannot upon per via"""
)


@lru_cache(maxsize=_REMEMBERED_LANGUAGES)
def stop_words(language: str = "en") -> frozenset[str]:
    """Return the lower-case stop words of a language (ISO 639-1); none for a language we have no list of."""
    if language == "en":
        return _ENGLISH
    import stopwordsiso  # imported here: its lists take a while to read

    if language not in stopwordsiso.langs():
        return frozenset()
    return frozenset(word.lower() for word in stopwordsiso.stopwords(language))
