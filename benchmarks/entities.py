"""How well names become entities: companies, organisations and bodies of the shared articles' gold, by each spelling.

Names      each spelling of each article is an entity by its name alone, as a reader makes it
Resolved   … and who is whom worked out over all articles (kg resolve), with what kg ships and, with --store, registers

Two spellings of one gold entity, in one article or in two, should be one entity; of all pairs of spellings that are one
entity, precision is how many should be, and recall of those that should be how many are. B-cubed takes each spelling by
itself (Bagga and Baldwin, 1998). Without the shared articles there is nothing to measure.
"""

import argparse
import itertools
import json
import os
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.model import Claim, Document, Entity, Modality
from kg.pipeline.resolution import resolve
from kg.resolve import Resolver
from kg.store import DocumentClaims, open_store

ROOT = Path(__file__).parents[1]
_TYPES = {"company": "Company", "organisation": "Organisation", "public-body": "PublicBody"}


@dataclass(frozen=True)
class Spelling:
    """A name in an article, and the gold entity that it means."""

    article: str
    name: str
    type: str
    gold: str


def spellings(folder: Path) -> Iterator[Spelling]:
    """Yield the spellings of the gold files in a folder, each once."""
    for path in sorted(folder.glob("*.gold.json")):
        gold = json.loads(path.read_text("utf-8"))
        for entity in gold["entities"]:
            if entity["type"] in _TYPES:
                for name in dict.fromkeys((entity["name"], *entity.get("aliases", ()))):
                    yield Spelling(path.stem, name, _TYPES[entity["type"]], entity["id"])


def readings(those: Iterable[Spelling]) -> Iterator[DocumentClaims]:
    """Yield a document for each article that ties its names to one that is none of them, as if each had been read."""
    by_article: defaultdict[str, list[Spelling]] = defaultdict(list)
    for one in those:
        by_article[one.article].append(one)
    for article, named in by_article.items():
        text = "\n".join(one.name for one in named)
        document = Document(article, text, "en")
        claims, start, other = [], 0, Entity(f"person/{article}", article, "Person")
        for one in named:
            entity = Resolver().entity(Entity("?", one.name, one.type, (one.name,)))
            evidence = document.evidence(start, start + len(one.name))
            claims.append(Claim(other, "invests-in", entity, Modality.ASSERTED, (evidence,)))
            start += len(one.name) + 1
        yield DocumentClaims(document, tuple(claims), "gold")


def scores(gold: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float, float, float]:
    """Return precision and recall of pairs, then of B-cubed."""
    pairs = list(itertools.combinations(range(len(gold)), 2))
    same = {pair for pair in pairs if gold[pair[0]] == gold[pair[1]]}
    said = {pair for pair in pairs if found[pair[0]] == found[pair[1]]}
    both = len(same & said)
    cubed = []
    for at in range(len(gold)):
        mine = {i for i in range(len(gold)) if found[i] == found[at]}
        true = {i for i in range(len(gold)) if gold[i] == gold[at]}
        cubed.append((len(mine & true) / len(mine), len(mine & true) / len(true)))
    precision, recall = (sum(values) / len(cubed) for values in zip(*cubed, strict=True))
    return both / max(len(said), 1), both / max(len(same), 1), precision, recall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a store whose registers are looked up too; it is copied to memory")
    given = parser.parse_args()
    folder = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared")) / "gold"
    those = list(spellings(folder))
    if not those:
        sys.exit(f"there is no gold in {folder}: set KG_SHARED")
    gold = [one.gold for one in those]
    by_name = [Resolver().entity(Entity("?", one.name, one.type)).id for one in those]
    with open_store(None, write=True) as store:
        if given.store is not None:
            with open_store(given.store) as registers:
                store.commit(registers.reading(id_) for id_ in registers.document_ids() if _is_record(registers, id_))
        store.commit(readings(those))
        told = resolve(store)
        whole = store.identities
        resolved = [
            whole.entity(Entity(id_, one.name, one.type), one.article).id
            for id_, one in zip(by_name, those, strict=True)
        ]
    print(f"{len(those)} spellings of {len(set(gold))} entities in {len({one.article for one in those})} articles")
    print(f"{'':<12}{'pairs P':>9}{'R':>7}{'B3 P':>9}{'R':>7}")
    for what, found in (("names", by_name), ("resolved", resolved)):
        print(
            f"{what:<12}"
            + "".join(f"{value:>{width}.3f}" for value, width in zip(scores(gold, found), (9, 7, 9, 7), strict=True))
        )
    for word in told.joined:
        print(f"  joined {word.other.name} = {word.one.name}: {word.why}")
    for word in told.parted:
        print(f"  parted {word.other.name} in {', '.join(word.documents)}: {word.why}")
    print(f"  {len(told.open_pairs)} pairs to decide")
    for pair in told.open_pairs[:12]:
        print(f"    {pair.one.name} / {pair.other.name} {pair.probability:.2f}")


def _is_record(store: object, id_: str) -> bool:
    return next(iter(store.records(document=id_)), None) is not None  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
