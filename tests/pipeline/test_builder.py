"""A whole build: the same store whoever reads, only what is new or changed read, one failure one line."""

import io
import os
import random
from dataclasses import replace

import pytest

from kg.errors import InvalidRecord, MissingExtra, StoreError
from kg.extract import Refusal
from kg.model import Outcome
from kg.pipeline import BuildOptions, SourceOptions, build, document_steps
from kg.reasons import MEANINGS, Reason
from kg.store import check, open_store

NAMES = ("OpenAI", "CoreWeave", "Microsoft", "Nvidia", "Oracle", "SoftBank")


def text(number):
    """A short article, French or English, whose names depend on its number."""
    rng = random.Random(number)  # noqa: S311 - the same articles every time
    one, two, three = rng.sample(NAMES, 3)
    if number % 2:
        return f"{one} prend une part\n\n{one} détient {number} % du capital de {two}. {two} rivalise avec {three}.\n"
    return f"{one} buys a stake\n\n{one} owns {number}% of {two}. {two} competes with {three}.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Eight articles and three files that are none."""
    path = tmp_path_factory.mktemp("news")
    fill(path, 8)
    return path


def fill(path, articles):
    for number in range(1, articles + 1):
        (path / f"{number:02}.txt").write_text(text(number))
    (path / "02b.txt").write_bytes(b"%PDF-1.7")
    (path / "07b.txt").write_text("Der Konzern hat gestern angekündigt, seinen größten Konkurrenten zu übernehmen.")
    (path / "sheet.xls").write_bytes(b"\xd0\xcf\x11\xe0")


def built(store, folder, jobs=0, **how):
    return build(store, [str(folder)], SourceOptions(), BuildOptions(jobs, **how))


def test_the_journal_is_the_same_however_many_read(tmp_path, clock):
    folder = tmp_path / "news"
    folder.mkdir()
    fill(folder, 24)  # more than one commit takes, and than two workers are given ahead
    journals, reports = [], []
    for jobs in (0, 1, 2):
        with open_store(tmp_path / str(jobs), write=True, clock=clock) as store:
            reports.append(replace(built(store, folder, jobs), seconds=0))
        journals.append((tmp_path / str(jobs) / "journal.jsonl").read_bytes())
    assert journals[0] == journals[1] == journals[2]
    assert reports[0] == reports[1] == reports[2]
    assert (reports[0].read, reports[0].found, reports[0].done) == (24, 27, 27)
    assert reports[0].claims > 36
    assert [os.path.basename(one.source) for one in reports[0].skipped] == ["02b.txt", "07b.txt", "sheet.xls"]  # noqa: PTH119


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [0, 2])
def test_only_what_is_new_or_changed_is_read(tmp_path, jobs):
    for number in range(1, 8):
        (tmp_path / f"{number:02}.txt").write_text(text(number))
    with open_store(None) as store:
        assert built(store, tmp_path, jobs).read == 7
        again = built(store, tmp_path, jobs)
        assert (again.read, again.unchanged, again.claims, again.retracted) == (0, 7, 0, 0)
        (tmp_path / "05.txt").write_text(text(25))
        (tmp_path / "08.txt").write_text(text(8))
        changed = built(store, tmp_path, jobs)
        assert (changed.read, changed.unchanged) == (2, 6)
        assert changed.retracted > 0
        assert store.document("05.txt").text == text(25)


def failing(monkeypatch, error):
    """Make reading document 03.txt fail."""
    real = document_steps.read

    def read(parsed):
        if parsed.document.id == "03.txt":
            raise error
        return real(parsed)

    monkeypatch.setattr("kg.pipeline.builder.read", read)


def test_a_document_that_brings_out_a_defect_is_reported_and_the_rest_built(folder, monkeypatch):
    failing(monkeypatch, ZeroDivisionError("of all things"))
    with open_store(None) as store:
        report = built(store, folder)
        assert not store.holds("03.txt")
    assert (report.read, len(report.skipped)) == (7, 3)
    [failed] = report.failed
    assert failed.source.endswith("03.txt")
    assert "a defect of kg (ZeroDivisionError: of all things)" in failed.reason


