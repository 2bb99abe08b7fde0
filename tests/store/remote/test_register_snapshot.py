"""What registers say behind an endpoint is fetched together, however many records there are."""

import pytest

from kg.model import Document, Tier
from kg.resolve import RegisterRecord, register_entity
from kg.resolve.names import normalise
from kg.store import DocumentClaims, open_store
from kg.store.remote.http import HttpTransport


def row(number):
    name = f"Quillon {number} Vestra"
    record = RegisterRecord(register_entity(name, "Company", "rows", str(number)), "rows", str(number))
    document = Document(f"rows/{number}", f"{number},{name}", "en", "2026-01-01", tier=Tier.REGISTER)
    return DocumentClaims(document, (), "rows 1", records=(record,))


@pytest.fixture
def asked(monkeypatch):
    """The queries that were sent."""
    sent, query = [], HttpTransport.query

    def noted(wire, *args, **options):
        sent.append(args)
        return query(wire, *args, **options)

    monkeypatch.setattr(HttpTransport, "query", noted)
    return sent


def test_the_index_of_registers_takes_as_many_requests_for_many_records_as_for_few(engine, asked):
    counts = []
    for many in (3, 120):
        with open_store(engine("oxigraph"), write=True) as store:
            store.commit(map(row, range(many)))
            asked.clear()
            index = store.register_index()
            counts.append(len(asked))
            assert len(index) == many
            [hit] = index.like(normalise("Quillon 2 Vestra"), 1)
            assert hit.record.key == "2"
            asked.clear()
            assert len(list(store.records())) == len(list(store.past_records())) == many
            assert len(asked) < 30
    assert counts[0] == counts[1]
