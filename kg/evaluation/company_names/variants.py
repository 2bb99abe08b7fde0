"""One name as other registers, filings and the press write it."""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping

from kg.evaluation.company_names.register import RegisterWords
from kg.resolve.names.form import normalise
from kg.resolve.names.tables import vocabulary

__all__ = ["variant"]

Chance = random.Random

_LEGAL = (
    ("Private Limited", "Pvt. Ltd.", "Pvt Ltd", "(P) Ltd"),
    ("Pty Ltd", "Pty. Limited", "Proprietary Limited"),
    ("Pte. Ltd.", "Pte Ltd", "Private Limited"),
    ("Limited Liability Company", "LLC", "L.L.C."),
    ("Limited", "Ltd", "Ltd.", "LTD"),
    ("Incorporated", "Inc", "Inc.", "INC"),
    ("Corporation", "Corp", "Corp.", "CORP"),
    ("Company", "Co", "Co."),
    ("Limited Partnership", "LP", "L.P."),
    ("Gesellschaft mit beschränkter Haftung", "GmbH", "G.m.b.H.", "Ges.m.b.H."),
    ("Aktiengesellschaft", "AG", "A.G."),
    ("Société Anonyme", "SA", "S.A."),
    ("Sociedad Anónima", "SA", "S.A."),
    ("Sociedad Limitada", "SL", "S.L."),
    ("Société par Actions Simplifiée", "SAS", "S.A.S."),
    ("Société à responsabilité limitée", "SARL", "S.à r.l.", "S.A.R.L."),
    ("Società a responsabilità limitata", "SRL", "S.r.l.", "S.R.L."),
    ("Società per Azioni", "SPA", "S.p.A.", "SpA"),
    ("Besloten Vennootschap", "BV", "B.V."),
    ("Naamloze Vennootschap", "NV", "N.V."),
    ("Aktiebolag", "AB", "AB (publ)"),
    ("Aktieselskab", "A/S", "AS"),
    ("Anpartsselskab", "ApS", "APS"),
    ("Public Limited Company", "PLC", "plc", "P.L.C."),
    ("Spółka z ograniczoną odpowiedzialnością", "Sp. z o.o.", "sp. z o. o.", "SP. Z O.O."),
    ("Osakeyhtiö", "Oy", "OY"),
    ("společnost s ručením omezeným", "s.r.o.", "spol. s r.o.", "SRO"),
)
_ABBREVIATED = tuple(
    tuple(line.split())
    for line in """
    International Intl Int'l | Manufacturing Mfg | Brothers Bros | Services Svcs Serv. | Management Mgmt Mgt
    Technologies Tech Technology | Technology Tech | Industries Ind. Inds | Investments Inv Invest | Investment Inv
    Holdings Hldgs Holding | Engineering Eng Engg | Development Dev Devt | Association Assoc Assn | National Natl Nat'l
    University Univ | Department Dept | Company Co. | Compagnie Cie | Société Sté | Établissements Ets
    Pharmaceuticals Pharma Pharm. | Construction Constr. | Distribution Distr. | Financial Fin. | Laboratories Labs
    Electronics Electr. | Systems Sys System | Solutions Solns Solution | Products Prods Product | Group Grp
    Properties Props Property | Partners Ptnrs Partner | Center Centre Ctr | Corporation Corp. | Consulting Consult.
    Insurance Ins. | Transport Transp. | Enterprises Ent. Enterprise | Communications Comms | Logistics Logistic
    Capital Cap. | Energy Energie | Medical Med. | Trading Trdg | Equipment Equip. | Resources Res. Resource
    Fund Fd | Trust Tr
    """.strip()
    .replace("\n", "|")
    .split("|")
)
_AND = re.compile(r"\s+(?:&|and|et|und|y|e)\s+", re.IGNORECASE)
_NUMBERS = (
    *(
        ("II", "2"),
        ("III", "3"),
        ("IV", "4"),
        ("First", "1st"),
        ("One", "1"),
        ("Two", "2"),
        ("VI", "6"),
        ("Second", "2nd"),
    ),
)
_LEAST_TYPED, _LEAST_RARE, _RARE, _FREQUENT = 5, 4, 20, 60
_VARIANTS_OF_ONE = 0.6
_FORMAL = 0.3


