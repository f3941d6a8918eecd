"""Word documents and mail."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import Seeds, make_pdf, make_zip

from qabot.articles.article import Article, published_iso
from qabot.articles.eml import read_eml
from qabot.articles.limits import Budget, Limits
from qabot.articles.readers import guarded
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document() -> bytes:
    made = docx.Document()
    made.add_heading("Dams of the region", 1)
    made.add_paragraph("The first dam was built in 1961.")
    table = made.add_table(2, 2)
    for cell, text in zip(table._cells, ("Dam", "Height", "Medeu", "150 m"), strict=True):
        cell.text = text
    made.add_paragraph("The last one is new.", style="List Bullet")
    made.core_properties.author = "A. Writer"
    made.core_properties.created = datetime(2023, 7, 4, 10, 15, tzinfo=UTC)
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


def with_body(xml: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(document())) as archive:
        files: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return make_zip(files | {"word/document.xml": xml})


def mail(text: str = "The dam was opened on Monday.") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Новости: a dam"
    message["From"] = "Kazinform <news@example.org>"
    message["Date"] = "Tue, 04 Jul 2023 10:15:00 +0600"
    message.set_content(text)
    return message


def test_a_word_document_gives_paragraphs_and_tables_in_order(seeds: Seeds) -> None:
    article = seeds.one("a.docx", document())
    assert article.text == ("The first dam was built in 1961.\n\nDam | Height\nMedeu | 150 m\n\nThe last one is new.")
    assert (article.title, article.author, article.id) == ("Dams of the region", "A. Writer", "a.docx")
    assert published_iso(article.published) == "2023-07-04T10:15:00Z"


def test_a_word_document_under_another_name_is_known_by_its_content(seeds: Seeds) -> None:
    assert seeds.one("a.zip", document()).title == "Dams of the region"


def test_what_a_template_says_about_itself_is_not_believed(seeds: Seeds) -> None:
    made = docx.Document()
    made.add_paragraph("Some text.")
    made.save(str(seeds.folder / "a.docx"))
    [article], [] = seeds.read()
    assert (article.title, article.author, article.published) == ("Some text.", None, None)


def test_the_date_of_a_template_is_not_that_of_a_document_with_an_author(seeds: Seeds) -> None:
    made = docx.Document()
    made.add_paragraph("Some text.")
    made.core_properties.author = "A. Writer"
    made.save(str(seeds.folder / "a.docx"))
    [article], [] = seeds.read()
    assert (article.author, article.published) == ("A. Writer", None)


def test_tracked_changes_content_controls_and_breaks(seeds: Seeds) -> None:
    body = (
        "<w:p><w:r><w:t>Old</w:t></w:r><w:del><w:r><w:delText> gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> and new.</w:t></w:r></w:ins></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control,</w:t><w:br/><w:t>two lines.</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>"
    )
    data = with_body(f"<w:document {NAMESPACE}><w:body>{body}</w:body></w:document>")
    assert seeds.one("a.docx", data).text == "Old and new.\n\nIn a control,\ntwo lines."


def test_entities_that_grow_without_end_are_one_report(seeds: Seeds) -> None:
    entities = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 11))
    xml = f'<!DOCTYPE d [<!ENTITY a0 "word">{entities}]><w:document {NAMESPACE}><w:body><w:p><w:r><w:t>&a10;'
    reason = seeds.refused("a.docx", with_body(xml + "</w:t></w:r></w:p></w:body></w:document>"))
    assert "malformed" in reason


def test_an_xml_entity_reads_no_file(seeds: Seeds) -> None:
    secret = seeds.folder.parent / "secret"
    secret.write_text("SECRET")
    xml = f'<!DOCTYPE d [<!ENTITY e SYSTEM "{secret.as_uri()}">]><w:document {NAMESPACE}><w:body><w:p><w:r>'
    seeds.put("a.docx", with_body(xml + "<w:t>Text &e;.</w:t></w:r></w:p></w:body></w:document>"))
    articles, _ = seeds.read()
    assert not any("SECRET" in article.text for article in articles)


@pytest.mark.parametrize(
    "data",
    [document()[:-400], document()[:1000], b"\xd0\xcf\x11\xe0" + b"x" * 600, b"no document", make_zip({"a": "b"})],
    ids=["end cut", "cut short", "encrypted or old", "text", "another archive"],
)
def test_a_damaged_word_document_is_reported(seeds: Seeds, data: bytes) -> None:
    assert "readable .docx document" in seeds.refused("a.docx", data)


def test_a_word_document_that_unpacks_to_too_much_is_reported(seeds: Seeds) -> None:
    with zipfile.ZipFile(io.BytesIO(document())) as archive:
        files: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    data = make_zip(files | {"word/media/a.png": b"\0" * 3_000_000})
    assert "more than max_unpacked_mb = 2" in seeds.refused("a.docx", data, Limits(max_unpacked_mb=2))


def test_a_message_is_an_article(seeds: Seeds) -> None:
    article = seeds.one("a.eml", bytes(mail()))
    assert article.text == "The dam was opened on Monday."
    assert (article.title, article.author) == ("Новости: a dam", "Kazinform")
    assert published_iso(article.published) == "2023-07-04T04:15:00Z"


def test_the_plain_text_of_a_message_goes_before_its_page(seeds: Seeds) -> None:
    message = mail()
    message.add_alternative("<html><body><p>As a page.</p></body></html>", subtype="html")
    assert seeds.one("a.eml", bytes(message)).text == "The dam was opened on Monday."
    page = mail()
    page.set_content("<html><body><p>The dam was opened, as a page says.</p></body></html>", subtype="html")
    assert seeds.one("a.eml", bytes(page)).text == "The dam was opened, as a page says."


def test_what_is_attached_is_read_as_files_of_their_own(seeds: Seeds) -> None:
    message = mail()
    message.add_attachment(make_pdf([["A report."]]), maintype="application", subtype="pdf", filename="../r.pdf")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="run.exe")
    message.add_attachment(mail("An older message."))
    seeds.put("a.eml", bytes(message))
    articles, skipped = seeds.read()
    assert [(article.path, article.text) for article in articles] == [
        ("a.eml", "The dam was opened on Monday."),
        ("a.eml/r.pdf", "A report."),
        ("a.eml/4.eml", "An older message."),
    ]
    assert skipped == [
        Skipped("a.eml/logo.png", "no reader for .png", harmless=True),
        Skipped("a.eml/run.exe", "no reader for .exe"),
    ]


def test_a_message_that_names_no_boundary_keeps_its_text(seeds: Seeds) -> None:
    data = b"From: a@b.example\nSubject: Dam\nContent-Type: multipart/mixed\n\nThe dam was opened on Monday."
    assert seeds.one("a.eml", data).text == "The dam was opened on Monday."


def test_a_thousand_parts_are_read(seeds: Seeds) -> None:
    message = mail()
    for number in range(1000):
        message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename=f"{number}.png")
    seeds.put("a.eml", bytes(message))
    [_], skipped = seeds.read()
    assert len(skipped) == 101
    assert skipped[-1] == Skipped("a.eml", "900 more attachments left out like those named before")


def test_parts_nested_without_end_are_one_report(seeds: Seeds) -> None:
    parts = (f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n" for level in range(5000))
    assert "nested too deeply" in seeds.refused("a.eml", "Subject: x\n" + "".join(parts))


def test_text_that_is_no_message_is_reported(seeds: Seeds) -> None:
    assert seeds.refused("a.eml", "Just some text.") == "is no message: it has no From, Subject or Date"


@settings(deadline=None)
@given(st.lists(st.sampled_from(
    ["Subject: ", "From: ", "Date: ", "Content-Type: ", "multipart/mixed; boundary=b", "text/plain; charset=", "\n",
     "\n\n", "--b\n", "--b--", "=?utf-8?b?", "?=", "<@>,;:", "message/rfc822", "Content-Transfer-Encoding: base64\n"]
    ) | st.text(max_size=8), max_size=25))  # fmt: skip
def test_any_message_gives_articles_or_reports(parts: list[str]) -> None:
    data = ("Subject: x\n" + "".join(parts)).encode("utf-8", "replace")
    try:
        items = list(guarded(read_eml(io.BytesIO(data), "a.eml", Budget(Limits()))))
    except SeedsError:
        return
    assert all(isinstance(item, Article | Skipped) for item in items)
