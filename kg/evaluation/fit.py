"""Make the weights of `kg.extract.linear` out of annotated sentences: ``python -m kg.evaluation.fit``.

Fits on ``ontology/corpus`` (never on what is frozen for scoring, ``*.test.jsonl``) and, where a
folder is given, on CORE's sentences in it (Borchert et al., CC BY 4.0; read in place, not shipped).
Needs scikit-learn, which readers of text do not: it belongs to the development environment.
"""

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from kg.evaluation.core import core_names, core_pairs
from kg.extract import kinds, pairs
from kg.extract.corpus import Item, read_corpus
from kg.extract.lexicon import load
from kg.extract.names import find
from kg.extract.reader import parse, pipeline
from kg.model import Document
from kg.resolve import Resolver

__all__ = ["Sample", "fit", "main", "name_samples", "pair_samples", "people", "sentences", "write"]

_SEEN = 4
"""Times that a feature must occur to get a weight."""
_LEAST, _DIGITS = 0.25, 2
_STRENGTH = 30.0
"""Inverse of the regularisation's weight (scikit-learn's C), chosen by cross-validation."""
_SHARES = {
    "Company": 0.40, "Person": 0.17, "Product": 0.14, "Place": 0.12, "Organisation": 0.07, "PublicBody": 0.05,
    "Programme": 0.02, "Other": 0.03,
}  # fmt: skip
"""Shares of the kinds among the names of business news; the sentences of the corpus name more companies."""
_ROUNDS = 12
"""Times that each context of people is filled."""

Sample = tuple[set[str], str]
"""Features, and the class that they should give."""


def sentences(folder: Path) -> Iterator[Item]:
    """Yield the training sentences of a corpus folder; what is frozen for scoring is left alone."""
    for path in sorted(folder.glob("*.jsonl")):
        if not path.name.endswith(".test.jsonl"):
            yield from read_corpus(path)


def people(path: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield (language, text, names) about people and places, the names put into their contexts by turns."""
    vocabulary = tomllib.loads(path.read_text("utf-8"))
    names = [
        f"{given} {family}"
        for given, family in zip(cycle(vocabulary["given"]), vocabulary["family"] * _ROUNDS, strict=False)
    ]
    turns = {
        "{P}": cycle(names),
        "{Q}": cycle(names[7:]),
        "{L}": cycle(vocabulary["places"]),
        "{C}": cycle(vocabulary["countries"]),
    }
    for context in vocabulary["contexts"] * _ROUNDS:
        text, held = context, {}
        for slot, turn in turns.items():
            if slot in context:
                name = next(turn)
                text = text.replace(slot, name)
                held[name] = "Person" if slot in {"{P}", "{Q}"} else "Place"
        yield path.stem.rpartition("-")[2], text, held


def name_samples(lang: str, text: str, names: Mapping[str, str]) -> Iterator[Sample]:
    """Yield what each name found in a sentence should be typed as; a name that is none is Other."""
    lexicon = load(lang)
    doc = pipeline(lang)(text.replace("’", "'"))
    gold = {name.replace("’", "'"): kind for name, kind in names.items()}
    for span in find(doc, lexicon, Resolver().kind):
        if span.text in gold:
            yield kinds.features(doc, span, lexicon), gold[span.text]
        elif not any(span.text in name or name in span.text for name in gold):
            yield kinds.features(doc, span, lexicon), "Other"


def pair_samples(item: Item) -> Iterator[Sample]:
    """Yield what each pair of names in a sentence should be read as."""
    parsed = parse(Document(item.id, item.text, item.lang, item.published), Resolver().kind)
    for sentence in parsed.text.sentences:
        for pair in pairs.pairs(sentence):
            yield pairs.features(pair, parsed.lexicon), _gold(pair, item)


def _gold(pair: pairs.Pair, item: Item) -> str:
    for claim in item.claims:
        if _same(claim.subject, pair.first.name) and _same(claim.object, pair.second.name):
            return pairs.label(claim.relation, subject_first=True)
        if _same(claim.subject, pair.second.name) and _same(claim.object, pair.first.name):
            return pairs.label(claim.relation, subject_first=False)
    return pairs.NONE


def _same(first: str, second: str) -> bool:
    first, second = (name.replace("’", "'").casefold() for name in (first, second))
    return first in second or second in first


def fit(samples: Sequence[Sample], shares: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Fit multinomial logistic regression and return it as the plain data that `linear.Linear` reads.

    `shares` weighs the classes as they are found in the wild, where the samples hold them otherwise.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts = Counter(name for features, _ in samples for name in features)
    column = {name: at for at, name in enumerate(sorted(name for name, times in counts.items() if times >= _SEEN))}
    cells = [
        (row, column[name], len(features) ** -0.5)
        for row, (features, _) in enumerate(samples)
        for name in sorted(features & column.keys())
    ]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(samples), len(column)))
    classes = [kind for _, kind in samples]
    held = Counter(classes)
    weight = None if shares is None else {c: shares[c] * len(classes) / n for c, n in held.items()}
    model = LogisticRegression(C=_STRENGTH, max_iter=1000, class_weight=weight).fit(matrix, classes)
    weights = {
        name: [round(float(w), _DIGITS) for w in model.coef_[:, at]]
        for name, at in column.items()
        if abs(model.coef_[:, at]).max() >= _LEAST
    }
    bias = [round(float(b), _DIGITS) for b in model.intercept_]
    return {"classes": [str(c) for c in model.classes_], "bias": bias, "features": weights}


def write(weights: Mapping[str, Any], path: Path) -> None:
    """Write weights, one feature a line, so that a change of them can be read."""
    lines = [
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in weights["features"].items()
    ]
    head = f'{{"classes": {json.dumps(weights["classes"])},\n "bias": {json.dumps(weights["bias"])},\n "features": {{\n'
    path.write_text(head + ",\n".join(lines) + "\n}}\n", "utf-8")


def main() -> None:
    """Fit all weights from ``ontology/corpus``, and CORE's folder where one is named, into ``ontology/weights``."""
    ontology = Path("ontology")
    items = list(sentences(ontology / "corpus"))
    named = [(item.lang, item.text, item.names) for item in items]
    named.extend(people(ontology / "corpus" / "people-fr.toml"))
    names = [sample for arguments in named for sample in name_samples(*arguments)]
    for folder in sys.argv[1:]:
        names.extend(core_names(Path(folder)))
    write(fit(names, _SHARES), ontology / "weights" / f"{kinds.MODEL}.json")
    sys.stdout.write(f"{kinds.MODEL}: {len(names)} names of {len(items)} sentences\n")
    samples = [sample for item in items for sample in pair_samples(item)]
    for folder in sys.argv[1:]:
        samples.extend(core_pairs(Path(folder)))
    write(fit(samples), ontology / "weights" / f"{pairs.MODEL}.json")
    sys.stdout.write(f"{pairs.MODEL}: {len(samples)} pairs of names\n")


if __name__ == "__main__":
    main()
