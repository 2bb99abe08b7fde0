"""The analyses by name: what each answers, what it takes, and where its function is; loaded on use.

One table serves the commands, the notebooks and the documentation. Nothing here loads a library.
"""

import importlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.analysis.renamed import accepts_old_names
from kg.dates import is_partial_date
from kg.errors import MissingExtra, QueryError, UnknownQuery, did_you_mean

if TYPE_CHECKING:
    from kg.analysis.results.result import Result
    from kg.facts import AsOf
    from kg.model import Claim

__all__ = ["ANALYSES", "Analysis", "Parameter", "analyse", "convert", "find_analysis", "load_function"]

# float() takes 1_0, nan and inf as well.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_FLAGS: Mapping[str, bool] = {"true": True, "yes": True, "false": False, "no": False}
_HEAVY = frozenset({"igraph", "networkx", "numba", "numpy", "pandas", "scipy"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an analysis, by its name in the function.

    `kind` is entity (a name, given by place), share (a fraction of 0–1, "25%" too), number, integer, date, flag
    (yes or no), or word (one of `choices`). `default` is the function's own; `required` ones have none.
    """

    name: str
    kind: str
    help: str
    default: Any = None
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis: its title by language, the place of its function ("module:name"), its parameters, how it is called.

    The function takes claims first and gives a `kg.analysis.Result`.
    """

    name: str
    title: Mapping[str, str]
    function: str
    parameters: tuple[Parameter, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """The call as a line: "kg analyse path COMPANY OTHER"."""
        ends = [parameter for parameter in self.parameters if parameter.kind == "entity"]
        words = [p.name.upper() if p.required else f"[{p.name.upper()}]" for p in ends]
        return " ".join(["kg analyse", self.name, *words])


@accepts_old_names
def analyse(
    claims: "Iterable[Claim]", name: str, *arguments: str, as_of: "AsOf | None" = None, **options: Any
) -> "Result[Any]":
    """Answer an analysis of `ANALYSES` by its name: entities by place, all else by keyword; None is left out.

    ``analyse(claims, "control", "Microsoft", threshold="50%")``. `as_of` are the dates asked for, by default today.
    Raises `UnknownQuery` for a name that there is not, `QueryError` for arguments that do not fit, and
    `MissingExtra` where a library is not installed.
    """
    analysis = find_analysis(name)
    given = _bound(analysis, arguments, options)
    try:
        function = load_function(analysis.function)
        result: Result[Any] = function(claims, **given, as_of=as_of)
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _HEAVY:
            raise
        raise MissingExtra(f"analyses need {error.name}: pip install 'kg[analysis]'") from error
    return result


def find_analysis(name: str) -> Analysis:
    """Return the analysis called `name`; raise `UnknownQuery` with the nearest names."""
    try:
        return ANALYSES[name]
    except KeyError:
        hint = did_you_mean(name, ANALYSES) or f" There are: {', '.join(ANALYSES)}."
        raise UnknownQuery(f"there is no analysis '{name}'.{hint}") from None


def load_function(place: str) -> Any:
    """Return what stands at a place ("module:name"), importing its module."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


def _bound(analysis: Analysis, arguments: Iterable[str | None], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a function is called with, by name."""
    parameters = {parameter.name: parameter for parameter in analysis.parameters}
    ends = [parameter.name for parameter in analysis.parameters if parameter.kind == "entity"]
    given = [argument for argument in arguments if argument is not None]
    if len(given) > len(ends):
        raise QueryError(f"'{analysis.name}' cannot use '{given[len(ends)]}': {analysis.usage}")
    told = dict(zip(ends, given, strict=False))
    for name, value in options.items():
        if name not in parameters:
            hint = did_you_mean(name, parameters) or f" It takes: {', '.join(parameters) or 'nothing'}."
            raise QueryError(f"'{analysis.name}' has no parameter '{name}'.{hint}")
        if value is not None and name in told:
            raise QueryError(f"'{analysis.name}' is given {name} twice: {told[name]} and {value}")
        if value is not None:
            told[name] = convert(parameters[name], value)
    missing = [parameter for parameter in analysis.parameters if parameter.required and parameter.name not in told]
    if missing:
        raise QueryError(f"'{analysis.name}' needs {missing[0].name} ({missing[0].help}): {analysis.usage}")
    return told


def convert(parameter: Parameter, value: Any) -> Any:
    """Return what is given for a parameter as its kind; raise `QueryError` for what is none."""
    name, text = parameter.name, str(value).strip()
    match parameter.kind:
        case "share":
            return _share(name, text)
        case "number":
            return _number(name, text)
        case "flag":
            return _flag(name, text)
        case "integer":
            if not text.isascii() or not text.isdecimal():
                raise QueryError(f"{name} '{text}' is no whole number: write digits, as in 4")
            return int(text)
        case "date" if not is_partial_date(text):
            raise QueryError(f"{name} '{text}' is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
        case "word" if text not in parameter.choices:
            choices = ", ".join(parameter.choices)
            raise QueryError(f"{name} '{text}': choose one of {choices}.{did_you_mean(text, parameter.choices)}")
    return text


def _share(name: str, text: str) -> float:
    whole = 100 if text.endswith("%") else 1
    number = _number(name, text.removesuffix("%").strip()) / whole
    if not 0 <= number <= 1:
        raise QueryError(f"{name} '{text}' lies outside 0–1: write 0.25, or 25%")
    return number


def _number(name: str, text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise QueryError(f"{name} '{text}' is no number: write digits, as in 0.25")
    return float(text)


def _flag(name: str, text: str) -> bool:
    if text.casefold() not in _FLAGS:
        raise QueryError(f"{name} '{text}' is neither yes nor no")
    return _FLAGS[text.casefold()]


# ---------------------------------------------------------------------------------- the table
_COMPANY = Parameter("company", "entity", "only what touches this one")
_THIS = Parameter("company", "entity", "the company", required=True)
_BASIS = Parameter("basis", "word", "capital or votes", "capital", ("capital", "votes"))
_HALF = Parameter("threshold", "share", "control is more than this share of the votes", 0.5)


def _entry(name: str, titles: tuple[str, str], function: str, *parameters: Parameter, example: str = "") -> Analysis:
    call = f"kg analyse {name} {example}".strip()
    return Analysis(name, dict(zip(("en", "fr"), titles, strict=True)), f"kg.analysis.{function}", parameters, (call,))


_TABLE = (
    _entry(
        "owners",
        ("Who owns a company, directly and indirectly", "Qui possède une entreprise, directement et indirectement"),
        "ownership.shares:owners",
        _THIS,
        _BASIS,
        Parameter("min_share", "share", "only shares that may be this much or more", 0.0),
        example="CoreWeave",
    ),
    _entry(
        "portfolio",
        ("What a holder owns, directly and indirectly", "Ce que possède un actionnaire, directement et indirectement"),
        "ownership.shares:portfolio",
        _THIS,
        _BASIS,
        Parameter("min_share", "share", "only shares that may be this much or more", 0.0),
        example="Nvidia",
    ),
    _entry(
        "control",
        ("Who controls whom", "Qui contrôle qui"),
        "ownership.control:control",
        _COMPANY,
        _HALF,
        Parameter("inclusive", "flag", "the threshold itself is enough, as in OFAC's 50 percent rule", default=False),
    ),
    _entry(
        "ultimate",
        ("Who in the end controls each company", "Qui contrôle en dernier ressort chaque entreprise"),
        "ownership.control:ultimate_controllers",
        _COMPANY,
        _HALF,
    ),
    _entry(
        "beneficial",
        ("The beneficial owners of companies", "Les bénéficiaires effectifs des entreprises"),
        "ownership.owners:beneficial_owners",
        _COMPANY,
        Parameter("threshold", "share", "an owner has this share or more", 0.25),
        example="CoreWeave",
    ),
    _entry(
        "group",
        ("The group of a parent, with effective shares", "Le groupe d’une société mère, avec les parts effectives"),
        "ownership.groups:consolidation",
        _THIS,
        _HALF,
        example="Nvidia",
    ),
    _entry(
        "links",
        ("Companies closely linked by capital", "Les entreprises étroitement liées par le capital"),
        "ownership.groups:close_links",
        _COMPANY,
        Parameter("threshold", "share", "a link is this share or more", 0.2),
        Parameter("measure", "word", "how chains are measured", "simple", ("simple", "net")),
        Parameter("limit", "integer", "how many links to list", 10_000),
    ),
    _entry(
        "issues",
        ("Shares that do not add up, and holdings of oneself", "Parts incohérentes et autodétentions"),
        "ownership.issues:issues",
    ),
    _entry(
        "circular",
        (
            "Money that goes round: capital one way, orders back",
            "L’argent qui tourne : capital d’un côté, commandes de l’autre",
        ),
        "deals.circular:circular_deals",
        _COMPANY,
        Parameter("max_length", "integer", "the greatest number of companies in a loop", 4),
        Parameter("limit", "integer", "how many loops to list", 1000),
        example="Nvidia",
    ),
    _entry(
        "concentration",
        ("How concentrated a company's revenue or supply is", "Concentration du chiffre d’affaires ou des achats"),
        "deals.concentration:concentration",
        _COMPANY,
        Parameter("basis", "word", "revenue (by customer) or cost (by supplier)", "revenue", ("revenue", "cost")),
        example="CoreWeave",
    ),
    _entry(
        "customers",
        ("Customers that make a large share of a revenue", "Les clients qui pèsent lourd dans un chiffre d’affaires"),
        "deals.concentration:largest_customers",
        _COMPANY,
        Parameter("threshold", "share", "a customer makes this share or more", 0.1),
        example="CoreWeave",
    ),
    _entry(
        "dependence",
        ("Whom companies cannot do without", "De qui les entreprises ne peuvent se passer"),
        "deals.dependence:dependence",
        _COMPANY,
        example="CoreWeave",
    ),
    _entry(
        "frenemies",
        ("Rivals that are also tied by interests", "Les rivaux que lient aussi des intérêts"),
        "deals.frenemies:frenemies",
        _COMPANY,
        example="OpenAI",
    ),
    _entry(
        "common-owners",
        ("Owners that rivals have in common", "Les actionnaires communs à des rivaux"),
        "deals.common_owners:common_owners",
        _COMPANY,
        Parameter("min_share", "share", "only owners that may hold this share of both", 0.0),
        Parameter("indirect", "flag", "owners by chains of companies too", default=False),
    ),
    _entry(
        "shock",
        ("Whom a failure reaches, and what they lose (DebtRank)", "Qui est touché par une défaillance (DebtRank)"),
        "shocks.debtrank:debt_rank",
        _THIS,
        Parameter("loss", "share", "the share of itself that the company loses", 1.0),
        Parameter("feedback", "flag", "further losses of a company are passed on too", default=False),
        example="Microsoft",
    ),
    _entry(
        "cascade",
        ("Who fails in turn when a company fails", "Qui tombe à son tour quand une entreprise tombe"),
        "shocks.debtrank:supply_cascade",
        _THIS,
        Parameter("threshold", "share", "a company fails that loses this share or more", 0.5),
        example="Microsoft",
    ),
    _entry(
        "path",
        ("What links two companies, step by step", "Ce qui relie deux entreprises, pas à pas"),
        "network.paths:paths",
        _THIS,
        Parameter("other", "entity", "the other company", required=True),
        Parameter("limit", "integer", "how many paths to list", 3),
        example="Nvidia OpenAI",
    ),
    _entry(
        "centrality",
        ("The most central companies", "Les entreprises les plus centrales"),
        "network.measures:centrality",
    ),
    _entry(
        "communities",
        ("Companies more tied to each other than to others", "Les entreprises plus liées entre elles qu’aux autres"),
        "network.measures:communities",
        Parameter("resolution", "number", "greater for smaller communities", 1.0),
    ),
)
ANALYSES: Mapping[str, Analysis] = {analysis.name: analysis for analysis in _TABLE}
"""The analyses by name."""
