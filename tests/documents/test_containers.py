"""Archives: what is in them is found in order, costs itself alone, and does no harm, whatever the archive says."""

import gzip
import io
import json
import stat
import tarfile
import zipfile

import pytest

from kg.documents import ListingTask, Source, find, is_container, list_members, read
from kg.documents.containers import part
from kg.errors import DocumentError
from tests.documents.conftest import BODY, TEXT, TITLE, forms, mail, mbox, members, rss, written


def zipped(files, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("news") / "all.zip"
    path.write_bytes(zipped(forms()))
    return members(path)


def test_an_article_is_the_same_text_in_whichever_file_it_comes(archive):
    documents, skipped, _ = archive
    assert skipped == {}
    assert {" ".join(document.text.split()) for document in documents} == {" ".join(TEXT.split())}
    assert {(document.title, document.lang) for document in documents} == {(TITLE, "en")}
    assert [document.id for document in documents] == [
        "all.zip#mail.eml",
        "all.zip#box.mbox#1",
        "all.zip#feed.rss#tag:example.org,2016:opower",
        "all.zip#crawl.warc.gz#0",
        "all.zip#news.jsonl#1",
        "all.zip#news.json#1",
        "all.zip#sheet.csv#2",
        "all.zip#plain.txt",
        "all.zip#small.txt.gz#small.txt",
    ]


def test_a_member_is_called_by_its_file_and_its_place(archive):
    documents, _, _ = archive
    assert all(document.source.endswith(document.id) for document in documents)
    dates = {document.id.removeprefix("all.zip#"): document.published for document in documents}
    assert dates["crawl.warc.gz#0"] == "2016-05-03", "a page without a date has the day when it was saved"
    assert dates["box.mbox#1"] == dates["news.json#1"] == dates["sheet.csv#2"] == "2016-05-02"
    assert dates["plain.txt"] is None


def test_a_member_is_found_again_by_its_name_alone(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"b.mbox": mbox(mail(), mail("A second text of some words.", "Second"))}))
    document = read(Source("a.zip#b.mbox#2", str(path), "b.mbox#2"), lang="en")
    assert document.text == "Second\n\nA second text of some words.\n"
    with pytest.raises(DocumentError, match=r"a\.zip#b\.mbox#3: is not in the mailbox"):
        part(Source("a.zip#b.mbox#3", str(path), "b.mbox#3"))
    with pytest.raises(DocumentError, match=r"a\.zip#c\.mbox: is not in the archive"):
        part(Source("a.zip#c.mbox#1", str(path), "c.mbox#1"))


def test_a_json_file_beside_a_text_describes_it_in_an_archive_too(unpacked):
    said = json.dumps({"title": "Told", "date": "2016-05", "url": "https://example.org/a"})
    [document], skipped, _ = unpacked("a.zip", zipped({"n/a.txt": TEXT, "n/a.json": said}))
    assert (document.title, document.published, document.url) == ("Told", "2016-05", "https://example.org/a")
    assert skipped == {}


def test_what_is_no_document_is_told_once_each_and_the_rest_read(unpacked):
    documents, skipped, _ = unpacked(
        "a.zip",
        zipped(
            {"a.txt": TEXT, "b.png": b"\x89PNG", "c.txt": b"\0\0", "n/": "", ".hid/x.txt": "x", "__MACOSX/a.txt": "x"}
        ),
    )
    assert [document.id for document in documents] == ["a.zip#a.txt"]
    assert set(skipped) == {"#b.png", "#c.txt"}
    assert "'.png' is none of the kinds" in skipped["#b.png"]
    assert "is binary, not text" in skipped["#c.txt"]


@pytest.mark.parametrize("name", ["../../etc/a.txt", "/etc/a.txt", "C:\\a.txt", "n/../../a.txt"])
def test_a_name_that_leads_out_of_the_archive_is_refused(unpacked, name):
    documents, skipped, _ = unpacked("a.zip", zipped({name: TEXT, "good.txt": TEXT}))
    assert [document.id for document in documents] == ["a.zip#good.txt"]
    assert list(skipped.values()) == ["its name leads out of the archive: unpack it yourself if you trust it"]


