"""The commands ``kg lexicon``: how a sentence is read, and which entry read it."""

import click

from kg.cli.common import LANGUAGES, weights_option

__all__ = ["explained", "lexicon", "listed"]


@click.group()
def lexicon() -> None:
    """See how sentences are read, and what the lexicons hold."""


@lexicon.command("test")
@click.argument("sentence")
@click.option("--lang", type=LANGUAGES, help="The sentence's language, where it should not be found.")
@click.option("--date", "published", metavar="DATE", help="Its publication date, for dates such as « mardi ».")
@weights_option
def explained(sentence: str, lang: str | None, published: str | None) -> None:
    """Show how SENTENCE is read and why: names, clauses, ties and terms, what the gate says for what reasons.

    For example: kg lexicon test "Nvidia owns 6% of CoreWeave."
    """
    from kg import documents
    from kg.extract.explanation import explain
    from kg.extract.explanation_lines import explanation_lines
    from kg.model import Document
    from kg.resolve import Resolver

    found = lang or documents.identify(sentence, "the sentence")
    document = Document("sentence", sentence, found, published)
    resolver = Resolver()
    for line in explanation_lines(explain(document, resolver.kind, resolve=resolver.entity), document):
        click.echo(line)


@lexicon.command("entries")
@click.argument("relation", required=False)
@click.option("--lang", type=LANGUAGES, default="en", show_default=True, help="Whose lexicon.")
def listed(relation: str | None, lang: str) -> None:
    """List the entries of a lexicon, of all relations or of one."""
    from kg.errors import QueryError, did_you_mean
    from kg.extract.lexicon import load
    from kg.ontology import ontology

    if relation is not None and relation not in ontology().relations:
        raise QueryError(f"there is no relation {relation!r}{did_you_mean(relation, ontology().relations)}")
    for entry in load(lang).entries:
        if relation in {None, entry.relation}:
            for frame in entry.frames:
                click.echo(frame.name.removeprefix(f"{lang}/"))
