"""Cards for reviewers, out of the server's own copy of the store: no card waits for queries or their processes."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from kg.errors import UnknownDocument
from kg.judgements import Draw
from kg.model import Outcome
from kg.ontology import ontology
from kg.query import outcomes_of
from kg.query.entity_lookup import find_named
from kg.query.review import card
from kg.query.review_index import Drawn, ReviewIndex, Selection
from kg.query.review_records import card_record, judgements_records
from kg.server.draw_proofs import DrawProofs
from kg.server.review_requests import CardRequest
from kg.server.store_watcher import StoreWatcher
from kg.store import DocumentClaims, Store, reading_now

__all__ = ["ReviewDesk"]

_MANY = 200
"""Documents changed at once from which on queues are made anew, not mended one claim at a time."""
_MOST_NAMES = 1000
"""Names of companies that are remembered: whoever asks for more must not fill the memory."""
_T = TypeVar("_T")


class ReviewDesk:
    """Knows which claims come up next for whom, from the store's last commit.

    All is done in one thread of its own: the first call reads the whole store, later ones what has changed since.
    """

    def __init__(self, watcher: StoreWatcher) -> None:
        self._watcher = watcher
        self._executor = ThreadPoolExecutor(1, "kg-review")
        self._lock = threading.Lock()
        self._changed: set[str | None] = {None}
        self._index = ReviewIndex()
        self._named: dict[tuple[str, bool], str] = {}
        self.proofs = DrawProofs()
        watcher.on_change(self._note)

    async def warm(self) -> None:
        """Read the store, so that the first card need not wait for that."""
        await self._run(lambda _: None)

    async def cards(self, asked: CardRequest, author: str, lang: str) -> dict[str, Any]:
        """Return the next cards for an author, and how many claims are left to him."""
        return await self._run(lambda store: self._cards(store, asked, author, lang))

    async def document_of(self, id_: str) -> str | None:
        """Return the document of a claim or a judgement, of past ones too; None where the id is of neither."""
        return await self._run(lambda _: self._index.document_of(id_))

    async def history(self, claim: str, lang: str) -> list[dict[str, Any]] | None:
        """Return what people said of a claim; None where there is no such claim, and never was one that was judged."""

        def told(store: Store) -> list[dict[str, Any]] | None:
            document = self._index.document_of(claim)
            if document is None:
                return None
            return judgements_records(
                (one for one in reading_now(store, document).judgements if one.claim.id == claim), lang
            )

        return await self._run(told)

    def close(self) -> None:
        """End the thread."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[Store], _T]) -> _T:
        def follow_and_work() -> _T:
            store = self._watcher.store()
            self._follow(store)
            return work(store)

        return await asyncio.get_running_loop().run_in_executor(self._executor, follow_and_work)

    def _follow(self, store: Store) -> None:
        """Take in the documents that have changed; None among them stands for all."""
        try:
            changed = self._take_changed(store)
            if changed:
                self._named.clear()
            if len(changed) > _MANY:
                self._index.forget_queues()
            for document in changed:
                try:
                    self._index.put(reading_now(store, document))
                except UnknownDocument:
                    self._index.remove(document)
        except BaseException:
            # What was not taken in must not be missed the next time.
            self._note(None)
            raise

    def _note(self, document: str | None) -> None:
        with self._lock:
            if None not in self._changed:
                self._changed.add(document)

    def _take_changed(self, store: Store) -> set[str]:
        with self._lock:
            changed, self._changed = self._changed, set()
        if None in changed:
            self._index = ReviewIndex()
            return {one.id for one in store.documents()}
        return {document for document in changed if document is not None}

    def _cards(self, store: Store, asked: CardRequest, author: str, lang: str) -> dict[str, Any]:
        outcomes = outcomes_of(asked.outcome)
        if asked.relation is not None:
            ontology().relation(asked.relation)
        company = None if asked.company is None else self._company(store, asked.company, outcomes)
        selection = Selection(outcomes, asked.how, asked.seed, company, asked.relation)
        drawn, left = self._draw(store, asked, selection, author)
        records = (self._record(one, reading, selection, author, lang) for one, reading in drawn)
        return {"cards": [record for record in records if record is not None], "left": left}

    def _draw(
        self, store: Store, asked: CardRequest, selection: Selection, author: str
    ) -> tuple[list[tuple[Drawn, DocumentClaims]], int]:
        """Draw until each document is there: a commit that is being taken in may have withdrawn the one drawn."""
        while True:
            drawn, left = self._index.draw(selection, author, asked.limit, asked.offset)
            gone = []
            readings = []
            for one in drawn:
                try:
                    readings.append((one, reading_now(store, one.document)))
                except UnknownDocument:
                    gone.append(one.document)
            if not gone:
                return readings, left
            for document in gone:
                self._index.remove(document)

    def _company(self, store: Store, name: str, outcomes: frozenset[Outcome]) -> str:
        """Return the id of the company that a name means; it is looked up once a commit, not once a card."""
        asked = name, bool(outcomes - {Outcome.ADMITTED})
        if asked not in self._named:
            if len(self._named) >= _MOST_NAMES:
                self._named.clear()
            self._named[asked] = find_named(store, name, candidates=asked[1]).id
        return self._named[asked]

    def _record(
        self, drawn: Drawn, reading: DocumentClaims, selection: Selection, author: str, lang: str
    ) -> dict[str, Any] | None:
        """The card as it is now; None where a commit that is being taken in has left nothing of it."""
        by_id = {claim.id: claim for claim in (*reading.claims, *reading.candidates)}
        claims = [by_id[id_] for id_ in drawn.claims if id_ in by_id]
        if not claims:
            return None
        record = card_record(card(reading.document, claims), reading, lang)
        if selection.how is Draw.RANDOM:
            proof = self.proofs.of(author, claims[0].id, selection.stratum)
            record["draw"] = {"stratum": selection.stratum.record, "proof": proof}
        return record
