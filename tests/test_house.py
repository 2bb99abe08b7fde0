"""The house rules that no tool checks: cheap imports, true lists of names, a whole wheel."""

import ast
import doctest
import importlib
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import kg
from kg.ontology import ontology

ROOT = Path(__file__).parents[1]
HEAVY = (
    "IPython",
    "PIL",
    "anyascii",
    "charset_normalizer",
    "datasketch",
    "deltalake",
    "duckdb",
    "fastwarc",
    "feedparser",
    "httpx2",
    "lxml",
    "mailparser_reply",
    "markdown_it",
    "matplotlib",
    "mcp",
    "networkx",
    "numpy",
    "openai",
    "oxrdflib",
    "pandas",
    "protego",
    "py3langid",
    "pyarrow",
    "pydantic_ai",
    "pypdfium2",
    "pyshacl",
    "pyspark",
    "python_calamine",
    "pyvis",
    "rapidfuzz",
    "rdflib",
    "real_ladybug",
    "rich",
    "simplemma",
    "spacy",
    "striprtf",
    "tantivy",
    "trafilatura",
    "typst",
)
FILES = sorted((ROOT / "kg").rglob("*.py"))
MODULES = [
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for file in FILES
    if file.name != "__main__.py"
]


ON_TORCH = {f"kg.evaluation.paragraph.{name}" for name in ("export", "fit", "losses", "model", "watch")}
"""What fits the model of the paragraph: it needs an environment of its own (`make paragraph`)."""


def imported(module):
    if module in ON_TORCH:
        pytest.importorskip("torch", reason="PyTorch is not here: only what fits the model of the paragraph needs it")
        pytest.importorskip("onnx", reason="onnx is not here: only what writes the model of the paragraph needs it")
    if module == "kg.training.companies.distinctness":
        pytest.importorskip("faker", reason="faker is not here: only what builds the registry of companies needs it")
        pytest.importorskip("names", reason="names is not here: only what builds the registry of companies needs it")
    return importlib.import_module(module)


ON_ARRAYS = {
    "kg.analysis.deals.circular",
    "kg.analysis.ownership.control",
    "kg.analysis.ownership.holdings_from_claims",
    "kg.analysis.ownership.groups",
    "kg.analysis.ownership.holdings",
    "kg.analysis.ownership.issues",
    "kg.analysis.deals.loops",
    "kg.analysis.ownership.owners",
    "kg.analysis.ownership.sanctions",
    "kg.analysis.ownership.shares",
    "kg.analysis.ownership.structure",
    "kg.analysis.ownership.votes",
    "kg.analysis.ownership.integrated_ownership",
    *(name for name in MODULES if name.startswith("kg.analysis.kernels")),
}
"""Analyses whose very matter are arrays: they are imported on use, and load numpy."""


def run(*command, cwd=ROOT):
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def test_importing_a_module_loads_no_heavy_library():
    """All but what reads text: spaCy's tokens are the very matter of `kg.extract`, which is imported on use."""
    reading = {
        "kg.pipeline.own_claims",
        "kg.pipeline.preload",
        "kg.view.review_widget",
        "kg.view.widget",
        "kg.server.preload",
        "kg.evaluation.company_names.fit",
        "kg.evaluation.core",
        "kg.evaluation.core_score",
        "kg.evaluation.fit",
        "kg.evaluation.gate_fit",
        "kg.evaluation.labelled",
        "kg.evaluation.reliability",
        "kg.evaluation.weights",
        *(name for name in MODULES if name.startswith(("kg.evaluation.paragraph.", "kg.training."))),
    }
    light = [name for name in MODULES if not name.startswith("kg.extract") and name not in reading | ON_ARRAYS]
    assert run(sys.executable, "-c", _imports(light, HEAVY)) == ""


def test_importing_an_analysis_on_arrays_loads_numpy_and_nothing_heavier():
    heavier = (*(name for name in HEAVY if name != "numpy"), "igraph", "numba", "scipy")
    assert run(sys.executable, "-c", _imports(sorted(ON_ARRAYS), heavier)) == ""


def _imports(modules, heavy):
    return (
        "import importlib, sys\n"
        f"for module in {modules}:\n"
        "    importlib.import_module(module)\n"
        f"    loaded = sorted(set(sys.modules).intersection({heavy}))\n"
        "    assert not loaded, f'{module} loads {loaded}'\n"
    )