def test_a_link_and_an_encrypted_file_are_refused(unpacked):
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = zipped({link: "/etc/passwd", "secret.txt": TEXT})
    secret = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = secret.rfind(mark)
        secret[at + offset] |= 1
    _, skipped, _ = unpacked("a.zip", bytes(secret))
    assert skipped["#link.txt"] == "is a link, which is not followed"
    assert "is encrypted" in skipped["#secret.txt"]


def test_a_bomb_costs_itself_alone(unpacked):
    documents, skipped, _ = unpacked("a.zip", zipped({"bomb.txt": b"0" * 40_000_000, "good.txt": TEXT}))
    assert len(documents) == 1
    assert skipped == {"#bomb.txt": "unpacks to more than 200 times its size: it is no text"}


def test_a_file_that_lies_about_its_size_is_cut_off(unpacked):
    honest = zipped({"lie.txt": TEXT * 100})
    at = honest.rfind(b"PK\x01\x02")
    data = honest[: at + 24] + (10).to_bytes(4, "little") + honest[at + 28 :]
    _, skipped, _ = unpacked("a.zip", data)
    assert "cannot be unpacked" in skipped["#lie.txt"]


def test_files_that_overlap_are_refused_together(unpacked):
    data = bytearray(zipped({"a.txt": TEXT, "b.txt": TEXT}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 42 : at + 46] = (0).to_bytes(4, "little")
    documents, skipped, _ = unpacked("a.zip", bytes(data))
    assert documents == []
    assert "whose files overlap" in skipped[""]


def test_archives_are_opened_in_one_another_once(unpacked):
    once = zipped({"b.zip": zipped({"c.txt": TEXT, "d.zip": zipped({"e.txt": TEXT})})})
    documents, skipped, _ = unpacked("a.zip", once)
    assert [document.id for document in documents] == ["a.zip#b.zip#c.txt"]
    assert set(skipped) == {"#b.zip#d.zip"}


def test_ten_thousand_files_are_listed_some_at_a_time_and_told_in_one_order(tmp_path):
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({f"{number}.txt": TEXT for number in range(10_000)}))
    [source] = find([str(path)])
    task, names, sizes = ListingTask(source), [], []
    while task is not None:
        listing = list_members(task)
        names += [member.member for member in listing.sources]
        sizes.append(len(listing.sources))
        task = ListingTask(source, listing.rest) if listing.rest else None
    assert names == [f"{number}.txt" for number in range(10_000)]
    assert max(sizes) <= 500


def test_two_files_of_one_name_in_an_archive_are_told_apart(unpacked):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", TEXT)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", TEXT.replace("532", "640"))
    documents, _, _ = unpacked("a.zip", buffer.getvalue())
    assert [(document.id, "640" in document.text) for document in documents] == [
        ("a.zip#a.txt", False),
        ("a.zip#a.txt~2", True),
    ]


def test_a_number_sign_in_a_name_is_no_sign_of_a_member(unpacked):
    [document], _, _ = unpacked("a.zip", zipped({"C# news.txt": TEXT}))
    assert document.id == "a.zip#C%23 news.txt"


