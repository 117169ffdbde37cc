"""Korean words without their endings: particles and the verb "to do" are written onto the noun."""

from __future__ import annotations

import re

from bot.text.word_sets import any_of

# Cut longest first (에서는 before 는), and only where at least two syllables remain.
_PARTICLES = any_of(
    """에서부터 으로부터 이라고는 에게서는 으로서는 으로써는 에서는 에서도 에게는 에게도 에게서 으로는 으로도 으로서
    으로써 까지는 까지도 부터는 이라고 이라는 이라며 이나마 한테서 께서는 로부터 보다는 만으로 에서의 으로의 과의
    에서 에게 에는 에도 에만 으로 까지 부터 보다 처럼 만큼 마다 조차 마저 밖에 이라 이란 이나 이며 이고 라고 라는
    라며 께서 한테 로서 로써 로는 로도 와의 들은 들이 들을 들의 들도 은 는 이 가 을 를 의 에 와 과 도 만 로 나 며"""
)
_PARTICLE = re.compile(rf"(?<=[가-힣]{{2}})(?:{_PARTICLES})$")
# Endings of the verbs that make a verb of a noun ("졸업한" of "졸업").
_DOING = any_of(
    """하였던 하였는가 하였을까 하였다 하였 했는가 했던 했다 했을 했 하는가 하는 한다 하고 하여 하게 하기 해서 한
    되었던 되었는가 되었다 되었 됐던 됐다 되는가 되는 된다 되어 되기 된"""
)
_VERB = re.compile(rf"(?<=[가-힣]{{2}})(?:{_DOING})$")


def strip_particles(word: str) -> str:
    """Return a Hangul word without its trailing particles, never less than two syllables of it."""
    return _PARTICLE.sub("", word, count=1)


def strip_endings(word: str) -> str:
    """Return a Hangul word without its particles, and a verb made of a noun ("졸업한") as that noun."""
    noun = _VERB.sub("", word, count=1)
    return noun if noun != word else strip_particles(word)
