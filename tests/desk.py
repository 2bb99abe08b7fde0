"""A day at the desk, told by one script: `Story` runs it on ten articles, and takes down what every surface shows.

The how-to ``docs/how-to/desk-story.md`` is its transcript on texts of kg's own; the same story runs on real articles.
"""

import base64
import csv
import datetime as dt
import gzip
import html
import io
import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import kg
import kg.ontology as kg_ontology
from kg.cli import cli
from kg.extract import lexicon
from kg.facts import AsOf
from kg.model import Claim, Entity
from kg.ontology import ontology

REVIEWED = 30
BUILT, JUDGED, REREAD, YEAR_LATER = "2025-06-02", "2025-06-03", "2025-06-10", "2026-06-03"
"""The days of the story, on the recorded clock."""

PREFIXES = {
    "kg": "https://w3id.org/company-kg/ontology#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
STATED = """
SELECT ?claim ?subject ?relation ?object ?modality {
  ?claim a kg:Claim ; rdf:subject/rdfs:label ?subject ; rdf:predicate ?relation ;
         rdf:object/rdfs:label ?object ; kg:modality ?modality
}"""
_ENDS = ("subject", "relation", "object")
EDGES = "SELECT DISTINCT ?s ?relation ?o { ?a ?relation ?b . ?a rdfs:label ?s . ?b rdfs:label ?o }"


class Tie(NamedTuple):
    """A claim as a person names it; without `document`, whichever says so."""

    subject: str
    relation: str
    object: str
    modality: str = "asserted"
    document: str = ""

    def fits(self, claim: Claim) -> bool:
        return isinstance(claim.object, Entity) and self == Tie.of(claim)._replace(
            document=claim.document if self.document else ""
        )

    @classmethod
    def of(cls, claim: Claim) -> "Tie":
        return cls(claim.subject.name, claim.relation, claim.object.name, claim.modality.value, claim.document)


class Stated(NamedTuple):
    """A claim of the graph, as every surface must show it."""

    claim: str
    subject: str
    relation: str
    object: str
    modality: str


@dataclass(frozen=True)
class Case:
    """What is particular to a story: the folder of its articles, and what the reviewer makes of them."""

    folder: str
    keys: Callable[[Claim], str]
    """What is pressed for a claim that comes up in the review."""
    corrections: tuple[tuple[Tie, str, Mapping[str, str], Tie], ...]
    """Claims that are put right one by one after the review: which, what is wrong, what it is instead, what comes."""
    sentence: tuple[Tie, str | Tie, Mapping[str, str]]
    """A claim that no reader found, its sentence (or a claim that has it) and its terms."""
    note: tuple[Tie, str, Mapping[str, str]]
    """A claim without a text, where it is from, and its terms."""
    merged: tuple[str, str]
    split: tuple[str, str, str]
    """A name of two companies, what the second is called, the document that means that one."""
    closed: str
    question: tuple[str, str]
    """An analysis, by its name and its company, that is asked again and again."""


@dataclass(frozen=True)
class Snapshot:
    """What the graph says at one moment, by each surface."""

    rows: Sequence[Mapping[str, str]]
    sparql: frozenset[Stated]
    trig: frozenset[Stated]
    viewer: frozenset[tuple[str, ...]]
    """Claims without their modality: a line of the picture has that of all that is said of it."""
    facts: frozenset[tuple[str, str, str]]
    edges: frozenset[tuple[str, str, str]]
    analysed: frozenset[str]
    dossiers: Mapping[str, frozenset[str]]
    answer: str

    @property
    def csv(self) -> frozenset[Stated]:
        return frozenset(Stated(*(row[key] for key in Stated._fields)) for row in self.rows)

    @property
    def ties(self) -> set[Tie]:
        return {Tie(*(row[key] for key in Tie._fields)) for row in self.rows}

    def of(self, tie: Tie) -> list[Mapping[str, str]]:
        """The rows of the export that say a tie."""
        return [row for row in self.rows if tie == Tie(*(row[key] for key in Tie._fields))]


class Clock:
    """The clock of the story: each look at it is a second later than the last."""

    def __init__(self) -> None:
        self.now = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)

    def set(self, day: str) -> None:
        self.now = dt.datetime.fromisoformat(f"{day}T09:00:00+00:00")

    def tick(self, _: object = None) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


