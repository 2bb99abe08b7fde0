"""kg import FILE: own claims out of CSV and JSON lines, as people and spreadsheets write them."""

import csv
import io
import json
import tracemalloc
from dataclasses import fields
from decimal import Decimal

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import cli
from kg.errors import DocumentError, EdgeListError
from kg.export.table import write_csv
from kg.graph import Graph
from kg.importers.claims import importer as claims_importer
from kg.importers.claims.importer import ClaimImporter
from kg.model import Claim, Entity, Evidence, Figure, Modality, Qualifiers, Tier
from kg.ontology import ontology
from kg.pipeline.imports import import_claims
from kg.resolve import Resolver
from kg.store import open_store
from kg.store.json_codec import claim_line

FRENCH = (
    "Actionnaire;issuer;relation;percent;amount;currency;date;exclusive;source\r\n"
    "Crédit Agricole;Amundi;détient une part de;68,93 %;;;11/03/2025;;https://example.org/13g\r\n"
    "Société Générale;Amundi;investit dans;;1 250 000,50;EUR;mars-25;VRAI;\r\n"
)


def written(tmp_path, text, name="claims.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def read(path, author="ada", **options):
    """All claims of a list and what of it does not hold, as text."""
    chunks = list(ClaimImporter(path, author, **options).chunks())
    return [claim for chunk in chunks for claim in chunk.claims], [
        str(bad) for chunk in chunks for bad in chunk.rejected
    ]


def said(claim):
    """What a claim says, without where and how it was read."""
    return (claim.subject, claim.relation, claim.object, claim.modality, claim.qualifiers, claim.known_from)


def run(*arguments, given=None, code=0):
    done = CliRunner().invoke(cli, [*map(str, arguments)], input=given)
    assert done.exit_code == code, (done.output, done.exception)
    return done


# ---------------------------------------------------------------------------------- what a row becomes
def test_a_row_is_a_claim_of_its_author_with_the_row_as_evidence_and_its_source_as_document(tmp_path):
    path = written(
        tmp_path,
        "holder,issuer,percent,date,source,author\n"
        "Nvidia,CoreWeave,6,2025-03-11,https://example.org/13g,\n"
        "Microsoft,OpenAI,49,2024,a talk,bob\n"
        "Nvidia,OpenAI,,2025-03-11,https://example.org/13g,\n",
    )
    with open_store(None, write=True) as store:
        import_claims(store, ClaimImporter(path, "ada"))
        claims = {(claim.subject.id, claim.object.id): claim for claim in store.claims()}
        documents = {document.id: document for document in store.documents()}
        edges = store.query("ASK { company:nvidia kg:holdsStake company:coreweave }")
        assert bool(edges)
    stake, other = claims["company/nvidia", "company/coreweave"], claims["company/microsoft", "company/openai"]
    assert (stake.method, other.method) == ("note/ada", "note/bob")
    assert (stake.qualifiers.percent, stake.known_from, stake.relation) == (Decimal(6), "2025-03-11", "holds-stake")
    assert stake.document == claims["company/nvidia", "company/openai"].document != other.document
    first, second = documents[stake.document], documents[other.document]
    assert (first.url, first.published, first.tier) == ("https://example.org/13g", "2025-03-11", Tier.OWN_NOTE)
    assert (second.url, second.title) == (None, "a talk, noted by bob")
    for claim in claims.values():
        [place] = claim.evidence
        assert documents[claim.document].text[place.start : place.end] == place.quote
    assert stake.quote == "Nvidia,CoreWeave,6,2025-03-11,https://example.org/13g,"


def test_a_name_is_the_company_that_articles_mean_by_it(tmp_path):
    claims, _ = read(written(tmp_path, "holder,issuer\nNVIDIA Corp.,CoreWeave\nNvidia,OpenAI\n"))
    assert {claim.subject.id for claim in claims} == {"company/nvidia"}


def test_figures_kinds_and_parents_are_read_too(tmp_path):
    claims, bad = read(
        written(
            tmp_path,
            "parent,object,relation,value,unit,subject_type\n"
            "CoreWeave,,revenue,1920000000,USD,\n"
            "Alphabet,DeepMind,subsidiary-of,,,\n"
            "Ann Lee,Beta,holds-stake,,,person\n",
        )
    )
    assert bad == []
    assert claims[0].object == Figure(Decimal(1920000000), "USD")
    assert (claims[1].subject.name, claims[1].object.name) == ("DeepMind", "Alphabet")
    assert claims[2].subject.type == "Person"


@pytest.mark.parametrize(
    ("column", "columns"),
    [("Parent", {}), ("OWNER", {}), ("Mère", {"Mère": "parent"})],
)
def test_a_column_of_parents_names_the_parent_however_it_is_written(tmp_path, column, columns):
    path = written(tmp_path, f"{column},company,relation\nAlphabet,DeepMind,subsidiary-of\n")
    [claim], bad = read(path, columns=columns)
    assert (claim.subject.name, claim.object.name, bad) == ("DeepMind", "Alphabet", [])


def test_lists_of_two_people_are_two_though_their_files_are_called_alike(tmp_path):
    with open_store(None, write=True) as store:
        for author in ("ada", "bob"):
            import_claims(store, ClaimImporter(written(tmp_path, "holder,issuer\nNvidia,CoreWeave\n"), author))
        assert {claim.method for claim in store.claims()} == {"note/ada", "note/bob"}


def test_options_may_stand_before_the_file(tmp_path):
    path = written(tmp_path, "holder,issuer\nNvidia,CoreWeave\n")
    assert "1 claim" in run("import", "--author", "ada", "--store", tmp_path / "store", path).output


def test_a_column_map_names_what_a_list_calls_otherwise(tmp_path):
    path = written(tmp_path, "Détenteur,Cible,Part,Note\nA,B,60,x\n")
    columns = {"Détenteur": "subject", "Cible": "object", "Part": "percent", "Note": ""}
    importer = ClaimImporter(path, "ada", columns=columns)
    [chunk] = importer.chunks()
    assert chunk.claims[0].qualifiers.percent == 60
    assert list(importer.notes()) == ["of claims.csv these columns are left out: Note"]
    with pytest.raises(EdgeListError, match=r"cannot be 'subjct'.*Did you mean 'subject'"):
        ClaimImporter(path, "ada", columns={"Détenteur": "subjct"})
    with pytest.raises(EdgeListError, match=r"'Detenteur' is not there.*Did you mean 'Détenteur'"):
        read(path, columns={**columns, "Detenteur": "subject"})


def test_json_lines_say_what_is_left_out_and_what_no_line_has(tmp_path):
    lines = ({"Qui": "Nvidia", "object": "Korba", "quote": "x"}, {"Qui": "Nvidia", "object": "Zeltan", "lang": "fr"})
    path = written(tmp_path, "".join(json.dumps(line) + "\n" for line in lines))
    importer = ClaimImporter(path, "ada", columns={"Qui": "subject", "Quoi": "object"})
    [chunk] = importer.chunks()
    assert len(chunk.claims) == 2
    assert list(importer.notes()) == [
        "of claims.csv these columns are left out: quote, lang",
        "no line of claims.csv has 'Quoi', which is to be read. Did you mean 'Qui' or 'quote'?",
    ]


def test_an_exported_claim_says_what_of_it_is_left_out(tmp_path):
    [claim], _ = read(written(tmp_path, "holder,issuer\nNvidia,CoreWeave\n"))
    out = io.BytesIO()
    with open_store(None, write=True) as store:
        import_claims(store, ClaimImporter(written(tmp_path, "holder,issuer\nNvidia,CoreWeave\n"), "ada"))
        Graph(store).export("jsonl", out)
    path = written(tmp_path, out.getvalue().decode())
    importer = ClaimImporter(path, "ada")
    [chunk] = importer.chunks()
    assert [one.subject.name for one in chunk.claims] == [claim.subject.name]
    [note] = importer.notes()
    assert {"id", "evidence", "confidence"} <= {*note.partition("left out: ")[2].split(", ")}
    assert "format" not in note


# ---------------------------------------------------------------------------------- spelling
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_what_a_spreadsheet_in_french_writes_goes_in(tmp_path, encoding):
    claims, bad = read(written(tmp_path, FRENCH, encoding=encoding), columns={"Actionnaire": "subject"})
    assert bad == []
    assert [(claim.subject.name, claim.relation, claim.known_from) for claim in claims] == [
        ("Crédit Agricole", "holds-stake", "2025-03-11"),
        ("Société Générale", "invests-in", "2025-03"),
    ]
    assert claims[0].qualifiers.percent == Decimal("68.93")
    assert (claims[1].qualifiers.amount, claims[1].qualifiers.exclusive) == (Decimal("1250000.5"), True)


@pytest.mark.parametrize(
    ("text", "mark", "percent"),
    [
        ("holder;issuer;percent\nA;B;12,5\n", "auto", "12.5"),
        ("holder;issuer;percent\nA;B;12.5\n", "auto", "12.5"),
        ("holder\tissuer\tpercent\nA\tB\t12,5\n", "comma", "12.5"),
        ('holder,issuer,percent\nA,B,"12,5"\n', "comma", "12.5"),
        ("holder;issuer;share\nA;B;0,125\n", "auto", "12.5"),
        ("holder;issuer;percent\nA;B;12,5\u202f%\n", "auto", "12.5"),
    ],
)
def test_a_comma_is_the_mark_where_semicolons_separate_or_where_it_is_said(tmp_path, text, mark, percent):
    claims, bad = read(written(tmp_path, text), decimal=mark)
    assert bad == []
    assert claims[0].qualifiers.percent == Decimal(percent)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('holder,issuer,percent\nA,B,"12,5"\n', "row 1 (line 2): percent '12,5' is not a number: write a point"),
        ("holder;issuer;amount;currency\nA;B;1.234.567,5;EUR\n", "amount '1.234.567,5' is not a number"),
        ("holder;issuer;amount;currency\nA;B;1,5,5;EUR\n", "amount '1,5,5' is not a number"),
        ("holder,issuer,start\nA,B,11/03/2025\n", "start '11/03/2025' is no date: write YYYY"),
        ("holder;issuer;start\nA;B;31/02/2025\n", "start '31/02/2025' is no date"),
        (
            "holder,issuer,relation\nA,B,holds-steak\n",
            "relation 'holds-steak' is no relation. Did you mean 'holds-stake'",
        ),
        ("holder,issuer,relation,value\nA,,revenue,5\n", "unit '' is empty, and 'revenue' is a figure"),
        ("holder,issuer,value\nA,B,5\n", "value '5' has no place in 'holds-stake'"),
        ("holder,issuer,outcome\nA,B,refused\n", "outcome 'refused' is of a claim that is in no graph"),
        ("holder,issuer,tier\nA,B,gossip\n", "tier 'gossip' is no tier. There are: register"),
        ("holder,issuer,\nA,B,left over\n", "nameless 3 'left over' stands in a column without a name"),
        ("subject,subject_id,object\nA,b c,B\n", "subject_id 'b c' is no id of a Company: write company/"),
        ("holder,issuer\nA,A\n", "issuer 'A' is the same as the subject"),
        ('{"holder": "A", "issuer": {"a": 1}}\n', "has more than one value in 'issuer'"),
        ('{"holder": "A", "issuer": NaN}\n', "holds NaN, which is no JSON"),
        ('{"holder": "A", "holder": "B"}\n', "says a key twice"),
        ('{"holder": "A"}\n', "object '' is empty: write a name"),
        ('{"holder": "A", "isuer": "B"}\n', "column 'isuer' is unknown. Did you mean 'issuer'"),
        ('{"format": "kg-claims/9", "subject": {}}\n', "has the format 'kg-claims/9'"),
        ("{]\n", "is no JSON"),
    ],
)
def test_what_does_not_hold_is_named_with_its_place_and_the_way_out(tmp_path, text, what):
    claims, bad = read(written(tmp_path, text))
    assert claims == []
    assert what in " ".join(bad)


