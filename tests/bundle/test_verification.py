"""A bundle is proved: each byte, each quote, each file; what is no bundle is refused in one line."""

import hashlib
import io
import json
import random
import re
import zipfile
from dataclasses import replace

import pytest

import kg
from kg.bundle import Conflict, bundled, merged, read_bundle, verified
from kg.bundle.archive import packed
from kg.bundle.bundle import manifest_of
from kg.bundle.story import ConflictKind
from kg.errors import BundleError, KgError
from kg.judgements import Judgement, Opinion, Verdict
from kg.store import open_store
from kg.view.scenes import Note, Scene, Scenes


@pytest.fixture
def whole(seed_bundle, tmp_path):
    path = tmp_path / "story.zip"
    path.write_bytes(seed_bundle.archive())
    return path


def refusal(path, data=None, store=None):
    """The one line in which a bundle is refused."""
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(BundleError) as error:
        verified(path, store)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(str(path))
    return str(error.value).removeprefix(f"{path}")


def test_a_whole_bundle_is_proved(whole, seed, seed_bundle):
    proof = verified(whole)
    assert (proof.story, proof.id, proof.files) == (seed, seed_bundle.id, len(seed_bundle.files))
    assert (proof.quotes, proof.proved) == (sum(len(claim.evidence) for claim in seed.claims), 0)


def test_its_quotes_are_proved_by_a_store_and_by_its_own_texts(whole, example_store, told, tmp_path):
    with open_store(example_store) as store:
        assert verified(whole, store).proved == verified(whole).quotes
    own = tmp_path / "texts.zip"
    own.write_bytes(bundled(told(example_store, with_texts=True), with_paper=False).archive())
    assert verified(own).proved == verified(own).quotes


def test_a_folder_it_was_unpacked_to_is_proved_as_well(whole, seed_bundle, tmp_path):
    folder = tmp_path / "unpacked"
    zipfile.ZipFile(whole).extractall(folder)
    assert verified(folder).id == seed_bundle.id
    (folder / "story.html").write_text("another")
    assert refusal(folder) == ": story.html was changed: it has another SHA-256 than manifest.json says"


# ------------------------------------------------------------------------------ a byte
def test_a_flipped_byte_in_any_file_is_found_and_the_file_named(whole):
    """Three bytes of each file, at places drawn by lot with a fixed seed."""
    data, draw = whole.read_bytes(), random.Random(21)  # noqa: S311 - places in a file
    for member in zipfile.ZipFile(io.BytesIO(data)).infolist():
        start = member.header_offset + 30 + len(member.filename)
        for at in [start + draw.randrange(member.file_size) for _ in range(3)] if member.file_size else []:
            flipped = bytearray(data)
            flipped[at] ^= 1 << draw.randrange(8)
            line = refusal(whole, bytes(flipped))
            assert line.startswith(f": {member.filename} "), (member.filename, at, line)


def test_a_flipped_byte_of_the_archive_itself_is_found(whole):
    """Bytes beside the files: heads, the directory, its end."""
    data, draw = whole.read_bytes(), random.Random(21)  # noqa: S311 - places in a file
    members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    heads = [m.header_offset + draw.randrange(30 + len(m.filename)) for m in members for _ in range(3)]
    directory = range(members[-1].header_offset + 30 + len(members[-1].filename) + members[-1].file_size, len(data))
    for at in (*heads, *draw.sample(directory, 40), len(data) - 1):
        flipped = bytearray(data)
        flipped[at] ^= 1 << draw.randrange(8)
        assert refusal(whole, bytes(flipped))
    assert "byte" in refusal(whole, data + b"\0") or "ZIP" in refusal(whole, data + b"\0")


