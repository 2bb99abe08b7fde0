"""What the tests share: a small story told by hand, the folder of shared test data, fixed time."""

import contextlib
import functools
import gzip
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, settings

import kg
from kg.model import Claim, Document, Entity, Modality, Outcome, Qualifiers
from kg.store import DocumentClaims
from tests.fake_engines import WIRES, fake

# How long an example takes depends on the machine's other work; benchmarks measure, tests do not. `make test` tries
# the same examples each time, so that what it says of a commit stays so; `make test-long` searches for others.
_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("kg", **_PATIENT, derandomize=True)
settings.register_profile("search", **_PATIENT, max_examples=400)
settings.load_profile("kg")

# Builds read in the tests' own process, whose pipelines are loaded once; tests/pipeline asks for others.
os.environ.setdefault("KG_JOBS", "0")
# As in kg's own workers: the tests run in as many processes as there are cores, and threads that wait would spin.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# ------------------------------------------------------------------------------------------ quick tests
SLOW = {"chromium", "engine", "hypothesis", "long", "slow"}
"""Fixtures and marks of tests that are known beforehand to be too slow for `make quick`."""
PIPELINE = re.compile(r"[/\\](en_core_web_sm\w*|fr_core_news_md)[/\\]")


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="only what needs no browser, process or spaCy pipeline")


def pytest_collection_modifyitems(config, items):
    """Leave out what is known to be slow before it runs: `refuse` finds the rest."""
    if config.getoption("--quick"):
        slow = [item for item in items if SLOW & {*item.fixturenames, *item.keywords}]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in set(slow)]
        sys.addaudithook(refuse)


def refuse(event, arguments):
    """Stop a test at the moment when it starts a process or loads a spaCy pipeline: it is skipped.

    So no list of such tests has to be kept, and none that comes later slows down `make quick`.
    """
    if event in {"subprocess.Popen", "os.posix_spawn", "os.fork"}:
        raise TooSlow("starts a process: left out of make quick")
    if event == "open" and PIPELINE.search(str(arguments[0])):
        raise TooSlow("reads with a spaCy pipeline: left out of make quick")


class TooSlow(pytest.skip.Exception):
    """What a quick test must not do; no handler of errors swallows it."""

    reason: ClassVar[str] = ""

    def __init__(self, reason):
        super().__init__(reason)
        TooSlow.reason = reason


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that was stopped is skipped, whatever it made of that."""
    report = yield
    if TooSlow.reason and report.failed:
        report.outcome, report.longrepr = "skipped", (str(item.path), 0, f"Skipped: {TooSlow.reason}")
    if call.when == "teardown":
        TooSlow.reason = ""
    return report


RECORDED = "2025-03-12T08:00:00Z"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real texts, gold annotations and registers that tests read in place."""
    folder = Path(os.environ.get("KG_SHARED", Path(__file__).parents[2] / "shared"))
    if not folder.is_dir():
        pytest.skip(f"the shared test data is not here: {folder} (set KG_SHARED)")
    return folder


@pytest.fixture(scope="session")
def shared_readings(shared) -> dict[Path, DocumentClaims]:
    """What is read in the shared articles and the seed, by the path of the text."""
    from kg.documents import find, read
    from kg.pipeline import read_document

    sources = find([str(shared / "articles"), str(shared / "seed")])
    return {Path(source.path): read_document(read(source))[0] for source in sources}


def company(name: str) -> Entity:
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


OPENAI, COREWEAVE, MICROSOFT, NVIDIA = (company(n) for n in ("OpenAI", "CoreWeave", "Microsoft", "Nvidia"))
ORACLE, SOFTBANK = company("Oracle"), company("SoftBank")
STARGATE = Entity("programme/stargate", "Stargate", "Programme", ("Stargate",))

FRENCH = Document(
    id="deal.txt",
    text=(
        "CoreWeave fournira à OpenAI de la puissance de calcul pour 11,9 milliards de dollars sur cinq ans.\n"
        "OpenAI obtiendra pour 350 millions de dollars d’actions CoreWeave.\n"
        "Microsoft représentait 62 % du chiffre d’affaires de CoreWeave en 2024.\n"
        "Nvidia détient 6 % du capital de CoreWeave.\n"
    ),
    lang="fr",
    published="2025-03-11",
    title="OpenAI et CoreWeave",
)
ENGLISH = Document(
    id="rivals.txt",
    text=(
        "Microsoft is the largest investor in OpenAI.\n"
        "OpenAI now competes with Microsoft.\n"
        "Nvidia owns 5.2% of CoreWeave.\n"
        "OpenAI signed a partnership with SoftBank and Oracle for Stargate.\n"
        "Microsoft denied that it would buy CoreWeave.\n"
    ),
    lang="en",
    published="2025-03",
    title="Rivals and partners",
)