@contextmanager
def story_time(folder: Path):
    """Let commands run in a folder, at the time of a clock that the story sets, until the block ends."""
    clock = Clock()
    faked = SimpleNamespace(**vars(dt) | {"datetime": type("Faked", (dt.datetime,), {"now": staticmethod(clock.tick)})})
    with pytest.MonkeyPatch.context() as patch:
        for module in ("kg.dates", "kg.judgements.judgement"):
            patch.setattr(f"{module}.dt", faked)
        patch.chdir(folder)
        for name, value in {"COLUMNS": "120", "KG_AUTHOR": "ada", "KG_STORE": "kg-store"}.items():
            patch.setenv(name, value)
        yield clock, patch


@dataclass
class Story:
    """Runs a case's story, a command a line, and keeps what was typed and printed."""

    case: Case
    clock: Clock
    patch: pytest.MonkeyPatch
    transcript: list[tuple[str, str]] = field(default_factory=list)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    reviewed: list[Claim] = field(default_factory=list)
    places: dict[Tie, str] = field(default_factory=dict)
    """The documents of the claims that were put right after the review."""

    # ------------------------------------------------------------------------------ commands
    def kg(self, line: str, keys: str = "") -> str:
        """Run a command as it is typed; the transcript gets it."""
        done = CliRunner().invoke(cli, shlex.split(line), input=keys, catch_exceptions=False)
        assert done.exit_code == 0, (line, done.output)
        self.transcript.append((f"$ kg {line}", done.output))
        return done.output

    def day(self, date: str) -> None:
        self.clock.set(date)
        self.patch.setenv("KG_TODAY", date)

    def pick(self, tie: Tie) -> Claim:
        """Return the claim that a tie names, among all that were read, whatever became of them."""
        with kg.open("kg-store") as graph:
            found = [claim for claim in graph.claims(outcome="all") if tie.fits(claim)]
            known = "\n".join(sorted(str(tuple(Tie.of(claim))) for claim in graph.claims(outcome="all")))
        assert found, f"the reader finds no {tuple(tie)}; there are\n{known}"
        return found[0]

    def printed(self, command: str, nth: int) -> str:
        """What the nth call of a command printed."""
        return [output for line, output in self.transcript if line.startswith(f"$ kg {command} ")][nth]

    def today(self, claim: Claim) -> Tie:
        """The tie of a claim as it was read, under the names that merge and split gave."""
        (kept, other), (name, into, document) = self.case.merged, self.case.split
        names = {other: kept} | ({name: into} if claim.document == document else {})
        tie = Tie.of(claim)
        return tie._replace(**{end: names.get(getattr(tie, end), getattr(tie, end)) for end in ("subject", "object")})

    # ------------------------------------------------------------------------------ the story
    def tell(self, another_lexicon: Callable[[], object]) -> None:
        """Tell the whole story; what each step left stands in `snapshots`, the store of that evening in a folder."""
        for step in (self.build, self.review, self.correct, self.add, self.merge, self.split, self.close):
            step()
            self.snapshots[step.__name__] = self.look()
        shutil.copytree("kg-store", "closed-store")
        self.day(REREAD)
        another_lexicon()
        self.kg(f"build {self.case.folder} --jobs 0")
        self.snapshots["reread"] = self.look()
        self.kg("judgements --unmatched")
        self.kg(f"build {self.case.folder} --jobs 0 --precision 0")
        self.snapshots["resorted"] = self.look()
        self.remember()

    def ask(self, more: str = "") -> str:
        name, company = self.case.question
        return self.kg(f"analyse {name} '{company}'{more}")

    def build(self) -> None:
        self.day(BUILT)
        self.kg(f"build {self.case.folder} --jobs 0")
        self.ask()
        self.answers["then"] = self.answer_of(BUILT)
        self.day(JUDGED)

    def review(self) -> None:
        with kg.open("kg-store") as graph:
            claims = [claim for card in graph.review("ada", draw="random") for claim in card.claims]
        self.reviewed = claims[:REVIEWED]
        self.kg("review --draw random", "".join(map(self.case.keys, self.reviewed)) + "q")

    def correct(self) -> None:
        for tie, part, changes, _ in self.case.corrections:
            told = " ".join(f"--{name} {shlex.quote(value)}" for name, value in changes.items())
            claim = self.pick(tie)
            self.places[tie] = claim.document
            self.kg(f"judge {claim.id[:8]} wrong --part {part} {told}")

    def add(self) -> None:
        tie, place, terms = self.case.sentence
        quote = self.pick(place).evidence[0].quote if isinstance(place, Tie) else place
        self.kg(f"add {_ends(tie)} --document {tie.document} --quote {_quoted(quote)}{_terms(terms)}")
        tie, source, terms = self.case.note
        self.kg(f"add {_ends(tie)} --source {source} --date 2025-05-20{_terms(terms)}")
        self.ask()

    def merge(self) -> None:
        kept, other = self.case.merged
        self.kg(f"merge '{kept}' '{other}'")
        self.ask()
        self.kg('query "SELECT ?name ?same { ?company rdfs:label ?name ; skos:exactMatch ?same }"')

    def split(self) -> None:
        name, into, document = self.case.split
        self.kg(f"split '{name}' '{name}' --into '{into}' --document {document}")
        self.kg(f"show '{into}'")

    def close(self) -> None:
        self.kg(f"close {self.case.closed}")
        self.kg("export --format gold -o closed")
        self.kg("evaluate --judgements --store kg-store")
        for file in ("edges.csv", "graph.trig"):
            self.kg(f"export -o {file}")
        self.kg("view -o desk.html")

    def remember(self) -> None:
        """A year later, ask for the answer of the day on which nobody had judged anything."""
        self.day(YEAR_LATER)
        self.ask()
        self.ask(f" --recorded {BUILT} --valid {BUILT}")
        self.answers["a year later"] = self.answer_of(BUILT)
        self.answers["of today"] = self.answer_of(YEAR_LATER)

    # ------------------------------------------------------------------------------ what every surface shows
    def look(self) -> Snapshot:
        """Take down what the graph says now: edges, exports, SPARQL, the viewer's page, an analysis, dossiers."""
        rows = [row for row in csv.DictReader(io.StringIO(self._export("csv"))) if row["object"]]
        with kg.open("kg-store") as graph:
            stated = _stated(graph.query(STATED).table.rows)
            edges = _edges(graph.query(EDGES).table.rows)
            names = {row[end] for row in rows for end in ("subject", "object")}
            dossiers = {name: frozenset(claim.id for claim in graph.dossier(name).claims) for name in sorted(names)}
            analysed = frozenset(claim.id for claim in graph.analyse("centrality").claims)
            answer = str(graph.analyse(*self.case.question))
        return Snapshot(
            rows=rows,
            sparql=stated,
            trig=_in_trig(self._export("trig")),
            viewer=self._in_viewer(),
            facts=frozenset(_edge(*(row[key] for key in _ENDS)) for row in rows if row["fact"] == "true"),
            edges=edges,
            analysed=analysed,
            dossiers=dossiers,
            answer=answer,
        )

    def answer_of(self, day: str) -> str:
        """Return all that is answered as of a day, on the recorded clock, too."""
        as_of, name = AsOf(valid=day, recorded=day), self.case.merged[0]
        with kg.open("kg-store") as graph:
            parts = [
                graph.to_pandas(as_of=as_of).drop(columns=["retracted_at", "today"]).to_csv(),
                str(graph.show(name, as_of=as_of)),
                str(graph.analyse(*self.case.question, as_of=as_of)),
                str(graph.analyse("centrality", as_of=as_of)),
            ]
        return "\n".join(parts)

    @staticmethod
    def _export(form: str) -> str:
        CliRunner().invoke(cli, ["export", "--format", form, "-o", f"graph.{form}"], catch_exceptions=False)
        return Path(f"graph.{form}").read_text("utf-8")

    @staticmethod
    def _in_viewer() -> frozenset[tuple[str, ...]]:
        CliRunner().invoke(cli, ["view", "-o", "graph.html"], catch_exceptions=False)
        page = Path("graph.html").read_text("utf-8")
        data = re.search(r'<script type="application/gzip" id="data">([^<]+)</script>', page)
        assert data, "the viewer's page has no data"
        return _in_view(json.loads(gzip.decompress(base64.b64decode(html.unescape(data[1])))))