def test_empty_columns_without_a_name_do_no_harm(tmp_path):
    claims, bad = read(written(tmp_path, "holder;issuer;;\nA;B;;\n"))
    assert (len(claims), bad) == (1, [])


def test_json_lines_by_column_keep_every_digit(tmp_path):
    path = written(tmp_path, '{"holder": "A", "issuer": "B", "percent": 12.345678901234567890123, "exclusive": true}\n')
    claims, bad = read(path)
    assert bad == []
    assert (claims[0].qualifiers.percent, claims[0].qualifiers.exclusive) == (Decimal("12.345678901234567890123"), True)


# ---------------------------------------------------------------------------------- out and in again
NAMES = st.text(st.characters(categories=["L", "N", "P", "Sm", "Sc"]), min_size=1, max_size=12)
NUMBERS = st.decimals(0, 10**9, places=3, allow_nan=False)
DATES = st.dates().map(str) | st.dates().map(lambda day: str(day)[:7]) | st.integers(1900, 2100).map(str)
TERMS = st.fixed_dictionaries(
    {},
    optional={
        "percent": st.decimals(0, 100, places=2),
        "percent_of": st.sampled_from(["capital", "votes", "revenue", "cost"]),
        "quantity": NUMBERS,
        "goods": NAMES,
        "exclusive": st.booleans(),
        "start": DATES,
        "as_of": DATES,
        "duration": st.sampled_from(["P5Y", "P18M"]),
        "as_printed": NAMES,
    },
)
SUMS = st.just({}) | st.builds(lambda amount: {"amount": amount, "currency": "EUR"}, NUMBERS)


