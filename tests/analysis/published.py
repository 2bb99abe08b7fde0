"""Worked examples that others have published: facts and numbers, each with where it stands.

Edges are written "holder issuer percent". Where `computed` is true the holdings stand in the source and what is
expected was worked out from them by hand, since the source does not print it, or not all of it. Answers never name a
pair of a company with itself.
"""

from typing import NamedTuple


class Example(NamedTuple):
    """Holdings and what follows from them; `expected` is by pair where it tells numbers."""

    name: str
    source: str
    edges: str
    expected: object
    computed: bool = False


class Owning(NamedTuple):
    """Persons who own companies at a threshold: `rule` is ">=", or ">" where the source asks for more than it.

    `shares` are what the chains come to; `owners` are the pairs that the source's rule names.
    """

    name: str
    source: str
    edges: str
    persons: str
    rule: str
    threshold: float
    shares: dict[str, float]
    owners: str


class Income(NamedTuple):
    """Mutual holdings by the conventional method: simultaneous equations give each company's income."""

    name: str
    source: str
    edges: str
    earned: dict[str, float]
    income: dict[str, float]
    outside: dict[str, float]


_DLV = "company control, as quoted in the DLV2 test suite (recursive aggregates)"
_OFAC = "US Treasury, OFAC, FAQ 401, entities owned by blocked persons, 2014: example"
_VADALOG = "Prometheux, Vadalog documentation, finance examples"
_BEAMS = "F. A. Beams et al., Advanced Accounting, ch. 9, Indirect and Mutual Holdings"
_WHITE = "A. White, Direct Consolidation"
_MENDIS = "D. Mendis, Complex Groups, tutorial 8"
_SCENARIO_B = (
    "CompanyA Declaring 60, CompanyB Declaring 40, Person1 CompanyA 25, CompanyC CompanyB 20, "
    "Person1 CompanyC 100, Person2 CompanyB 25"
)
_QUIZ = "G. Brown, Cross shareholding quiz, Intelligent Investor"

# More than half of the votes; expected is whom each controls.
CONTROL = (
    Example(
        "concom",
        "USACO Training, section 2.3, Controlling Companies; first IOI 1993, problem 2",
        "1 2 80, 2 3 80, 3 1 20",
        "1: 2 3, 2: 3",
    ),
    Example(
        "mcpc 16, first set",
        "E. Shade, MCPC Programming Problem 16, Company Control",
        "B C 25, A D 36, D E 63, B A 48, C D 30, D B 52, E C 30",
        "D: B C E",
    ),
    Example(
        "mcpc 16, second set",
        "E. Shade, MCPC Programming Problem 16, Company Control",
        "F P 30, P Q 52, Q X 51, X Z 70, Z X 20, X Q 20",
        "P: Q X Z, Q: X Z, X: Z",
    ),
    Example(
        "Kemp, Stuckey",
        f"D. B. Kemp, P. J. Stuckey, Semantics of Logic Programs with Aggregates, ISLP 1991: {_DLV}",
        "a b 60, a c 52, b a 20, b c 16",
        "a: b c",
        computed=True,
    ),
    # That a controls b and c bears itself out (30 + 60 %), but nothing founds it: not in the least fixpoint.
    Example(
        "Ross, Sagiv",
        f"K. A. Ross, Y. Sagiv, Monotonic Aggregation in Deductive Databases, PODS 1992: {_DLV}",
        "a b 30, a c 30, b c 60, c b 60",
        "b: c, c: b",
        computed=True,
    ),
    # b holds 20 % of itself: own shares count for nobody.
    Example(
        "Van Gelder",
        f"A. Van Gelder, Foundations of Aggregation in Deductive Databases, DOOD 1993: {_DLV}",
        "a b 40, b b 20",
        "",
        computed=True,
    ),
    Example(
        "Faber",
        f"W. Faber, N. Leone, G. Pfeifer, Recursive Aggregates in Disjunctive Logic Programs, JELIA 2004: {_DLV}",
        "a b 60, a c 36, b a 20, b c 16, c a 32",
        "a: b c",
        computed=True,
    ),
    Example(
        "triangle of 30 %",
        f"DLV2 test suite: {_DLV}",
        "a b 30, a c 30, b a 30, b c 30, c a 30, c b 30",
        "",
        computed=True,
    ),
    # Issuers 5 and 10 are held by more than the whole: a list that is taken at its word.
    Example(
        "Vadalog, indirect ownership",
        f"{_VADALOG}, Company control",
        "1 2 90, 2 3 100, 3 2 10, 3 4 90, 4 5 100, 5 1 10, 1 6 90, 6 5 100, 5 10 90, 10 20 100, 20 1 50, 1 10 90, "
        "19 5 100, 10 19 50",
        "1: 2 3 4 5 6 10 20, 2: 1 3 4 5 6 10 20, 3: 1 2 4 5 6 10 20, 4: 1 2 3 5 6 10 20, 5: 1 2 3 4 6 10 20, "
        "6: 1 2 3 4 5 10 20, 10: 20, 19: 1 2 3 4 5 6 10 20",
    ),
    # The page's own list of answers has one more, which does not follow from its holdings.
    Example(
        "Vadalog, banking supervision",
        f"{_VADALOG}, Banking supervision, section Company control",
        "Alpha Phoenix 70, Alpha Initech 40, Phoenix Initech 10, Phoenix Royal 60, Royal Initech 10, "
        "Royal Goldward 30, Goldleaf Acme 40, Initech Acme 40, Initech Soylent 99, Soylent Goldward 30",
        "Alpha: Phoenix Royal Initech Soylent Goldward, Phoenix: Royal, Initech: Soylent",
        computed=True,
    ),
    Example(
        "clingo",
        "M. Gebser, R. Kaminski, T. Schaub, Grounding Recursive Aggregates, 2016, arXiv:1603.03884; clingo's tests",
        "c1 c2 60, c1 c3 20, c2 c3 35, c3 c4 51",
        "c1: c2 c3 c4, c3: c4",
    ),
    Example("gringo", "gringo 3, unit test company1", "c1 c2 60, c1 c3 20, c2 c3 40, c3 c4 51", "c1: c2 c3 c4, c3: c4"),
)