def test_a_reading_that_the_store_refuses_costs_itself_alone(folder, monkeypatch):
    real = document_steps.read

    def read(parsed):
        said = real(parsed)
        if parsed.document.id != "03.txt":
            return said
        elsewhere = replace(said.claims[0].evidence[0], document="elsewhere.txt")
        return replace(said, claims=(replace(said.claims[0], evidence=(elsewhere,)),))

    monkeypatch.setattr("kg.pipeline.builder.read", read)
    with open_store(None) as store:
        report = built(store, folder)
        assert (report.read, len(report.failed), store.holds("03.txt")) == (7, 1, False)
        assert check(store).violations == ()


def test_a_missing_library_ends_the_build(folder, monkeypatch):
    failing(monkeypatch, MissingExtra("no spaCy"))
    with open_store(None) as store, pytest.raises(MissingExtra):
        built(store, folder)


def test_a_store_that_takes_no_more_ends_the_build(folder, monkeypatch):
    with open_store(None) as store:
        monkeypatch.setattr(type(store), "commit", lambda *_: (_ for _ in ()).throw(StoreError("full")))
        with pytest.raises(StoreError):
            built(store, folder)


def test_an_unreadable_record_of_one_document_is_its_own_failure(folder, monkeypatch):
    failing(monkeypatch, InvalidRecord("a bad date"))
    with open_store(None) as store:
        assert [one.reason for one in built(store, folder).failed] == ["a bad date"]


@pytest.mark.parametrize("jobs", [0, 1])
def test_standard_input_is_read_wherever_reading_is_done(jobs):
    with open_store(None) as store:
        report = build(store, ["-"], SourceOptions(lang="fr", stdin=io.BytesIO(text(7).encode())), BuildOptions(jobs))
        [document] = store.documents()
    assert (report.read, document.text, document.source) == (1, text(7), "-")


def test_what_the_gate_refuses_is_handed_on_with_its_document(folder, monkeypatch):
    refusal = Refusal(Reason.NO_QUOTE, "no reason", "A", "holds-stake", "B", "A holds B.", 0, "rules/0")
    real = document_steps.read
    monkeypatch.setattr("kg.pipeline.builder.read", lambda parsed: replace(real(parsed), refused=(refusal,)))
    told = []
    with open_store(None) as store:
        report = built(store, folder, refusals=lambda document, refused: told.append((document, refused)))
    assert report.ungrounded == 8
    assert told[:2] == [("01.txt", (refusal,)), ("02.txt", (refusal,))]


def test_two_sources_never_take_one_name(tmp_path):
    """Within one commit too: the store, which does not know the first yet, cannot tell them apart."""
    for number, name in enumerate(("x/a.txt", "y/a.txt", "z/y/a.txt"), 1):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text(number))
    with open_store(None) as store:
        build(store, [str(tmp_path / "x/a.txt")])
        report = build(store, [str(tmp_path / "y/a.txt"), str(tmp_path / "z")])
        assert report.read == 2
        assert [document.id for document in store.documents()] == ["a.txt", "y/a.txt", "z/y/a.txt"]


def test_whoever_watches_sees_it_grow_to_the_end(folder):
    seen = []
    with open_store(None) as store:
        report = built(store, folder, watch=lambda report: seen.append((report.done, report.found)))
    assert seen == sorted(seen)
    assert seen[-1] == (11, 11)
    assert report.seconds > 0


def unsure(claim, precision):
    """Sorts by the bare confidence, and takes stakes for the less sure."""
    confidence = 0.9 if claim.relation == "holds-stake" else 0.99
    return settled(replace(claim, confidence=confidence), precision)


def settled(claim, precision):
    low = claim.confidence < precision
    outcome = Outcome.TO_REVIEW if low else Outcome.ADMITTED
    return replace(claim, outcome=outcome, reasons=("LOW_CONFIDENCE",) if low else ())