def entity(name, kind):
    return Resolver().entity(Entity("?", name, kind, (name,)))


@st.composite
def any_claim(draw):
    first, second = draw(st.lists(NAMES, min_size=2, max_size=2, unique_by=lambda name: entity(name, "Company").id))
    relation = draw(st.sampled_from(["holds-stake", "supplies", "lends-to", "revenue"]))
    end = Figure(draw(NUMBERS), "USD") if relation == "revenue" else entity(second, "Company")
    terms = Qualifiers(**draw(TERMS), **draw(SUMS))
    modality, known = draw(st.sampled_from(list(Modality))), draw(DATES)
    place = (Evidence("an article", 0, 5, "words", "fr"),)
    return Claim(entity(first, "Company"), relation, end, modality, place, terms, known, method="rules/2")


def french(table):
    """What a spreadsheet in French makes of a CSV file: semicolons, decimal commas, days first, its own truth."""
    numbers = {"amount", "percent", "quantity", "value", "confidence"}
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=";")
    writer.writeheader()
    for row in rows:
        for name, cell in row.items():
            if name in numbers:
                row[name] = cell.replace(".", ",")
            elif name in {"start", "as_of", "known_from"} and len(cell) == 10:
                row[name] = "/".join(reversed(cell.split("-")))
            elif cell in {"true", "false"} and name == "exclusive":
                row[name] = {"true": "VRAI", "false": "FAUX"}[cell]
        writer.writerow(row)
    return out.getvalue()