@pytest.mark.parametrize("compress", [True, False])
def test_a_tar_archive_is_read_in_its_order(unpacked, compress):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz" if compress else "w") as archive:
        for name in ("n/b.txt", "n/a.txt", "../c.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(TEXT)
            archive.addfile(info, io.BytesIO(TEXT.encode()))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    documents, skipped, _ = unpacked("a.tar.gz" if compress else "a.tar", buffer.getvalue())
    assert [document.id.partition("#")[2] for document in documents] == ["n/b.txt", "n/a.txt"]
    assert set(skipped) == {"#../c.txt", "#link.txt"}


BROKEN = {
    "cut.zip": zipped({"a.txt": TEXT})[:-30],
    "none.zip": b"no archive",
    "empty.zip": zipped({}),
    "cut.tar.gz": gzip.compress(b"a.txt" + bytes(3000))[:-20],
    "none.tar": b"no archive",
    "cut.txt.gz": gzip.compress(TEXT.encode())[:-9],
    "bomb.txt.gz": gzip.compress(bytes(50_000_000)),
    "none.mbox": TEXT.encode(),
    "empty.mbox": b"",
    "none.eml": TEXT.encode().replace(b":", b""),
    "none.rss": TEXT.encode(),
    "none.xml": b"<?xml version='1.0'?><report/>",
    "cut.rss": rss().encode()[:60],
    "bomb.rss": b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>',
    "none.warc": TEXT.encode(),
    "none.warc.gz": TEXT.encode(),
    "none.json": b'{"a": ',
    "deep.json": b"[" * 200_000,
    "numbers.json": b"[1, 2]",
    "none.jsonl": TEXT.encode(),
    "none.urls": TEXT.encode(),
    "none.xlsx": b"PK\x03\x04",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_not_what_it_is_called_is_one_clear_line(unpacked, name, tmp_path):
    documents, skipped, _ = unpacked(name, BROKEN[name])
    assert documents == []
    [(where, reason)] = skipped.items()
    assert "\n" not in reason
    assert f"{tmp_path / name}{where}" in reason


def test_a_file_without_an_ending_is_told_by_its_beginning(unpacked):
    assert len(unpacked("Inbox", mbox(mail(), mail()))[0]) == 2
    assert len(unpacked("download", zipped({"a.txt": TEXT}))[0]) == 1


def test_an_article_is_no_container(tmp_path):
    folder = written(tmp_path, {"a.txt": TEXT.encode(), "b.html": b"<html>", "c": TEXT.encode()})
    assert not any(is_container(source) for source in find([str(folder / name) for name in ("a.txt", "b.html", "c")]))


def test_an_archive_that_has_changed_is_opened_anew(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.txt": TEXT}))
    assert BODY in members(path)[0][0].text
    path.write_bytes(zipped({"a.txt": TEXT.replace("532", "1,640")}))
    assert "1,640" in members(path)[0][0].text


@pytest.mark.usefixtures("_no_socket")
def test_no_socket_is_opened(tmp_path):
    documents, skipped, _ = members(
        written(tmp_path / "news", {**forms(), "list.urls": b"https://example.org/opower\n"})
    )
    assert (len(documents), skipped) == (9, {})


ROWS = f"title,text\nDeal,{BODY!r}\n".replace("'", '"').replace("\\n\\n", " ")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", zipped({"b.zip": zipped({"c.csv": ROWS})})),
        ("a.zip", zipped({"b.zip": zipped({"c.csv.gz": gzip.compress(ROWS.encode())})})),
        ("c.csv.gz", gzip.compress(ROWS.encode())),
    ],
)
def test_a_list_is_one_wherever_it_stands(unpacked, name, data):
    [document], skipped, _ = unpacked(name, data)
    assert (document.title, skipped) == ("Deal", {})
    assert document.id.endswith("c.csv#2")


def test_what_is_nested_too_deep_is_told_in_one_line(unpacked):
    deep = zipped({"b.zip": zipped({"c.zip": zipped({"d.txt": TEXT}), "c.txt": TEXT})})
    documents, skipped, _ = unpacked("a.zip", deep)
    assert [document.id for document in documents] == ["a.zip#b.zip#c.txt"]
    reason = "is a container in more than 2 others: unpack it, and give `kg build` the file itself"
    assert skipped == {"#b.zip#c.zip": reason}


def test_an_archive_with_a_file_called_as_in_office_files_is_an_archive(unpacked):
    documents, skipped, _ = unpacked("a.zip", zipped({"mimetype": "x", "a.txt": TEXT}))
    assert [document.id for document in documents] == ["a.zip#a.txt"]
    assert list(skipped) == ["#mimetype"]
