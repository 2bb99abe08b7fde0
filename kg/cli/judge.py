"""Commands with which a person judges claims: one by its id, many in the terminal, and the list of what was said."""

import sys
from typing import TYPE_CHECKING, Any

import click

from kg.cli.common import LANGUAGES, OUTCOMES, author_option, opened, store_option
from kg.cli.identity import commit_identity

if TYPE_CHECKING:
    from kg.judgements import Judgement
    from kg.model import Claim
    from kg.store import Store

__all__ = ["add", "judge", "judgements", "review"]

_VERDICTS = click.Choice(["right", "wrong", "unsure"])
_PARTS = click.Choice(["name", "identity", "direction", "relation", "modality", "term", "not-stated"])
_DRAWS = click.Choice(["random", "uncertain", "all"])
_CHANGES = ("subject", "relation", "object", "modality")


_kind_option = click.option(
    "--kind",
    "kinds",
    metavar="NAME=KIND",
    multiple=True,
    help="What a name is that no register knows and that is no company, such as Stargate=Programme.",
)


@click.command()
@click.argument("claim_id", metavar="CLAIM")
@click.argument("verdict", type=_VERDICTS)
@click.option("--part", type=_PARTS, help="What is wrong.")
@click.option("--subject", metavar="NAME", help="Who it is instead, as the text has it.")
@click.option("--relation", metavar="RELATION", help="What relation it is instead.")
@click.option("--object", metavar="NAME", help="To whom it is instead, as the text has it.")
@click.option("--modality", metavar="MODALITY", help="How it is said instead, such as planned.")
@click.option(
    "--term", "terms", metavar="NAME=VALUE", multiple=True, help="A term instead, such as percent=6; percent= for none."
)
@_kind_option
@author_option
@store_option
def judge(
    claim_id: str,
    verdict: str,
    part: str | None,
    terms: tuple[str, ...],
    kinds: tuple[str, ...],
    author: str,
    store_path: str,
    **changes: str | None,
) -> None:
    """Say of a claim that it is right, wrong or unsure; what is wrong may be put right at once.

    CLAIM is the id that "kg claims --format jsonl" gives, or its first letters. A wrong claim leaves the graph and does
    not come back when its document is read anew; one that is right stays, whatever reads the document. Nothing is
    overwritten: "kg judgements" lists what was said, and "kg judgements --undo" takes it back.

    For example: kg judge 6fd39b3d wrong --part term --term percent=6 --author ada.
    """
    from kg.judgements import Part, Verdict
    from kg.pipeline.own_claims import corrected
    from kg.query.review import find_claim

    told = {name: value for name, value in changes.items() if value is not None} | _terms(terms)
    named_kinds = _pairs("--kind", kinds, "Stargate=Programme")
    if named_kinds and not told:
        raise click.UsageError("--kind tells what a name of a correction is: give --subject or --object too")
    with opened(store_path, write=True) as store:
        claim = find_claim(store, claim_id)
        text = store.document(claim.document)
        correction = corrected(claim, text, author, named_kinds, **told) if told else None
        word = _judgement(
            store, claim, Verdict(verdict), author, part=Part(part) if part else None, correction=correction
        )
        _commit(store, word)


def _pairs(option: str, words: tuple[str, ...], example: str) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    for word, (_, sign, _) in zip(words, pairs, strict=True):
        if not sign:
            raise click.UsageError(f"{option} {word}: write NAME=VALUE, as {example}")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _terms(terms: tuple[str, ...]) -> dict[str, str | None]:
    return {**_pairs("--term", terms, "percent=6, or NAME= for none")}


def _judgement(store: "Store", claim: "Claim", verdict: Any, author: str, **more: Any) -> "Judgement":

    from kg.judgements import Judgement, current_moment

    reading = store.reading(claim.document)
    return Judgement(
        verdict,
        claim,
        reading.document.sha256,
        author,
        current_moment(),
        tool="terminal",
        reader=reading.reader,
        **more,
    )


def _commit(store: "Store", word: "Judgement", said: str | None = None) -> None:
    """Commit a judgement, and print what was said (its verdict, by default), of what, and what it changed."""
    from kg.query.review import phrase
    from kg.store import judge as heed

    done = heed(store, [word])
    changes = [f"{count} {what}" for count, what in ((done.claims, "came"), (done.retracted, "withdrawn")) if count]
    instead = f"; instead: {phrase(word.correction)}" if word.correction else ""
    told = f"{said or word.verdict}: {phrase(word.claim)}{instead}"
    click.echo(f"{told} ({', '.join(changes) or 'the graph stays as it is'})")


@click.command()
@click.option("--document", metavar="ID", help="Only those of this document.")
@click.option("--unmatched", is_flag=True, help="Only those that fit nothing in their document any more.")
@click.option("--identity", is_flag=True, help="Only those of who is whom: merges and splits.")
@click.option("--undo", metavar="JUDGEMENT", help="Take this one back; its id, or the first letters.")
@click.option("--author", envvar="KG_AUTHOR", show_envvar=True, help="Who takes it back.")
@click.option("--format", "form", default="table", show_default=True, help="table, csv, json, jsonl or markdown.")
@store_option
def judgements(
    document: str | None,
    unmatched: bool,
    identity: bool,
    undo: str | None,
    author: str | None,
    form: str,
    store_path: str,
) -> None:
    """List what people said of claims, and of who is whom: when, who, what, and what was taken back.

    The last rows are the documents that somebody has read to the end (kg close).
    """
    from kg.query.review import all_judgements
    from kg.tables.rendering import renderer

    write = renderer(form)
    with opened(store_path, write=undo is not None) as store:
        if undo is not None:
            _undo(store, undo, author)
            return
        write(all_judgements(store, document, unmatched=unmatched, identity=identity), sys.stdout)