def claim_of(document, quote, subject, relation, object_, modality=Modality.ASSERTED, **terms) -> Claim:
    start = document.text.index(quote)
    return Claim(
        subject=subject,
        relation=relation,
        object=object_,
        modality=modality,
        evidence=(document.evidence(start, start + len(quote)),),
        qualifiers=Qualifiers(**terms),
        known_from=document.published,
        recorded_at=RECORDED,
        method="rules/1",
        confidence=0.9,
    )


def story_claims() -> tuple[Claim, ...]:
    french = FRENCH.text.splitlines()
    english = ENGLISH.text.splitlines()
    return (
        claim_of(
            FRENCH,
            french[0],
            COREWEAVE,
            "supplies",
            OPENAI,
            amount=Decimal(11_900_000_000),
            currency="USD",
            duration="P5Y",
            goods="puissance de calcul",
            as_printed="11,9 milliards de dollars",
        ),
        claim_of(
            FRENCH,
            french[1],
            OPENAI,
            "holds-stake",
            COREWEAVE,
            Modality.PLANNED,
            amount=Decimal(350_000_000),
            currency="USD",
            as_printed="350 millions de dollars",
        ),
        claim_of(
            FRENCH,
            french[2],
            COREWEAVE,
            "supplies",
            MICROSOFT,
            percent=Decimal(62),
            percent_of="revenue",
            as_of="2024",
            as_printed="62 %",
        ),
        claim_of(
            FRENCH,
            french[3],
            NVIDIA,
            "holds-stake",
            COREWEAVE,
            percent=Decimal(6),
            percent_of="capital",
            as_printed="6 %",
        ),
        claim_of(ENGLISH, english[0], MICROSOFT, "invests-in", OPENAI),
        claim_of(ENGLISH, english[1], OPENAI, "competes-with", MICROSOFT),
        claim_of(
            ENGLISH,
            english[2],
            NVIDIA,
            "holds-stake",
            COREWEAVE,
            percent=Decimal("5.2"),
            percent_of="capital",
            as_printed="5.2%",
        ),
        claim_of(ENGLISH, english[3], OPENAI, "partners-with", SOFTBANK),
        claim_of(ENGLISH, english[3], OPENAI, "partners-with", ORACLE),
        claim_of(ENGLISH, english[3], ORACLE, "participates-in", STARGATE),
        claim_of(ENGLISH, english[4], MICROSOFT, "acquires", COREWEAVE, Modality.DENIED),
    )


@pytest.fixture(scope="session")
def story() -> tuple[tuple[Document, tuple[Claim, ...]], ...]:
    """Two documents, one French and one English, each with its claims (Nvidia's share is disputed)."""
    claims = story_claims()
    return tuple((document, tuple(c for c in claims if c.document == document.id)) for document in (FRENCH, ENGLISH))


@pytest.fixture(scope="session")
def unrecorded(story):
    """The same story before a store took it in: no recorded_at."""
    return tuple((d, tuple(replace(c, recorded_at=None) for c in claims)) for d, claims in story)


@pytest.fixture(scope="session")
def sorted_reading(unrecorded):
    """The French document as a gate sorts it: claims admitted, one of them with a note, and two candidates.

    That Nvidia holds a stake in CoreWeave is refused, that OpenAI is to get one is to review.
    """
    document, (noted, planned, revenue, stake) = unrecorded[0]
    return DocumentClaims(
        document,
        (replace(noted, reasons=("UNREADABLE_TERM",)), revenue),
        "reader/1@0.95",
        (
            replace(stake, outcome=Outcome.REFUSED, reasons=("KIND", "UNREADABLE_TERM"), confidence=0.2),
            replace(planned, outcome=Outcome.TO_REVIEW, reasons=("TWO_VALUES",), confidence=0.5),
        ),
    )


@pytest.fixture
def clock() -> Iterator[object]:
    return lambda: RECORDED


@pytest.fixture(scope="session")
def example_store(tmp_path_factory) -> Path:
    """A store of the example articles, to be read only."""
    path = tmp_path_factory.mktemp("examples") / "store"
    with kg.open(path, write=True) as graph:
        graph.build(kg.examples())
    return path


