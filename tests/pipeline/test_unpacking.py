"""A build of files that hold many documents: one order whoever reads, each at its own cost, addresses counted."""

import io
import json
import sys
import zipfile
from dataclasses import replace

import pytest
import xlsxwriter

from kg.documents import find
from kg.pipeline import BuildOptions, SourceOptions, build
from kg.pipeline.unpacking import expected_documents
from kg.store import open_store
from tests.documents.conftest import (
    BODY,
    TEXT,
    TITLE,
    _no_socket,  # noqa: F401 - a fixture
    forms,
    mail,
    mbox,
    page,
    warc_record,
    written,
)
from tests.documents.pdf_files import article
from tests.documents.test_office_claims import as_docx, as_odt, as_rtf


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The forms of one article, a mailbox of three, and members that cannot be read."""
    path = tmp_path_factory.mktemp("news") / "all.zip"
    bad = {
        "bad.txt": b"\0",
        "bad.eml": b"no mail",
        "cut.json": b"{",
        "logo.png": b"\x89PNG",
        "box3.mbox": mbox(*[mail()] * 3),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {**forms(), **bad}.items():
            file.writestr(name, data)
    return path


def built(store, path, jobs=0, **how):
    return build(store, [str(path)], SourceOptions(), BuildOptions(jobs, **how))


def test_an_archive_gives_the_same_journal_and_report_however_many_read(archive, tmp_path, clock):
    journals, reports = [], []
    for jobs in (0, 1, 2):
        with open_store(tmp_path / str(jobs), write=True, clock=clock) as store:
            reports.append(replace(built(store, archive, jobs), seconds=0))
        journals.append((tmp_path / str(jobs) / "journal.jsonl").read_bytes())
    assert journals[0] == journals[1] == journals[2]
    assert reports[0] == reports[1] == reports[2]
    assert (reports[0].read, reports[0].found, reports[0].done, reports[0].failed) == (12, 16, 16, [])
    names = [one.source.rpartition("#")[2] for one in reports[0].skipped]
    assert names == ["bad.eml", "bad.txt", "cut.json", "logo.png"]


def test_one_article_makes_the_same_claims_in_whichever_file_it_comes(tmp_path):
    paragraphs = TEXT.strip().split("\n\n")
    files = {
        **forms(),
        "page.html": page().encode(),
        "one.pdf": article(TEXT),
        "two.pdf": article(TEXT, 2),
        "word.docx": as_docx(paragraphs),
        "libre.odt": as_odt(paragraphs),
        "rich.rtf": as_rtf(paragraphs),
        "book.xlsx": workbook(["Title", "Text", "Date"], [TITLE, BODY, "2016-05-02"]),
    }
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    with open_store(None) as store:
        report = built(store, tmp_path / "all.zip")
        assert (report.read, report.skipped) == (len(files), [])
        said, placed = {}, set()
        for claim in (*store.claims(), *store.candidates()):
            end = getattr(claim.object, "name", claim.object)
            told = (claim.subject.name, claim.relation, end, claim.qualifiers.as_printed, claim.modality, claim.outcome)
            name = claim.evidence[0].document
            said.setdefault(name, set()).add(told)
            if all(store.document(name).places_of(evidence) for evidence in claim.evidence):
                placed.add(name.split("#")[1])
    assert len(said) == len(files)
    assert len({frozenset(claims) for claims in said.values()}) == 1
    assert len(said["all.zip#plain.txt"]) >= 2
    told = {
        "mail.eml",
        "box.mbox",
        "sheet.csv",
        "book.xlsx",
        "one.pdf",
        "two.pdf",
        "word.docx",
        "libre.odt",
        "rich.rtf",
    }
    assert told <= placed


def workbook(*rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("News")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_members_are_left_alone_the_second_time_and_forgotten_by_their_names(tmp_path):
    path = tmp_path / "box.mbox"
    path.write_bytes(mbox(mail(), mail("Microsoft owns 7% of Oracle.", "Another")))
    with open_store(None, write=True) as store:
        assert built(store, path).read == 2
        again = built(store, path)
        assert (again.read, again.unchanged, again.found, again.done) == (0, 2, 2, 2)
        path.write_bytes(path.read_bytes() + mbox(mail("Microsoft owns 9% of Nvidia.", "A third")))
        more = built(store, path)
        assert (more.read, more.unchanged) == (1, 2)
        store.forget("box.mbox#2")
        assert [document.id for document in store.documents()] == ["box.mbox#1", "box.mbox#3"]


def test_two_files_of_one_name_keep_their_members_apart(tmp_path):
    for folder, share in (("x", 6), ("y", 7)):
        written(tmp_path / folder, {"a.mbox": mbox(mail(f"Microsoft owns {share}% of Oracle."))})
    with open_store(None) as store:
        built(store, tmp_path / "x" / "a.mbox")
        built(store, tmp_path / "y" / "a.mbox")
        assert [document.id for document in store.documents()] == ["a.mbox#1", "y/a.mbox#1"]


@pytest.mark.usefixtures("_no_socket")
def test_addresses_of_pages_that_no_file_holds_are_counted(tmp_path):
    url = "https://www.example.org/opower"
    written(tmp_path, {"list.urls": f"{url}/\nhttps://example.org/2\n".encode(), "a.warc": warc_record(url, page())})
    (tmp_path / "saved.txt").write_text(TEXT)
    (tmp_path / "saved.json").write_text(json.dumps({"url": "http://example.org/2#top"}))
    (tmp_path / "more.urls").write_text("https://example.org/3\n")
    with open_store(None) as store:
        report = built(store, tmp_path)
    assert (report.addresses, report.not_at_hand, report.read) == (3, 1, 2)
    assert (report.found, report.done, report.skipped) == (2, 2, [])


def test_a_sheet_that_nobody_explains_is_told_and_one_that_is_asked_for_is_read(tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text(f'Wer,Was\nAda,"{BODY} {BODY}"\n')
    with open_store(None) as store:
        [skipped] = built(store, path).skipped
        assert f'write text = "Was" into {path}.columns.toml' in skipped.reason
        asked = []

        def answer(source, question):
            asked.append((source.id, question.long))
            return {"text": "Was"}

        assert built(store, path, columns=answer).read == 1
        assert built(store, path, columns=answer).unchanged == 1
        assert asked == [("notes.csv", ("Was",))]


def test_a_large_file_of_many_documents_is_worth_more_workers(tmp_path):
    written(
        tmp_path, {"large.mbox": mbox(*[mail(BODY * 40)] * 200), "small.rss": b"<rss/>", "a.txt": BODY.encode() * 99}
    )
    expected = {source.id: expected_documents([source]) for source in find([str(tmp_path)])}
    assert expected["large.mbox"] > 100
    assert (expected["small.rss"], expected["a.txt"]) == (1, 1)


def test_a_file_whose_listing_breaks_down_costs_itself_alone(tmp_path, monkeypatch):
    written(tmp_path, {"a.mbox": mbox(mail()), "b.txt": f"{TITLE}\n\n{BODY}".encode()})
    monkeypatch.setattr("kg.documents.list_members", _broken)
    with open_store(None) as store:
        report = built(store, tmp_path)
    assert (report.read, report.found, report.done) == (1, 2, 2)
    assert [one.source.rpartition("/")[2] for one in report.failed] == ["a.mbox"]


def _broken(_):
    raise MemoryError("of all things")


def test_a_format_whose_library_is_missing_costs_its_files_one_line_each(tmp_path, monkeypatch):
    files = {name: data for name, data in forms().items() if name in {"mail.eml", "feed.rss", "plain.txt"}}
    folder = written(tmp_path / "news", {**files, "deal.pdf": b"%PDF-1.7", "deal.rtf": b"{\\rtf1 Oracle buys Opower.}"})
    for module in ("pypdfium2", "striprtf.striprtf", "feedparser", "mailparser_reply.parser"):
        monkeypatch.setitem(sys.modules, module, None)
    with open_store(None) as store:
        report = built(store, folder)
        assert (report.read, store.holds("plain.txt")) == (1, True)
    reasons = {one.source.rpartition("/")[2]: one.reason for one in report.skipped}
    assert set(reasons) == {"deal.pdf", "deal.rtf", "feed.rss", "mail.eml"}
    assert all(reason.endswith("pip install 'kg[office]'") for reason in reasons.values()), reasons
