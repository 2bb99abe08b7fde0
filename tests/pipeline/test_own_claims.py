"""What a person adds or corrects is read out of the text, through the same gate."""

import pytest

from kg.errors import InvalidRecord, OntologyError
from kg.model import Document, Modality
from kg.pipeline.notes import Note, reading_of
from kg.pipeline.own_claims import Saying, corrected, own_claim

TEXT = Document(
    "deal.txt",
    "CoreWeave grows.\n\nNvidia owns 6 % of the company and paid $2 billion in March 2025. Oracle is its rival.",
    "en",
    "2025-03-11",
)
START, END = TEXT.text.index("Nvidia"), TEXT.text.index(" Oracle")


def say(**more):
    told = {"subject": "Nvidia", "relation": "holds-stake", "object": "CoreWeave", "start": START, "end": END}
    return own_claim(TEXT, Saying(**(told | more)), "ada")


def test_a_claim_quotes_its_sentence_and_the_place_that_names_the_other_end():
    claim = say(terms={"percent": "6", "as_of": "2025-03"})
    assert [evidence.quote for evidence in claim.evidence] == [TEXT.text[START:END], "CoreWeave"]
    assert claim.qualifiers.terms() == {"percent": 6, "as_of": "2025-03", "as_printed": "6 %"}
    assert (claim.method, claim.confidence, claim.known_from) == ("person/ada", 1.0, "2025-03-11")
    assert (claim.subject.id, claim.object.id) == ("company/nvidia", "company/coreweave")


def test_a_sum_brings_its_currency():
    claim = say(relation="invests-in", terms={"amount": "2000000000"})
    assert (claim.qualifiers.amount, claim.qualifiers.currency) == (2_000_000_000, "USD")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"object": "Nebius"}, "does not name 'Nebius'"),
        ({"terms": {"percent": "7"}}, "no percent of 7; of that kind it has 6"),
        ({"terms": {"percent": "six"}}, "no number"),
        ({"terms": {"start": "last week"}}, "no date"),
        ({"modality": "sure"}, "no modality 'sure'"),
        ({"object": "Nvidia"}, "one and the same"),
        ({"object": "Cor"}, "does not name 'Cor'"),
        ({"terms": {"as_printed": "99 %"}}, "follow from the figure"),
        ({"terms": {"currency": "EUR"}}, "follow from the figure"),
        ({"terms": {"goods": "unicorns"}}, "does not speak of 'unicorns'"),
        ({"terms": {"exclusive": "yes"}}, "true or false"),
        ({"relation": "nothing"}, "nothing"),
    ],
)  # fmt: skip
def test_what_the_text_does_not_bear_out_is_refused_in_a_line(more, message):
    with pytest.raises((InvalidRecord, OntologyError), match=message):
        say(**more)


def test_a_correction_keeps_what_was_right():
    wrong = say(terms={"percent": "6"})
    right = corrected(wrong, TEXT, "bob", modality="past", as_of="2025-03")
    assert right.modality is Modality.PAST
    assert (right.qualifiers.percent, right.qualifiers.as_of, right.method) == (6, "2025-03", "person/bob")
    assert corrected(wrong, TEXT, "bob", percent="").qualifiers.percent is None
    assert corrected(wrong, TEXT, "bob", subject="Oracle").subject.name == "Oracle"
    with pytest.raises(InvalidRecord, match="no term colour"):
        corrected(wrong, TEXT, "bob", colour="blue")


def test_a_figure_of_a_later_sentence_stays_with_its_claim():
    text = Document("a.txt", "CoreWeave supplies OpenAI. Oracle waits. The contract is worth $11.9 billion.", "en")
    later = text.text.index("The contract")
    terms = {"amount": "11900000000"}
    told = Saying("CoreWeave", "supplies", "OpenAI", 0, 26, terms=terms, beside=((27, 40), (later, len(text.text))))
    claim = own_claim(text, told, "ada")
    assert [one.quote for one in claim.evidence] == ["CoreWeave supplies OpenAI.", text.text[later:]]
    planned = corrected(claim, text, "bob", modality="planned")
    assert (planned.qualifiers.amount, planned.evidence) == (11_900_000_000, claim.evidence)
    assert corrected(claim, text, "bob", amount="").evidence == claim.evidence[:1]
    with pytest.raises(InvalidRecord, match="no amount of 12; of that kind it has 11900000000"):
        corrected(claim, text, "bob", amount="12")


def test_an_end_that_is_called_otherwise_in_the_text_stays():
    text = Document("a.txt", "AWS supplies Oracle.", "en")
    claim = own_claim(text, Saying("AWS", "supplies", "Oracle", 0, 20), "ada")
    assert claim.subject.name == "Amazon Web Services"
    assert corrected(claim, text, "ada", modality="past").subject.name == "Amazon Web Services"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"object": "Nvidia"}, "one and the same"),
        ({"source": " "}, "needs its source"),
        ({"author": ""}, "needs its author"),
        ({"modality": "sure"}, "no modality"),
        ({"terms": {"amount": "5"}}, "go together"),
        ({"terms": {"colour": "blue"}}, "no term 'colour'"),
        ({"terms": {"goods": " "}}, "is empty"),
        ({"terms": {"exclusive": "maybe"}}, "true or false"),
        ({"date": "soon"}, "no date"),
        ({"relation": "revenue"}, "takes a figure"),
    ],
)
def test_a_note_that_says_nothing_whole_is_refused_in_a_line(more, message):
    told = {"subject": "Nvidia", "relation": "holds-stake", "object": "Nebius", "author": "ada", "source": "a talk"}
    with pytest.raises(InvalidRecord, match=message):
        reading_of(Note(**(told | more)))


def test_a_note_is_the_same_document_each_time():
    note = Note("Nvidia", "supplies", "Nebius", "ada", "https://example.org", "2025", terms={"exclusive": "true"})
    one, two = reading_of(note), reading_of(note)
    assert one == two
    assert (one.document.url, one.claims[0].qualifiers.exclusive) == ("https://example.org", True)