@given(claims=st.lists(any_claim(), min_size=1, max_size=4), form=st.sampled_from(["csv", "jsonl", "french"]))
def test_what_is_exported_goes_in_again_and_says_the_same(tmp_path_factory, claims, form):
    out = io.BytesIO()
    if form == "jsonl":
        out.writelines(map(claim_line, claims))
    else:
        write_csv(claims, out)
    text = french(out.getvalue().decode()) if form == "french" else out.getvalue().decode()
    path = written(tmp_path_factory.mktemp("list"), text)
    again, bad = read(path)
    assert bad == []
    assert sorted(map(repr, map(said, again))) == sorted(repr(said(claim)) for claim in claims)


def test_the_exports_of_a_store_go_in_again(tmp_path, story):
    from kg.store import DocumentClaims

    with open_store(tmp_path / "store", write=True) as store:
        store.commit([DocumentClaims(document, claims) for document, claims in story])
        told = {said(claim) for claim in store.claims()}
    for form, command in (("csv", "export"), ("jsonl", "export"), ("csv", "claims")):
        text = run(command, "--format", form, "--store", tmp_path / "store").stdout
        again, bad = read(written(tmp_path, text, f"{command}.{form}"))
        assert (bad, {said(claim) for claim in again}) == ([], told), (command, form)


