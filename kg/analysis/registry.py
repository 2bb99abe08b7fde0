"""The analyses by name: what each answers, what it takes, and where its function is; loaded on use.

One table serves the commands, the notebooks and the documentation. Nothing here loads a library.
"""

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from kg.analysis.renamed import accepts_old_names
from kg.errors import MissingExtra, UnknownQuery, did_you_mean
from kg.questions import Parameter, Question, Value, bind

if TYPE_CHECKING:
    from kg.analysis.background import Background
    from kg.analysis.results.result import Result
    from kg.facts import AsOf
    from kg.model import Claim

__all__ = ["ANALYSES", "Analysis", "analyse", "find_analysis", "load_function"]

_HEAVY = frozenset({"igraph", "networkx", "numba", "numpy", "pandas", "scipy"})


@dataclass(frozen=True, slots=True)
class Analysis(Question):
    """An analysis: a question that a Python function answers, at the place "module:name".

    The function takes claims first and gives a `kg.analysis.Result`. One that `asks_store` takes a `background` too,
    which is None where there are claims alone.
    """

    COMMAND: ClassVar[str] = "analyse"

    function: str = ""
    asks_store: bool = False


@accepts_old_names
def analyse(
    claims: "Iterable[Claim]",
    name: str,
    *arguments: str,
    as_of: "AsOf | None" = None,
    background: "Background | None" = None,
    **options: Any,
) -> "Result[Any]":
    """Answer an analysis of `ANALYSES` by its name: entities by place, all else by keyword; None is left out.

    ``analyse(claims, "control", "Microsoft", threshold="50%")``. `as_of` are the dates asked for, by default today.
    `background` is what the store of the claims knows besides. Raises `UnknownQuery` for a name that there is not,
    `QueryError` for arguments that do not fit, and `MissingExtra` where a library is not installed.
    """
    analysis = find_analysis(name)
    bound: dict[str, Any] = {name: _python(value) for name, value in bind(analysis, arguments, options).items()}
    if analysis.asks_store:
        bound["background"] = background
    try:
        function = load_function(analysis.function)
        result: Result[Any] = function(claims, **bound, as_of=as_of)
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


def _python(value: Value) -> Value:
    """Return a value as functions take it: numbers as float."""
    return float(value) if isinstance(value, Decimal) else value


# ---------------------------------------------------------------------------------- the table
_COMPANY = Parameter("company", "entity", "only what touches this one")
_THIS = Parameter("company", "entity", "the company", required=True)
_BASIS = Parameter("basis", "word", "capital or votes", "capital", ("capital", "votes"))
_HALF = Parameter("threshold", "share", "control is more than this share of the votes", 0.5)


def _entry(
    name: str,
    titles: tuple[str, str],
    function: str,
    *parameters: Parameter,
    example: str = "",
    asks_store: bool = False,
) -> Analysis:
    call = f"kg analyse {name} {example}".strip()
    title = dict(zip(("en", "fr"), titles, strict=True))
    options = (replace(parameter, is_option=parameter.kind != "entity") for parameter in parameters)
    return Analysis(name, title, tuple(options), (call,), f"kg.analysis.{function}", asks_store)


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
        "structure",
        (
            "The group around a company: up to its ultimate parent, down to its subsidiaries",
            "Le groupe d’une entreprise : jusqu’à la société mère ultime, et jusqu’à ses filiales",
        ),
        "ownership.structure:group_structure",
        _THIS,
        example="OpenAI",
    ),
    _entry(
        "sanctions",
        (
            "Who is owned by parties under sanctions, taken together",
            "Qui appartient à des parties sous sanctions, prises ensemble",
        ),
        "ownership.sanctions:owned_by_listed",
        _COMPANY,
        Parameter("threshold", "share", "owned means this share or more, together", 0.5),
        Parameter("rule", "word", "ofac counts ownership alone, eu control too", "ofac", ("ofac", "eu")),
        Parameter("listed", "names", "the parties, a name or id a line, instead of those that registers list"),
        asks_store=True,
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
