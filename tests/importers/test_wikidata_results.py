"""kg import wikidata: saved results of queries; the files are made by the published format."""

from decimal import Decimal

from kg.importers import wikidata
from kg.importers.json_elements import loaded
from kg.importers.registers import head_of, register
from kg.pipeline.imports import import_register
from kg.store import open_store
from tests.importers.wikidata_files import results

LEI = "969500ZELTAN00000054"
ROW = {
    "item": "Q9000001",
    "itemLabel": "Zeltan",
    "itemClass": "Q891723",
    "lei": LEI,
    "owner": "Q9000002",
    "ownerLabel": "Ann Lee",
    "ownerClass": "Q5",
    "proportion": "0.255",
    "start": "2019-02-03T00:00:00Z",
    "startPrecision": "11",
    "end": "2021-01-01T00:00:00Z",
    "country": "Q142",
    "inception": "1998-01-01T00:00:00Z",
}


def written(tmp_path, text, name="items.json"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def taken(path, **told):
    """The claims of a file by relation and object, its records by name, its rejects as text, and its notes."""
    source = register("wikidata", path, **told)
    found = list(source.chunks())
    claims = [claim for chunk in found for claim in chunk.claims]
    records = {record.entity.name: record for chunk in found for record in chunk.records}
    return claims, records, [str(one) for chunk in found for one in chunk.rejected], list(source.notes())


def test_a_row_of_results_is_a_claim_and_a_record(tmp_path):
    path = written(tmp_path, results(ROW, {"item": "Q9000003", "parent": "Q9000001", "parentLabel": "Q9000001"}))
    assert wikidata.recognises(head_of(path), path.name)
    claims, records, rejects, _ = taken(path, retrieved="2025-05")
    owned, child = claims
    assert (owned.subject.id, owned.object.id) == ("person/qid-q9000002", f"company/lei-{LEI.lower()}")
    assert owned.qualifiers.terms() == {"percent": Decimal("25.5"), "start": "2019-02-03", "end": "2021"}
    assert (owned.known_from, loaded(owned.quote)["owner"]["value"][-8:]) == ("2025-05", "Q9000002")
    # The LEI that one row tells is that of the item in all.
    assert (child.subject.name, child.object.id) == ("Q9000003", owned.object.id)
    assert (records["Zeltan"].country, records["Zeltan"].start) == ("FR", "1998")
    assert not rejects


def test_rows_that_do_not_hold_are_named_and_wrong_ones_left_out(tmp_path):
    path = written(
        tmp_path,
        results(
            ROW,
            {"item": "Q0"},
            {"item": "Q9000001", "owner": "Q9000002", "rank": "http://wikiba.se/ontology#DeprecatedRank"},
            {"item": "Q9000001", "owner": "Q9000002", "proportion": "most"},
            {"item": "Q9000001", "owner": "t123"},
            {"item": "Q9000009", "itemLabel": "Korba", "owner": "Q9000001", "ownerLabel": "\ud800"},
            {"item": "Q9000001", "isin": "US0378331006", "lei": "1"},
        ),
    )
    claims, _, rejects, notes = taken(path)
    assert [claim.subject.name for claim in claims] == ["Ann Lee", "Zeltan"]
    assert [reject.split(": ", 1)[1][:24] for reject in rejects] == [
        "item 'http://www.wikidat",
        "owner 'Q9000002' does no",
        "lei '1' is not well form",
        "isin 'US0378331006' is n",
    ]
    assert len(notes) == 2


def test_rows_are_known_by_what_they_say(tmp_path):
    second = {**ROW, "proportion": "0.3"}
    with open_store(None, write=True) as store:
        import_register(store, register("wikidata", written(tmp_path, results(ROW, {"item": "Q9000003"}))))
        again = import_register(store, register("wikidata", written(tmp_path, results({"item": "Q9000003"}, ROW))))
        assert (again.unchanged, again.written) == (2, 0)
        # A row that says something else is another one; of so few rows half are gone, which only the user can know.
        path = written(tmp_path, results({"item": "Q9000003"}, second))
        changed = import_register(store, register("wikidata", path))
        assert (changed.unchanged, changed.written, changed.forgotten, changed.kept) == (1, 1, 0, 1)
        whole = import_register(store, register("wikidata", path), withdraw=True)
        assert (whole.unchanged, whole.written, whole.forgotten, whole.kept) == (2, 0, 1, 0)
        assert [claim.qualifiers.percent for claim in store.claims()] == [30]
