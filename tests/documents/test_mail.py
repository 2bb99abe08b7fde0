"""Mail: what its author says or forwards is read, whatever its charset; what it quotes and its signature are not."""

import base64
import quopri
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import ListingTask, find, list_members, read
from kg.documents.mail import parse_mail, read_mail
from kg.errors import DocumentError
from kg.places import PlaceKind
from tests.documents.conftest import BODY, TEXT, TITLE, mail, mbox, members


def text_of(body, subject="", **headers):
    return read_mail(bytes(mail(body, subject, **headers)), "m").text.rstrip("\n")


def test_the_subject_is_the_title_and_the_date_that_of_publication():
    page = read_mail(bytes(mail()), "m")
    assert (page.text, page.detected.title, page.detected.published) == (TEXT, TITLE, "2016-05-02")
    [place] = page.places
    assert (place.kind, place.name, page.text[place.start : place.end]) == (PlaceKind.PART, "1", BODY)


@pytest.mark.parametrize(
    "quoted",
    [
        "On Tue, 11 Mar 2025 at 10:00, Bob <bob@example.org> wrote:\n> Oracle buys Opower.\n> Yes.",
        "Le mar. 11 mars 2025 à 10:00, Bob <bob@example.org> a écrit :\n> Oracle rachète Opower.",
        "________________________________\nDe : Bob <b@example.org>\nEnvoyé : mardi\nÀ : Ada\nObjet : x\n\nOracle.",
        "-----Original Message-----\nFrom: Bob\nSent: Tuesday\nTo: Ada\nSubject: x\n\nOracle buys Opower.",
        "> Oracle buys Opower.",
    ],
)
def test_what_a_reply_quotes_is_cut(quoted):
    assert text_of(f"Nvidia owns 6% of CoreWeave.\n\n{quoted}\n", "Re: x") == "Nvidia owns 6% of CoreWeave."


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAda Lovelace\nAnalyst",
        "Best regards,\nAda",
        "Cordialement,\nAda",
        "Sent from my iPhone",
        "Envoyé de mon iPhone",
    ],
)
def test_a_signature_is_cut(signature):
    assert text_of(f"Nvidia owns 6% of CoreWeave.\n\n{signature}\n") == "Nvidia owns 6% of CoreWeave."


@pytest.mark.parametrize(
    "article",
    [
        "Nvidia bought:\n\n- 6% of CoreWeave\n- a part of Opower\n\nThe price is not known.",
        "Best, said the company, is the offer.\n" + "Oracle buys Opower. " * 80,
        "REDWOOD SHORES, Calif. -- Oracle buys Opower.\nThanks to the deal it grows.",
    ],
)
def test_an_article_is_kept_whole(article):
    assert text_of(article) == article.strip()


@pytest.mark.parametrize(
    ("subject", "head"),
    [
        (
            "Fwd: x",
            "---------- Forwarded message ---------\nFrom: Bob <b@example.org>\nDate: Tue\nSubject: x\nTo: Ada\n\n",
        ),
        ("TR: x", "Début du message réexpédié :\n\nDe: Bob <b@example.org>\nDate: 11 mars\nObjet: x\nÀ: Ada\n\n"),
        ("Fw: x", "From: Bob <b@example.org>\nSent: Tuesday\nTo: Ada\nSubject: x\n\n"),
    ],
)
def test_what_is_forwarded_is_kept_and_its_head_cut(subject, head):
    assert text_of(f"{head}{BODY}", subject) == f"x\n\n{BODY}"


def test_the_plain_body_is_read_else_that_in_html():
    message = EmailMessage()
    message["Subject"] = "x"
    message.set_content("<p>Nvidia owns <b>6%</b> of CoreWeave.</p><style>p {}</style><p>Yes.", subtype="html")
    assert read_mail(bytes(message), "m").text == "x\n\nNvidia owns 6% of CoreWeave.\n\nYes.\n"
    both = mail("The plain one.")
    both.add_alternative("<p>The other.", subtype="html")
    assert read_mail(bytes(both), "m").text == f"{TITLE}\n\nThe plain one.\n"
    assert read_mail(bytes(both), "m").places[0].name == "1"


def test_lines_that_flow_are_joined():
    message = b"Subject: x\nContent-Type: text/plain; format=flowed\n\nNvidia owns \n6% of CoreWeave.\nYes."
    assert read_mail(message, "m").text == "x\n\nNvidia owns 6% of CoreWeave.\nYes.\n"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "iso-8859-15", "macintosh"])
@pytest.mark.parametrize("transfer", ["base64", "quoted-printable"])
def test_charsets_and_transfer_encodings_are_undone(charset, transfer):
    french = "Société générale a annoncé le rachat de la société Opower."
    message = EmailMessage()
    message["Subject"] = "Rachat à Paris"
    message.set_content(french, charset=charset, cte=transfer)
    page = read_mail(bytes(message), "m")
    assert (page.detected.title, page.text) == ("Rachat à Paris", f"Rachat à Paris\n\n{french}\n")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
LINES = st.lists(WORDS, min_size=1, max_size=8).map(lambda words: "a " + " ".join(words) + " z")


