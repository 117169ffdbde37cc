"""Names of months and weekdays by language, and small number words."""

from __future__ import annotations

from bot.text.word_sets import any_of

# January is 1, Monday is 0; one row a language. Abbreviations are given where papers print them.
ENGLISH_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
ENGLISH_WEEKDAY = (
    r"(?:Mon(?:day|\.)|Tue(?:sday|s?\.)|Wed(?:nesday|\.)|Thu(?:rsday|rs?\.|\.)|Fri(?:day|\.)|Sat(?:urday|\.)"
    r"|Sun(?:day|\.))"
)
_MONTH_STARTS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY_STARTS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MONTHS = (
    "januar jänner janvier janv enero ene gennaio janeiro januari",
    "februar février févr febrero feb febbraio fevereiro februari",
    "märz mars marzo mar março maart",
    "april avril avr abril abr aprile",
    "mai mayo maggio maio mei",
    "juni juin junio jun giugno junho",
    "juli juillet juil julio jul luglio julho",
    "august août aout agosto ago augustus",
    "september septembre septiembre setiembre sept settembre setembro",
    "oktober octobre octubre oct ottobre outubro",
    "november novembre noviembre nov novembro",
    "dezember décembre diciembre dic dicembre dezembro december déc dez",
)
_WEEKDAYS = (
    "montag lundi lunes lunedì segunda-feira maandag",
    "dienstag mardi martes martedì terça-feira dinsdag",
    "mittwoch mercredi miércoles mercoledì quarta-feira woensdag",
    "donnerstag jeudi jueves giovedì quinta-feira donderdag",
    "freitag vendredi viernes venerdì sexta-feira vrijdag",
    "samstag sonnabend samedi sábado sabato zaterdag",
    "sonntag dimanche domingo domenica zondag",
)
EUROPEAN_MONTHS = {name: number for number, row in enumerate(_MONTHS, start=1) for name in row.split()}
EUROPEAN_WEEKDAYS = {name: number for number, row in enumerate(_WEEKDAYS) for name in row.split()}
EUROPEAN_MONTH = rf"(?:{any_of(' '.join(_MONTHS))})\.?"
EUROPEAN_WEEKDAY = rf"(?:{any_of(' '.join(_WEEKDAYS))})"

_NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS.split())} | {
    "a": 1, "an": 1, "couple": 2, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_COUNTING = " ".join(word for word in _NUMBERS if word not in ("a", "an", "couple", "zero"))
ENGLISH_NUMBER = rf"(?:\d{{1,3}}|(?:an?\s+)?couple(?:\s+of)?|{any_of(_COUNTING)}|an?)"


def english_month(name: str) -> int:
    """Return the number (1-12) of an English month, in full or short."""
    return _MONTH_STARTS.index(name.lower()[:3]) + 1


def english_weekday(name: str) -> int:
    """Return the number (0 = Monday) of an English weekday, in full or short."""
    return _WEEKDAY_STARTS.index(name.lower()[:3])


def european_month(name: str) -> int:
    """Return the number (1-12) of a month of another European language."""
    return EUROPEAN_MONTHS[name.lower().rstrip(".")]


def small_number(text: str) -> int:
    """Return the value of a short number in digits or English words ("a couple of" is 2)."""
    words = text.lower().split()
    if words[0].isascii() and words[0].isdigit():
        return int(words[0])
    return 2 if "couple" in words else _NUMBERS.get(words[0], 1)