# Half of the shares or more; what one has in full passes on in full, else not at all.
SANCTIONS = (
    Example("OFAC 1", f"{_OFAC} 1", "X A 50, A B 50", "X: A B, A: B"),
    Example("OFAC 2", f"{_OFAC} 2", "X A 50, X B 50, A C 25, B C 25", "X: A B C"),
    Example("OFAC 3", f"{_OFAC} 3", "X A 50, X B 10, A B 40", "X: A B"),
    Example("OFAC 5", f"{_OFAC} 5", "X A 25, X B 25, A C 50, B C 50", "A: C, B: C"),
    Example("OFAC 399", "US Treasury, OFAC, FAQ 399, two persons together", "X A 25, Y A 25", ""),
)

# A fifth or more, simple chains added up; not a valid register, A being held by 170 %.
CLOSE_LINKS = (
    Example(
        "Vadalog, close links",
        f"{_VADALOG}, Company control, section Close link detection",
        "A B 20, B A 80, B C 20, C D 60, D A 90, A C 20",
        {
            "A C": 0.24,
            "B D": 0.216,
            "D C": 0.216,
            "B A": 0.908,
            "C D": 0.6,
            "A B": 0.2,
            "B C": 0.36,
            "C A": 0.54,
            "D A": 0.9,
        },
    ),
)

INTEGRATED = (
    Example(
        "two organisations",
        "M. O. Jackson, Social and Economic Networks, lecture 5.8b, after Elliott, Golub, Jackson 2014",
        "1 2 50, 2 1 50",
        {"1 1": 1 / 3, "1 2": 2 / 3, "2 1": 2 / 3, "2 2": 1 / 3},
        computed=True,
    ),
    Example(
        "two companies, two users",
        "Stack Overflow, Computing a company's shareholders ownership percentage, 2017",
        "CompanyA CompanyB 50, UserA CompanyA 50, UserB CompanyB 50, CompanyB CompanyA 50",
        {"UserA CompanyA": 2 / 3, "UserB CompanyA": 1 / 3, "UserA CompanyB": 1 / 3, "UserB CompanyB": 2 / 3},
    ),
    Example(
        "White 3.6",
        f"{_WHITE}, section 3.6",
        "P A 80, P B 60, P C 10, A C 40, B A 10, B C 20",
        {"P A": 0.86, "P B": 0.6, "P C": 0.564, "A C": 0.4, "B A": 0.1, "B C": 0.24},
    ),
    Example(
        "controlled group",
        "BenefitsLink, message board, controlled group of HC, I and B, 2016",
        "HC A 100, HC I 60, HC B 40, I B 60",
        {"HC A": 1.0, "HC I": 0.6, "HC B": 0.76, "I B": 0.6},
    ),
    Example(
        "family",
        "A course exercise, Ownership structure: two firms that hold each other, a family with 1 % of both",
        "A B 50, B A 25, F A 1, F B 1",
        {"F A": 0.0125 / 0.875, "F B": 0.015 / 0.875},
        computed=True,
    ),
    Example(
        "two halves",
        _QUIZ,
        "A B 50, B A 50",
        {"A A": 1 / 3, "A B": 2 / 3, "B A": 2 / 3, "B B": 1 / 3},
        computed=True,
    ),
    Example("group share", "SAP documentation, glossary, group share", "A B 80, B C 75", {"A C": 0.6, "A B": 0.8}),
    Example(
        "Soul Patts and Brickworks, all turns",
        _QUIZ,
        "SOL BKW 49.5, BKW SOL 42.85",
        {"SOL BKW": 0.495 / (1 - 0.495 * 0.4285), "BKW SOL": 0.4285 / (1 - 0.495 * 0.4285)},
        computed=True,
    ),
)

