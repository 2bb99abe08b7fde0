"""Any claim that the model takes, for tests of what reads back what was written."""

import datetime as dt

from hypothesis import strategies as st

from kg.model import Claim, Entity, Evidence, Figure, Modality, Qualifiers
from kg.ontology import ontology

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
some_text = text.filter(str.strip)
hostile = st.sampled_from(
    ["<script>", '"', "'", "\\", "\n\r\t", "a>b <c", "\0", "é%20#?", "../..", "\U0001f600", "{}^`|"]
)
word = st.one_of(some_text, hostile.filter(str.strip)) | st.just("a\0b")
decimals = st.decimals(min_value=0, max_value=10**15, allow_nan=False, allow_infinity=False, places=4)
percents = st.decimals(min_value=0, max_value=100, places=3)
dates = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(str)
partial = st.one_of(dates, dates.map(lambda d: d[:7]), dates.map(lambda d: d[:4]))
moments = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2999, 1, 1)).map(lambda m: m.strftime("%Y-%m-%dT%H:%M:%SZ"))  # noqa: DTZ001
durations = st.tuples(*[st.integers(0, 40)] * 3).map(lambda n: f"P{n[0]}Y{n[1]}M{n[2]}D")
qualifiers = st.builds(
    Qualifiers,
    amount=decimals,
    amount_min=st.none() | decimals,
    amount_max=st.none() | decimals,
    currency=st.sampled_from(["USD", "EUR"]),
    percent=st.none() | percents,
    percent_of=st.none() | st.sampled_from(["capital", "votes", "revenue", "cost"]),
    quantity=st.none() | decimals,
    goods=st.none() | text,
    exclusive=st.none() | st.booleans(),
    start=st.none() | st.just("2001"),
    end=st.none() | partial.filter(lambda d: d > "2002"),
    as_of=st.none() | partial,
    duration=st.none() | durations | st.sampled_from(["P18M", "P5Y", "P0D", "P12M", "P400D"]),
    as_printed=st.none() | text | hostile,
)
entities = st.builds(
    Entity,
    word.map("company/".__add__),
    word,
    st.sampled_from(sorted(ontology().classes)),
    st.lists(word, min_size=1, max_size=3, unique=True).map(sorted).map(tuple),
    st.lists(
        st.tuples(st.sampled_from(sorted(ontology().identifiers)), word | st.just("XNYS:ZLT")), max_size=3, unique=True
    )
    .map(sorted)
    .map(tuple),
)
relations = st.sampled_from(sorted(n for n, r in ontology().relations.items() if not r.is_figure))
figures = st.sampled_from(sorted(n for n, r in ontology().relations.items() if r.is_figure))


@st.composite
def claims(draw, furthest=10**9):
    quotes = draw(st.lists(text.filter(bool) | hostile, min_size=1, max_size=12))
    document, lang = draw(word), draw(st.sampled_from(["fr", "en"]))
    starts = draw(st.lists(st.integers(0, furthest), min_size=12, max_size=12))
    evidence = tuple(
        Evidence(document, start, start + len(quote), quote, lang) for quote, start in zip(quotes, starts, strict=False)
    )
    figure, subject = draw(st.booleans()), draw(entities)
    other = entities.filter(lambda entity: entity.id != subject.id)
    return Claim(
        subject=subject,
        relation=draw(figures if figure else relations),
        object=Figure(draw(decimals), draw(st.sampled_from(["USD", "GPU"]))) if figure else draw(other),
        modality=draw(st.sampled_from(Modality)),
        evidence=evidence,
        qualifiers=draw(qualifiers),
        known_from=draw(st.none() | partial),
        recorded_at=draw(st.none() | moments),
        retracted_at=draw(st.none() | moments),
        method=draw(word),
        confidence=draw(st.floats(0, 1)),
        reasons=draw(st.sampled_from([(), ("UNREADABLE_TERM",), ("OTHER_CLAUSE_TERM", "UNREADABLE_TERM")])),
    )