def test_a_bundle_cut_short_is_refused(whole):
    data = whole.read_bytes()
    for length in (0, 10, len(data) // 2, len(data) - 1):
        assert "ZIP" in refusal(whole, data[:length])


# ------------------------------------------------------------------------------ who recomputes the hashes, too
def changed(bundle, name, change):
    """The bundle's archive with a file changed, and a manifest that fits."""
    files = {n: data for n, data in bundle.files.items() if n != "manifest.json"}
    files[name] = change(files[name])
    return packed(files | {"manifest.json": manifest_of(files, bundle.story)})


TIE = rb'"kg-(?=[0-9a-f]{32}")'


def swap(old, new):
    def change(data):
        assert old in data
        return data.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("claims.jsonl", swap(b'"percent": "6"', b'"percent": "7"'), "it was changed after it was made"),
        ("claims.csv", swap(b"holds-stake", b"invests-in"), "claims.csv says the claim"),
        ("claims.csv", lambda data: data[: data.rstrip().rindex(b"\n")], "claims.csv lacks the claim"),
        ("claims.csv", lambda _: b"", "claims.csv is no table of claims: it lacks the column"),
        ("story.html", swap("détient 6 %".encode(), "détient 9 %".encode()), "has another sentence for the quote"),
        ("story.html", swap(b'data-claim="', b'data-claim="f'), "story.html lacks the claim"),
        ("claims.trig", swap(b'kg:percent "6"', b'kg:percent "7"'), "claims.trig"),
        ("claims-rdf12.trig", swap(b'kg:percent "6"', b'kg:percent "7"'), "claims-rdf12.trig"),
        ("claims.trig", lambda data: data + b"}", "claims.trig is no TriG"),
        ("claims.ftm.json", lambda data: re.sub(TIE, b'"kg-f', data, count=1), "claims.ftm.json has the claim f"),
        ("documents.json", swap(b'"length": 819', b'"length": 8'), "quotes characters"),
        ("documents.json", lambda _: b"[1]", "identity is not whole"),
        ("citations.bib", swap(b"kg claim ", b"kg claim f"), "citations.bib lacks the claim"),
        ("citations.json", swap(b"kg claim ", b"kg claims "), "citations.json lacks the claim"),
        ("claims.ftm.json", swap(b'"owner": ["', b'"owner": ["x'), "claims.ftm.json ties others by the claim"),
        ("citations.bib", swap("détient 6".encode(), "détient 9".encode()), "citations.bib has another sentence"),
        ("citations.json", swap("détient 6".encode(), "détient 9".encode()), "citations.json has another sentence"),
        ("citations.json", lambda _: b"[1]", "citations.json is no list of citations"),
        ("story.html", swap(b"</h1>", b"</h1><script>alert(1)</script>"), "has an element 'script', which no page"),
        ("story.html", swap(b"<h1>", b'<h1 onclick="x()">'), "has an attribute 'onclick' that acts"),
        ("story.html", swap(b"</h1>", b'</h1><a href="javascript:x()">y</a>'), "has an attribute 'href' that acts"),
        ("story.html", swap(b"</h1>", b"</h1><!--><script>x()</script>-->"), "has a comment"),
        ("story.json", swap(b'"day": "2025', b'"day": "20x5'), "stands for a day"),
        ("story.json", swap(b'"request"', b'"requests"'), "the key 'request"),
        ("notes.json", swap(b'"on"', b'"of"'), "there is no key 'of'"),
        ("judgements.jsonl", lambda _: b'{"word": 1}\n', "judgements.jsonl has a line"),
        ("judgements.jsonl", lambda _: b"{\n", "judgements.jsonl, line 1"),
    ],
)  # fmt: skip
def test_files_that_say_something_else_are_found_though_their_hashes_fit(whole, seed_bundle, name, change, message):
    assert message in refusal(whole, changed(seed_bundle, name, change))


def test_a_text_that_is_another_is_found(whole, example_store, told):
    bundle = bundled(told(example_store, with_texts=True), with_paper=False)
    assert "texts/0001.txt is another text" in refusal(
        whole, changed(bundle, "texts/0001.txt", lambda data: data + b" ")
    )


def test_a_quote_that_does_not_stand_in_the_text_is_found(whole, small, story):
    (first, *rest), texts = small().claims, {document.id: document.text for document, _ in story}
    quote = first.evidence[0].quote
    moved = replace(first, evidence=(replace(first.evidence[0], start=3, end=3 + len(quote)),))
    data = bundled(small(claims=(moved, *rest), texts=texts), with_paper=False).archive()
    assert f"claim {moved.id}: its quote does not stand at characters 3–" in refusal(whole, data)


def test_a_store_with_another_text_is_no_proof(whole, tmp_path):
    with kg.open(tmp_path / "other", write=True) as graph:
        graph.read("Nvidia owns 6% of CoreWeave.", lang="en", name="openai-coreweave.fr.md")
        line = refusal(whole, store=graph.store)
    assert "document" in line


# ------------------------------------------------------------------------------ what is no bundle
def archive_of(files, compression=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([("../../etc/passwd", b"x")], "a file '../../etc/passwd', a name that no bundle has"),
        ([("/etc/passwd", b"x")], "a name that no bundle has"),
        ([("texts/../story.html", b"x")], "a name that no bundle has"),
        ([("c:\\x", b"x")], "a name that no bundle has"),
        ([("story.html\x1b[31m", b"x")], "a name that no bundle has"),
        ([("story.html", b"x"), ("story.html", b"y")], "has the file 'story.html' more than once"),
        ([("a.txt", b"x")], "lacks manifest.json"),
        ([("manifest.json", b"{")], "manifest.json this is no JSON"),
        ([("manifest.json", b"[]")], "manifest.json is not whole"),
        ([("manifest.json", b'{"format": "kg-bundle/0"}')], "made by an older kg; this kg reads 'kg-bundle/1'"),
        ([("manifest.json", b'{"format": "kg-bundle/2"}')], "of another kg"),
        ([], "lacks manifest.json"),
    ],
)
def test_archives_that_are_no_bundles_are_refused_in_one_line(tmp_path, files, message):
    assert message in refusal(tmp_path / "x.zip", archive_of(files))


def test_a_bomb_is_not_unpacked(tmp_path):
    bomb = archive_of([("manifest.json", b"\0" * (64 << 20))], zipfile.ZIP_DEFLATED)
    assert "'manifest.json' is compressed or encrypted. Unpack it, and name the folder" in refusal(
        tmp_path / "x.zip", bomb
    )


