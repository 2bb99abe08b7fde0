"""A round of watching: read what changed, find out what is news, keep it as told, write the pages."""

import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg import __version__
from kg.dates import utc_now
from kg.documents import SkippedSource
from kg.errors import QueryError, UnknownEntity
from kg.model import Claim
from kg.pipeline import BuildOptions, BuildReport, SourceOptions, build
from kg.query import find_entity
from kg.query.independent_sources import near_duplicates_of
from kg.query.places import places_on
from kg.settings import today
from kg.store import NearDuplicates, Store, is_endpoint, open_store
from kg.watch.changes import fingerprint, journal_fingerprint, store_mark
from kg.watch.config import FORMATS, Config, Interest, WatchedPath
from kg.watch.digest import DigestLine, LineWriter
from kg.watch.fetching.client import WebClient
from kg.watch.fetching.fetcher import Fetcher, folder_of
from kg.watch.news import News, news_between
from kg.watch.pages import DigestPage, page_bytes
from kg.watch.state import InterestState, WatchState, locked, read_state, write_file, write_state

__all__ = ["RoundReport", "ToldDigest", "Watcher"]

_TRIES = 3
"""How often a path is read of which a reader breaks down on a document, until it changes."""


@dataclass(frozen=True, slots=True)
class ToldDigest:
    """A digest of a round: how many lines of each kind it has, and its files."""

    interest: Interest
    counts: Counter[str]
    files: tuple[Path, ...]


@dataclass(slots=True)
class RoundReport:
    """What a round did. `notes` tell of interests of which the graph has no company yet, and of what else is odd."""

    builds: list[BuildReport] = field(default_factory=list)
    told: list[ToldDigest] = field(default_factory=list)
    not_fetched: list[SkippedSource] = field(default_factory=list)
    fetched: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Watcher:
    """Watches what `config` says, into the store at `store_path`; whoever runs it holds the folder of digests.

    `client` fetches addresses; without one none is fetched, and no socket is opened. `jobs` is that of a build.
    """

    config: Config
    store_path: str
    client: WebClient | None = None
    jobs: int | None = None
    clock: Callable[[], str] = utc_now
    _state: WatchState | None = None
    _has_noted_copies: bool = False

    def round(self) -> RoundReport:
        """Read what changed, and tell what is news; a round in which nothing changed opens no store."""
        report, first = RoundReport(), self._state is None
        state = self._state = read_state(self.config.digests) if self._state is None else self._state
        if first:
            # A round that was killed may have told what no page says yet.
            self._write_pages(state)
        self._fetch(report)
        if state.store is not None and not store_mark(self.store_path).continues(state.store):
            report.notes.append(
                f"the graph at {self.store_path} is not the one that was there: all sources are read again"
            )
            state = replace(state, sources={}, failures={}, journal="")
        found = {str(path.path): fingerprint(path.path, (__version__, path.lang, path.tier)) for path in self._paths()}
        changed = [path for path in self._paths() if state.sources.get(str(path.path)) != found[str(path.path)]]
        if changed or self._is_stale(state):
            self._state = state = self._read(changed, found, state, report)
            self._write_pages(state)
        return report

    def _paths(self) -> list[WatchedPath]:
        """Return what is read: the paths of CONFIG, and what was fetched."""
        fetched = (
            WatchedPath(folder, address.lang, address.tier)
            for address in self.config.addresses
            if (folder := folder_of(self.config.fetched, address)).is_dir()
        )
        return [*self.config.paths, *fetched]

    def _fetch(self, report: RoundReport) -> None:
        if self.client is None or not self.config.addresses:
            return
        try:
            # Another CONFIG may have its digests elsewhere, and fetch into the same folder.
            with locked(self.config.fetched):
                fetcher = Fetcher(self.config.fetched, self.client, self.clock, self.jobs)
                fetcher.fetch(self.config.addresses)
        finally:
            self.client.close()
        report.fetched, report.not_fetched = fetcher.count, fetcher.failed

    def _is_stale(self, state: WatchState) -> bool:
        """Whether there may be news without a source that changed: other builds, another day, another interest."""
        interests = [state.of(interest) for interest in self.config.interests]
        if any(each is None or each.day < today() for each in interests):
            return True
        return not state.journal or journal_fingerprint(self.store_path) != state.journal

    def _read(
        self, changed: Sequence[WatchedPath], found: dict[str, str], state: WatchState, report: RoundReport
    ) -> WatchState:
        # Those of another CONFIG, which has its digests in the same folder, stay.
        sources, failures = dict(state.sources), dict(state.failures)
        with self._opened(write=bool(changed)) as store:
            state = self._begun(store, state)
            for (lang, tier), paths in _grouped(changed).items():
                built = build(store, paths, SourceOptions(lang, tier=tier), BuildOptions(self.jobs))
                report.builds.append(built)
                for path in paths:
                    earlier, times = failures.pop(path, ("", 0))
                    if built.left or (built.failed and (earlier != found[path] or times + 1 < _TRIES)):
                        # What a reader broke down on is tried again in the next round, a few times.
                        failures[path] = (found[path], times + 1 if earlier == found[path] else 1)
                    else:
                        sources[path] = found[path]
            interests = dict(self._told(store, state, report))
        journal, mark = journal_fingerprint(self.store_path), store_mark(self.store_path)
        state = WatchState(sources, journal, {**state.interests, **interests}, failures, mark)
        write_state(self.config.digests, state)
        return state

    @contextmanager
    def _opened(self, *, write: bool) -> Iterator[Store]:
        is_there = is_endpoint(self.store_path) or Path(self.store_path).exists()
        with open_store(self.store_path, write=write or not is_there) as store:
            yield store

    def _begun(self, store: Store, state: WatchState) -> WatchState:
        """Begin what is told of new interests: with what the store does not have yet.

        It is kept before anything is read, or else a round that is killed would leave its claims as told.
        """
        new = [interest for interest in self.config.interests if state.of(interest) is None]
        begun = {}
        for interest in new:
            entity, claims = _claims(store, interest, [])
            if claims is not None:
                ids = frozenset(claim.id for claim in claims)
                begun[interest.file] = InterestState(interest.asks, today(), ids, entity)
        if not begun:
            return state
        state = replace(state, interests={**state.interests, **begun})
        write_state(self.config.digests, state)
        return state

    def _told(self, store: Store, state: WatchState, report: RoundReport) -> Iterator[tuple[str, InterestState]]:
        """Yield what is told of each interest now, by its file."""
        current: dict[str, tuple[str, list[Claim]]] = {}
        for interest in self.config.interests:
            entity, claims = _claims(store, interest, report.notes)
            if claims is not None and interest.file in state.interests:
                current[interest.file] = entity, claims
        lost = {id_ for name, (_, claims) in current.items() for id_ in _lost(state.interests[name], claims)}
        # What the store has under another company is not withdrawn; nor is what it never had: it is another store.
        recorded = {claim.id: claim for claim in store.history() if claim.id in lost} if lost else {}
        withdrawn = {id_: claim for id_, claim in recorded.items() if claim.retracted_at is not None}
        copies = functools.cache(lambda: self._near_duplicates(store, report))
        for interest in (interest for interest in self.config.interests if interest.file in current):
            told, (entity, claims) = state.interests[interest.file], current[interest.file]
            if entity and told.entity and entity != told.entity:
                report.notes.append(
                    f"interest '{interest.name}': '{interest.company}' is {entity} now, and was {told.entity}: "
                    "what is told from now on is of the new one"
                )
            news = _news(told, claims, withdrawn, copies)
            lines = self._lines(store, interest, news, report)
            if lines:
                counts = Counter(line.kind for line in lines)
                report.told.append(ToldDigest(interest, counts, tuple(self._files(interest).values())))
            after = told.with_lines(lines, news.others, self.config.keep)
            ids = {claim.id for claim in claims} | (_lost(told, claims) - withdrawn.keys())
            # A clock that goes back must not bring an end, which was told, a second time.
            day = max(told.day, today())
            yield interest.file, replace(after, day=day, told=frozenset(ids), entity=entity or told.entity)

    def _lines(self, store: Store, interest: Interest, news: News, report: RoundReport) -> list[DigestLine]:
        items = [item for item in news.items if item.kind in interest.kinds]
        if len(items) > self.config.keep:
            report.notes.append(
                f"interest '{interest.name}': {len(items)} lines are new, and no form has more than the first "
                f"{self.config.keep}: raise keep"
            )
        cited = [claim for item in items for claim in (item.claims[0], *item.earlier[:1])]
        writer = LineWriter(self.config.lang, self.clock(), store.document, places_on(store, cited) if cited else {})
        return [writer.line(interest, item) for item in items]

    def _near_duplicates(self, store: Store, report: RoundReport) -> NearDuplicates | None:
        copies = near_duplicates_of(store)
        if copies is None and not self._has_noted_copies:
            self._has_noted_copies = True
            report.notes.append(
                "copies cannot be told apart, so nothing is called confirmed or a copy: "
                "datasketch is not installed (pip install 'kg[read]'), or the graph has not the texts"
            )
        return copies

    def _files(self, interest: Interest) -> dict[str, Path]:
        return {form: self.config.digests / f"{interest.file}{FORMATS[form]}" for form in self.config.formats}

    def _write_pages(self, state: WatchState) -> None:
        for interest in self.config.interests:
            told = state.of(interest)
            if told is not None:
                page = DigestPage(interest, told, self.config.lang, self.config.lines)
                for form, path in self._files(interest).items():
                    write_file(path, page_bytes(form, page))


