"""What the tests of watching share: sources of one sentence, told by hand, and rounds over a store of them."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.settings import changed_environment
from kg.store import DocumentClaims, open_store
from kg.watch.config import Config, Interest
from kg.watch.watcher import Watcher


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


ACME, BOLT, CAMEO = map(company, ("Acme", "Bolt", "Cameo"))


def source(name, sentence, ends=(ACME, BOLT), relation="holds-stake", as_=Modality.ASSERTED, day="2026-05-04", **terms):
    """A document of one sentence, with the claim that is read in it."""
    document = Document(name, sentence, "en", day, url=terms.pop("url", None))
    evidence = (document.evidence(0, len(sentence)),)
    claim = Claim(ends[0], relation, ends[1], as_, evidence, Qualifiers(**terms), day)
    return DocumentClaims(document, (claim,), "by hand")


@dataclass
class Desk:
    """A store that is written to from outside, and what watches it."""

    folder: Path
    config: Config
    day: str = "2026-05-04"
    minute: int = 0
    reports: list = field(default_factory=list)

    @property
    def store(self):
        return str(self.folder / "store")

    @property
    def digests(self):
        return self.config.digests

    def commit(self, *readings):
        self.minute += 1
        with open_store(self.store, write=True, clock=self.clock, today=dt.date.fromisoformat(self.day)) as store:
            store.commit(readings)

    def forget(self, document):
        self.minute += 1
        with open_store(self.store, write=True, clock=self.clock) as store:
            store.forget(document)

    def clock(self):
        return f"{self.day}T08:{self.minute:02}:00Z"

    def watcher(self, **changes):
        return Watcher(replace(self.config, **changes), self.store, None, 0, self.clock)

    def look(self, **changes):
        """Do a round, and return what it told of each interest, a line's kind and statement."""
        with changed_environment({"KG_TODAY": self.day}):
            report = self.watcher(**changes).round()
        self.reports.append(report)
        return {told.interest.name: dict(told.counts) for told in report.told}


@pytest.fixture
def desk(tmp_path):
    config = Config((), (), (Interest("Bolt", "Bolt"),), tmp_path / "digests", tmp_path / "fetched")
    return Desk(tmp_path, config)


def hashed(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
