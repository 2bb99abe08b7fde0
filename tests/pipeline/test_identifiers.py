"""What a filing identifies a company by, on its way through a store: dossier, graph, SPARQL, checks."""

import io

from kg.export.network import to_networkx
from kg.pipeline import BuildOptions, build
from kg.query.dossier_text import write_dossier
from kg.query.dossiers import dossier
from kg.store import open_store
from kg.store.checks import verify

PAGE = (
    '<html><body><div style="display:none"><ix:header><ix:nonNumeric name="dei:EntityCentralIndexKey" contextRef="c">'
    "0009999901</ix:nonNumeric></ix:header></div><p>SECURITIES AND EXCHANGE COMMISSION</p><p>FORM 8-K</p>"
    "<p>Zeltan Corporation</p><p>(Exact name of registrant as specified in its charter)</p>"
    "<p>Item 8.01 Other Events</p><p>On March 3, 2025, Zeltan Corporation acquired Kovarel Inc. for $5 million.</p>"
    "</body></html>"
)


def test_identifiers_of_a_filing_stand_in_the_store_and_in_what_it_gives(tmp_path):
    (tmp_path / "a.html").write_text(PAGE, "utf-8")
    with open_store(tmp_path / "store", write=True) as store:
        build(store, [str(tmp_path / "a.html")], options=BuildOptions(jobs=0))
        assert {entity.name: entity.identifiers for entity in store.entities()} == {
            "Zeltan Corporation": (("cik", "9999901"),),
            "Kovarel Inc.": (),
        }
        [row] = store.query("SELECT ?e ?cik { ?e kg:cik ?cik }", {})
        assert row["cik"].value == "9999901"
        assert to_networkx(store.claims()).nodes["company/zeltan"]["cik"] == "9999901"
        out = io.StringIO()
        write_dossier(dossier(store, "Zeltan Corporation"), out, "en", width=200)
        assert "CIK 9999901" in out.getvalue()
        assert "Item 8.01" in out.getvalue()
        assert verify(store).violations == ()
