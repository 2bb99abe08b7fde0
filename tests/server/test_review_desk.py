"""The desk's cards while the store changes under them."""

from kg.model import Claim, Document, Entity, Modality
from kg.server.review_desk import ReviewDesk
from kg.server.review_requests import CardRequest
from kg.server.store_watcher import StoreWatcher
from kg.store import DocumentClaims, open_store


def bought(name):
    document = Document(name, "Acme bought Bolt.", "en")
    acme, bolt = (Entity(f"company/{end.lower()}", end, "Company") for end in ("Acme", "Bolt"))
    evidence = (document.evidence(0, len(document.text)),)
    return DocumentClaims(document, (Claim(acme, "acquires", bolt, Modality.ASSERTED, evidence),))


def test_a_document_forgotten_before_the_desk_was_told_gives_the_next_card(run_async, tmp_path):
    """The store is followed in another thread than cards are drawn in: the desk may see a commit before its notice."""
    with open_store(tmp_path / "store", write=True) as store:
        store.commit([bought("first.txt"), bought("second.txt")])
    watcher = StoreWatcher(tmp_path / "store", tmp_path / "work")
    watcher.open()
    desk = ReviewDesk(watcher)

    def cards():
        return run_async(desk.cards(CardRequest(), "ada", "en"))

    (drawn,) = cards()["cards"]
    with open_store(tmp_path / "store", write=True) as store:
        store.forget(drawn["document"])
    watcher._replica.follow()
    after = cards()
    (other,) = {"first.txt", "second.txt"} - {drawn["document"]}
    assert [card["document"] for card in after["cards"]] == [other]
    assert after["left"] == 1
    desk.close()
    watcher.clean()
