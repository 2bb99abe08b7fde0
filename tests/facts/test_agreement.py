"""One day, one answer: whoever is asked which facts hold on a day says the same, on random claims."""

import csv
import io
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from kg.analysis import claims_of_edges, paths, portfolio
from kg.dates import last_day
from kg.export import to_networkx
from kg.facts import AsOf, TriState, holds_on, relationship_key, relationships, visible_claims
from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.ontology import ontology

RECORDED = "2025-12-01T00:00:00Z"
A, B, C = (Entity(f"company/{name}", name.title(), "Company", (name.title(),)) for name in ("acme", "bolt", "cameo"))

dates = st.sampled_from(["2022", "2023-06", "2024", "2024-02-29", "2025-03", "2025-03-11", "2026-11", "2027"])
days = st.sampled_from(
    ["2022-12-31", "2024-01-01", "2024-02-29", "2025-03-10", "2025-12-01", "2026-11-29", "2028-01-01"]
)
terms = st.fixed_dictionaries(
    {}, optional={"start": dates, "end": dates, "as_of": dates, "duration": st.sampled_from(["P1Y", "P18M", "P5Y"])}
)


@st.composite
def claims_of_one_source(draw, at):
    """A claim whose document is its sentence and nothing else."""
    text = f"Sentence {at}."
    qualifiers = draw(terms)
    if {"start", "end"} <= qualifiers.keys() and last_day(qualifiers["end"]) < last_day(qualifiers["start"]):
        del qualifiers["end"]
    ends = draw(st.sampled_from([(A, B), (B, A), (A, C)]))
    return Claim(
        *(ends[0], draw(st.sampled_from(["supplies", "holds-stake", "competes-with"])), ends[1]),
        draw(st.sampled_from([Modality.ASSERTED, Modality.ASSERTED, *Modality])),
        (Document(f"{at}.txt", text, "en").evidence(0, len(text)),),
        Qualifiers(**qualifiers),
        draw(st.none() | dates),
        RECORDED,
    )


histories = st.integers(1, 5).flatmap(lambda size: st.tuples(*map(claims_of_one_source, range(size))))
clocks = st.builds(AsOf, valid=days) | st.builds(AsOf, known=days) | st.builds(AsOf, valid=days, known=days)


def edge(subject, relation, object_):
    """A fact as it is compared: the ends of a symmetric relation have no order."""
    ends = sorted((subject, object_)) if ontology().relation(relation).symmetric else (subject, object_)
    return ends[0], relation, ends[1]


def facts(claims, as_of):
    """What the rule says: the relationships that are facts."""
    return {edge(r.subject.id, r.relation, r.object.id) for r in relationships(claims, as_of) if r.is_fact}


# ------------------------------------------------------------------------------ the rule, by its two doors
@given(histories, clocks)
def test_a_relationship_is_a_fact_where_its_claims_hold_on_the_day(claims, as_of):
    groups = defaultdict(list)
    for claim in visible_claims(claims, AsOf(known=as_of.known)):
        groups[relationship_key(claim)].append(claim)
    held = {
        edge(group[0].subject.id, group[0].relation, group[0].object.id)
        for group in groups.values()
        if holds_on(group, as_of.day) is not TriState.FALSE
    }
    assert facts(claims, as_of) == held


@given(histories, clocks)
def test_a_relationship_is_a_fact_where_it_holds_perhaps(claims, as_of):
    for relationship in relationships(claims, as_of):
        assert relationship.is_fact is (relationship.holds is not TriState.FALSE)


def test_an_end_that_is_reported_later_closes_what_was_asserted_before():
    before, report = asserted(1, "2024"), asserted(2, "2026-11", end="2025-03")
    for day, is_held in (("2025-03-31", True), ("2025-12-01", False)):
        assert bool(facts([before, report], AsOf(valid=day))) is is_held
        assert (holds_on([before, report], last_day(day)) is not TriState.FALSE) is is_held
    assert facts([before, report], AsOf(known="2025-12-01"))


def test_a_figure_of_a_later_date_is_no_fact_yet():
    [relationship] = relationships([asserted(1, None, as_of="2026-11")], AsOf(known="2025-12-01"))
    assert (relationship.modality, relationship.holds) == (Modality.ANNOUNCED, TriState.FALSE)


def asserted(at, known, **terms):
    text = f"Sentence {at}."
    place = Document(f"{at}.txt", text, "en").evidence(0, len(text))
    return Claim(A, "supplies", B, Modality.ASSERTED, (place,), Qualifiers(**terms), known, RECORDED)


# ------------------------------------------------------------------------------ analyses
@given(histories, clocks)
def test_analyses_rest_on_the_same_facts(claims, as_of):
    held = facts(claims, as_of)
    stakes = {end for end in held if end[1] == "holds-stake"}
    for holder in (A, B):
        rows = portfolio([*claims, *lasting()], holder.name, as_of=as_of)
        direct = {(row.holder.id, "holds-stake", row.issuer.id) for row in rows if row.direct is not None}
        assert {end for end in direct if "lasting" not in end[2]} == {end for end in stakes if end[0] == holder.id}
    for other in (B, C):
        told = [claim for claim in claims if {claim.subject.id, claim.object.id} == {A.id, other.id}]
        if not facts(told, as_of):
            continue
        [path] = paths(told, A.name, other.name, limit=1, modalities=(Modality.ASSERTED,), as_of=as_of)
        assert edge(*ends_of(path.steps[0])) in held


def ends_of(step):
    return step.tie.subject.id, step.tie.relation, step.tie.object.id


def lasting():
    """Stakes that every holder has on any day, so that it is known."""
    end = Entity("company/lasting", "Lasting", "Company", ("Lasting",))
    text = "It holds."
    return [
        Claim(
            *(holder, "holds-stake", end, Modality.ASSERTED),
            (Document(f"{holder.name}.txt", text, "en").evidence(0, len(text)),),
            known_from="1990",
        )
        for holder in (A, B)
    ]


# ------------------------------------------------------------------------------ lists of edges
COLUMNS = ("holder", "issuer", "relation", "start", "end", "as_of", "duration", "known_from", "modality")


@given(histories, clocks)
def test_a_list_of_edges_says_what_its_claims_say(claims, as_of):
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for claim in claims:
        qualifiers = claim.qualifiers
        rows.writerow(
            [
                *(claim.subject.name, claim.object.name, claim.relation),
                *(qualifiers.start, qualifiers.end, qualifiers.as_of, qualifiers.duration),
                *(claim.known_from, claim.modality.value),
            ]
        )
    listed = claims_of_edges(io.StringIO(out.getvalue(), newline=""))
    assert facts(listed, as_of) == facts([claim.recorded(None) for claim in claims], as_of)


# ------------------------------------------------------------------------------ exports
@given(histories, days)
def test_an_export_of_facts_has_the_same_edges(claims, day):
    graph = to_networkx(claims, facts_only=True, today=last_day(day))
    edges = {edge(one, data["relation"], other) for one, other, data in graph.edges(data=True)}
    assert edges == facts(claims, AsOf(valid=day))
