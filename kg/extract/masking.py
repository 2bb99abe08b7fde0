"""Parse around names that the pipeline does not know.

A parser that has never seen "OpenAI" takes it for a noun, an adjective or an auxiliary, and the
rest of the sentence goes astray with it. So each company is parsed under a first name that the
pipeline knows well; the parse is then laid back over the words as they stand.
"""

from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention

__all__ = ["parsed_under_masks"]


def _masked(doc: Doc, mentions: Iterable[Mention], masks: Sequence[str]) -> list[str]:
    words = [token.text for token in doc]
    given: dict[str, str] = {}
    for mention in mentions:
        if mention.kind not in {"Company", "Organisation", "Person", "PublicBody"}:
            continue
        mask = given.setdefault(mention.name, masks[len(given) % len(masks)])
        for place in range(mention.first, mention.last + 1):
            words[place] = mask
    return words


def parsed_under_masks(
    docs: Sequence[Doc], mentions: Sequence[Sequence[Mention]], pipeline: Language, lexicon: Lexicon
) -> Iterator[Doc]:
    """Yield each parsed line anew, parsed with masks for its names.

    Lines that name nobody, or hold no word that can state a relation, are yielded as they are.
    """
    at = [index for index, doc in enumerate(docs) if mentions[index] and _is_telling(doc, lexicon)]
    masked = [
        Doc(pipeline.vocab, _masked(docs[i], mentions[i], lexicon.masks), [bool(t.whitespace_) for t in docs[i]])
        for i in at
    ]
    parsed = dict(zip(at, pipeline.pipe(masked, disable=["ner"]), strict=True))
    for index, doc in enumerate(docs):
        yield _laid_over(doc, parsed[index]) if index in parsed else doc


def _is_telling(doc: Doc, lexicon: Lexicon) -> bool:
    return any(token.lemma_.lower() in lexicon.by_lemma or token.lower_ in lexicon.by_lemma for token in doc)


def _laid_over(doc: Doc, parse: Doc) -> Doc:
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=[token.tag_ for token in parse],
        pos=[token.pos_ for token in parse],
        morphs=[str(token.morph) for token in parse],
        lemmas=[token.lemma_ if a.text == token.text else a.text for a, token in zip(doc, parse, strict=True)],
        heads=[token.head.i for token in parse],
        deps=[token.dep_ for token in parse],
        sent_starts=[token.is_sent_start for token in parse],
    )