@settings(max_examples=60)
@given(
    LINES,
    LINES,
    st.sampled_from(["utf-8", "utf-16", "utf-7", "cp1252", "koi8-r"]),
    st.sampled_from(["base64", "quoted-printable"]),
)
def test_a_made_mail_is_read_back_whatever_its_charset(subject, body, charset, transfer):
    try:
        raw = body.encode(charset)
    except UnicodeError:
        charset, raw = "utf-8", body.encode()
    message = EmailMessage()
    message["Subject"] = subject
    message["Content-Type"] = f'text/plain; charset="{charset}"'
    message["Content-Transfer-Encoding"] = transfer
    if charset == "utf-16":
        message.replace_header("Content-Transfer-Encoding", "base64")
    is_plain = message["Content-Transfer-Encoding"] == "quoted-printable"
    encoded = (quopri.encodestring(raw) if is_plain else base64.encodebytes(raw)).decode()
    message.set_payload(encoded)
    page = read_mail(bytes(message), "m")
    assert page.text.endswith(f"{body}\n")
    assert page.detected.title is not None


@settings(max_examples=150)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"Subject: x\n\n", b"Content-Type: multipart/mixed; boundary=a\n\n--a\n"]),
)
def test_any_bytes_are_a_mail_or_one_line(data, head):
    line = outcome_of(head + data)
    assert line == "a mail" or (line.startswith("m.eml: ") and "\n" not in line)


def outcome_of(data):
    try:
        return "a mail" if read_mail(data, "m.eml").text.strip() else "nothing"
    except DocumentError as error:
        return str(error)


def attached(*files, body=BODY):
    message = mail(body)
    for name, data, kind in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message


def test_what_is_attached_is_read_as_what_it_is(unpacked):
    message = attached(
        ("note.txt", TEXT.encode(), "text/plain"),
        ("logo.png", b"\x89PNG", "image/png"),
        ("old.xyz", b"x", "application/x"),
    )
    documents, skipped, [listing] = unpacked("a.eml", bytes(message))
    assert [(document.id, document.text) for document in documents] == [("a.eml", TEXT), ("a.eml#note.txt", TEXT)]
    assert listing.passed_over == 1
    assert list(skipped) == ["#old.xyz"]
    assert "'.xyz' is none of the kinds" in skipped["#old.xyz"]


def test_a_mail_without_words_of_its_own_is_what_is_attached_to_it(unpacked):
    documents, skipped, _ = unpacked("a.eml", bytes(attached(("n.txt", TEXT.encode(), "text/plain"), body="\n")))
    assert ([document.id for document in documents], skipped) == (["a.eml#n.txt"], {})


def test_a_mail_attached_to_a_mail_is_a_mail(unpacked):
    message = mail("See below.")
    message.add_attachment(mail())
    documents, _, _ = unpacked("a.eml", bytes(message))
    assert [document.text for document in documents][-1] == TEXT


def test_a_path_in_the_name_of_an_attachment_is_a_name(unpacked):
    documents, _, _ = unpacked("a.eml", bytes(attached(("../../etc/n.txt", TEXT.encode(), "text/plain"))))
    assert documents[-1].id == "a.eml#n.txt"


def test_ten_thousand_attachments_are_one_line(unpacked):
    part = "--a\r\nContent-Disposition: attachment; filename=n{}.txt\r\n\r\nNvidia owns 6% of CoreWeave.\r\n"
    head = "Subject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nThe body of the mail is this.\r\n"
    data = head + "".join(part.format(number) for number in range(10_000)) + "--a--\r\n"
    documents, skipped, _ = unpacked("a.eml", data)
    assert len(documents) == 501
    assert list(skipped.values()) == ["the mail has more than 500 attachments: save the others as files"]


def test_an_encrypted_mail_and_deep_ones_are_one_line(unpacked):
    secret = b"Subject: x\nContent-Type: multipart/encrypted; boundary=a\n\n--a\n\nx\n--a--\n"
    assert "is encrypted" in unpacked("a.eml", secret)[1][""]
    deep = b"Subject: x\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(3000)
    )
    documents, skipped, _ = unpacked("b.eml", deep)
    assert documents == []
    assert len(skipped) == 1