# ---------------------------------------------------------------- pages in a real browser
PATIENCE = 180
"""Seconds after which a state that is waited for will never come, however busy the machine is."""
FLAGS = (
    "--disable-gpu",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")

# Runs before any script of the page: a script that gets in by any way is likely to call one of these.
WATCH = """
  window.ran = [];
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.ran.push(name);
  document.addEventListener("securitypolicyviolation", (event) =>
    window.ran.push("blocked " + event.violatedDirective + " " + event.blockedURI));
"""


def find_chromium(playwright):
    given = os.environ.get("KG_CHROMIUM")
    found = given or next(filter(None, map(shutil.which, NAMES)), None)
    own = playwright.chromium.executable_path
    if found is None and Path(own).exists():
        found = own
    if found is None or not (Path(found).exists() or shutil.which(found)):
        pytest.fail(
            f"no browser for the tests that open a page ({given or 'none found'}): install chromium, "
            "run 'playwright install chromium', or set KG_CHROMIUM to one",
            pytrace=False,
        )
    return found


class Patient:
    """A browser whose pages are waited for as long as a busy machine may take."""

    def __init__(self, browser):
        self._browser = browser

    def __getattr__(self, name):
        return getattr(self._browser, name)

    def new_context(self, **options):
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE * 1000)
        return context

    def new_page(self, **options):
        page = self._browser.new_page(**options)
        page.set_default_timeout(PATIENCE * 1000)
        return page


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=list(FLAGS))
        yield Patient(browser)
        browser.close()


@pytest.fixture(scope="session")
def comes_true():
    """Wait for what the page draws in its own time; its policy forbids the eval of Playwright's wait_for_function."""

    def wait(tab, condition, tries=3000) -> bool:
        for _ in range(tries):
            if condition():
                return True
            tab.wait_for_timeout(50)
        return False

    return wait


@pytest.fixture(scope="session")
def watched():
    """What takes down all that a tab asks for, complains of and runs; its `check` says that nothing went wrong."""

    class Seen:
        def __init__(self, tab):
            self.tab, self.requests, self.complaints, self.dialogs = tab, [], [], []
            tab.on("request", lambda request: self.requests.append(request.url))
            tab.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
            tab.on("pageerror", lambda error: self.complaints.append(str(error)))
            tab.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
            tab.add_init_script(WATCH)

        def check(self):
            assert self.complaints == []
            assert self.dialogs == []
            assert self.tab.evaluate("window.ran") == []

    return Seen


PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "</ScRiPt ><img src=x onerror=alert(3)>",
    "<img src=x onerror=alert(4)>",
    "<svg onload=alert(5)>",
    "<svg><script>alert(6)</script></svg>",
    "<iframe srcdoc='<script>parent.alert(7)</script>'></iframe>",
    "<iframe src=javascript:alert(8)></iframe>",
    "<a href='javascript:alert(9)'>href</a>",
    "javascript:alert(10)",
    '" onmouseover="alert(11)',
    "' onfocus='alert(12)' autofocus='",
    '"><script>alert(13)</script>',
    "'><img src=x onerror=alert(14)>",
    "</title><script>alert(15)</script>",
    "</style><script>alert(16)</script>",
    "</textarea><script>alert(17)</script>",
    "<!--<script>",
    "--><script>alert(18)</script>",
    "<![CDATA[<script>alert(19)</script>]]>",
    "{{ 7*7 }}{{ config }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{# comment #}${alert(20)}`${alert(21)}`",
    "<b>href</b> href=http://evil.example/",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<style>@import 'http://evil.example/y.css';</style>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href=http://evil.example/>",
    "<form action=http://evil.example/><input type=submit autofocus>",
    "<object data=http://evil.example/z></object><embed src=http://evil.example/>",
    "<video src=http://evil.example/v onerror=alert(22)></video>",
    "<details open ontoggle=alert(23)>",
    "\u202eevil\u202c \u2066gnp.exe\u2069",
    "\u2028alert(24)\u2029//",
    "\\u003cscript\\u003ealert(25)\\u003c/script\\u003e",
    "&lt;script&gt;alert(26)&lt;/script&gt;&#x3c;img src=x onerror=alert(27)&#x3e;",
    "\x00<script\x00>alert(28)</script>\x1b[31m",
    "__proto__",
    "constructor.prototype",
    "A" * 10_000,
    "شركة <img src=x onerror=alert(29)> עברית",
    "🏭" * 500 + "<x onclick=alert(30)>",
    "', alert(31), '",
    "*/alert(32)/*",
    "\n\r\t </p><script>alert(33)</script>",
]