def _legal_found(name: str) -> tuple[int, int, tuple[str, ...]] | None:
    best: tuple[int, int, tuple[str, ...]] | None = None
    for forms in _LEGAL:
        for form in forms:
            match = re.search(rf"(?:^|(?<=[\s,])){re.escape(form)}(?=\s*$)", name, re.IGNORECASE)
            if match and (best is None or match.start() < best[0]):
                best = match.start(), match.end(), tuple(f for f in forms if f.casefold() != match[0].casefold())
    return best


def _core(name: str) -> tuple[str, str]:
    """Part a name and its legal form; nothing of a name whose form is none of those above, and would stand within."""
    found = _legal_found(name)
    if found is not None:
        return name[: found[0]].rstrip(" ,"), name[found[0] :]
    return ("", "") if normalise(name).legal else (name, "")


def _legal_spelling(name: str, _: RegisterWords, chance: Chance) -> str:
    found = _legal_found(name)
    if found is None:
        return ""
    form = chance.choice(found[2])
    return name[: found[0]] + (form.upper() if name.isupper() else form)


def _legal_dropped(name: str, _: RegisterWords, __: Chance) -> str:
    found = _legal_found(name)
    return name[: found[0]].rstrip(" ,") if found else ""


def _case(name: str, _: RegisterWords, chance: Chance) -> str:
    return name.title() if name.isupper() else name.upper() if chance.random() < 0.7 else name.lower()  # noqa: PLR2004


def _accents(name: str, _: RegisterWords, chance: Chance) -> str:
    if chance.random() < 0.5:  # noqa: PLR2004
        text = name
        for one, two in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "AE"), ("Ö", "OE"), ("Ü", "UE"), ("ß", "ss")):
            text = text.replace(one, two)
        if text != name:
            return text
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def _order(name: str, _: RegisterWords, chance: Chance) -> str:
    core, legal = _core(name)
    words = core.split()
    if len(words) < 2:  # noqa: PLR2004
        return ""
    at = chance.randrange(1, len(words))
    comma = "," if chance.random() < 0.5 else ""  # noqa: PLR2004
    return " ".join([*words[at:-1], words[-1] + comma if at < len(words) else "", *words[:at], legal]).strip()


def _abbreviation(name: str, _: RegisterWords, chance: Chance) -> str:
    fitting = [forms for forms in _ABBREVIATED if re.search(rf"\b{forms[0]}\b", name, re.IGNORECASE)]
    if not fitting:
        return ""
    long, *short = chance.choice(fitting)
    form = chance.choice(short)
    return re.sub(rf"\b{long}\b", form.upper() if name.isupper() else form, name, count=1, flags=re.IGNORECASE)


def _typing(name: str, _: RegisterWords, chance: Chance) -> str:
    words = name.split(" ")
    long = [at for at, word in enumerate(words) if len(word) >= _LEAST_TYPED and word.isalpha()]
    if not long:
        return ""
    at = chance.choice(long)
    words[at] = _mistyped(words[at], chance)
    return " ".join(words)


def _mistyped(word: str, chance: Chance) -> str:
    at = chance.randrange(1, len(word) - 1)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    letter = letter.upper() if word.isupper() else letter
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
        )
    )


def _group(name: str, _: RegisterWords, chance: Chance) -> str:
    """With or without Group: mostly without a legal form then, as the press calls a group."""
    core, legal = _core(name)
    if not core:
        return ""
    legal = legal if chance.random() < _FORMAL else ""
    bare = re.sub(r"\b(?:group|groupe|gruppe|holdings?)\b", "", core, flags=re.IGNORECASE)
    if bare != core:
        return f"{' '.join(bare.split())} {legal}".strip() if bare.strip() else ""
    word = chance.choice(("Group", "Holding", "Holdings", "Group", "Groupe"))
    word = word.upper() if name.isupper() else word
    return f"{word} {core}" if word.casefold() == "groupe" else f"{core} {word} {legal}".strip()


