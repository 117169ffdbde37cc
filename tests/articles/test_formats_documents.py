"""PDF, Word, e-mail, pages and feeds, made here by real writers, give their articles; damaged ones say so."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import docx
import pytest
from reportlab.lib import pagesizes
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, SimpleDocTemplate

from bot.articles.building import build_articles
from bot.articles.formats import parse_file
from bot.articles.raw import Articles
from bot.errors import BadArticle
from bot.model import Article

KOREA = timezone(timedelta(hours=9))
TITLE = "River bridge opens after eleven years"
PARAGRAPHS = (
    "The mayor of Ostrava Bay opened the new river bridge on Monday morning, ending eleven years of delays that had "
    "cost the town more than four million crowns in ferry subsidies.",
    "“We waited for this day for a long time,” said Maria Kolar, who runs the bakery beside the eastern ramp. She "
    "gave away six hundred rolls before noon and expected to sell twice as many by the evening.",
    "Critics point to the toll. The council has promised that it will fall to 12 crowns next spring, once the first "
    "loan is repaid, but the opposition doubts it.",
)


def read(data: bytes, path: str) -> Articles:
    """Return the articles of a file."""
    return build_articles(parse_file(data, path), path=path, collection="")


def read_one(data: bytes, path: str) -> Article:
    """Return the one article of a file."""
    found = read(data, path)
    assert len(found) == 1
    return found[0]


def refusal(data: bytes, path: str) -> str:
    """Return the reason a file is refused with."""
    with pytest.raises(BadArticle) as caught:
        read(data, path)
    return str(caught.value)


def make_pdf(paragraphs: tuple[str, ...] = PARAGRAPHS, *, title: str = TITLE, password: str | None = None) -> bytes:
    """Return a PDF with a title, a byline, the paragraphs and a running foot with page numbers."""
    buffer = io.BytesIO()
    styles = getSampleStyleSheet()
    lock = StandardEncryption(password, canPrint=1) if password else None

    def draw_foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.drawString(72, 30, f"The Bay Courier Page {document.page}")

    document = SimpleDocTemplate(buffer, pagesize=pagesizes.A4, title=title, encrypt=lock)
    parts = [Paragraph(TITLE, styles["Title"]), Paragraph("By Jana Novak", styles["Normal"])]
    parts += [Paragraph(text, styles["BodyText"]) for text in paragraphs]
    document.build(parts, onFirstPage=draw_foot, onLaterPages=draw_foot)
    return buffer.getvalue()


def make_docx(*, author: str = "Jana Novak", body: tuple[str, ...] = PARAGRAPHS) -> bytes:
    """Return a Word document with a heading, the paragraphs, a subhead and a list."""
    document = docx.Document()
    document.core_properties.title = TITLE
    document.core_properties.author = author
    document.core_properties.modified = datetime(2024, 3, 4, 10, 30, tzinfo=UTC)
    document.add_heading(TITLE, 1)
    for text in body:
        document.add_paragraph(text)
    document.add_heading("What comes next", 2)
    document.add_paragraph("The toll falls in May & June.", style="List Bullet")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def make_mail(**headers: str) -> EmailMessage:
    """Return a message with a subject, a sender and a date."""
    message = EmailMessage()
    stated = {"Subject": TITLE, "From": "The Bay Courier <desk@example.org>", "Date": "Mon, 04 Mar 2024 10:30:00 +0900"}
    for name, value in (stated | headers).items():
        message[name] = value
    return message


# -- PDF ---------------------------------------------------------------------------------------------------------


def test_the_lines_of_a_pdf_become_its_paragraphs_again() -> None:
    made = read_one(make_pdf(), "a.pdf")
    assert made.title == TITLE
    assert made.byline == ("Jana Novak",)
    assert made.paragraphs == PARAGRAPHS


def test_running_feet_of_a_pdf_are_removed_with_their_reason() -> None:
    paragraphs = tuple(f"Day {day}. {text}" for day in range(12) for text in PARAGRAPHS)
    made = read_one(make_pdf(paragraphs), "a.pdf")
    assert made.paragraphs == paragraphs
    feet = [line.text for line in made.removed if line.reason == "running head"]
    assert feet[:2] == ["The Bay Courier Page 1", "The Bay Courier Page 2"]


def test_a_paragraph_of_a_pdf_goes_on_over_the_page() -> None:
    long = " ".join(f"On day {day} the {day * 3} workers poured {day * 7} tonnes." for day in range(150))
    assert read_one(make_pdf((long,)), "a.pdf").paragraphs == (long,)


def test_a_word_cut_by_a_hyphen_is_whole_again() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for number, line in enumerate(
        [
            "The mayor of Ostrava Bay opened the new river bridge on Monday, ending eleven years of con-",
            "struction that had cost the town four million crowns. The council wants a non-",
            "binding vote on the toll, which has risen to twelve crowns since the first days of Novem-",
            "ber.",
        ]
    ):
        canvas.drawString(72, 700 - 14 * number, line)
    canvas.save()
    body = read_one(buffer.getvalue(), "a.pdf").body
    assert "years of construction that" in body
    assert "a non-binding vote" in body
    assert body.endswith("days of November.")


def test_a_protected_pdf_says_that_it_wants_a_password() -> None:
    assert refusal(make_pdf(password="open-sesame"), "a.pdf") == "is protected by a password: save it without one"


@pytest.mark.parametrize("kept", [40, 1_000])
def test_a_truncated_pdf_is_damaged(kept: int) -> None:
    assert "damaged" in refusal(make_pdf()[:kept], "a.pdf")


def test_a_pdf_without_text_asks_for_recognised_text() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.rect(10, 10, 100, 100)
    canvas.save()
    assert "no text in it" in refusal(buffer.getvalue(), "scan.pdf")


def test_a_pdf_by_another_name_is_read_as_a_pdf() -> None:
    assert read_one(make_pdf(), "a.txt").paragraphs == PARAGRAPHS


# -- Word --------------------------------------------------------------------------------------------------------


def test_a_word_document_gives_title_paragraphs_subheads_and_date() -> None:
    made = read_one(make_docx(), "a.docx")
    assert made.title == TITLE
    assert made.paragraphs == (*PARAGRAPHS, "The toll falls in May & June.")
    assert made.subheads == ("What comes next",)
    assert made.modified_at == datetime(2024, 3, 4, 10, 30, tzinfo=UTC)


def test_the_program_that_wrote_a_word_document_is_no_author() -> None:
    assert read_one(make_docx(author="python-docx"), "a.docx").byline == ()


@pytest.mark.parametrize("kept", [200, 20_000])
def test_a_truncated_word_document_is_damaged(kept: int) -> None:
    assert "damaged" in refusal(make_docx()[:kept], "a.docx")


def test_a_damaged_part_of_a_word_document_is_damage() -> None:
    data = bytearray(make_docx())
    middle = data.find(b"word/document.xml") + 300
    data[middle : middle + 40] = bytes(40)
    assert "damaged" in refusal(bytes(data), "a.docx")


def test_a_zip_without_a_document_is_no_word_document() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/notes.txt", "nothing")
    assert "not a Word document" in refusal(buffer.getvalue(), "a.docx")


# -- e-mail ------------------------------------------------------------------------------------------------------


def test_a_mail_gives_subject_sender_date_and_text() -> None:
    message = make_mail(Subject=f"Fwd: {TITLE}")
    message.set_content("\n\n".join(PARAGRAPHS))
    made = read_one(message.as_bytes(), "a.eml")
    assert made.title == TITLE
    assert made.source == "The Bay Courier"
    assert made.published_at == datetime(2024, 3, 4, 10, 30, tzinfo=KOREA)
    assert made.paragraphs == PARAGRAPHS


def test_a_mail_of_html_with_a_line_of_text_gives_the_html() -> None:
    message = make_mail()
    message.set_content("View this mail in your browser.")
    message.add_alternative("".join(f"<p>{text}</p>" for text in PARAGRAPHS), subtype="html")
    assert "six hundred rolls" in read_one(message.as_bytes(), "a.eml").body


@pytest.mark.parametrize("declared", ["ks_c_5601-1987", "x-unknown"])
def test_a_mail_in_an_old_or_unknown_charset_is_read(declared: str) -> None:
    text = "시장은 어제 새 다리의 개통을 발표했다. 주민들은 환영한다고 말했다. 통행료는 다음 달부터 받는다."
    head = f"From: a@example.org\r\nSubject: =?utf-8?q?Bridge?=\r\nContent-Type: text/plain; charset={declared}\r\n\r\n"
    assert read_one(head.encode() + text.encode("cp949"), "a.eml").body == text


def test_headers_in_raw_bytes_are_decoded() -> None:
    data = "From: a@example.org\r\nSubject: 다리 개통\r\n\r\nThe bridge is open to all cars.\r\n".encode("cp949")
    assert read_one(data, "a.eml").title == "다리 개통"


@pytest.mark.parametrize("date", ["yesterday", "Mon, 99 Foo 2024 99:99:99 +9999", ""])
def test_a_mail_with_a_bad_date_has_none(date: str) -> None:
    data = f"From: a@example.org\nDate: {date}\n\nThe bridge is open to all cars.\n".encode()
    assert read_one(data, "a.eml").published_at is None


def test_a_truncated_mail_gives_the_text_it_has() -> None:
    message = make_mail()
    message.set_content("\n\n".join(PARAGRAPHS))
    message.add_alternative("<p>short</p>", subtype="html")
    data = message.as_bytes()
    assert PARAGRAPHS[0] in read_one(data[: data.rfind(b"short")], "a.eml").body


def test_attached_articles_are_articles_and_others_are_listed() -> None:
    message = make_mail()
    message.set_content("\n\n".join(PARAGRAPHS))
    message.add_attachment(make_pdf(), maintype="application", subtype="pdf", filename="more.pdf")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="map.png")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="broken.pdf")
    found = read(message.as_bytes(), "a.eml")
    assert [made.paragraphs for made in found] == [PARAGRAPHS, PARAGRAPHS]
    assert found[0].id != found[1].id
    assert [line.text for line in found[0].removed if "attachment" in line.reason] == ["map.png"]
    assert ["broken.pdf" in problem.reason for problem in found.problems] == [True]


def test_a_mail_attached_to_a_mail_is_an_article() -> None:
    inner = make_mail(Subject="Ferry stops", From="Petr Maly <p@example.org>")
    inner.set_content("The ferry across the bay stops in May. It had run for forty years.")
    message = make_mail()
    message.set_content("\n\n".join(PARAGRAPHS))
    message.add_attachment(inner)
    assert [made.title for made in read(message.as_bytes(), "a.eml")] == [TITLE, "Ferry stops"]


def test_a_signature_is_removed_with_its_reason() -> None:
    message = make_mail()
    message.set_content("\n\n".join(PARAGRAPHS) + "\n\n-- \nDesk of the Courier\n+1 555 0100\n")
    made = read_one(message.as_bytes(), "a.eml")
    assert made.paragraphs == PARAGRAPHS
    assert [line.text for line in made.removed if line.reason == "signature"] == [
        "--",
        "Desk of the Courier",
        "+1 555 0100",
    ]


def test_a_forwarded_mail_is_about_what_it_forwards() -> None:
    message = make_mail(Subject="Fwd: look", From="Me <me@example.org>", Date="Fri, 08 Mar 2024 10:30:00 +0900")
    message.set_content(
        "Worth reading.\n\n---------- Forwarded message ---------\nFrom: The Bay Courier <desk@example.org>\n"
        f"Date: Mon, Mar 4, 2024 at 9:00 AM\nSubject: {TITLE}\nTo: <me@example.org>\n\n\n"
        + "\n\n".join(PARAGRAPHS)
        + "\n\nSent from my telephone\n"
    )
    made = read_one(message.as_bytes(), "a.eml")
    assert made.title == TITLE
    assert made.source == "The Bay Courier"
    assert made.published_at == datetime(2024, 3, 4, 9, 0, tzinfo=UTC)
    assert made.paragraphs == PARAGRAPHS
    assert [line.reason for line in made.removed][:2] == ["note of the sender", "header of the forwarded mail"]


def test_figures_in_a_table_of_a_word_document_are_no_sentences() -> None:
    document = docx.Document()
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Toll", "12 crowns"
    buffer = io.BytesIO()
    document.save(buffer)
    made = read_one(buffer.getvalue(), "a.docx")
    assert made.paragraphs == PARAGRAPHS
    assert [line.text for line in made.removed if line.reason == "table"] == ["Toll | 12 crowns"]


def test_columns_and_indented_paragraphs_of_a_pdf_are_told_apart() -> None:
    paragraphs = tuple(f"Day {day}. {text}" for day in range(8) for text in PARAGRAPHS)
    styles = getSampleStyleSheet()
    indented = ParagraphStyle("indented", parent=styles["Normal"], firstLineIndent=14)
    for style, frames in ((styles["BodyText"], ((50, 230), (310, 230))), (indented, ((72, 450),))):
        buffer = io.BytesIO()
        document = BaseDocTemplate(buffer, pagesize=pagesizes.A4)
        document.addPageTemplates(PageTemplate(frames=[Frame(left, 50, width, 700) for left, width in frames]))
        document.build([Paragraph(text, style) for text in paragraphs])
        assert read_one(buffer.getvalue(), "a.pdf").paragraphs == paragraphs


def test_a_mail_with_nothing_but_headers_is_refused() -> None:
    assert "no text" in refusal(make_mail().as_bytes(), "a.eml")


# -- pages and feeds ---------------------------------------------------------------------------------------------


def make_page(charset: str, text: str) -> bytes:
    """Return a page that declares its charset."""
    return (
        f'<html><head><meta charset="{charset}"><title>Bay</title></head>'
        f"<body><article><h1>Bay</h1><p>{text}</p></article></body></html>"
    ).encode(charset)


@pytest.mark.parametrize("charset", ["euc-kr", "utf-8"])
def test_a_page_is_read_in_the_charset_it_declares(charset: str) -> None:
    text = "시장은 어제 새 다리의 개통을 발표했다. 주민들은 환영한다고 말했다. 통행료는 다음 달부터 받는다. " * 3
    assert "통행료는 다음 달부터" in read_one(make_page(charset, text), "a.html").body


RSS = """<?xml version="1.0" encoding="{charset}"?>
<rss version="2.0"><channel><title>Bay Wire</title>
<item><title>Bridge &amp;amp; toll</title><link>https://example.org/a?utm_source=rss</link><guid>7</guid>
<author>Jana Novak</author><pubDate>Mon, 04 Mar 2024 10:30:00 +0900</pubDate>
<description>&lt;p&gt;The bridge is open.&lt;/p&gt;
&lt;p&gt;The toll is up — a “shock”.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</description></item>
<item><title>Only a headline</title><link>https://example.org/b</link></item>
<item><title>Ferry</title><guid>urn:ferry</guid><description>The ferry stops running in May.</description></item>
</channel></rss>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
def test_the_entries_of_a_feed_are_articles(charset: str) -> None:
    found = read(RSS.format(charset=charset).encode(charset), "feed.xml")
    first, second = found
    assert first.title == "Bridge & toll"
    assert first.source == "Bay Wire"
    assert first.paragraphs == ("The bridge is open.", "The toll is up — a “shock”.")
    assert first.published_at == datetime(2024, 3, 4, 10, 30, tzinfo=KOREA)
    assert second.id == "urn:ferry"
    assert [problem.item for problem in found.problems] == [2]


def test_an_atom_feed_is_read() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Bay Wire</title><entry><title>Bridge</title>'
        '<link href="https://example.org/a"/><updated>2024-03-04T10:30:00Z</updated>'
        '<content type="html">&lt;p&gt;The bridge is open.&lt;/p&gt;</content></entry></feed>'
    )
    made = read_one(feed.encode(), "feed.atom")
    assert (made.title, made.body, made.source) == ("Bridge", "The bridge is open.", "Bay Wire")


def test_a_feed_without_entries_says_so() -> None:
    assert "no entries" in refusal(b'<rss version="2.0"><channel><title>Bay</title></channel></rss>', "a.rss")


def test_a_feed_that_defines_entities_is_refused_before_it_is_parsed() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]><rss><channel><title>&l11;</title>'
    assert "XML entities" in refusal(bomb.encode(), "a.xml")