def _ends(tie: Tie) -> str:
    words = f"'{tie.subject}' {tie.relation} '{tie.object}'"
    return words if tie.modality == "asserted" else f"{words} --modality {tie.modality}"


def _quoted(text: str) -> str:
    return shlex.quote(text) if "'" in text else f"'{text}'"


def _terms(terms: Mapping[str, str]) -> str:
    return "".join(f" --term {name}={value}" for name, value in terms.items())


def _stated(rows: Iterable[Sequence[object]]) -> frozenset[Stated]:
    """The claims among the answers to `STATED`, of whichever engine."""
    return frozenset(
        Stated(_local(claim, "/"), str(subject), _relation(relation), str(object_), _local(modality, "#").lower())
        for claim, subject, relation, object_, modality in rows
    )


def _edges(rows: Iterable[Sequence[object]]) -> frozenset[tuple[str, str, str]]:
    known = {relation.iri for relation in ontology().relations.values()}
    return frozenset(_edge(str(s), _relation(r), str(o)) for s, r, o in rows if str(r) in known)


def _edge(subject: str, relation: str, object_: str) -> tuple[str, str, str]:
    """An edge; of a relation that goes both ways, the one of its two that sorts first."""
    ends = sorted((subject, object_)) if ontology().relation(relation).symmetric else (subject, object_)
    return ends[0], relation, ends[1]