@pytest.fixture(scope="session")
def payloads():
    """Texts that want to be more than text: names, quotes and titles of a hostile source."""
    return tuple(PAYLOADS)


# ---------------------------------------------------------------------------- SPARQL endpoints
@dataclass(frozen=True)
class Endpoint:
    """A running engine: where it is asked, where it is told, how it is emptied, and how its bulk loader is reached."""

    url: str
    empty: Callable[[], None]
    loader: str = ""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture(scope="session", autouse=True)
def certificates():
    """Load the certificates of the world once, not for each client: loopback needs none of them."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr("ssl.create_default_context", functools.cache(ssl.create_default_context))
        yield


def told(url: str, update: str) -> None:
    """Send an update without any of kg's code."""
    httpx2 = pytest.importorskip("httpx2")
    httpx2.post(url, data={"update": update}, timeout=60).raise_for_status()


@contextlib.contextmanager
def running(command, url, cwd, patience=PATIENCE):
    """A server in the background, once it answers and until it is no longer needed."""
    httpx2 = pytest.importorskip("httpx2")
    with (cwd / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=cwd)
    try:
        until = time.monotonic() + patience
        while True:
            try:
                httpx2.get(url, params={"query": "ASK {}"}, timeout=5)
                break
            except httpx2.TransportError:
                if process.poll() is not None or time.monotonic() > until:
                    pytest.fail(f"{command[0]} does not start: {(cwd / 'log').read_text(errors='replace')[-500:]}")
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def oxigraph(folder, *options):
    program = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if program is None:
        pytest.skip("the command oxigraph is not installed: pip install oxigraph")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running([program, "serve", "--bind", f"127.0.0.1:{port}", *options], f"{url}/query", folder):
        yield Endpoint(f"{url}/query", lambda: told(f"{url}/update", "DROP ALL"))


VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CaseMode = 2
DirsAllowed = {readable}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = 10000
"""


@contextlib.contextmanager
def virtuoso(folder):
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource")
    httpx2 = pytest.importorskip("httpx2")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(sql=sql, http=http, readable=folder.parent))
    url = f"http://127.0.0.1:{http}/sparql"

    def empty():
        ours = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), 'https://')) }"
        listed = httpx2.get(url, params={"query": ours, "format": "text/csv"}, timeout=60).text
        drops = [f"DROP SILENT GRAPH <{graph.strip(chr(34))}>" for graph in listed.split()[1:]]
        if drops:
            told(url, " ; ".join(drops))

    with running(["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"], url, folder):
        grant = 'GRANT SPARQL_UPDATE TO "SPARQL";'
        subprocess.run(["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={grant}"], check=True, capture_output=True)
        yield Endpoint(url, empty, f"127.0.0.1:{sql}")


ENGINES = {
    "oxigraph": oxigraph,
    "oxigraph-union": lambda folder: oxigraph(folder, "--union-default-graph"),
    "virtuoso": virtuoso,
}


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    """A function from an engine's name to its endpoint, emptied; each runs once in a session."""
    started: dict[str, Endpoint] = {}
    with contextlib.ExitStack() as stack:

        def endpoint(name):
            if name not in started:
                started[name] = stack.enter_context(ENGINES[name](tmp_path_factory.mktemp(name)))
            started[name].empty()
            return started[name].url

        endpoint.started = started
        yield endpoint


@pytest.fixture(scope="module")
def loaded(engine, tmp_path_factory):
    """A function from an engine's name and a folder of `kg export --shards` to the endpoint that it was loaded into."""
    with contextlib.ExitStack() as stack:

        def endpoint(name, folder):
            if name in WIRES:
                playing = stack.enter_context(fake(name))
                for part in sorted(folder.glob("part-*.nq.gz")):
                    playing.store.bulk_load(gzip.decompress(part.read_bytes()), ox.RdfFormat.N_QUADS)
                return playing.url
            if name == "virtuoso":
                url, place = engine(name), engine.started[name].loader
            else:
                url, place = "", str(tmp_path_factory.mktemp("database"))
            environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
            script = ["sh", folder / "loading" / f"{name}.sh", place]
            subprocess.run(script, check=True, capture_output=True, env=environment)
            return url or stack.enter_context(oxigraph(tmp_path_factory.mktemp(name), "--location", place)).url

        yield endpoint
