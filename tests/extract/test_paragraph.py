"""The model of the paragraph: how a document is cut and encoded, and what its reader makes of what it sees."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.doubts import doubts
from kg.extract.paragraph.network import FLOOR, MODALITIES, RELATIONS, ROLES, network
from kg.extract.paragraph.pieces import LONGEST, encoded, pieces
from kg.extract.paragraph.reader import Paragraphs
from kg.extract.paragraph.seen import Term, Tie
from kg.extract.paragraph.terms import own_terms, terms_of
from kg.extract.paragraph.windows import FIGURES, windows
from kg.extract.plain import plain
from kg.extract.proposal import End, Proposal
from kg.extract.reader import parse, read
from kg.extract.rules import Rules
from kg.model import Document, Modality
from kg.ontology import ontology
from kg.reasons import Reason
from kg.resolve import Resolver

FAR = """Zeltan Corp takes over Korba Inc

Zeltan Corp, a maker of trains, said on Monday that it had grown by 4%. Its boss was pleased.

The group will pay $412 million for Korba Inc in March 2025. Brelin Bank lends half of it.
"""


def parsed(text, lang="en", published="2025-01-10"):
    return parse(Document("a-text", text, lang, published), Resolver().kind)


def cut(text, **more):
    found = parsed(text, **more)
    return list(windows(found.document, found.text))


def test_a_short_text_is_one_window_with_its_names_and_figures():
    [window] = cut(FAR)
    told = [(FAR[mark.start : mark.end], mark.kind) for mark in window.marks]
    assert ("Zeltan Corp", "Company") in told
    assert ("$412 million", "amount") in told
    assert ("in March 2025", "date") in told
    assert ("4%", "percent") in told
    assert {"Zeltan Corp", "Korba Inc", "Brelin Bank"} <= set(window.names)


def test_marks_stand_in_order_and_never_overlap():
    [window] = cut(FAR)
    assert all(one.end <= two.start for one, two in pairwise(window.marks))


def test_a_text_with_one_party_never_reaches_the_model():
    assert cut("Zeltan Corp grew by 4% in 2024. It makes trains.") == []
    assert parsed("Zeltan Corp grew by 4% in 2024.").seen.scores == {}


def test_a_long_text_is_cut_at_paragraphs_and_each_piece_is_read_beside_the_title():
    filling = "\n\n".join(
        f"Costs of train {number} fell by a little, and nobody knows why that is so." for number in range(60)
    )
    text = f"Zeltan Corp grows\n\n{filling}\n\nThe group buys Korba Inc from Brelin Corp this year.\n"
    *_, last = cut(text)
    assert text[slice(*last.spans[0])] == "Zeltan Corp grows"
    assert "Korba Inc" in text[slice(*last.body)]
    assert {"Zeltan Corp", "Korba Inc", "Brelin Corp"} <= set(last.names)


def test_no_paragraph_is_read_twice_and_none_is_left_out():
    filling = [
        f"Zeltan Corp sold train {number} to Korba Inc, which paid $5 million for it in 2020." for number in range(80)
    ]
    text = "\n\n".join(filling)
    bodies = [window.body for window in cut(text)]
    assert all(one[1] <= two[0] for one, two in pairwise(bodies))
    assert all(any(a <= text.index(line) < b for a, b in bodies) for line in filling)


@given(st.text(st.sampled_from("abcdefgéàçœ’'« »\n\t.,;:()&%$€0123456789ABC\u00a0-—")))
def test_each_piece_stands_for_the_characters_that_it_spells(text):
    model = network().model
    flat = plain(text).replace("\n", " ").replace("\t", " ")
    for number, (start, end) in pieces(text, 0, model):
        spelt = model.id_to_piece(number).replace("▁", " ")
        if number != model.unk_id():
            # The model puts a blank before the first word, which stands for no character.
            assert spelt in {flat[start:end], f" {flat[start:end]}"}
            assert 0 <= start <= end <= len(text)


def test_a_window_that_is_too_long_is_cut_and_keeps_its_end():
    text = "Zeltan Corp bought Korba Inc. " + "Zeltan Corp sold Korba Inc to Brelin Corp again, and again. " * 30
    found = parsed(text)
    window = next(windows(found.document, found.text))
    code = encoded(window, text, network().model)
    assert len(code.ids) == len(code.spans) <= LONGEST
    assert code.ids[-1] == network().model.eos_id()
    assert all(place < len(code.ids) - 1 for place in code.places.values())


def test_what_is_seen_is_the_same_each_time():
    one, two = (parsed(FAR).seen for _ in range(2))
    assert one.ties == two.ties
    assert all(np.array_equal(one.scores[pair], two.scores[pair]) for pair in one.scores)


def test_every_pair_gets_a_score_for_each_relation_and_kinds_are_probabilities():
    seen = parsed(FAR).seen
    assert {len(row) for row in seen.scores.values()} == {len(RELATIONS)}
    assert ("Zeltan Corp", "Korba Inc") in seen.scores
    assert ("Korba Inc", "Zeltan Corp") in seen.scores
    assert all(sum(kinds.values()) == pytest.approx(1, abs=0.01) for kinds in seen.kinds.values())


def test_terms_have_roles_that_their_figures_can_have():
    for tie in parsed(FAR).seen.ties.values():
        assert tie.score > FLOOR
        for term in tie.terms:
            assert term.role in ROLES
            assert term.mark.kind in FIGURES
            assert (term.mark.kind == "date") == (term.role in {"start", "end", "as_of"})


def test_a_share_stands_beside_a_sum_whichever_is_surer():
    found = parsed("Zeltan Corp bought 30% of Korba Inc for EUR 40 million in March 2025, until 2025.")
    marks = {mark.kind: mark for window in windows(found.document, found.text) for mark in window.marks}
    for amount, percent in ((0.9, 0.8), (0.8, 0.9)):
        terms = [Term("amount", marks["amount"], amount), Term("percent", marks["percent"], percent)]
        said, printed = terms_of(terms, found)
        assert (said.amount, said.currency, said.percent) == (40_000_000, "EUR", 30)
        assert set(printed) == {"amount", "percent"}


def test_a_name_that_opens_a_sentence_stands_in_it():
    text = "Brelin Corp grew. Zeltan Corp bought Korba Inc."
    [window] = cut(text)
    code = encoded(window, text, network().model)
    starts = [span[0] for span in code.spans if span is not None]
    assert text.index("Zeltan") in starts
    assert text.index("Zeltan") - 1 not in starts


def test_the_filer_is_named_before_a_window_and_never_in_it_twice():
    filling = "\n\n".join(f"Costs of train {number} fell by a little, and nobody knows why." for number in range(50))
    text = f"Annual report\n\n{filling}\n\nWe, Zeltan Corp, supply trains to Korba Inc and to Brelin Corp.\n"
    for window in cut(text):
        assert all(one[1] <= two[0] for one, two in pairwise(window.spans))


def test_the_model_knows_the_relations_and_modalities_of_the_ontology():
    assert set(RELATIONS) <= set(ontology().relations)
    assert set(MODALITIES) == set(Modality)


def test_its_reader_never_says_again_what_the_rules_have_read():
    found = parsed(FAR)
    before = list(Rules().propose(found))
    told = list(Paragraphs(least=-2.0).propose(found, before))
    read_before = {(p.subject.name, p.relation, p.object.name) for p in before if p.object}
    read_before |= {(object_, relation, subject) for subject, relation, object_ in read_before}
    assert read_before.isdisjoint({(p.subject.name, p.relation, p.object.name) for p in told})


def test_a_tie_whose_ends_stand_apart_quotes_the_sentence_that_names_each():
    found = parsed(FAR)
    told = [one for one in Paragraphs(least=-2.0).propose(found, ()) if isinstance(one, Proposal)]
    assert told
    for proposal in told:
        quotes = [FAR[start:end] for start, end in proposal.evidence]
        for end in (proposal.subject, proposal.object):
            assert any(end.name in quote for quote in quotes)


def test_what_it_says_passes_the_gate_of_all():
    document = Document("a-text", FAR, "en", "2025-01-10")
    found = read(document, Resolver().kind, (Paragraphs(least=-2.0),))
    for claim in (*found.claims, *found.candidates):
        assert claim.method == "paragraph/1"
        assert 0 <= claim.confidence <= 1
        assert all(document.text[one.start : one.end] == one.quote for one in claim.evidence)


def said_by_the_model(subject, relation, object_, text):
    """What speaks against a tie that the model would read in the sentence that names its object."""
    found = parsed(text)
    ends = {m.name: (m, s) for s in found.text.sentences for m in s.mentions}
    (one, first), (two, telling) = ends[subject], ends[object_]
    quoted = {(telling.start, telling.end): None, (first.start, first.end): None}
    mine = Proposal(
        *(End(one.name, "Company", *one.place), relation, End(two.name, "Company", *two.place), Modality.ASSERTED),
        evidence=tuple(quoted),
        method="paragraph/1",
    )
    proposals = [*Rules().propose(found), mine]
    return list(doubts(proposals, found, 1.0))[-1]


@pytest.mark.parametrize(
    ("text", "tie", "doubted"),
    [
        ("CoreWeave supplies chips to OpenAI for $12 billion.", ("OpenAI", "invests-in", "CoreWeave"), True),
        ("Nvidia invested $2 billion in OpenAI.", ("Nvidia", "holds-stake", "OpenAI"), False),
        ("Nvidia invested $2 billion in OpenAI.", ("Nvidia", "acquires", "OpenAI"), True),
        ("Oracle acquired Databricks, and Orange bought Deezer.", ("Oracle", "acquires", "Deezer"), True),
        ("Orange lent $40 million to Deezer. Oracle owns 84% of EDF.", ("Orange", "holds-stake", "EDF"), True),
        ("Oracle acquired Databricks, which Nvidia wanted.", ("Nvidia", "acquires", "Databricks"), False),
    ],
)
def test_what_the_rules_read_otherwise_is_in_doubt(text, tie, doubted):
    assert (Reason.DISAGREEMENT in said_by_the_model(*tie, text)) is doubted


@pytest.mark.parametrize(("subject", "doubted"), [("Zeltan Corp", False), ("Brelin Corp", True)])
def test_who_is_left_unnamed_in_what_a_company_files_is_the_filer(subject, doubted):
    text = 'Zeltan Corp ("we" or the "Company") makes trains. Brelin Corp does, too.\n\nWe bought Korba Inc in 2024.\n'
    assert parsed(text).text.filer.name == "Zeltan Corp"
    assert (Reason.REFERENCE in said_by_the_model(subject, "acquires", "Korba Inc", text)) is doubted


def tie_of(text, subject, relation, object_, roles):
    """A tie that the model might see, with figures of the text as its terms."""
    [window] = cut(text)
    marks = {text[mark.start : mark.end].strip(): mark for mark in window.marks if mark.name is None}
    terms = tuple(Term(role, marks[words], 0.9) for words, role in roles.items())
    place = ((0, len(text)), 1.0)
    return Tie(subject, relation, object_, 3.0, Modality.ASSERTED, 0.9, (place,), terms)


def own(text, *tie):
    found = parsed(text)
    seen = tie_of(text, *tie)
    told = own_terms(seen, found.text.sentences, found, list(Rules().propose(found)))
    return {term.role: text[term.mark.start : term.mark.end].strip() for term in told}


def test_the_level_before_a_change_is_no_term():
    text = "Oracle raised its stake in Deezer from 22% to 30%."
    assert own(text, "Oracle", "holds-stake", "Deezer", {"22%": "percent", "30%": "percent"}) == {"percent": "30%"}


def test_a_figure_that_a_rule_has_read_of_another_pair_is_left_to_it():
    text = "Oracle owns 30% of Databricks and 20% of Deezer."
    assert own(text, "Oracle", "holds-stake", "Deezer", {"30%": "percent", "20%": "percent"}) == {"percent": "20%"}


def test_a_share_beside_its_holder_is_nobody_elses_and_his_whatever_the_model_says():
    text = "The capital of Deezer is split between Oracle (45%), Orange (35%) and Vivendi (20%)."
    assert own(text, "Orange", "holds-stake", "Deezer", {"45%": "percent"}) == {"percent": "35%"}


def test_a_share_that_a_rule_has_read_as_anothers_is_in_doubt():
    text = "Carlos Slim's Grupo Carso owns 17% of Talos Energy."
    found = parsed(text)
    rule = next(one for one in Rules().propose(found) if one.subject.name == "Grupo Carso")
    mine = replace(rule, subject=End("Carlos Slim", "Person", 0, 11), method="paragraph/1", trigger=None)
    assert Reason.DISAGREEMENT in list(doubts([rule, mine], found, 1.0))[-1]
