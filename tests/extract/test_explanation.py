"""How a text is read, told to people: names, clauses, readings, reasons."""

import pytest

from kg.extract.explanation import explain
from kg.extract.explanation_lines import explanation_lines
from kg.extract.outline import outline
from kg.extract.reader import parse
from kg.model import Document
from kg.reasons import Reason
from kg.resolve import Resolver


def explained(text, lang="en", precision=0.8):
    document, resolver = Document("a-text", text, lang, "2025-03-11"), Resolver()
    found = explain(document, resolver.kind, resolve=resolver.entity, precision=precision)
    return found, "\n".join(explanation_lines(found, document))


def test_names_have_kinds_and_say_how_sure_these_are():
    found, told = explained("Nvidia works with Zeltan Corp.")
    assert [(name.text, name.kind) for name in found.names] == [("Nvidia", "Company"), ("Zeltan Corp.", "Company")]
    assert "Nvidia: Company (known to the register)" in told
    assert "Zeltan Corp.: Company (over 100 times likelier than another kind)" in told


def test_who_files_a_text_is_told():
    text = 'Zeltan Corp and its subsidiaries (the "Company") make trains. The Company owns 12% of Korba Inc.'
    assert "Filer: Zeltan Corp" in explained(text)[1]
    assert "Filer: nobody is told" in explained("Zeltan Corp owns 12% of Korba Inc.")[1]


@pytest.mark.parametrize(
    ("text", "lang", "clauses"),
    [
        (
            "Zeltan Corp was bought by Korba Inc, while Brelin Corp paid $5 million.",
            "en",
            [
                ("main", "was bought", (("done to", "Zeltan Corp"), ("by", "Korba Inc"))),
                ("circumstance", "paid", (("who", "Brelin Corp"), ("what", "$5 million"))),
            ],
        ),
        (
            "Zeltan SA, qui détient 6 % de Korba SA, a démenti.",
            "fr",
            [
                ("main", "a démenti", (("who", "Zeltan SA"),)),
                ("relative", "détient", (("who", "qui"), ("what", "6 % de Korba SA"))),
            ],
        ),
    ],
)
def test_a_sentence_is_a_tree_of_clauses(text, lang, clauses):
    [sentence] = parse(Document("a", text, lang, None)).text.sentences
    main = outline(sentence)
    assert [(clause.link, clause.verb, clause.parts) for clause in (main, *main.clauses)] == clauses


def test_a_tie_to_review_comes_with_its_reasons_and_the_strongest_signs():
    _, told = explained("Did Zeltan Corp acquire Korba Inc.?")
    assert "to-review, confidence 0." in told
    assert "NOT_HAPPENED: a denial, question, failure or rumour may reach it" in told
    assert "      for      " in told
    assert "      against  " in told


def test_claims_are_sorted_by_the_precision_that_is_asked_for():
    text = "Zeltan Corp supplies chips to Korba Inc."
    low, high = (explained(text, precision=precision)[0].verdicts[0] for precision in (0.5, 0.9999))
    assert Reason.LOW_CONFIDENCE not in low.outcome.reasons
    assert Reason.LOW_CONFIDENCE in high.outcome.reasons


def test_a_denial_does_not_reach_what_is_said_of_a_name_by_the_way():
    found, _ = explained("Nvidia, which owns 6% of CoreWeave, denied that it would buy Oracle.")
    stake, purchase = (verdict for verdict in found.verdicts if verdict.proposal.method.startswith("rules/"))
    assert (stake.proposal.relation, stake.outcome.reasons) == ("holds-stake", ())
    assert purchase.proposal.modality == "denied"
