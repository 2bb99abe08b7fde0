"""The command that answers a question in words."""

import json
import sys
from typing import TYPE_CHECKING

import click

from kg.cli.common import LANGUAGES, opened_graph, selection_option, store_option, tell_notes, today_option
from kg.cli.model_options import HELP

if TYPE_CHECKING:
    from kg.asking import Reply
    from kg.store import Selection

__all__ = ["ask"]


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--json", "form", flag_value="json", help="The answer as JSON, each kind of saying in a list of its own.")
@click.option("--csv", "form", flag_value="csv", help="The rows as CSV: of facts, or of what the question asks for.")
@click.option("--sparql", "form", flag_value="sparql", help="Print the SPARQL, and ask nothing.")
@click.option("--no-sparql", "form", flag_value="plain", help="The answer as text, without the SPARQL that ran.")
@click.option("--lang", type=LANGUAGES, help="The language of the question; by default it is found.")
@click.option("--llm", metavar="MODEL", help="Have a language model write the SPARQL; its key is in KG_LLM_KEY.")
@click.option("--llm-url", metavar="URL", help=HELP["llm_url"])
@click.option("--seconds", type=click.FloatRange(0.1), default=30.0, help="How long the model's SPARQL may run.")
@selection_option
@today_option
@store_option
def ask(
    question: tuple[str, ...],
    form: str | None,
    lang: str | None,
    llm: str | None,
    llm_url: str | None,
    seconds: float,
    store_path: str,
    selection: "Selection",
) -> None:
    """Answer a question in words, in English or French, without a model.

    For example: kg ask "who supplies CoreWeave?", kg ask "qui détient plus de 5 % de CoreWeave ?".

    It is answered by a question of the catalogue (kg query --list), which is shown. What is not understood is said,
    and nothing is guessed. Facts, plans, reports, denials and what is over are told apart.

    With --llm a language model writes SPARQL. It is checked, and runs in a process of its own within limits.
    """
    text = " ".join(question)
    if llm is not None:
        from kg.cli.ask_model import ask_model

        if selection.narrows:
            raise click.UsageError("a model is asked of the whole graph: leave --accepted-only, --tiers, --leads out")
        ask_model(text, store_path, (llm, llm_url), form, seconds)
        return
    _answer(text, store_path, selection, (form, lang))


def _answer(text: str, store_path: str, selection: "Selection", how: tuple[str | None, str | None]) -> None:
    from kg.asking import ask as answer
    from kg.asking import asked

    form, lang = how
    with opened_graph(store_path, selection) as graph:
        if form == "sparql":
            understood = asked(graph.store, text, lang=lang)
            if not understood.sparql:
                tell_notes([f"this is computed without SPARQL: {understood.call}"])
            click.echo(understood.sparql or understood.call)
            return
        reply = answer(graph.store, text, lang=lang, words=form in {None, "plain"})
        _print(reply, form)
        tell_notes((*graph.store.selection.notes(), *reply.result.notes))


def _print(reply: "Reply", form: str | None) -> None:
    from kg.query import render

    if form == "json":
        click.echo(json.dumps(reply.to_json(), ensure_ascii=False, indent=2))
        return
    if form == "csv":
        render(reply.result.table, "csv", sys.stdout)
        tell_notes(f"{len(section.result)} apart ({section.kind}): {section.call}" for section in reply.apart)
        return
    from kg.asking.text import reply_text

    click.echo(reply_text(reply, sparql=form is None), nl=False)
