"""A register and a file of names that `scale.py` made, joined by Splink on DuckDB, beside kg's own join.

It needs Splink and nothing of kg, so that it runs in an environment of its own::

    python benchmarks/scale.py --folder DIR --rows 60000 --steps make index batch
    python -m venv splink && splink/bin/pip install splink
    splink/bin/python benchmarks/_splink.py DIR

Splink is set up as its manual has it for a name and a country (https://moj-analytical-services.github.io/splink):
Jaro-Winkler similarity at three thresholds, with frequencies of terms; m by expectation maximisation, u by random
sampling. Pairs are those of one country that share the first word, the first five letters, or the last ten,
or of any country with equal names. The threshold is the one that is best for it, of the truth.
"""

import argparse
import csv
import json
import resource
import time
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_analysis import count_comparisons_from_blocking_rules

_PREPARED = """
    SELECT {id} AS unique_id, lower({name}) AS name, {country} AS country, split_part(lower({name}), ' ', 1) AS first,
        lower({name})[:5] AS head, lower({name})[-10:] AS tail
    FROM read_csv('{file}', header = true, all_varchar = true)
"""
_ASKED = {"id": "(row_number() OVER () + 1)::VARCHAR", "name": "name", "country": "country"}
_LISTED = {"id": '"LEI"', "name": '"Entity.LegalName"', "country": '"Entity.LegalAddress.Country"'}
RULES = [
    block_on("name"),
    block_on("first", "country"),
    block_on("head", "country"),
    block_on("tail", "country"),
]


def settings() -> SettingsCreator:
    """How names are compared."""
    alike = comparisons.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.85]).configure(term_frequency_adjustments=True)
    return SettingsCreator(
        link_type="link_only",
        comparisons=[alike, comparisons.ExactMatch("country")],
        blocking_rules_to_generate_predictions=RULES,
    )


def linked(folder: Path, database: Any) -> tuple[int, list[tuple[str, str, float]]]:
    """Return how many pairs are compared, and of each name that is asked for the best with its probability."""
    for called, columns, file in (("asked", _ASKED, "names.csv"), ("listed", _LISTED, "register.csv")):
        database.execute(f"CREATE TABLE {called} AS {_PREPARED.format(file=folder / file, **columns)}")
    api = DuckDBAPI(connection=database)
    sides = [api.register(called, dataset_display_name=called) for called in ("asked", "listed")]
    counts = count_comparisons_from_blocking_rules(
        sides, blocking_rules=RULES, link_type="link_only", record_sample_proportion=1.0
    )
    linker = Linker(sides, settings(), log_level=30)
    linker.training.estimate_probability_two_random_records_match([block_on("name")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    # A column that pairs are blocked by is not estimated: the country is, where names are equal.
    for rule in (block_on("first", "country"), block_on("name")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    found = linker.inference.predict(threshold_match_probability=0.01)
    rows = database.execute(f"""
        SELECT unique_id_l, arg_max(unique_id_r, match_probability), max(match_probability)
        FROM {found.physical_name} GROUP BY unique_id_l
    """).fetchall()  # noqa: S608 - a table of Splink's
    return counts[-1]["cumulative_comparison_count"], rows


def best(rows: list[tuple[str, str, float]], truth: dict[str, str]) -> dict[str, float]:
    """Return the highest F1, at which threshold with which precision and recall it is, and the recall of all found."""
    present, right, results = sum(map(bool, truth.values())), 0, [(0.0, 1.0, 0.0, 0.0)]
    for taken, (asked, listed, probability) in enumerate(sorted(rows, key=lambda row: -row[2]), 1):
        right += truth[asked] == listed
        precision, recall = right / taken, right / present
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        results.append((f1, probability, precision, recall))
    names = ("best_f1", "threshold", "precision", "recall")
    return dict(zip(names, max(results), strict=True)) | {"first": right / present}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    database = duckdb.connect()
    database.execute("SET memory_limit = '4GB'")
    start, used = time.monotonic(), time.process_time()
    pairs, rows = linked(folder, database)
    cost = {"seconds": round(time.monotonic() - start), "processor_seconds": round(time.process_time() - used)}
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        truth = {row["line"]: row["lei"] for row in csv.DictReader(file)}
    told = {"pairs": pairs} | {name: round(value, 4) for name, value in best(rows, truth).items()}
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    print(json.dumps({"step": "splink"} | cost | {"peak_mb": peak} | told))


if __name__ == "__main__":
    main()