def test_every_term_of_a_claim_has_a_column():
    from kg.importers.claims.columns import OWN_COLUMNS

    assert {field.name for field in fields(Qualifiers)} <= {*OWN_COLUMNS}
    assert {*ontology().tiers} == {*Tier}


# ---------------------------------------------------------------------------------- the promises of importers
def test_the_same_list_twice_changes_nothing_and_a_shorter_one_withdraws(tmp_path, monkeypatch):
    monkeypatch.setattr(claims_importer, "ROWS", 2)
    head, rows = "holder,issuer,source\n", [f"H{at},I{at},s{at % 3}\n" for at in range(7)]
    path = written(tmp_path, head + "".join(rows))
    with open_store(tmp_path / "store", write=True) as store:
        first = import_claims(store, ClaimImporter(path, "ada"))
        before = (tmp_path / "store" / "journal.jsonl").read_bytes()
        again = import_claims(store, ClaimImporter(path, "ada"))
        assert (first.claims, again.claims, again.written, again.unchanged) == (7, 0, 0, first.written)
        assert (tmp_path / "store" / "journal.jsonl").read_bytes() == before
        path.write_text(head + "".join(rows[:3]), "utf-8")
        import_claims(store, ClaimImporter(path, "ada"))
        assert {claim.subject.name for claim in store.claims()} == {"H0", "H1", "H2"}


def test_memory_does_not_grow_with_the_list(tmp_path, monkeypatch):
    monkeypatch.setattr(claims_importer, "ROWS", 50)

    def peak(count):
        rows = "".join(f"H{at % 40},I{at % 7},0.{at % 9 + 1}\n" for at in range(count))
        path = written(tmp_path, "holder,issuer,share\n" + rows, f"{count}.csv")
        tracemalloc.start()
        for chunk in ClaimImporter(path, "ada").chunks():
            assert chunk.rows
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(500)  # what is loaded once is no growth
    assert peak(3000) < 1.2 * peak(1000) + 300_000  # the file is read through in pieces for its encoding


# ---------------------------------------------------------------------------------- the command
def test_the_command_takes_a_file_by_its_name_names_bad_rows_and_counts_them(tmp_path):
    path, store = written(tmp_path, "holder,issuer,percent\nA,B,60\nB,C,160\n"), tmp_path / "store"
    done = run("import", path, "--author", "ada", "--store", store, code=1)
    assert f"kg: {path}: row 2 (line 3): percent '160' is over 100 %: write 0 to 100" in done.stderr
    assert "read 2 rows, 1 claim, 1 row left out" in done.stdout
    assert (
        "1 chunk unchanged" in run("import", "claims", path, "--author", "ada", "--store", store, "--skip-bad").stdout
    )


def test_the_command_reads_standard_input_and_says_what_it_leaves_out(tmp_path):
    text = json.dumps({"holder": "A", "issuer": "B", "percent": "12,5"})
    done = run("import", "-", "--author", "ada", "--decimal", "comma", "--store", tmp_path / "s", given=text)
    assert "1 claim" in done.stdout
    done = run("import", "-", "--author", "ada", "--store", tmp_path / "s", given="holder,issuer,quote\nA,B,words\n")
    assert "these columns are left out: quote" in done.stderr


def test_an_author_is_needed_and_a_file_that_is_none_is_one_line(tmp_path):
    path = written(tmp_path, "holder,issuer\nA,B\n")
    assert "--author" in run("import", path, "--store", tmp_path / "s", code=2).stderr
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(DocumentError, match="unknown encoding"):
        read(path, encoding="klingon")
    with pytest.raises(EdgeListError, match="issuer"):
        read(written(tmp_path, "holder,isuer\nA,B\n"))
