"""Who is whom: identifiers, names, documents decide, persons overrule, and nothing depends on what was said before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.judgements import RESOLVER, IdentityJudgement, IdentityVerdict, in_force
from kg.model import Claim, Document, Entity, Modality, Tier
from kg.pipeline.mentions import mentions
from kg.pipeline.resolution import resolve
from kg.resolve import DatedName, RegisterRecord, Resolver, register_entity
from kg.store import DocumentClaims, check, open_store

pytest.importorskip("tantivy")
pytest.importorskip("rapidfuzz")

LEI = "969500T3MBS4SQAMHJ45"
SPELLINGS = (
    "Zeltan AG",
    "Zelttan Korba Industries",
    "Zeltan Korba Ind.",
    "Zeltan Korba Industries SA",
    "Zeltan",
    "Zeltan Korba",
    "ZKI",
)
LATER = "2030-01-01T00:00:00Z"


def listed(name, number, *, aliases=(), former=(), country="FR", **identifiers):
    pairs = list(identifiers.items())
    entity = register_entity(name, "Company", "gleif", str(number), identifiers=pairs, aliases=aliases)
    record = RegisterRecord(entity, "gleif", str(number), country=country, former_names=tuple(former))
    document = Document(f"gleif/lei/{number}", f"{name} {number}", "en", tier=Tier.REGISTER)
    return DocumentClaims(document, (), "gleif 1", records=(record,))


def news(id_, *ties, published="2026-01-05", identifiers=()):
    """A text that says of each tie (subject, object) that the one supplies the other."""
    text = " ".join(f"{one} supplies {other}." for one, other in ties)
    document = Document(id_, text, "en", published=published, tier=Tier.NEWS)
    claims, start = [], 0
    for one, other in ties:
        ends = (
            Resolver().entity(Entity("?", name, "Company", (name,), identifiers if name == one else ()))
            for name in (one, other)
        )
        end = start + len(f"{one} supplies {other}.")
        claim = Claim(
            *_with(ends, "supplies"), Modality.ASSERTED, (document.evidence(start, end),), known_from=published
        )
        claims.append(claim)
        start = end + 1
    return DocumentClaims(document, tuple(claims), "hand")


def _with(ends, relation):
    subject, object_ = ends
    return subject, relation, object_


@pytest.fixture
def store():
    with open_store(None, write=True) as store:
        yield store


def ids(store):
    return {entity.id for entity in store.entities()}


def test_an_equal_identifier_is_one_company_whatever_the_names(store):
    store.commit([listed("Helvane SA", 1, lei=LEI, cik="7654321")])
    store.commit([news("a.txt", ("HLV Industries", "Korba Mining"), identifiers=(("cik", "7654321"),))])
    told = resolve(store)
    [joined] = told.joined
    assert (joined.other.name, joined.one.id, joined.author) == (
        "HLV Industries",
        f"company/lei-{LEI.lower()}",
        RESOLVER,
    )
    assert joined.why == "cik equal: 7654321"
    assert "company/hlvindustries" not in ids(store)
    assert check(store).violations == ()


def test_an_equal_ticker_joins_nothing(store):
    store.commit([listed("Helvane SA", 1, lei=LEI, ticker="HLV")])
    store.commit([listed("Hollow Valley Inc", 2, cik="55", ticker="HLV")])
    assert resolve(store).joined == ()


def test_two_leis_are_never_one_company_through_a_third_record(store):
    store.commit([listed("Helvane SA", 1, lei=LEI, cik="7654321")])
    store.commit([listed("Hollow Valley Inc", 2, cik="7654321", qid="Q99999001")])
    store.commit([listed("Harlow Vane Ltd", 3, lei="7ZW8QJWVPR4P1J1KQY45", qid="Q99999001")])
    resolve(store)
    leis = [{value for kind, value in entity.identifiers if kind == "lei"} for entity in store.entities()]
    assert sorted(map(len, leis)) == [1, 1]


def test_a_full_name_is_the_company_of_the_register_and_the_reason_is_kept(store):
    store.commit([listed("Zeltan Korba Industries SA", 1, lei=LEI), listed("Zeltan Media SA", 2)])
    store.commit([news("a.txt", ("Zeltan Korba Industries", "Halden Cells"))])
    [joined] = resolve(store).joined
    assert joined.one.name == "Zeltan Korba Industries SA"
    assert "no other company of the registers is called so" in joined.why
    why = store.query("SELECT ?why { ?judgement a kg:IdentityJudgement ; rdfs:comment ?why }")
    assert [row["why"].value for row in why] == [joined.why]


def test_a_short_name_alone_is_no_company_of_a_register(store):
    store.commit([listed("Atlas AG", 1, country="DE")])
    store.commit([news("a.txt", ("Atlas", "Halden Cells"))])
    told = resolve(store)
    assert told.joined == ()
    assert [(pair.one.name, pair.other.name) for pair in told.open_pairs] == [("Atlas", "Atlas AG")]


def test_a_short_name_with_its_legal_form_is(store):
    store.commit([listed("Zeltan AG", 1, country="DE")])
    store.commit([news("a.txt", ("Zeltan AG", "Halden Cells"))])
    assert [word.other.name for word in resolve(store).joined] == ["Zeltan AG"]


def test_where_two_stand_close_nothing_is_said_and_a_person_is_asked(store):
    store.commit([listed("Zeltan Korba Holding SA", 1), listed("Zeltan Korba Group SA", 2, country="BE")])
    store.commit([news("a.txt", ("Zeltan Korba SA", "Halden Cells"))])
    told = resolve(store)
    assert told.joined == told.parted == ()
    assert {pair.other.name for pair in told.open_pairs} == {"Zeltan Korba Holding SA", "Zeltan Korba Group SA"}


def test_two_spellings_in_the_press_are_one_company(store):
    store.commit(
        [news("a.txt", ("Zeltan Korba Industries", "Orbicor")), news("b.txt", ("Zeltan-Korba Industry", "Vexal"))]
    )
    told = resolve(store)
    assert len(told.joined) == 1
    assert len([id_ for id_ in ids(store) if "zeltan" in id_]) == 1


def test_a_name_of_its_day_is_the_company_and_on_another_day_it_is_asked(store):
    former = [DatedName("Visagelivre Réseaux Sociaux SA", "2004", "2021-10-28")]
    store.commit([listed("Métavane SA", 1, lei=LEI, former=former)])
    store.commit([news("a.txt", ("Visagelivre Réseaux Sociaux", "Orbicor"), published="2016-05-01")])
    assert [word.one.name for word in resolve(store).joined] == ["Métavane SA"]
    store.forget("a.txt")
    store.commit([news("b.txt", ("Visagelivre Réseaux Sociaux", "Orbicor"), published="2025-05-01")])
    told = resolve(store)
    assert told.joined == ()
    assert [pair.other.name for pair in told.open_pairs] == ["Métavane SA"]


def test_a_name_that_several_begin_with_means_in_each_document_its_own(store):
    store.commit(
        [
            news("air.txt", ("Varda", "Orbicor"), ("Varda Air Lines", "Vexal")),
            news("chips.txt", ("Varda", "Halden Cells")),
            news("more.txt", ("Varda Electronics", "Kelmar Lithium")),
        ]
    )
    told = resolve(store)
    assert {word.documents for word in told.parted} == {("air.txt",), ("chips.txt",)}
    subjects = {claim.document: claim.subject.id for claim in store.claims()}
    assert len(set(subjects.values())) == 3
    assert {claim.subject.id for claim in store.claims(document="air.txt")} == {"company/vardaairlines"}
    assert "company/varda" not in ids(store)


def test_initials_are_the_name_that_a_document_writes_out_beside_them(store):
    store.commit(
        [news("a.txt", ("Zeltan Korba Mining", "Orbicor"), ("ZKM", "Vexal")), news("b.txt", ("ZKM", "Halden Cells"))]
    )
    assert [(word.one.name, word.other.name) for word in resolve(store).joined] == [("Zeltan Korba Mining", "ZKM")]
    store.commit([news("c.txt", ("Zaral Kelmar Metals", "Orbicor"), ("ZKM", "Vexal"))])
    assert [word.other.name for word in resolve(store).taken_back] == ["ZKM"]


def test_a_group_is_one_wherever_its_firms_are_named(store):
    store.commit(
        [
            news("a.txt", ("Varda", "Varda Énergie"), ("Varda Mobilité", "Orbicor")),
            news("b.txt", ("Varda", "Halden Cells")),
        ]
    )
    assert resolve(store).parted == ()
    assert "company/varda" in ids(store)


def test_rows_of_registers_make_no_short_name_ambiguous(store):
    store.commit([listed("Varda Air Lines Inc", 1, country="US"), listed("Varda Electronics Ltd", 2, country="TW")])
    store.commit([news("a.txt", ("Varda", "Orbicor")), news("b.txt", ("Varda", "Vexal"))])
    assert resolve(store).parted == ()


def test_said_again_it_says_nothing_new_and_takes_back_what_no_longer_follows(store):
    store.commit([listed("Zeltan Korba Industries SA", 1, lei=LEI)])
    store.commit([news("a.txt", ("Zeltan Korba Industries", "Halden Cells"))])
    first = resolve(store)
    assert len(first.joined) == 1
    again = resolve(store)
    assert again.joined == again.taken_back == ()
    store.commit([listed("Zeltan Korba Industries Ltd", 2, country="GB")])
    third = resolve(store)
    assert [word.id for word in third.taken_back] == [first.joined[0].id]
    assert "company/zeltankorbaindustries" in ids(store)
    assert check(store).violations == ()


def test_what_a_person_says_goes_before_whenever_it_is_said(store):
    store.commit([listed("Zeltan Korba Industries SA", 1, lei=LEI), listed("Orbicor Metals SA", 2)])
    store.commit([news("a.txt", ("Zeltan Korba Industries", "Halden Cells")), news("b.txt", ("Orbicor", "Vexal"))])
    resolve(store)
    mention, known = (
        Entity("company/zeltankorbaindustries", "Zeltan Korba Industries", "Company"),
        f"company/lei-{LEI.lower()}",
    )
    apart = IdentityJudgement(
        IdentityVerdict.DIFFERENT, Entity(known, "Zeltan Korba Industries SA", "Company"), mention, "ada", LATER
    )
    store.commit((), [apart])
    assert {mention.id, known} <= ids(store)
    resolve(store)
    assert {mention.id, known} <= ids(store)
    # A person's join outlives the resolver's parting, too.
    varda, air = (
        Entity("company/varda", "Varda", "Company"),
        Entity("company/vardaairlines", "Varda Air Lines", "Company"),
    )
    store.commit(
        [news("c.txt", ("Varda", "Vexal"), ("Varda Air Lines", "Orbicor")), news("d.txt", ("Varda", "Kelmar"))]
    )
    parted = IdentityJudgement(
        IdentityVerdict.DIFFERENT,
        varda,
        Entity("company/varda-1", "Varda", "Company"),
        RESOLVER,
        LATER,
        documents=("d.txt",),
    )
    store.commit((), [parted, IdentityJudgement(IdentityVerdict.SAME, air, varda, "ada", "2029-01-01T00:00:00Z")])
    subjects = {claim.subject.id for claim in store.claims() if claim.subject.name.startswith("Varda")}
    assert subjects == {air.id}


def test_what_a_person_took_back_is_not_said_again(store):
    store.commit([listed("Zeltan Korba Industries SA", 1, lei=LEI)])
    store.commit([news("a.txt", ("Zeltan Korba Industries", "Halden Cells"))])
    [joined] = resolve(store).joined
    undo = IdentityJudgement(IdentityVerdict.UNSURE, joined.one, joined.other, "ada", LATER, undoes=joined.id)
    store.commit((), [undo])
    assert "company/zeltankorbaindustries" in ids(store)
    assert resolve(store).joined == ()
    assert "company/zeltankorbaindustries" in ids(store)


def test_a_split_by_name_moves_no_record_of_a_register(store):
    store.commit([listed("Varda Lines SA", 1, aliases=("Varda",), lei=LEI), listed("Varda Materials Ltd", 2)])
    lines, materials = (record.entity for record in store.records())
    split = IdentityJudgement(IdentityVerdict.DIFFERENT, lines, materials, "ada", LATER, mention="Varda")
    store.commit((), [split])
    assert [record.entity.id for record in store.records()] == [lines.id, materials.id]


@given(st.lists(st.sampled_from(SPELLINGS), min_size=3, max_size=6), st.randoms(use_true_random=False))
def test_said_twice_it_is_said_once_whatever_came_in_which_order(names, chance):
    texts = [news(f"{at}.txt", (name, "Vexal")) for at, name in enumerate(names)]
    with open_store(None, write=True) as store, open_store(None, write=True) as other:
        for text in texts:
            store.commit([text])
            resolve(store)
        again = resolve(store)
        assert again.joined == again.parted == again.taken_back == ()
        chance.shuffle(texts)
        other.commit(texts)
        resolve(other)
        assert ids(store) == ids(other)


def test_a_dry_run_says_nothing(store):
    store.commit([listed("Zeltan Korba Industries SA", 1, lei=LEI)])
    store.commit([news("a.txt", ("Zeltan Korba Industries", "Halden Cells"))])
    assert len(resolve(store, commit=False).joined) == 1
    assert not in_force(store.identities.judgements)


def test_of_a_register_only_what_documents_name_or_shares_an_identifier_is_held():
    twins = [listed("Dorvane Lines SA", 1, isin="FR0000054900"), listed("Dorvane Lignes SA", 2, isin="FR0000054900")]
    others = [listed(f"Ostvik {word} AS", 10 + n) for n, word in enumerate(("Nord", "Sor", "Vest"))]
    with open_store(None, write=True) as store:
        store.commit([*twins, *others, listed("Zeltan Korba Industries SA", 3), news("a.txt", ("Orbicor", "Helvane"))])
        found = mentions(store)
    assert {one.entity.name for one in found.those} == {"Dorvane Lines SA", "Dorvane Lignes SA", "Orbicor", "Helvane"}
    assert found.count == 8
    assert {one.entity.name for one in found.those if one.is_registered} == {"Dorvane Lines SA", "Dorvane Lignes SA"}


def test_a_mention_is_joined_to_a_row_that_nothing_else_names():
    with open_store(None, write=True) as store:
        store.commit([listed("Zeltan Korba Industries SA", 3), news("a.txt", ("Zeltan Korba Industries", "Helvane"))])
        told = resolve(store)
        assert [(one.one.id, one.other.name) for one in told.joined] == [("company/gleif-3", "Zeltan Korba Industries")]
        assert told.mentions == 3
        assert resolve(store).joined == ()