def test_a_header_without_end_takes_no_time():
    assert parse_mail(b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\n\nx")
    assert read_mail(b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\n\nThe text.", "m").text.endswith("The text.\n")


def test_a_mailbox_holds_its_mails_in_their_order(unpacked):
    second = attached(("note.txt", TEXT.encode(), "text/plain"), body="A second mail of some words.")
    quoting = mail("The mail says:\n\n>From here on Nvidia owns 6% of CoreWeave.", "Third")
    documents, _, [listing] = unpacked("a.mbox", mbox(mail(), second, quoting))
    assert [document.id for document in documents] == ["a.mbox#1", "a.mbox#2", "a.mbox#2/note.txt", "a.mbox#3"]
    assert documents[0].text == documents[2].text == TEXT
    assert "From here on Nvidia" in documents[3].text
    assert listing.rest is None


def test_a_line_of_a_text_is_no_head_of_a_mail(unpacked):
    documents, _, _ = unpacked("a.mbox", mbox(mail("First.\n\nFrom Paris it is said that Nvidia owns CoreWeave.")))
    assert len(documents) == 1


def test_a_mail_that_cannot_be_read_costs_itself_alone(unpacked):
    bad = mail("x")
    bad.replace_header("Content-Type", "multipart/encrypted; boundary=a")
    documents, skipped, _ = unpacked("a.mbox", mbox(mail(), bad, mail()))
    assert ([document.id for document in documents], list(skipped)) == (["a.mbox#1", "a.mbox#3"], ["#2"])


def test_a_large_mailbox_is_listed_some_at_a_time(tmp_path):
    path = tmp_path / "large.mbox"
    one = mbox(mail("Nvidia owns 6% of CoreWeave.\n" * 2000))
    with path.open("wb") as file:
        for _ in range(1500):
            file.write(one)
    [source] = find([str(path)])
    task, names = ListingTask(source), []
    while task is not None:
        listing = list_members(task)
        assert len(listing.sources) <= 500
        names += [member.member for member in listing.sources]
        last = listing.sources[-1]
        task = ListingTask(source, listing.rest) if listing.rest else None
    assert names == [str(number) for number in range(1, 1501)]
    assert last.position.offset == len(one) * 1499
    assert read(last, lang="en").id == "large.mbox#1500"


def test_a_maildir_is_a_folder_of_mails(tmp_path):
    for name, message in (
        ("cur/1462176000.M1P2.host:2,S", mail()),
        ("new/1462176001.M2P3.host", mail("Another text.")),
    ):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(bytes(message))
    documents, skipped, _ = members(tmp_path)
    assert [document.text for document in documents] == [TEXT, f"{TITLE}\n\nAnother text.\n"]
    assert skipped == {}


def mixed(*parts, subtype="mixed"):
    """A mail of parts as they come: (type, text or bytes, file name)."""
    message = EmailMessage()
    message["Subject"], message["From"] = "Deal", "a@example.org"
    message.make_mixed() if subtype == "mixed" else message.make_alternative()
    for kind, content, name in parts:
        part = EmailMessage()
        if kind.startswith("text/"):
            part.set_content(content, subtype=kind.removeprefix("text/"))
        else:
            part.set_content(content, *kind.split("/"))
        if name:
            part.add_header("Content-Disposition", "inline", filename=name)
        message.attach(part)
    return bytes(message)


HTML = "<p>Zeltan has bought <b>Orvane</b>.</p>"


@pytest.mark.parametrize(
    ("parts", "text", "numbers"),
    [
        (
            [("text/plain", "See.", ""), ("image/png", b"x", "a.png"), ("text/plain", "It grows.", "")],
            "See.\n\nIt grows.",
            "1, 3",
        ),
        ([("text/plain", "Hi all", ""), ("text/html", HTML, "")], "Hi all\n\nZeltan has bought Orvane.", "1, 2"),
        ([("text/plain", "Hi all", ""), ("text/plain", "Other", "note.txt")], "Hi all", "1"),
    ],
)
def test_all_texts_of_a_mail_are_its_body(parts, text, numbers):
    page = read_mail(mixed(*parts), "m")
    assert (page.text, page.places[0].name) == (f"Deal\n\n{text}\n", numbers)


@pytest.mark.parametrize(
    ("stub", "number"), [("View this mail in your browser.", "2"), ("Zeltan has bought Orvane. " * 30, "1")]
)
def test_a_plain_text_that_is_a_stub_gives_way_to_that_in_html(stub, number):
    parts = [("text/plain", stub, ""), ("text/html", HTML * 20, "")]
    assert read_mail(mixed(*parts, subtype="alternative"), "m").places[0].name == number


@pytest.mark.parametrize("body", ["<p><sup>1</sup></p>", "<p>" + "Zeltan has bought Orvane. " * 50_000])
def test_one_mail_costs_no_other_of_its_mailbox(tmp_path, body):
    bad = mail()
    bad.set_content(body, subtype="html")
    bad.add_attachment("Nvidia owns 6% of CoreWeave.", filename="note.txt")
    (tmp_path / "box.mbox").write_bytes(mbox(mail(), bad, mail()))
    documents, _, _ = members(tmp_path / "box.mbox")
    assert [document.id for document in documents] == ["box.mbox#1", "box.mbox#2/note.txt", "box.mbox#3"]


def test_what_is_attached_too_deep_is_told(tmp_path):
    inner = mail("Three.")
    inner.add_attachment("Nvidia owns 6% of CoreWeave.", filename="note.txt")
    for text in ("Two.", "One."):
        outer = mail(text)
        outer.add_attachment(inner)
        inner = outer
    (tmp_path / "m.eml").write_bytes(bytes(inner))
    documents, skipped, _ = members(tmp_path / "m.eml")
    assert [document.text.split()[-1] for document in documents] == ["One.", "Two.", "Three."]
    assert list(skipped.values()) == ["1 files attached to it stand too deep: save the mail as a file of its own"]
