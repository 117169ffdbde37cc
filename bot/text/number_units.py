"""Magnitude words and units that follow a numeral, in the languages that write one."""

from __future__ import annotations

# Powers of ten. "Billion" is the English one; the German and Spanish plurals are unmistakably 10^12.
MAGNITUDES = {
    "thousand": 3, "mille": 3, "tausend": 3, "mil": 3, "mila": 3, "тыс": 3, "тысяч": 3, "тысячи": 3, "тысяча": 3,
    "million": 6, "millions": 6, "mln": 6, "mn": 6, "millionen": 6, "mio": 6, "millón": 6, "millones": 6, "milhão": 6,
    "milhões": 6, "milione": 6, "milioni": 6, "miljoen": 6, "млн": 6, "миллион": 6, "миллиона": 6, "миллионов": 6,
    "billion": 9, "billions": 9, "bn": 9, "bln": 9, "milliard": 9, "milliards": 9, "milliarde": 9, "milliarden": 9,
    "mrd": 9, "miliardo": 9, "miliardi": 9, "bilhão": 9, "bilhões": 9, "miljard": 9, "млрд": 9, "миллиард": 9,
    "миллиарда": 9, "миллиардов": 9, "mil millones": 9, "billionen": 12, "billones": 12,
    "trillion": 12, "trillions": 12, "tn": 12, "trn": 12, "трлн": 12, "lakh": 5, "lakhs": 5, "crore": 7, "crores": 7,
}  # fmt: skip
# Read after money only; "k" after any number.
SHORT_MAGNITUDES = {"k": 3, "m": 6, "b": 9, "t": 12}
# Canonical name and pattern; the first that matches counts, so percentage points come before percent.
UNITS = (
    ("pp", r"%p(?![A-Za-z])|%포인트|퍼센트포인트|percentage[ -]points?\b|prozentpunkte?n?\b"),
    (
        "%",
        r"[%％٪]|퍼센트|パーセント|프로(?![가-힣])|per ?cent\b|pct\b|prozent\b|pour cent\b|por ciento\b|por cento\b"
        r"|per cento\b|процент\w{0,3}",
    ),
    ("$", r"달러|ドル|美元|美金|(?:US[ -])?dollars?\b|USD\b|доллар\w{0,3}|dólares\b"),
    ("€", r"유로|ユーロ|欧元|歐元|euros?\b|EUR\b|евро\b|€"),
    ("£", r"파운드|英镑|英鎊|pounds? sterling\b|GBP\b"),
    ("¥", r"엔(?![가-힣]{2})|円|日元|日圓|yen\b|JPY\b"),
    ("₩", r"원(?![장내생고인유전래칙하정])|韩元|韓元|ウォン|won\b|KRW\b"),
    ("元", r"위안|人民币|人民幣|元|yuan\b|renminbi\b|CNY\b|RMB\b"),
    ("₽", r"루블|рубл\w{0,3}|roubles?\b|rubles?\b"),
    ("₹", r"루피|rupees?\b"),
    ("ord", r"(?:st|nd|rd|th)(?![\w])|[ºª](?!\w)|번째"),
)
SIGN_UNITS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩", "CNY": "元", "RMB": "元", "￥": "¥"}