NET = (
    Example(
        "Soul Patts and Brickworks",
        _QUIZ,
        "SOL BKW 49.5, BKW SOL 42.85",
        {"SOL BKW": 0.495, "BKW SOL": 0.4285, "SOL SOL": 0.495 * 0.4285, "BKW BKW": 0.495 * 0.4285},
        computed=True,
    ),
)

# What accrues to the outside holders of the first of a unit of the second.
DEPENDENCY = (
    Example(
        "two organisations",
        "M. O. Jackson, Social and Economic Networks, lecture 5.8b, after Elliott, Golub, Jackson 2014",
        "1 2 50, 2 1 50",
        {"1 1": 2 / 3, "1 2": 1 / 3, "2 1": 1 / 3, "2 2": 2 / 3},
    ),
)

# Effective interest of the parent, which is named first, and what it does not control.
CONSOLIDATION = (
    Example(
        "father, son, grandson", f"{_BEAMS}, Poe, Shaw, Turk", "Poe Shaw 80, Shaw Turk 70", ("Shaw 80, Turk 56", "")
    ),
    Example("connecting affiliates", _BEAMS, "P A 80, P B 20, A B 40", ("A 80, B 52", "")),
    Example("question 2a", f"{_BEAMS}, 12th ed., question 2a", "P A 80, A B 75", ("A 80, B 60", "")),
    Example("question 2b", f"{_BEAMS}, 12th ed., question 2b", "P A 70, P B 20, A B 60", ("A 70, B 62", "")),
    Example("49 % and yet control", f"{_BEAMS}, 12th ed., question 4", "P A 70, A B 70", ("A 70, B 49", "")),
    Example("not controlled", f"{_BEAMS}, 9th ed., question 2", "P S 60, S T 40", ("S 60, T 24", "T")),
    Example("question 3a", f"{_BEAMS}, 9th ed., question 3a", "P Y 70, Y Z 60", ("Y 70, Z 42", "")),
    Example("question 3b", f"{_BEAMS}, 9th ed., question 3b", "P A 70, P B 30, A B 30", ("A 70, B 51", "")),
    Example("d-shaped group", _MENDIS, "H S 60, H T 30, S T 30", ("S 60, T 48", ""), computed=True),
    Example("vertical group", f"{_MENDIS}, situation 1", "H S 90, S T 80", ("S 90, T 72", ""), computed=True),
    Example(
        "three tiers",
        "Data Studios, Vertical group structures and indirect ownership",
        "TopCo MidCo 100, MidCo SubCo 60, SubCo EntityX 70",
        ("MidCo 100, SubCo 60, EntityX 42", ""),
        computed=True,
    ),
    Example("48 % against 60 %", _WHITE, "P A 80, A B 60", ("A 80, B 48", "")),
    Example(
        "four chains",
        _WHITE,
        "P C1 80, P C2 60, P C3 40, P C4 10, C1 C4 30, C2 C4 20, C3 C4 20",
        ("C1 80, C2 60, C3 40, C4 54", "C3"),
    ),
    Example("equities", _WHITE, "P A 80, A B 70", ("A 80, B 56", "")),
    # B is not controlled and passes on its part of A all the same.
    Example("88 %", _WHITE, "P A 80, P B 40, B A 20", ("A 88, B 40", "B")),
    Example("80, 8 and 15 %", _WHITE, "A B 80, A C 8, B C 15", ("B 80, C 20", "C"), computed=True),
)