def _middle(name: str, words: RegisterWords, chance: Chance) -> str:
    """Without a common word within, where two rare words stay."""
    parts = name.split()
    plain = [re.sub(r"\W", "", part).casefold() for part in parts]
    counts = [words.counts.get(word, 0) for word in plain]
    rare = sum(0 < count <= _RARE and len(word) >= _LEAST_RARE for word, count in zip(plain, counts, strict=True))
    frequent = [
        at
        for at in range(1, len(parts) - 1)
        if counts[at] >= _FREQUENT
        and parts[at].isalpha()
        and len(parts[at]) >= _LEAST_TYPED
        and (plain[at],) not in vocabulary().places
    ]
    if rare < 2 or not frequent:  # noqa: PLR2004
        return ""
    del parts[chance.choice(frequent)]
    return " ".join(parts)


def _ampersand(name: str, _: RegisterWords, __: Chance) -> str:
    match = _AND.search(name)
    if match is None or match[0].strip().casefold() in {"y", "e"}:
        return ""
    return name[: match.start()] + (" and " if "&" in match[0] else " & ") + name[match.end() :]


def _spaces(name: str, _: RegisterWords, chance: Chance) -> str:
    words = name.split()
    if len(words) < 3:  # noqa: PLR2004
        return ""
    at = chance.randrange(len(words) - 2)
    if not (words[at].isalpha() and words[at + 1].isalpha()):
        return ""
    words[at : at + 2] = [words[at] + chance.choice(("", "-")) + words[at + 1]]
    return " ".join(words)


def _article(name: str, _: RegisterWords, __: Chance) -> str:
    return name[4:] if name.casefold().startswith("the ") else ("THE " if name.isupper() else "The ") + name


def _number(name: str, _: RegisterWords, __: Chance) -> str:
    for one, other in _NUMBERS:
        for old, new in ((one, other), (other, one)):
            match = re.search(rf"(?<=\s){old}\b", name)
            if match:
                return name[: match.start()] + new + name[match.end() :]
    return ""


def _punctuation(name: str, _: RegisterWords, __: Chance) -> str:
    return re.sub(r"[.,()\"'-]", lambda match: " " if match[0] in "-(" else "", name)


_MAKERS: Mapping[str, tuple[Callable[[str, RegisterWords, Chance], str], float]] = {
    "legal form spelled otherwise": (_legal_spelling, 3),
    "legal form left out": (_legal_dropped, 2.5),
    "case": (_case, 0.6),
    "accents": (_accents, 3),
    "word order": (_order, 1),
    "abbreviation": (_abbreviation, 3),
    "typing error": (_typing, 2.5),
    "group word": (_group, 1.5),
    "common word left out": (_middle, 1.5),
    "ampersand": (_ampersand, 2),
    "spaces": (_spaces, 1),
    "article": (_article, 0.5),
    "number in letters": (_number, 2),
    "punctuation": (_punctuation, 1),
}


def variant(name: str, words: RegisterWords, chance: Chance) -> tuple[str, str]:
    """Return a name written another way and how it was made, or "" where it offers nothing to change.

    Two in five are changed twice, as names that travel from one register into another are.
    """
    kinds = list(_MAKERS)
    weights = [_MAKERS[kind][1] for kind in kinds]
    text, done = name, []
    for _ in range(1 if chance.random() < _VARIANTS_OF_ONE else 2):
        for kind in _drawn(kinds, weights, chance):
            made = "" if kind in done else _MAKERS[kind][0](text, words, chance)
            if made.strip() and made != text:
                text = made
                done.append(kind)
                break
    kind = done[0] if len(done) == 1 else "two changes"
    return (text, kind) if done and text != name else ("", "")


def _drawn(kinds: list[str], weights: list[float], chance: Chance) -> list[str]:
    """All kinds in a drawn order, the weightier earlier (Efraimidis, Spirakis 2006)."""
    keys = {kind: chance.random() ** (1 / weight) for kind, weight in zip(kinds, weights, strict=True)}
    return sorted(kinds, key=lambda kind: -keys[kind])
