"""What the reader makes of whole sentences: roles, terms, modality, references."""

import re
from decimal import Decimal

import pytest

from kg.errors import UnknownLanguage
from kg.extract import read
from kg.extract.confidence import log_odds
from kg.extract.doubts import topic
from kg.extract.reader import hear, parse
from kg.extract.rules import Rules
from kg.extract.signs import signs
from kg.model import Document, Entity, Modality
from kg.resolve import Resolver

RULES = (Rules(),)
"""What the sentences below show is how the rules read; the model of the paragraph reads beside them."""


def claims(text, lang="fr", published="2025-03-11"):
    resolver = Resolver()
    return read(Document("t", text, lang, published), resolver.kind, RULES, resolver.entity).claims


def odds(text, lang):
    """How sure the rules are of the one thing that they read in a text."""
    parsed = parse(Document("a", text, lang, "2025-03-11"), Resolver().kind)
    proposals = hear(parsed, RULES).proposals
    return log_odds(signs(proposals[0], parsed, proposals, topic.business(parsed)))


def triples(text, lang="fr"):
    return {(c.subject.name, c.relation, c.object.name) for c in claims(text, lang) if isinstance(c.object, Entity)}


def only(text, lang="fr", relation=None):
    found = [c for c in claims(text, lang) if relation in {None, c.relation}]
    assert len(found) == 1, [(c.subject.name, c.relation, c.object) for c in found]
    return found[0]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Microsoft a racheté Nvidia."),
        ("fr", "Nvidia a été racheté par Microsoft."),
        ("fr", "Microsoft, qui a racheté Nvidia, recrute."),
        ("fr", "Le rachat de Nvidia par Microsoft est achevé."),
        ("en", "Microsoft acquired Nvidia."),
        ("en", "Nvidia was acquired by Microsoft."),
        ("en", "Microsoft, which acquired Nvidia, is hiring."),
        ("en", "The acquisition of Nvidia by Microsoft is complete."),
    ],
)
def test_who_buys_whom_in_every_construction(lang, text):
    assert ("Microsoft", "acquires", "Nvidia") in triples(text, lang)
    assert ("Nvidia", "acquires", "Microsoft") not in triples(text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "modality"),
    [
        ("fr", "Microsoft rachètera Nvidia.", Modality.PLANNED),
        ("fr", "Microsoft prévoit de racheter Nvidia.", Modality.PLANNED),
        ("fr", "Microsoft pourrait racheter Nvidia.", Modality.CONDITIONAL),
        ("fr", "Microsoft aurait racheté Nvidia.", Modality.HEDGED),
        ("fr", "Microsoft n'a pas racheté Nvidia.", Modality.DENIED),
        ("fr", "Microsoft a démenti vouloir racheter Nvidia.", Modality.DENIED),
        ("fr", "Microsoft n'est plus le fournisseur d'Oracle.", Modality.ENDED),
        ("fr", "Microsoft, ancien fournisseur d'Oracle, recrute.", Modality.ENDED),
        ("en", "Microsoft will acquire Nvidia.", Modality.PLANNED),
        ("en", "Microsoft plans to acquire Nvidia.", Modality.PLANNED),
        ("en", "Microsoft could acquire Nvidia.", Modality.CONDITIONAL),
        ("en", "Microsoft has reportedly acquired Nvidia.", Modality.HEDGED),
        ("en", "Microsoft did not acquire Nvidia.", Modality.DENIED),
        ("en", "Microsoft is no longer a supplier of Oracle.", Modality.ENDED),
    ],
)
def test_what_is_not_a_fact_never_reads_as_one(lang, text, modality):
    assert {c.modality for c in claims(text, lang)} == {modality}


def test_the_end_of_exclusivity_is_not_the_end_of_supply():
    claim = only("Depuis mai, Microsoft a cessé d'être l'unique prestataire d'Oracle.")
    assert (claim.modality, claim.qualifiers.exclusive) == (Modality.ASSERTED, False)


def test_terms_are_read_from_the_sentence():
    claim = only("Nvidia a investi 2 milliards de dollars dans CoreWeave en janvier 2026.")
    said = claim.qualifiers
    assert (said.amount, said.currency, said.start) == (Decimal(2_000_000_000), "USD", "2026-01")
    assert said.as_printed == "2 milliards de dollars"


def test_terms_may_stand_in_the_sentence_after():
    claim = only(
        "OpenAI a signé un contrat avec CoreWeave, un prestataire informatique. "
        "Ce contrat de 11,9 milliards de dollars sur cinq ans est le plus gros du secteur.",
        relation="supplies",
    )
    assert (claim.subject.name, claim.object.name) == ("CoreWeave", "OpenAI")
    assert (claim.qualifiers.amount, claim.qualifiers.duration) == (Decimal(11_900_000_000), "P5Y")
    assert len(claim.evidence) == 2


