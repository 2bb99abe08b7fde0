"""What the open lists say of companies, as records."""

import csv

from kg.training.companies.sources import on_exchanges

COLUMNS = ("symbol", "name", "mic", "country", "market_cap", "isin", "delisted")


def test_the_symbol_tells_the_market_of_a_company_that_has_none_yet(tmp_path):
    with (tmp_path / "NAN.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS, restval="")
        rows.writeheader()
        rows.writerow({"symbol": "ZLT.PA", "name": "Zeltan SA", "country": "France"})
        rows.writerow({"symbol": "ZLT.L", "name": "Zeltan SA", "country": "France"})
        rows.writerow({"symbol": "ZLT", "name": "Zeltan SA", "country": "France"})
    assert [row.listing for row in on_exchanges(tmp_path)] == ["XPAR:ZLT", None, None]