def _relation(iri: object) -> str:
    return next(name for name, relation in ontology().relations.items() if relation.iri == str(iri))


def _local(iri: object, sign: str) -> str:
    return str(iri).rpartition(sign)[2]


def _in_trig(text: str) -> frozenset[Stated]:
    """The claims of an export, asked for in another engine."""
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.TRIG)
    found = store.query(STATED, prefixes=PREFIXES, use_default_graph_as_union=True)
    return _stated([term.value for term in row] for row in found)


def _in_view(data: Mapping[str, object]) -> frozenset[tuple[str, ...]]:
    names = [company["name"] for company in data["companies"]]
    return frozenset(
        (claim["id"], names[line["subject"]], line["relation"], names[line["object"]])
        for line in data["lines"]
        for claim in line["claims"]
    )


_TEMPLATE = re.compile(r"^template = .*$", re.MULTILINE)
_TAKEN_OUT = {
    "en": ("acquire", "buy", "own", "supply", "lend", "invest"),
    "fr": ("acquérir", "racheter", "détenir", "fournir", "prêter", "concurrencer"),
}


@contextmanager
def another_lexicon(folder: Path):
    """Give a function from which on both languages are read by lexicons that lack some of their verbs."""
    made = {f"lexicon/{lang}.toml": folder / f"{lang}.toml" for lang in _TAKEN_OUT}
    own = kg_ontology._own
    for name, path in made.items():
        out = "|".join(_TAKEN_OUT[path.stem])
        text = kg_ontology.turtle(name)
        changed = _TEMPLATE.sub(lambda line, out=out: re.sub(rf"(?<=[ |])(?:{out})\|", "", line[0]), text)
        assert changed != text
        path.write_text(changed, "utf-8")

    def forget() -> None:
        kg_ontology.lexicon.cache_clear()
        lexicon.load.cache_clear()

    with pytest.MonkeyPatch.context() as patch:

        def swap() -> None:
            patch.setattr(kg_ontology, "_own", lambda name: made.get(name) or own(name))
            forget()

        yield swap
    forget()
