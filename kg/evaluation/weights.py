"""Make all weights anew: ``python -m kg.evaluation.weights [--core DIR] [--shared DIR]``.

Fits on ``ontology/corpus`` (never on what is frozen for scoring, ``*.test.jsonl``); with ``--core`` on CORE's sentences
(Borchert et al., CC BY 4.0; read in place, not shipped); with ``--shared`` on the marked passages and texts below that
folder, which what the gate weighs needs. Needs scikit-learn, which readers of text do not.
"""

import argparse
import sys
from pathlib import Path

from kg.evaluation.core import core_names
from kg.evaluation.fit import SHARES, Sample, fit, marked_names, name_samples, people, sentences, write
from kg.evaluation.gate_fit import Material, calibration, confidence_weights, material, topic_weights
from kg.extract import confidence, kinds
from kg.extract.doubts import topic
from kg.extract.linear import Linear

__all__ = ["main"]

_WEIGHTS = Path("ontology/weights")


def main() -> None:
    """Fit what the arguments give material for, each model before those that look at what it says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--core", type=Path, help="folder of CORE's sentences")
    parser.add_argument("--shared", type=Path, help="folder with passages, marked texts and gold")
    parser.add_argument("--gate", action="store_true", help="only what the gate weighs: topics and confidence")
    options = parser.parse_args()
    held = material(options.shared) if options.shared else None
    if not options.gate:
        _names(options.core, held)
    if held is not None:
        _say(topic.MODEL, write(topic_weights(held), _WEIGHTS / f"{topic.MODEL}.json"))
        path = _WEIGHTS / f"{confidence.MODEL}.json"
        fitted = confidence_weights(held)
        write(fitted, path)
        _say(confidence.MODEL, write({**fitted, **calibration(held)}, path))


def _names(core: Path | None, held: Material | None) -> None:
    items = list(sentences(Path("ontology/corpus")))
    named = [(item.lang, item.text, item.names) for item in items]
    named.extend(people(Path("ontology/corpus/people-fr.toml")))
    samples: list[Sample] = [sample for arguments in named for sample in name_samples(*arguments)]
    samples.extend([] if core is None else core_names(core))
    if held is not None:
        # What the marks leave out is typed by what the sentences alone teach.
        first = fit(samples, SHARES)
        rows = {name: tuple(row) for name, row in first["features"].items()}
        model = Linear(tuple(first["classes"]), tuple(first["bias"]), rows)
        marked = [passage for passage in held.real if passage.gold is not None]
        samples.extend(sample for passage in (*held.train, *marked) for sample in marked_names(passage, model))
    _say(kinds.MODEL, write(fit(samples, SHARES), _WEIGHTS / f"{kinds.MODEL}.json"))


def _say(model: str, features: int) -> None:
    sys.stdout.write(f"{model}: {features} features\n")


if __name__ == "__main__":
    main()