def _undo(store: "Store", id_: str, author: str | None) -> None:
    from kg.errors import QueryError
    from kg.judgements import IdentityJudgement, Verdict
    from kg.query.identity import taking_back
    from kg.query.review import find_judgement

    if not author:
        raise QueryError("say who takes it back: --author NAME, or KG_AUTHOR")
    word = find_judgement(store, id_)
    if isinstance(word, IdentityJudgement):
        commit_identity(store, taking_back(word, author, "terminal"))
    else:
        _commit(store, _judgement(store, word.claim, Verdict.UNSURE, author, undoes=word.id))


@click.command()
@click.option("--outcome", type=OUTCOMES, default="all", show_default=True, help="Claims of this outcome.")
@click.option(
    "--draw",
    type=_DRAWS,
    default="all",
    show_default=True,
    help="In what order claims come up; only random draws measure, of a company or relation that part alone.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws others.")
@click.option("--company", metavar="COMPANY", help="Only claims of this company.")
@click.option("--relation", metavar="RELATION", help="Only this relation.")
@click.option("--lang", type=LANGUAGES, default="en", help="The language of the phrases.")
@author_option
@store_option
def review(
    outcome: str,
    draw: str,
    seed: int,
    company: str | None,
    relation: str | None,
    lang: str,
    author: str,
    store_path: str,
) -> None:
    """Judge claims one after the other, by single keys; you go on where you stopped.

    x is right, n wrong (then what: n name, i identity, d direction, r relation, m modality, t term, s not stated),
    u unsure, h the history of the claim, z takes the last one back, s leaves it for later, q ends.
    """
    from kg.cli.review_loop import ReviewLoop
    from kg.judgements import Draw
    from kg.query import outcomes_of
    from kg.query.review import Queue, cards, stratum_of

    with opened(store_path, write=True) as store:
        queue = Queue(author, outcomes_of(outcome), Draw(draw), seed, stratum_of(store, company, relation))
        ReviewLoop(store, queue, lang).run(list(cards(store, queue)))


@click.command()
@click.argument("subject")
@click.argument("relation")
@click.argument("object_", metavar="OBJECT")
@click.option(
    "--term", "terms", metavar="NAME=VALUE", multiple=True, help="A term, such as percent=6 or start=2024-03."
)
@click.option("--modality", default="asserted", show_default=True, help="How it is said.")
@click.option("--document", metavar="ID", help="The document that says it; without, --source says where it is from.")
@click.option("--quote", metavar="WORDS", help="The sentence of the document, to the letter.")
@click.option("--source", metavar="TEXT", help="Where it is from, if no document here says it: an address, a book.")
@click.option("--date", metavar="DATE", help="When the source said it.")
@_kind_option
@author_option
@store_option
def add(
    subject: str,
    relation: str,
    object_: str,
    terms: tuple[str, ...],
    kinds: tuple[str, ...],
    modality: str,
    document: str | None,
    quote: str | None,
    source: str | None,
    date: str | None,
    author: str,
    store_path: str,
) -> None:
    """Add a claim of your own: out of a sentence of a document, or out of a note that you sign.

    For example: kg add Nvidia holds-stake CoreWeave --term percent=6 --source https://example.org/13g --author ada.
    """
    from kg.pipeline.notes import check_kinds

    _check_place(document, quote, source, date)
    told = _pairs("--term", terms, "percent=6")
    named_kinds = _pairs("--kind", kinds, "Stargate=Programme")
    check_kinds(named_kinds, subject, object_)
    with opened(store_path, write=True) as store:
        if source is not None:
            from kg.pipeline.notes import Note, reading_of
            from kg.query.review import phrase

            reading = reading_of(Note(subject, relation, object_, author, source, date, modality, told, named_kinds))
            done = store.commit([reading])
            click.echo(f"{'added' if done.claims else 'here already'}: {phrase(reading.claims[0])}")
            return
        from kg.judgements import Verdict
        from kg.pipeline.own_claims import Saying, own_claim

        said = Saying(subject, relation, object_, 0, 0, modality, told, named_kinds)
        found, placed = _saying(store, document or "", quote or "", said)
        claim = own_claim(found, placed, author)
        _commit(store, _judgement(store, claim, Verdict.RIGHT, author), "added")


def _check_place(document: str | None, quote: str | None, source: str | None, date: str | None) -> None:
    if (document is None) != (quote is None) or (document is None) == (source is None):
        raise click.UsageError("give --document with --quote, or --source: where does it stand?")
    if document is not None and date is not None:
        raise click.UsageError("--date goes with --source: a document has its own")


def _saying(store: "Store", document: str, quote: str, saying: Any) -> Any:
    """The document, and what is said with its quote's place; raise `InvalidRecord` where it does not stand there."""
    from dataclasses import replace

    from kg.errors import InvalidRecord

    found = store.document(document)
    start = found.text.find(quote)
    if start < 0:
        raise InvalidRecord(f"'{document}' does not say «{quote[:60]}»")
    return found, replace(saying, start=start, end=start + len(quote))
