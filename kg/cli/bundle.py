"""The commands of stories that travel: make a bundle, prove one, join two."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from kg.cli.common import (
    LANGUAGES,
    opened,
    opened_graph,
    output_file,
    selection_option,
    store_option,
    tell_notes,
    today_option,
)

if TYPE_CHECKING:
    from kg.bundle import Bundle, Conflict
    from kg.store import Selection

__all__ = ["bundle"]

_FEW = 20


class _Titles(click.Group):
    """Takes what is no command for the title of a story to make."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a title, or an option, is one of `make`."""
        if args and args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return super().resolve_command(ctx, ["make", *args])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Leave the options of `make` to it."""
        help_asked = not args or args[0] in {"-h", "--help"}
        return super().parse_args(ctx, args if help_asked or args[0] in self.commands else ["make", *args])


@click.group(cls=_Titles)
def bundle() -> None:
    r"""Put a story into one file for others, prove such a file, or join two.

    A bundle is a ZIP with a page that needs no network, the same as PDF, RDF, JSON lines, CSV and FollowTheMoney, and a
    manifest of hashes.

    \b
    kg bundle "OpenAI–CoreWeave" --companies OpenAI,CoreWeave --from 2024 -o story.zip
    kg bundle verify story.zip
    kg bundle merge story.zip hers.zip -o ours.zip
    """


@bundle.command("make")
@click.argument("title")
@click.option("-o", "--output", default="story.zip", show_default=True, help="The bundle to write; - prints it.")
@click.option("--companies", metavar="NAME,…", default="", help="The companies that it is about; all by default.")
@click.option("--relation", "relations", multiple=True, help="Only this relation, such as supplies; may stand again.")
@click.option("--from", "since", metavar="DATE", help="Without what was over before this date: 2024, 2024-03.")
@click.option("--to", "until", metavar="DATE", help="Without what began after this date.")
@click.option(
    "--hops", type=click.IntRange(0, 2), help="How many relations around them; 1 of one company, 0 of several."
)
@click.option("--valid", metavar="DATE", help="What holds on this date; by default --today.")
@click.option("--known", metavar="DATE", help="As the world could know it at this date.")
@click.option("--recorded", metavar="DATE", help="As the store had it at this date.")
@click.option("--notes", metavar="FILE", help="Notes, saved views and places: JSON or TOML (kg-scenes/1).")
@click.option("--texts", is_flag=True, help="With the whole texts of the documents, which may be other people's.")
@click.option("--lang", type=LANGUAGES, default="en", help="The language of the page.")
@selection_option
@today_option
@store_option
def _make(title: str, output: str, companies: str, store_path: str, selection: "Selection", **asked: Any) -> None:
    """Put a story into a bundle: claims on some companies, in some years, with every sentence.

    TITLE is its heading. Whole texts stay at home, unless --texts is given: quotes, their places and the hashes of the
    texts prove it all the same.
    """
    names = list(filter(None, (name.strip() for name in companies.split(","))))
    with opened_graph(store_path, selection) as graph:
        made = graph.bundle(title, names, **asked)
    _write(made, output)
    if output != "-":
        click.echo(f"wrote {output}: {_counts(made)}")


def _write(made: "Bundle", output: str) -> None:
    with output_file(output) as out:
        out.write(made.archive())
    tell_notes((*made.story.request.narrowed, *made.notes))


def _counts(made: "Bundle") -> str:
    left = sum(made.story.counts.values())
    return (
        f"{_many(len(made.story.claims), 'claim')} of {_many(len(made.story.sources), 'document')}, "
        f"{left} left out, {_many(len(made.files), 'file')}"
    )


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


@bundle.command("verify")
@click.argument("path", metavar="BUNDLE")
@click.option("--store", "store_path", metavar="PATH|URL", help="Prove the quotes by the texts of this store, too.")
@click.option("--expect", metavar="ID", help="Refuse any other bundle than the one of this id, as --id prints it.")
@click.option("--id", "is_id", is_flag=True, help="Print its id alone: a hash of all of it, to be told apart from it.")
def _verify(path: str, store_path: str | None, expect: str | None, is_id: bool) -> None:
    """Prove a bundle: each byte, each quote at its place, each file saying the same claims.

    BUNDLE is a file, or the folder that it was unpacked to. Quotes are proved by the texts in the bundle, or in
    --store; without either, by their lengths and places. What is wrong is told, a line each, and the command fails.

    A manifest proves that nothing was changed since it was made, not who made it: tell the --id on another way than
    the bundle, and --expect proves that it is the very one.
    """
    from kg.bundle import verified
    from kg.errors import BundleError

    with ExitStack() as stack:
        store = stack.enter_context(opened(store_path)) if store_path else None
        try:
            proof = verified(path, store)
        except BundleError as error:
            for problem in error.problems[1:_FEW]:
                click.echo(f"kg: {' '.join(problem.split())}", err=True)
            raise BundleError(error.problems[0], error.problems) from error
    if expect is not None and expect != proof.id:
        raise BundleError(f"{path} is whole, and another bundle than {expect}: its id is {proof.id}")
    if is_id:
        click.echo(proof.id)
        return
    words = f"{proof.proved} of {_many(proof.quotes, 'quote')} stand at their places in the texts at hand"
    if not proof.proved:
        words = f"{_many(proof.quotes, 'quote')}, whose texts are not at hand: prove them with --store"
    click.echo(
        f"{path} is whole: {_many(proof.files, 'file')} as the manifest says, "
        f"{_many(len(proof.story.claims), 'claim')}, the same in each; {words}"
    )


@bundle.command("merge")
@click.argument("first")
@click.argument("second")
@click.option("-o", "--output", default="merged.zip", show_default=True, help="The bundle to write; - prints it.")
def _merge(first: str, second: str, output: str) -> None:
    """Join two people's bundles: claims united, the judgements and notes of both kept, conflicts shown.

    Both are verified first. Nothing is decided: where they differ, both sides stand on the page, and are listed here.
    """
    from kg.bundle import bundled, merged, verified

    made = bundled(merged(verified(first).story, verified(second).story))
    _write(made, output)
    if output == "-":
        return
    conflicts = made.story.conflicts
    click.echo(f"wrote {output}: {_counts(made)}, {_many(len(conflicts), 'conflict')}")
    for line in map(_conflict, conflicts[:_FEW]):
        click.echo(line)
    if len(conflicts) > _FEW:
        click.echo(f"  … and {len(conflicts) - _FEW} more: the page has all")


_KINDS: Mapping[str, str] = {
    "notes": "different notes on",
    "judgements": "contradictory judgements on",
    "identities": "disagreement on who is whom:",
    "ends": "one sentence, other companies: claim",
    "readings": "in one, left out of the other: claim",
    "texts": "two texts of",
    "layout": "two places of",
    "scenes": "two saved views called",
    "frame": "asked for otherwise:",
}


def _conflict(conflict: "Conflict") -> str:
    from kg.wording.printable import printable

    sides = " | ".join(printable(side) for side in conflict.sides)
    return f"  {_KINDS[conflict.kind.value]} {printable(conflict.on)}: {sides}"
