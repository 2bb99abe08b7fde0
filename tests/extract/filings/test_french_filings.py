"""Threshold notices and decisions on mergers, all invented in the authorities' forms: what a person reads in each.

No file of either authority was at hand. Names are compared without their legal forms, which sentences may leave out.
"""

import re
import tomllib
from pathlib import Path

import pytest

from kg.documents import Source, parse
from kg.extract import read
from kg.extract.filings.reader import METHOD
from kg.filings import cover
from kg.model import Document, Tier

HERE = Path(__file__).parent
NOTICES = tomllib.loads((HERE / "notices.toml").read_text("utf-8"))["notice"]
DECISIONS = tomllib.loads((HERE / "mergers.toml").read_text("utf-8"))["decision"]


def short(said):
    return re.sub(r" (?:SA|SAS|SE|SCA|plc|NV|SpA|Ltd)\b\.?", "", said)


def wanted(lines):
    return {short(said) for said in lines.splitlines() if said}


def claims_of(made):
    return read(Document("d", made["text"], made["lang"])).claims


def holding(claim):
    terms, holder = claim.qualifiers, claim.subject.name + " (Person)" * (claim.subject.type == "Person")
    share = "holds no more" if claim.modality == "ended" else f"{terms.percent} {terms.percent_of}"
    return short(f"{holder} > {share} of {claim.object.name}, {terms.as_of}")


def operation(claim):
    day = f", {claim.qualifiers.as_of}" if claim.qualifiers.as_of else ""
    return short(f"{claim.subject.name} > {claim.relation} > {claim.object.name}{day}; {claim.modality}")


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice["name"])
def test_a_notice_tells_who_holds_what_and_nothing_else(notice):
    claims = claims_of(notice)
    assert {claim.relation for claim in claims} <= {"holds-stake"}
    assert sorted(map(holding, claims)) == sorted(wanted(notice["claims"]))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision["name"])
def test_a_decision_tells_who_is_to_take_control_of_whom_and_nothing_that_is_done(decision):
    assert sorted(map(operation, claims_of(decision))) == sorted(wanted(decision["claims"]))


def test_a_notice_and_a_decision_are_filings_with_their_day():
    notice, decision = NOTICES[1], DECISIONS[0]
    read_notice = parse(notice["text"].encode(), Source("a.txt", "a.txt"))
    assert (read_notice.tier, read_notice.title) == (Tier.FILING, "FENDREL SA: Franchissement de seuil")
    read_decision = parse(decision["text"].encode(), Source("b.txt", "b.txt"))
    assert (read_decision.tier, read_decision.published) == (Tier.FILING, "2025-01-15")


@pytest.mark.parametrize(
    "text",
    [
        "L'Autorité de la concurrence a autorisé la prise de contrôle exclusif d'Olmeq par Tavrin, dit le groupe.",
        "In this case M. Brask said that the concentration of the market had grown.",
        "Le franchissement de seuil de 5 % a surpris les analystes.",
    ],
)
def test_news_of_them_are_none(text):
    assert cover(text) is None


def test_evidence_is_the_paragraph_of_the_crossing():
    notice = NOTICES[0]
    (claim, _) = (claim for claim in claims_of(notice) if claim.method == METHOD)
    assert claim.evidence[0].quote.startswith("1. Par courrier reçu le 3 mars 2025")
    assert claim.evidence[0].quote.endswith("de cette société(1).")


def test_a_schedule_without_rows_of_reporting_persons_gives_nothing():
    text = "SECURITIES AND EXCHANGE COMMISSION\n\nSCHEDULE 13G\n\nORVANE INC\n\n(Name of Issuer)\n\nSee the exhibit.\n"
    assert claims_of({"text": text, "lang": "en"}) == ()
