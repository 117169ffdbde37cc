"""Two hundred texts that want to come alive in Slack: mentions, links, markup, emoji, dates, hidden characters."""

from __future__ import annotations

_MENTIONS = ("<!channel>", "<!here>", "<!everyone>", "<@U0READER>", "<@W012A3CDE>", "<#C0NEWS>", "<#C0NEWS|general>",
             "<!subteam^S0123>", "<!subteam^S0123|@board>", "@channel", "@here", "@everyone", "<!channel|calm>",
             "<@U0READER|someone>")  # fmt: skip
_LINKS = ("<https://evil.example/?d=1|Read on>", "<mailto:a@evil.example|write>", "https://evil.example/?d=2",
          "http://evil.example", "www.evil.example", "evil.example/path", "<tel:+123|call>", "slack://open?team=T1",
          "[Read on](https://evil.example)", "<slack://user?team=T1&id=U1|open>", "ftp://evil.example/x")  # fmt: skip
_DATES = ("<!date^1392734382^Posted {date_num}^https://evil.example|now>", "<!date^0^{date}|then>")
_EMOJI = (":smile:", ":skin-tone-2:", ":+1:", ":newsbot_custom:", ":a:b:c:", "::")
_MARKUP = (
    "*bold*", "_slanted_", "~gone~", "`code`", "```\nblock\n```", "> quote", ">>> long quote", "&lt;!channel&gt;",
    "&amp;lt;!here&amp;gt;", "&#60;!channel&#62;", "* one\n* two", "# heading", "<<!channel>>", "<", ">", "&", "<>",
    "<!", "<@", "<|>", "</help:1>", "<t:0:R>", "discord.gg/abcdef",
)  # fmt: skip
_WRAPS = (
    "{}", "Oldport said {} today.", "\u202e{}\u202c", "{}\u200b", "\u2066{}\u2069 and {}",
    "\U000e0041{}\U000e007f",
)  # fmt: skip
_LONG = (
    "\ufdfa" * 400, "a\u0301" * 3000, "<" * 5000, "&" * 5000, "x" * 9000, "한" * 6000,
    "\U0001f469\u200d\U0001f467" * 900, "\x00\x07 \x1b[31mred",
)  # fmt: skip

HOSTILE = (
    *(wrap.replace("{}", text) for text in (*_MENTIONS, *_LINKS, *_DATES, *_EMOJI, *_MARKUP) for wrap in _WRAPS),
    *_LONG,
)
assert len(HOSTILE) >= 200
