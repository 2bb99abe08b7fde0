"""What people say of the claims of a `kg.Graph`, and of who is whom: cards to judge, judgements, their list."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kg.graph_asking import GraphAsking
from kg.judgements import WHOLE, Draw, IdentityJudgement, Judgement, Part, Stratum, Verdict, current_moment
from kg.model import Claim
from kg.query.result import QueryResult
from kg.store import CommitResult
from kg.store import judge as heed

if TYPE_CHECKING:
    from kg.pipeline.resolution import Resolution
    from kg.view.review import Review

__all__ = ["GraphJudging"]


class GraphJudging(GraphAsking):
    """Judging claims: see ``docs/how-to/judge.md``."""

    def review(  # noqa: PLR0913 - keywords, each with a default
        self,
        author: str,
        *,
        outcome: str = "all",
        draw: str = "all",
        seed: int = 0,
        company: str | None = None,
        relation: str | None = None,
        lang: str = "en",
    ) -> "Review":
        """Return cards to judge: a sentence with its paragraph, and the claims that are read in it.

        Iterate over them; in a notebook, the last line of a cell shows them one at a time, with buttons and keys.

        Args:
            author: who judges; what he has judged does not come up again.
            outcome: claims of this outcome: "admitted", "to-review", "refused" or "all".
            draw: "all" as the texts have them, "uncertain" the least certain first, "random"; only the last measures.
            seed: another one draws others.
            company: only claims of this company.
            relation: only this relation.
            lang: the language of phrases and buttons, "en" or "fr".

        """
        from kg.query import outcomes_of
        from kg.query.review import Queue, stratum_of
        from kg.view.review import Review

        stratum = stratum_of(self.store, company, relation)
        return Review(self, Queue(author, outcomes_of(outcome), Draw(draw), seed, stratum), lang)

    def judge(  # noqa: PLR0913 - keywords, each with a default
        self,
        claim: Claim | str,
        verdict: str,
        *,
        author: str,
        part: str | None = None,
        drawn: str = "chance",
        stratum: Stratum = WHOLE,
        tool: str = "python",
        kinds: Mapping[str, str] | None = None,
        **changes: str | None,
    ) -> CommitResult:
        """Say of a claim that it is "right", "wrong" or "unsure", and what the text says instead.

        Args:
            claim: it, as it was shown, or its id, or the first letters of that.
            verdict: what you say of it.
            author: who says it.
            part: what is wrong (`kg.judgements.Part`).
            drawn: how it came up (`kg.judgements.Draw`).
            stratum: of what part of the graph it was drawn, such as `kg.judgements.Stratum(relation="supplies")`.
            tool: with what you judge.
            kinds: what a name of the correction is, where no register knows it and it is no company.
            changes: what a correction says instead: `subject`, `relation`, `object`, `modality`, or a term by its name.

        Raises `QueryError` where there is no such claim, `InvalidRecord` where the text does not bear it out.

        """
        from kg.pipeline.own_claims import corrected
        from kg.query.review import find_claim

        found = find_claim(self.store, claim) if isinstance(claim, str) else claim
        reading, now = self.store.reading(found.document), current_moment()
        correction = corrected(found, reading.document, author, kinds, **changes) if changes else None
        said = author, now, None if part is None else Part(part), correction
        how = tool, reading.reader, Draw(drawn), stratum
        return heed(self.store, [Judgement(Verdict(verdict), found, reading.document.sha256, *said, *how)])

    def identify(  # noqa: PLR0913 - keywords, each with a default
        self,
        name: str,
        *,
        country: str | None = None,
        on: str | None = None,
        identifiers: Iterable[str] = (),
        limit: int = 5,
        lang: str = "en",
    ) -> QueryResult:
        """Say which company a name means: candidates of the registers here and of what kg knows, each with why.

        Args:
            name: as a text has it.
            country: where the company is registered, ISO 3166-1 ("FR").
            on: the day on which it was called so, a partial date.
            identifiers: "lei:9695…", "cik:320193".
            limit: how many candidates at most.
            lang: the language of the reasons, "en" or "fr".

        Example:
            >>> from kg.graph import open
            >>> with open() as graph:
            ...     graph.identify("Microsoft Corp.").rows[0][1:3]
            ('Microsoft', 'company/microsoft')

        """
        from kg.query.identification import Asked, identified

        pairs = tuple((kind, value) for kind, _, value in (text.partition(":") for text in identifiers))
        return QueryResult(identified(self.store, Asked(name, country, on, pairs), limit=limit, lang=lang))

    def resolve(self, *, lang: str = "en", commit: bool = True) -> "Resolution":
        """Find out who is whom across documents and registers: see `kg.pipeline.resolution.resolve`."""
        from kg.pipeline.resolution import resolve

        return resolve(self.store, lang=lang, commit=commit)

    def merge(self, name: str, other: str, *, author: str, tool: str = "python") -> CommitResult:
        """Say that two names or ids are one company; the first is what it is called from now on.

        Example:
            >>> from kg.graph import open
            >>> with open() as graph:
            ...     _ = graph.read("Nvidia acquired Zeltan Corp. Oracle acquired Korba Inc.", lang="en")
            ...     _ = graph.merge("Zeltan Corp.", "Korba Inc.", author="ada")
            ...     [entity.name for entity in graph.store.entities()]
            ['Nvidia', 'Oracle', 'Zeltan Corp.']

        """
        from kg.query.identity import merging

        return self.store.commit(identities=[merging(self.store, name, other, author, tool)])

    def split(  # noqa: PLR0913 - keywords, each with a default
        self,
        company: str,
        name: str,
        *,
        author: str,
        into: str | None = None,
        documents: Iterable[str] = (),
        tool: str = "python",
    ) -> CommitResult:
        """Say that a name is not a company's: where documents call it so, they mean another.

        Args:
            company: its name or id.
            name: the name that means another.
            author: who says it.
            into: whom it means, by name or id; a company of its own by default.
            documents: the ids of the documents in which it does; all by default.
            tool: with what you say it.

        """
        from kg.query.identity import Split, splitting

        word = splitting(self.store, Split(company, name, into, tuple(documents)), author, tool)
        return self.store.commit(identities=[word])

    def close_document(self, document: str, *, author: str, undo: bool = False, tool: str = "python") -> CommitResult:
        """Say that a document is read to the end: what holds in it now is all that it says; or take that back.

        Args:
            document: its id.
            author: who has read it.
            undo: take the closing back that counts.
            tool: with what it was read.

        Raises `UnknownDocument`, and `QueryError` where there is no closing to take back.

        """
        from kg.query.closings import closing_of, undoing
        from kg.store import close_document

        at = current_moment()
        return close_document(self.store, (undoing if undo else closing_of)(self.store, document, author, at, tool))

    def export_gold(self, folder: str | Path) -> int:
        """Write the documents that were read to the end into a new folder, as gold (kg-gold/1); return how many."""
        from kg.evaluation.gold_folder import write_gold
        from kg.query.closings import closed_documents

        return write_gold(closed_documents(self.store), Path(folder))

    def take_back(
        self, judgement: Judgement | IdentityJudgement | str, *, author: str, tool: str = "python"
    ) -> CommitResult:
        """Take a judgement back: nothing of it counts any more, and both stay in the history.

        Args:
            judgement: it, or its id, or the first letters of that.
            author: who takes it back.
            tool: with what.

        Raises `QueryError` where there is no such judgement.

        """
        from kg.query.identity import taking_back
        from kg.query.review import find_judgement

        found = find_judgement(self.store, judgement) if isinstance(judgement, str) else judgement
        if isinstance(found, IdentityJudgement):
            return self.store.commit(identities=[taking_back(found, author, tool)])
        text, at = self.store.document(found.document).sha256, current_moment()
        return heed(self.store, [Judgement(Verdict.UNSURE, found.claim, text, author, at, tool=tool, undoes=found.id)])

    def judgements(self, document: str | None = None) -> QueryResult:
        """Return what people said of claims and of who is whom, what was taken back, and which texts are closed."""
        from kg.query.review import all_judgements

        return QueryResult(all_judgements(self.store, document))
