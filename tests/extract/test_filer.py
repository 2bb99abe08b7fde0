"""Who « we » and "the Company" are: whom a text defines or begins with, or nobody."""

import pytest

from kg.extract.reader import parse
from kg.model import Document

DEFINED = 'Zenor Corp and its subsidiaries (the "Company") make pumps. Brandt AG sells them. We acquired Lumer Inc.'
TERMS = 'Brandt AG is a rival. The words "we" and "our" refer to Zenor Corp and its units. We make pumps.'


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", DEFINED, "Zenor Corp"),
        ("en", TERMS, "Zenor Corp"),
        ("en", "Zenor Corp, Form 10-K: suppliers\n\nWe buy from Brandt AG, and Brandt AG from us.", "Zenor Corp"),
        ("en", "Our suppliers include Foxwell Ltd and Tarin Corp. We acquired Lumer Inc.", None),
        ("en", "Our supplier is Foxwell Ltd. We like Foxwell Ltd.", None),
        ("en", "Foxwell Ltd met Tarin Corp on Monday. We were there.", None),
        ("fr", "Zenor SA : rapport annuel\n\nNous achetons à Brandt SA.", "Zenor"),
        ("fr", "Nos fournisseurs sont Foxwell SA et Tarin SA. Nous avons racheté Lumer SA.", None),
    ],
)
def test_the_filer_is_whom_the_text_says_or_nobody(lang, text, name):
    filer = parse(Document("a", text, lang, None)).text.filer
    assert (None if filer is None else filer.name) == name
