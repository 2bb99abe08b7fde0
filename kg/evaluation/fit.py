"""Make the weights of `kg.extract.linear` out of annotated sentences and passages (`kg.evaluation.weights`).

Fits on ``ontology/corpus`` (never on what is frozen for scoring, ``*.test.jsonl``) and, where a
folder is given, on CORE's sentences in it (Borchert et al., CC BY 4.0; read in place, not shipped).
Needs scikit-learn, which readers of text do not: it belongs to the development environment.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from kg.evaluation.passages import Passage
from kg.extract import kinds
from kg.extract.corpus import Item, read_corpus
from kg.extract.lexicon import load
from kg.extract.linear import Linear
from kg.extract.lines import lines
from kg.extract.names import find
from kg.extract.reader import pipeline
from kg.resolve import Resolver

__all__ = ["SHARES", "Sample", "fit", "marked_names", "name_samples", "people", "sentences", "write"]

_SEEN = 4
"""Times that a feature must occur to get a weight."""
_LEAST, _DIGITS = 0.25, 2
_STRENGTH = 30.0
"""Inverse of the regularisation's weight (scikit-learn's C), chosen by cross-validation."""
SHARES = {
    "Company": 0.40, "Person": 0.17, "Product": 0.14, "Place": 0.12, "Organisation": 0.07, "PublicBody": 0.05,
    "Programme": 0.02, "Other": 0.03,
}  # fmt: skip
"""Shares of the kinds among the names of business news; the sentences of the corpus name more companies."""
_LABELS = {"PER": "Person", "PERSON": "Person", "LOC": "Place", "GPE": "Place", "FAC": "Place"}
_NO_PARTY = ("Person", "Place", "Product", "Programme", "Other")
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


def marked_names(passage: Passage, model: Linear) -> Iterator[Sample]:
    """Yield what each name found in a passage should be typed as.

    What the marks do not name is no organisation: the pipeline's label, or else the `model`, tells what it is.
    """
    lexicon, known = load(passage.lang), Resolver().kind
    gold = {name.replace("’", "'"): kind for name, kind in passage.kinds.items()}
    for line in lines(passage.text[: passage.limit], passage.lang, known):
        doc = pipeline(passage.lang)(line.text.replace("’", "'"))
        for span in find(doc, lexicon, known):
            found = kinds.features(doc, span, lexicon)
            if span.text in gold:
                yield found, gold[span.text]
            elif not any(span.text in name or name in span.text for name in gold):
                scores = dict(zip(model.classes, model.scores(found), strict=True))
                yield found, _LABELS.get(span.label) or max(_NO_PARTY, key=lambda kind: scores[kind])


def fit(
    samples: Sequence[Sample],
    shares: Mapping[str, float] | None = None,
    strength: float = _STRENGTH,
    least: float = _LEAST,
) -> dict[str, Any]:
    """Fit multinomial logistic regression and return it as the plain data that `linear.Linear` reads.

    `shares` weighs the classes as they are found in the wild, where the samples hold them otherwise; `strength` is the
    inverse of the regularisation's weight, `least` the smallest weight that is kept.
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
    model = LogisticRegression(C=strength, max_iter=1000, class_weight=weight).fit(matrix, classes)
    # Of two classes scikit-learn has the second one's weights alone; the first one's are nought.
    two = len(model.classes_) == len("ab")
    rows_ = [[0.0] * len(column), *model.coef_.tolist()] if two else model.coef_.tolist()
    bias = [round(float(b), _DIGITS) for b in ([0.0, *model.intercept_] if two else model.intercept_)]
    weights = {
        name: [round(float(row[at]), _DIGITS) for row in rows_]
        for name, at in column.items()
        if max(abs(row[at]) for row in rows_) >= least
    }
    return {"classes": [str(c) for c in model.classes_], "bias": bias, "features": weights}


def write(weights: Mapping[str, Any], path: Path) -> int:
    """Write weights, one feature a line, so that a change of them can be read, and return how many.

    What else they hold stands before the features.
    """
    rows = [f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in weights["features"].items()]
    head = "".join(f" {json.dumps(key)}: {json.dumps(value)},\n" for key, value in weights.items() if key != "features")
    head = f'{{{head[1:]} "features": {{\n'
    path.write_text(head + ",\n".join(rows) + "\n}}\n", "utf-8")
    return len(rows)