def _grouped(paths: Sequence[WatchedPath]) -> dict[tuple[str | None, str | None], list[str]]:
    """Return the paths of which the same is said: they are read in one build."""
    groups: defaultdict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for path in paths:
        groups[path.lang, path.tier].append(str(path.path))
    return groups


def _lost(told: InterestState, claims: Sequence[Claim]) -> frozenset[str]:
    """Return the ids of what was told that an interest does not ask for, or does not have, any more."""
    return told.told.difference(claim.id for claim in claims)


def _claims(store: Store, interest: Interest, notes: list[str]) -> tuple[str, list[Claim] | None]:
    """Return the company and the claims that an interest asks for: none of one that the graph does not have yet.

    None where the name may be any of several, so that nobody knows which; `notes` tell of both.
    """
    entity = None
    if interest.company is not None:
        try:
            entity = find_entity(store, interest.company).id
        except QueryError as error:
            notes.append(f"interest '{interest.name}': {error}")
            return "", [] if isinstance(error, UnknownEntity) else None
    return entity or "", [claim for claim in store.claims(entity=entity) if interest.relation in {None, claim.relation}]


def _news(
    told: InterestState,
    current: Sequence[Claim],
    withdrawn: Mapping[str, Claim],
    near_duplicates: Callable[[], NearDuplicates | None],
) -> News:
    """Return what the claims of an interest tell that was not told; `withdrawn` are those that the store lacks now."""
    day, ids = today(), {claim.id for claim in current}
    if ids == told.told and day == told.day:
        return News()
    old = [claim for claim in current if claim.id in told.told]
    old += [claim.recorded(claim.recorded_at) for id_, claim in withdrawn.items() if id_ in told.told]
    return news_between(old, current, (min(told.day, day), day), near_duplicates())
