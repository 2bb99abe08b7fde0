"""Commands with which a person says who is whom: two names are one company, or one name means two."""

from typing import TYPE_CHECKING

import click

from kg.cli.common import author_option, opened, store_option

if TYPE_CHECKING:
    from kg.judgements import IdentityJudgement
    from kg.store import Store

__all__ = ["commit_identity", "merge", "split"]


@click.command()
@click.argument("one", metavar="NAME")
@click.argument("other", metavar="OTHER")
@author_option
@store_option
def merge(one: str, other: str, author: str, store_path: str) -> None:
    """Say that two names are one company; the first is what it is called from now on.

    NAME and OTHER are names or ids, as "kg show" takes them. Claims of both become claims of the one, and the other's
    names its aliases. What documents say stays as it was read: "kg judgements --undo" restores it.

    For example: kg merge Fluidstack 'Fluid Stack Holdings' --author ada.
    """
    from kg.query.identity import merging

    with opened(store_path, write=True) as store:
        commit_identity(store, merging(store, one, other, author, "terminal"))


@click.command()
@click.argument("company", metavar="COMPANY")
@click.argument("name", metavar="NAME")
@click.option("--into", metavar="OTHER", help="Whom NAME means, by name or id; a company of its own by default.")
@click.option("--document", "documents", metavar="ID", multiple=True, help="Only in this document; may be repeated.")
@author_option
@store_option
def split(company: str, name: str, into: str | None, documents: tuple[str, ...], author: str, store_path: str) -> None:
    """Say that NAME is not COMPANY: where documents call COMPANY so, they mean another.

    Where the two are two already, they are kept apart, whatever is merged later: what is said to be different is never
    joined by a chain of merges. "kg judgements --undo" takes it back.

    For example: kg split 'Meta Platforms' Meta --into 'Meta Materials' --document drones.txt --author ada.
    """
    from kg.query.identity import Split, splitting

    with opened(store_path, write=True) as store:
        commit_identity(store, splitting(store, Split(company, name, into, documents), author, "terminal"))


def commit_identity(store: "Store", word: "IdentityJudgement") -> None:
    """Commit a judgement of identity, and print what it changed."""
    from kg.query.identity import identity_phrase

    done = store.commit(identities=[word])
    changes = [f"{count} {what}" for count, what in ((done.claims, "came"), (done.retracted, "withdrawn")) if count]
    said = f"{identity_phrase(word)} ({', '.join(changes) or 'the graph stays as it is'})"
    click.echo(f"taken back: {said}" if word.undoes else f"{word.verdict}: {said}")
    if word.id in store.identities.conflicts:
        click.echo("left out: somebody says that two of those that it would join are different; see 'kg judgements'")
