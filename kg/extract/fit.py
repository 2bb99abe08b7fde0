"""Make the weights of `kg.extract.linear` out of annotated sentences: ``python -m kg.extract.fit``.

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

from kg.extract.kinds import MODEL, features
from kg.extract.lexicon import load
from kg.extract.names import find
from kg.extract.reader import pipeline
from kg.resolve import Resolver

_SEEN = 3
"""Times that a feature must occur to get a weight."""
_LEAST, _DIGITS = 0.1, 2
_STRENGTH = 30.0
"""Inverse of the regularisation's weight (scikit-learn's C), chosen by cross-validation."""

_SHARES = {
    "Company": 0.40, "Person": 0.17, "Product": 0.14, "Place": 0.12, "Organisation": 0.07, "PublicBody": 0.05,
    "Programme": 0.02, "Other": 0.03,
}  # fmt: skip
"""Shares of the kinds among the names of business news; the sentences of the corpus name more companies."""

Sample = tuple[set[str], str]
"""Features and the class that they should give."""


def items(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the training sentences of a corpus folder; what is frozen for scoring is left alone."""
    for path in sorted(folder.glob("*.jsonl")):
        if not path.name.endswith(".test.jsonl"):
            yield from (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())


def name_samples(item: dict[str, Any]) -> Iterator[Sample]:
    """Yield what each name found in a sentence should be typed as; a name that is none is Other."""
    lexicon = load(item["lang"])
    doc = pipeline(item["lang"])(item["text"].replace("’", "'"))
    gold = {name.replace("’", "'"): kind for name, kind in item["names"].items()}
    for span in find(doc, lexicon, Resolver().kind):
        if span.text in gold:
            yield features(doc, span, lexicon), gold[span.text]
        elif not any(span.text in name or name in span.text for name in gold):
            yield features(doc, span, lexicon), "Other"


_ROUNDS = 12
"""Times that each context of people is filled."""


def people(path: Path) -> Iterator[dict[str, Any]]:
    """Yield sentences about people and places, the names put into their contexts by turns."""
    told = tomllib.loads(path.read_text("utf-8"))
    names = [f"{given} {family}" for given, family in zip(cycle(told["given"]), told["family"] * _ROUNDS, strict=False)]
    turns = {
        "{P}": cycle(names),
        "{Q}": cycle(names[7:]),
        "{L}": cycle(told["places"]),
        "{C}": cycle(told["countries"]),
    }
    for context in told["contexts"] * _ROUNDS:
        text, held = context, {}
        for slot, turn in turns.items():
            if slot in context:
                name = next(turn)
                text = text.replace(slot, name)
                held[name] = "Person" if slot in {"{P}", "{Q}"} else "Place"
        yield {"lang": path.stem.rpartition("-")[2], "text": text, "names": held}


_CORE_ENDS = {"product_or_service_of": ("Product", "Company"), "brand_of": ("Product", "Company")}
_CORE_NONE = {"traded_on", "regulated_by", "undefined"}
_SILVER = {"PERSON": "Person", "GPE": "Place"}


def core_name_samples(core: Path) -> Iterator[Sample]:
    """Yield the names of CORE's sentences: the two marked ends, and the people and places beside them.

    The ends have their kind from the relation; people of two words and places from the pipeline,
    which knows those well.
    """
    lexicon = load("en")
    for item in json.loads((core / "train.json").read_text("utf-8")):
        if item["relation"] in _CORE_NONE:
            continue
        doc = pipeline("en")(" ".join(item["context"]))
        ends = (
            dict(
                zip((item["e1_name"], item["e2_name"]), _CORE_ENDS.get(item["relation"], ("Company",) * 2), strict=True)
            )
            if item["e1_name"] != item["e2_name"]
            else {}
        )
        for span in find(doc, lexicon, Resolver().kind):
            if span.text in ends:
                yield features(doc, span, lexicon), ends[span.text]
            elif span.label in _SILVER and (" " in span.text or span.label == "GPE"):
                yield features(doc, span, lexicon), _SILVER[span.label]


def fit(samples: Sequence[Sample], shares: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Fit multinomial logistic regression and return it as the plain data that `linear.Linear` reads.

    `shares` weighs the classes as they are found in the wild, where the samples hold them otherwise.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    seen = Counter(name for found, _ in samples for name in found)
    names = sorted(name for name, times in seen.items() if times >= _SEEN)
    column = {name: at for at, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, (found, _) in enumerate(samples):
        for name in sorted(found & column.keys()):
            rows.append(row)
            columns.append(column[name])
            values.append(len(found) ** -0.5)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(samples), len(names)))
    classes = [kind for _, kind in samples]
    held = Counter(classes)
    weight = None if shares is None else {c: shares[c] * len(classes) / n for c, n in held.items()}
    model = LogisticRegression(C=_STRENGTH, max_iter=1000, class_weight=weight).fit(matrix, classes)
    kept = {
        name: [round(float(w), _DIGITS) for w in model.coef_[:, at]]
        for name, at in column.items()
        if abs(model.coef_[:, at]).max() >= _LEAST
    }
    bias = [round(float(b), _DIGITS) for b in model.intercept_]
    return {"classes": [str(c) for c in model.classes_], "bias": bias, "features": kept}


def write(told: dict[str, Any], path: Path) -> None:
    """Write weights, one feature a line, so that a change of them can be read."""
    lines = [f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in told["features"].items()]
    head = f'{{"classes": {json.dumps(told["classes"])},\n "bias": {json.dumps(told["bias"])},\n "features": {{\n'
    path.write_text(head + ",\n".join(lines) + "\n}}\n", "utf-8")


def main() -> None:
    """Fit all weights from ``ontology/corpus`` and write them to ``ontology/weights``."""
    ontology = Path("ontology")
    sentences = list(items(ontology / "corpus"))
    named = [*sentences, *people(ontology / "corpus" / "people-fr.toml")]
    names = [sample for item in named for sample in name_samples(item)]
    for folder in sys.argv[1:]:
        names.extend(core_name_samples(Path(folder)))
    write(fit(names, _SHARES), ontology / "weights" / f"{MODEL}.json")
    sys.stdout.write(f"{MODEL}: {len(names)} names of {len(sentences)} sentences\n")


if __name__ == "__main__":
    main()
