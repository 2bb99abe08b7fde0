"""Bytes become text or one clear line."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents.encoding import decode
from kg.errors import DocumentError

FRENCH = (
    "L’entreprise française « CoreWeave » a cédé à l’État près de 12 % de ses parts, "
    "où le contrôle dépend d’un accord conclu à Besançon en août. "
)


@given(st.text())
def test_utf8_comes_back_to_the_letter(text):
    assert decode(text.encode("utf-8", "ignore"), "x").encode() == text.encode("utf-8", "ignore").removeprefix(
        codecs.BOM_UTF8
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_obeyed_and_removed(encoding):
    assert decode(FRENCH.encode(encoding), "x") == FRENCH
    assert decode(codecs.BOM_UTF16_BE + FRENCH.encode("utf-16-be"), "x") == FRENCH


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_the_old_encodings_of_french_are_recognised(encoding):
    assert decode((FRENCH * 2).encode(encoding), "x") == FRENCH * 2


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp850", FRENCH),
        ("cp500", FRENCH),
        ("koi8_r", "Компания купила акции. "),
        ("shift_jis", "トヨタの株式を取得した。"),
    ],
)
def test_an_encoding_that_is_not_clear_is_refused_rather_than_guessed(encoding, text):
    data = (text * 3).encode(encoding, "replace")
    with pytest.raises(DocumentError, match="x: is not text in UTF-8 nor in an encoding that can be recognised"):
        decode(data, "x")


def test_a_cut_utf16_is_told():
    with pytest.raises(DocumentError, match="x: begins as UTF-16 and breaks off at byte"):
        decode(FRENCH.encode("utf-16")[:-1], "x")


@pytest.mark.parametrize(
    "head", ["<meta charset=iso-8859-1>", "<meta http-equiv=x content='text/html; charset=latin1'>"]
)
def test_a_page_s_charset_is_obeyed_as_browsers_do(head):
    page = f"<html><head>{head}</head><body>350 € à l’État</body></html>"
    assert decode(page.encode("cp1252"), "x") == page


@pytest.mark.parametrize(
    "charset", ["base64", "no-such-thing", "unicode_escape", "utf-16", "iso-8859-99", "iso-8859-12"]
)
def test_a_charset_that_cannot_be_is_passed_over(charset):
    page = f"<html><head><meta charset={charset}></head><body>{FRENCH * 4}</body></html>"
    assert decode(page.encode("cp1252"), "x") == page