def test_another_precision_sorts_what_is_stored_without_reading(folder, monkeypatch, tmp_path, clock):
    monkeypatch.setattr("kg.extract.confidence.settled", unsure)
    with open_store(tmp_path / "store", write=True, clock=clock) as store:
        first = built(store, folder, precision=0.95)
        stakes = {c.id for c in store.candidates()}
        assert (first.to_review, first.refused) == (len(stakes), 0)
        assert {c.reasons for c in store.candidates()} == {("LOW_CONFIDENCE",)}
        monkeypatch.setattr("kg.extract.confidence.settled", settled)
        monkeypatch.setattr("kg.extract.read", lambda *_: pytest.fail("read again"))
        again = built(store, folder, precision=0.9)
        assert (again.read, again.sorted_anew, again.unchanged) == (0, 8, 0)
        assert (again.claims, again.to_review) == (first.claims + first.to_review, 0)
        assert stakes < {c.id for c in store.claims()}
        assert list(store.candidates()) == []
        assert built(store, folder, precision=0.9).unchanged == 8
        stricter = built(store, folder, precision=0.995)
        assert (stricter.claims, stricter.to_review) == (0, again.claims)
        assert list(store.claims()) == []


def test_what_is_stored_of_another_text_or_reader_is_read(tmp_path):
    (tmp_path / "01.txt").write_text(text(1))
    with open_store(None, write=True) as store:
        built(store, tmp_path)
        (tmp_path / "01.txt").write_text(text(3))
        changed = built(store, tmp_path, precision=0.9)
        assert (changed.read, changed.sorted_anew) == (1, 0)
        reading = store.reading("01.txt")
        store.commit([replace(reading, reader="rules/0+0@0.9")])
        older = built(store, tmp_path, precision=0.8)
        assert (older.read, older.sorted_anew) == (1, 0)


def test_refused_claims_are_handed_on_with_their_codes(tmp_path, monkeypatch):
    (tmp_path / "01.txt").write_text(text(1))

    def refused(claim, _):
        return replace(claim, outcome=Outcome.REFUSED, reasons=("KIND",))

    monkeypatch.setattr("kg.extract.confidence.settled", refused)
    told = []
    with open_store(None, write=True) as store:
        report = built(store, tmp_path, refusals=lambda _, refusals: told.extend(refusals))
    assert (report.claims, report.to_review, report.ungrounded) == (0, 0, 0)
    assert report.refused == len(told) > 0
    assert {(refusal.reason, refusal.detail) for refusal in told} == {(Reason.KIND, MEANINGS[Reason.KIND][1])}
    assert told[0].quote in text(1)


def test_a_page_that_ends_at_a_paywall_is_read_and_told(tmp_path):
    articles = "<p>Oracle owns 8% of CoreWeave, the two companies said on Tuesday in a joint note to the press.</p>" * 2
    wall = "<div><p>Subscribe to continue reading.</p></div>"
    page = f"<html lang=en><body><nav><a href='/'>Home</a></nav><article>{articles}{wall}</article></body></html>"
    (tmp_path / "stub.html").write_text(page)
    with open_store(None) as store:
        report = build(store, [str(tmp_path / "stub.html")], SourceOptions(), BuildOptions(0))
    assert report.read == 1
    assert report.claims >= 1
    assert ["ends at a paywall" in each.reason for each in report.notes] == [True]


def test_print_and_mobile_twins_of_a_page_are_one_source(tmp_path):
    told = "<p>Oracle owns 8% of CoreWeave, the two companies said on Tuesday in a joint note to the press.</p>" * 2
    address = "https://news.example/oracle"
    around = {
        "page.html": f"<link rel=canonical href={address}></head><body><nav><a href='/'>Home</a></nav><article>{told}",
        "amp.html": f"<link rel=canonical href={address}></head><body><main><h1>Oracle</h1>{told}</main>",
        "print.html": f"<link rel=canonical href={address}></head><body><article>{told}</article><footer>1</footer>",
    }
    for name, page in around.items():
        (tmp_path / name).write_text(f"<!DOCTYPE html><html lang=en><head><title>Oracle</title>{page}</body></html>")
    with open_store(None) as store:
        build(store, [str(tmp_path)], SourceOptions(), BuildOptions(0))
        documents = list(store.documents())
        assert {document.url for document in documents} == {address}
        assert len(store.near_duplicates().sources(document.id for document in documents)) == 1