BENEFICIAL = (
    Owning(
        "NewCo",
        "Lexchart, Indirect Beneficial Ownership, simple example (31 CFR 1010.380: at least 25 percent)",
        "Fannie NewCo 60, InvestCo NewCo 40, Ivan InvestCo 70, Mei InvestCo 30",
        "Fannie Ivan Mei",
        ">=",
        0.25,
        {"Fannie NewCo": 0.6, "Ivan NewCo": 0.28, "Mei NewCo": 0.12},
        "Fannie NewCo, Ivan NewCo, Ivan InvestCo, Mei InvestCo",
    ),
    Owning(
        "scenario B at 25 %",
        "Open Ownership, Beneficial ownership disclosure workbook, scenario B",
        _SCENARIO_B,
        "Person1 Person2",
        ">=",
        0.25,
        {"Person1 Declaring": 0.23, "Person2 Declaring": 0.10},
        "Person1 CompanyA, Person1 CompanyC, Person2 CompanyB",
    ),
    Owning(
        "scenario B at 10 %",
        "Open Ownership, Beneficial ownership disclosure workbook, scenario B",
        _SCENARIO_B,
        "Person1 Person2",
        ">=",
        0.10,
        {"Person1 CompanyB": 0.2},
        "Person1 CompanyA, Person1 CompanyB, Person1 CompanyC, Person1 Declaring, Person2 CompanyB, Person2 Declaring",
    ),
    Owning(
        "company E",
        "Open Ownership, Beneficial Ownership Data Standard 0.3, Representing beneficial ownership",
        "Person1 CompanyE 15, Person2 CompanyE 32",
        "Person1 Person2",
        ">",
        0.10,
        {"Person1 CompanyE": 0.15, "Person2 CompanyE": 0.32},
        "Person1 CompanyE, Person2 CompanyE",
    ),
    Owning(
        "BOPS",
        "How to identify people with significant control, BOPS Ltd (UK Companies Act 2006, schedule 1A)",
        "Xan BOPS 50, Yve BOPS 30, Zoe BOPS 20",
        "Xan Yve Zoe",
        ">",
        0.25,
        {"Xan BOPS": 0.5, "Yve BOPS": 0.3, "Zoe BOPS": 0.2},
        "Xan BOPS, Yve BOPS",
    ),
    # Exactly 25 % each: nobody in the United Kingdom, all four under Regulation (EU) 2024/1624.
    Owning(
        "DIPS",
        "How to identify people with significant control, DIPS Ltd (UK Companies Act 2006, schedule 1A)",
        "Ann DIPS 25, Bob DIPS 25, Cid DIPS 25, Dee DIPS 25",
        "Ann Bob Cid Dee",
        ">",
        0.25,
        {"Ann DIPS": 0.25, "Bob DIPS": 0.25, "Cid DIPS": 0.25, "Dee DIPS": 0.25},
        "",
    ),
    Owning(
        "Mr X",
        "Nexus Calculator, Beneficial ownership calculator, worked example",
        "MrX XYZ 50, XYZ ABC 60",
        "MrX",
        ">=",
        0.25,
        {"MrX ABC": 0.3, "MrX XYZ": 0.5},
        "MrX ABC, MrX XYZ",
    ),
    Owning(
        "exercise",
        "A coding exercise, Ultimate Beneficial Owner, example 2, 2024",
        "C1 C 50, I1 C 50, I2 C1 50, I3 C1 50",
        "I1 I2 I3",
        ">=",
        0.25,
        {"I1 C": 0.5, "I2 C": 0.25, "I3 C": 0.25},
        "I1 C, I2 C, I3 C, I2 C1, I3 C1",
    ),
    Owning(
        "primer",
        "Open Ownership, Beneficial Ownership Data Standard, primer, What is beneficial ownership",
        "Company2 Company3 100, PersonB Company2 30",
        "PersonB",
        ">=",
        0.25,
        {"PersonB Company3": 0.3, "PersonB Company2": 0.3},
        "PersonB Company2, PersonB Company3",
    ),
)

INCOME = (
    Income(
        "80 % and 10 %",
        f"{_BEAMS}, mutually held parent stock, conventional approach",
        "P S 80, S P 10",
        {"P": 50_000, "S": 20_000},
        {"P": 71_739.13, "S": 27_173.91},
        {"P": 64_565.22, "S": 5_434.78},
    ),
    Income(
        "90 % and 15 %",
        f"{_BEAMS}, exercise, Pet and Sod",
        "Pet Sod 90, Sod Pet 15",
        {"Pet": 100_000, "Sod": 60_000},
        {"Pet": 178_034.68, "Sod": 86_705.20},
        {"Pet": 151_329.48, "Sod": 8_670.52},
    ),
    Income(
        "father, son, grandson",
        f"{_BEAMS}, Poe, Shaw, Turk",
        "Poe Shaw 80, Shaw Turk 70",
        {"Poe": 100, "Shaw": 50, "Turk": 40},
        {"Poe": 162.4, "Shaw": 78, "Turk": 40},
        {"Poe": 162.4, "Shaw": 15.6, "Turk": 12},
    ),
)
