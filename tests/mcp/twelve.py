"""Twelve questions on the story of the example articles: the call that answers each, and what it must say.

The sentence must stand in the list, in the row that has these cells; the answer's data and text may take so many tokens
(a token is four characters).
"""

from dataclasses import dataclass, field
from typing import Any

from kg.mcp.fence import unfenced

TODAY = "2026-12-01"


@dataclass(frozen=True)
class Asked:
    words: str
    tool: str
    arguments: dict[str, Any]
    section: str
    sentence: str
    tokens: int
    cells: dict[str, Any] = field(default_factory=dict)


TWELVE = (
    Asked(
        "Who supplies OpenAI today?",
        "question",
        {"name": "suppliers", "arguments": {"company": "OpenAI"}},
        "facts",
        "In January, Microsoft ceased to be the exclusive cloud provider of OpenAI.",
        600,
        {"supplier": "⟦Microsoft⟧", "exclusive": False},
    ),
    Asked(
        "What is agreed between CoreWeave and OpenAI, and not yet done?",
        "between",
        {"one": "CoreWeave", "other": "OpenAI"},
        "plans",
        "CoreWeave will supply OpenAI with computing power under a five-year contract worth $11.9 billion.",
        1_700,
        {"relation": "supplies", "terms": {"amount": 11_900_000_000, "currency": "USD", "duration": "P5Y"}},
    ),
    Asked(
        "What does OpenAI get in return?",
        "claims",
        {"company": "OpenAI", "other": "CoreWeave", "relation": "holds-stake", "modality": "planned"},
        "plans",
        "As part of the deal, OpenAI will receive $350 million in CoreWeave shares.",
        700,
        {"terms": {"amount": 350_000_000, "currency": "USD"}},
    ),
    Asked(
        "Who makes much of CoreWeave's revenue?",
        "analyse",
        {"name": "customers", "arguments": {"company": "CoreWeave", "threshold": "50%"}},
        "facts",
        "En 2024, Microsoft représentait 62 % du chiffre d’affaires de CoreWeave, lequel a atteint 1,9 milliard de "
        "dollars.",
        500,
        {"customer": "⟦Microsoft⟧", "share_low": 0.62, "share_high": 0.62, "answer": "yes"},
    ),
    Asked(
        "Who owns CoreWeave?",
        "analyse",
        {"name": "owners", "arguments": {"company": "CoreWeave"}},
        "rows",
        "Nvidia détient 6 % du capital de CoreWeave.",
        600,
        {"holder": "⟦Nvidia⟧", "direct_low": 0.06, "direct_high": 0.06},
    ),
    Asked(
        "What does Nvidia do with CoreWeave besides?",
        "dossier",
        {"company": "Nvidia"},
        "facts",
        "Nvidia owns 6% of CoreWeave and supplies CoreWeave with the chips for its data centers.",
        1_300,
        {"relation": "supplies", "object": "⟦CoreWeave⟧"},
    ),
    Asked(
        "Whom does OpenAI compete with?",
        "question",
        {"name": "competitors", "arguments": {"company": "OpenAI"}},
        "facts",
        "The two companies are partners, yet OpenAI now competes with Microsoft for business customers.",
        600,
        {"competitor": "⟦Microsoft⟧"},
    ),
    Asked(
        "Who takes part in Stargate?",
        "claims",
        {"company": "Stargate", "relation": "participates-in"},
        "facts",
        "SoftBank and Oracle participate in Stargate alongside OpenAI.",
        600,
        {"subject": "⟦Oracle⟧", "object": "⟦Stargate⟧"},
    ),
    Asked(
        "What became known between March 11 and 13, 2025, of Microsoft?",
        "changes",
        {"since": "2025-03-11", "until": "2025-03-13", "company": "Microsoft"},
        "facts",
        "Microsoft est le plus gros investisseur d’OpenAI et perçoit une part des revenus d’OpenAI.",
        2_200,
        {"subject": "⟦Microsoft⟧", "relation": "invests-in", "change": "appeared"},
    ),
    Asked(
        "What links Nvidia and OpenAI?",
        "analyse",
        {"name": "path", "arguments": {"company": "Nvidia", "other": "OpenAI", "limit": 1}},
        "facts",
        "CoreWeave, a cloud provider in which Nvidia holds a 6% stake, will supply OpenAI with computing power for "
        "five years.",
        1_100,
        {"step": "⟦1/2⟧", "from": "⟦Nvidia⟧", "to": "⟦CoreWeave⟧"},
    ),
    Asked(
        "Where does money go round?",
        "analyse",
        {"name": "circular", "arguments": {"company": "Nvidia"}},
        "facts",
        "Nvidia fournit aussi à CoreWeave les puces de ses 32 centres de données.",
        1_300,
        {"loop": "⟦Nvidia → CoreWeave → Nvidia⟧", "relation": "supplies"},
    ),
    Asked(
        "Does Nvidia own a part of OpenAI?",
        "between",
        {"one": "Nvidia", "other": "OpenAI", "leads": True},
        "leads",
        "CoreWeave, a cloud provider in which Nvidia holds a 6% stake, will supply OpenAI with computing power for "
        "five years.",
        700,
        {"relation": "holds-stake", "subject": "⟦Nvidia⟧", "object": "⟦OpenAI⟧"},
    ),
)


def says(asked: Asked, structured: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of an answer that give the sentence, with the cells that are expected."""
    return [
        row
        for row in structured.get(asked.section, [])
        if asked.cells.items() <= row.items()
        and any(unfenced(claim["quote"]).split(" … ")[0] == asked.sentence for claim in row["claims"])
    ]