def test_files_that_share_their_bytes_are_not_taken_out(tmp_path):
    """Two hundred heads of one file of a mebibyte: a bomb, though nothing in it is compressed."""
    data = archive_of([(f"texts/{number:04}.txt", b"") for number in range(200)] + [("a.txt", b"x" * (1 << 20))])
    at = data.index(b"PK\x01\x02")
    for _ in range(200):
        head = bytearray(data[at:])
        head[20:28] = (1 << 20).to_bytes(4, "little") * 2
        data = data[:at] + bytes(head)
        at = data.index(b"PK\x01\x02", at + 4)
    assert "files that share their bytes, or more of them than it is long" in refusal(tmp_path / "x.zip", data)


@pytest.mark.parametrize("lot", range(3))
def test_whatever_is_flipped_cut_or_put_in_is_found_in_one_line(whole, lot):
    draw, data = random.Random(lot), whole.read_bytes()  # noqa: S311 - a lot
    for _ in range(34):
        at, count = draw.randrange(len(data)), draw.randrange(1, 200)
        flipped = data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]
        added = data[:at] + draw.randbytes(count) + data[at:]
        refusal(whole, draw.choice([flipped, data[:at], data[:at] + data[at + count :], added]))


def test_a_lost_and_an_added_file_are_named(whole, seed_bundle, tmp_path):
    files = dict(seed_bundle.files)
    del files["claims.csv"]
    assert refusal(whole, packed(files)) == ": claims.csv is missing"
    assert "extra.txt is a file that manifest.json does not name" in refusal(
        whole, packed(seed_bundle.files | {"extra.txt": b""})
    )
    assert "cannot be read" in refusal(tmp_path / "nowhere.zip")


def test_a_link_in_a_folder_is_refused(whole, tmp_path):
    folder = tmp_path / "unpacked"
    zipfile.ZipFile(whole).extractall(folder)
    (folder / "story.html").unlink()
    (folder / "story.html").symlink_to(whole)
    assert "has a link, 'story.html'" in refusal(folder)


def test_a_manifest_whose_id_is_another_is_found(whole, seed_bundle):
    record = json.loads(seed_bundle.files["manifest.json"])
    record["title"] = "Another"
    files = dict(seed_bundle.files) | {
        "manifest.json": json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n"
    }
    assert "manifest.json was changed: its id is not the hash of what it says" in refusal(whole, packed(files))
    rest = {name: value for name, value in record.items() if name != "id"}
    record["id"] = hashlib.sha256(json.dumps(rest, ensure_ascii=False).encode()).hexdigest()
    files["manifest.json"] = json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n"
    assert "manifest.json does not say what its story does" in refusal(whole, packed(files))


def test_what_is_read_back_makes_the_same_bundle(whole, seed_bundle):
    story, files = read_bundle(whole)
    assert files == seed_bundle.files
    assert bundled(story).files == files


# ------------------------------------------------------------------------------ what nobody would write
ODD = (None, True, -1, 10**30, 1.5, "", "x", "\x00", "\u2028", [], {}, ["x"], {"x": 1}, "2025-99", "9" * 5000)


def leaves(value, at=()):
    """The places of all values in some JSON."""
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from leaves(inner, (*at, key))


def put(value, at, new):
    if not at:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = put(copy[at[0]], at[1:], new)
    return copy


@pytest.fixture(scope="module")
def odd_bundle(small, story):
    """A bundle that has something in each of its files."""
    claim, at = small().claims[0], "2025-06-01T08:00:00Z"
    word = Judgement(Verdict.RIGHT, claim, story[1][0].sha256, "Ana", at)
    made = small(
        scenes=Scenes((Note("company/nvidia", "x"),), (Scene("1"),), {"company/nvidia": (1.0, 2.0)}),
        words=(word,),
        opinions={claim.id: (Opinion(Verdict.RIGHT, "Ana", at, None, word.id),)},
        conflicts=(Conflict(ConflictKind.FRAME, "lang", ("en", "fr")),),
    )
    return bundled(made, with_paper=False)


def test_odd_values_in_files_whose_hashes_fit_end_in_one_line(whole, odd_bundle):
    """Sixty by lot: each bundle is refused in one line, or it holds, and can be merged then."""
    draw, lines_told = random.Random(21), []  # noqa: S311 - a lot
    for _ in range(60):
        name = draw.choice(["story.json", "documents.json", "notes.json", "claims.jsonl", "judgements.jsonl"])
        lines = odd_bundle.files[name].splitlines() if name.endswith("jsonl") else [odd_bundle.files[name]]
        number = draw.randrange(len(lines))
        value = json.loads(lines[number])
        lines[number] = json.dumps(put(value, draw.choice(list(leaves(value))), draw.choice(ODD))).encode()
        whole.write_bytes(changed(odd_bundle, name, lambda _, lines=lines: b"\n".join(lines) + b"\n"))
        try:
            bundled(merged(verified(whole).story, odd_bundle.story), with_paper=False)
        except KgError as error:
            lines_told.append(str(error))
    assert len(lines_told) > 30
    assert not [line for line in lines_told if "\n" in line]