def test_importing_kg_reads_nothing_and_configures_nothing():
    code = (
        "import sys, logging; before = set(sys.modules); read = []\n"
        "sys.addaudithook(lambda event, args: event == 'open' and read.append(str(args[0])))\n"
        "import kg\n"
        "assert not logging.root.handlers and not logging.getLogger('kg').handlers\n"
        "print(*[path for path in read if not path.endswith(('.py', '.pyc'))])"
    )
    assert run(sys.executable, "-c", code).split() == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_lists_its_public_names_sorted_and_truly(module):
    loaded = imported(module)
    tree = ast.parse(Path(loaded.__file__).read_text("utf-8"))
    defined = [n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name[0] != "_"]
    listed = list(getattr(loaded, "__all__", []))
    assert listed == sorted(listed, key=_all_order), f"{module}.__all__ is out of order"
    assert len(set(listed)) == len(listed)
    assert [name for name in listed if not hasattr(loaded, name)] == []
    assert [name for name in defined if name not in listed] == [], f"{module}.__all__ lacks public names"


def _all_order(name):
    """CONSTANTS, then Classes, then functions: as ruff sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_docstrings_run(module):
    loaded = imported(module)
    # In a thread of its own: beside a browser's loop, asyncio runs no other.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(doctest.testmod, loaded).result().failed == 0


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_holds_one_idea_and_a_function_fits_a_screen(file):
    text = file.read_text("utf-8")
    assert sum(1 for line in text.splitlines() if line.strip()) <= 300
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert [f.name for f in functions if f.end_lineno - f.lineno >= 40] == []


def test_the_changelog_tells_of_this_version():
    assert re.search(
        rf"^## \[{re.escape(kg.__version__)}\] - \d{{4}}-\d{{2}}-\d{{2}}$",
        (ROOT / "CHANGELOG.md").read_text("utf-8"),
        re.MULTILINE,
    )


def test_the_licence_is_whole():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert text.rstrip().endswith("limitations under the License.")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    [file] = folder.glob("*.whl")
    return file


def test_the_wheel_holds_the_ontology_the_queries_and_the_examples(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    files = [file.relative_to(ROOT / "ontology") for file in (ROOT / "ontology").rglob("*.*")]
    assert [file for file in files if (f"kg/_ontology/{file}" in inside) == (file.parts[0] == "corpus")] == []
    shipped = [*(ROOT / "kg/examples").iterdir(), *(ROOT / "kg/query/library").rglob("*.*"), ROOT / "kg/py.typed"]
    assert len(shipped) > 4
    assert [str(f.relative_to(ROOT)) for f in shipped if str(f.relative_to(ROOT)) not in inside] == []
    assert not any(name.startswith(("tests/", "notebooks/", "benchmarks/")) for name in inside)


def test_the_wheel_finds_its_ontology_where_nothing_else_is(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import kg; from kg.ontology import ontology\n"
        "print(kg.__file__, len(ontology().relations))"
    )
    where, relations = run(sys.executable, "-I", "-c", code, cwd=tmp_path).split()
    assert where.startswith(str(tmp_path))
    assert int(relations) == len(ontology().relations)


def test_the_wheel_leaves_out_what_fits_the_reader_and_says_so(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    fitting = {"core", "core_score", "fit", "losses", "material", "model"}
    assert not fitting & {file.stem for file in (tmp_path / "kg" / "evaluation").rglob("*.py")}
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import kg.training.teacher, kg.training.trainer"
    assert run(sys.executable, "-I", "-c", code, cwd=tmp_path) == "", "kg train needs nothing that is left out"
    call = ("evaluate", "--corpus", "ontology/corpus/en-a.test.jsonl")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv[1:] = {call}; from kg.cli import main; main()"
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "cannot be read" in line
    assert "in its repository" in line


TERMS = [
    pytest.param(term, id=f"{kind}-{term.name}")
    for kind in ("relations", "classes", "modalities", "qualifiers", "identifiers")
    for term in getattr(ontology(), kind).values()
]


@pytest.mark.parametrize("term", TERMS)
def test_every_term_has_a_label_in_both_languages(term):
    assert set(term.label) == {"en", "fr"}
    assert all(text.strip() for text in term.label.values())


@pytest.mark.parametrize("relation", [pytest.param(r, id=r.name) for r in ontology().relations.values()])
def test_every_relation_is_explained_and_has_a_colour(relation):
    assert set(relation.comment) == {"en", "fr"}
    assert re.fullmatch(r"#[0-9a-f]{6}", relation.colour)
    assert relation.domain
    assert bool(relation.range) is not relation.is_figure


def test_every_class_that_is_drawn_has_a_colour():
    colours = {name: term.colour for name, term in ontology().classes.items() if name not in {"Entity", "Agent"}}
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in colours.values())
    assert len(set(colours.values())) == len(colours)