def test_a_customer_s_share_of_revenue_is_supply_as_of_that_year():
    said = only("Microsoft represented 62% of CoreWeave's revenue in 2024.", "en").qualifiers
    assert (said.percent, said.percent_of, said.as_of) == (Decimal(62), "revenue", "2024")


def test_a_list_gives_a_claim_for_each_of_its_names():
    assert triples("OpenAI a noué un partenariat avec SoftBank, Oracle et d'autres sociétés.") == {
        ("OpenAI", "partners-with", "SoftBank"),
        ("OpenAI", "partners-with", "Oracle"),
    }


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Microsoft embauche des ingénieurs. L'entreprise rivalise avec Oracle."),
        ("fr", "Microsoft embauche des ingénieurs. Elle rivalise avec Oracle."),
        ("en", "Microsoft is hiring. The company competes with Oracle."),
        ("en", "Microsoft is hiring. It competes with Oracle."),
    ],
)
def test_a_reference_finds_the_company_of_the_sentence_before(lang, text):
    claim = only(text, lang)
    assert {claim.subject.name, claim.object.name} == {"Microsoft", "Oracle"}
    # What the paragraph's model says of a pair is the same for a name and for what stands for it: the signs tell.
    assert odds(text, lang) < odds(re.sub(r"L'entreprise|Elle|The company|It", "Microsoft", text), lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Microsoft a porté plainte contre Oracle, son ancien partenaire."),
        ("fr", "Tim Cook quitte Apple pour Nvidia."),
        ("fr", "Microsoft dépasse Apple au classement des capitalisations."),
        ("fr", "L'action Microsoft perd 3 %, Nvidia gagne 2 %."),
        ("en", "Oracle filed a lawsuit against Microsoft, its partner."),
        ("en", "Microsoft overtook Apple as the most valuable company."),
        ("en", "Shares of Microsoft fell 3% while Nvidia rose 2%."),
    ],
)
def test_lawsuits_jobs_rankings_and_prices_are_no_relations(lang, text):
    assert triples(text, lang) == set()


def test_page_furniture_yields_nothing():
    text = "Oracle recrute\nLire aussi :\n- Microsoft rachète Nvidia\n- OpenAI rivalise avec Google\nOracle embauche.\n"
    extraction = read(Document("t", text, "fr"), Resolver().kind, RULES)
    assert extraction.claims == ()
    assert len(extraction.dropped) == 3


def test_a_quote_is_the_text_to_the_letter_typographic_marks_included():
    text = "Un titre\nJusqu’à présent,  Microsoft  détient 6 % du capital d’OpenAI."
    document = Document("t", text, "fr")
    for claim in read(document, Resolver().kind, RULES).claims:
        for evidence in claim.evidence:
            assert text[evidence.start : evidence.end] == evidence.quote
    assert triples(text) == {("Microsoft", "holds-stake", "OpenAI")}


def test_a_claim_whose_ends_prove_to_be_one_is_dropped():
    text = "Opower détient 6 % du capital de OPOWER Inc."
    found = read(Document("t", text, "fr"), Resolver().kind, RULES).claims
    assert [(claim.subject.id, claim.object.id) for claim in found] == [("company/opower", "company/opower-inc")]
    assert claims(text) == ()


def test_a_language_without_a_reader_is_named():
    with pytest.raises(UnknownLanguage, match="'de'"):
        read(Document("t", "Microsoft kauft Nvidia.", "de"))


@pytest.mark.parametrize(
    ("lang", "text", "said"),
    [
        ("en", "Airbus's partnership with Boeing ended in 2019.", {("partners-with", Modality.ENDED)}),
        ("en", "Stellantis may sell its 15% stake in Renault.", {("holds-stake", Modality.ASSERTED)}),
        ("en", "Oracle denied a report that Apple would buy it.", {("acquires", Modality.DENIED)}),
        ("en", "Nvidia supplies chips to Oracle, which is in talks with Apple.", {("supplies", Modality.ASSERTED)}),
        ("fr", "Vivendi a vendu 30 % de Canal+ à Orange.", {("invests-in", Modality.ASSERTED)}),
        ("fr", "Renault détient 26 % de Thales.", {("holds-stake", Modality.ASSERTED)}),
        ("en", "The German carmaker already holds 8.6% of Tesla.", set()),
    ],
)
def test_what_readers_stumbled_over(lang, text, said):
    assert {(claim.relation, claim.modality) for claim in claims(text, lang)} == said


def test_a_percentage_is_of_what_stands_next_to_it():
    claim = only("Microsoft owns 31.9% of Nvidia and 53.3% of its voting rights.", "en")
    assert (claim.qualifiers.percent, claim.qualifiers.percent_of) == (Decimal("31.9"), "capital")


def test_a_new_company_is_none_of_those_named_before():
    text = "Intel and Nvidia agreed to form a venture, with Nvidia taking a 20% stake in the new company."
    assert ("Nvidia", "invests-in", "Intel") not in triples(text, "en")
