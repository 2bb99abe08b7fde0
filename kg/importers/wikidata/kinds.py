"""What items of Wikidata are to kg, where they are and are listed: small maps by their ids, which a caller may replace.

An item is of the class that one of the values of its P31 (instance of) has here. Subclasses are not followed: that
takes the whole of Wikidata. An item with none of them that has an LEI, a CIK, an ISIN or an exchange is a company; any
other is not read.
"""

import re
from collections.abc import Iterable, Mapping

__all__ = ["COUNTRIES", "EXCHANGES", "KINDS", "kind_of"]

_COMPANIES: Mapping[str, str] = {
    "Q4830453": "business",
    "Q6881511": "enterprise",
    "Q783794": "company",
    "Q891723": "public company",
    "Q1589009": "privately held company",
    "Q33685": "limited company",
    "Q134161": "joint-stock company",
    "Q166280": "société anonyme",
    "Q279014": "Societas Europaea",
    "Q1480166": "kabushiki gaisha",
    "Q167037": "corporation",
    "Q161726": "multinational corporation",
    "Q206361": "concern",
    "Q197952": "corporate group",
    "Q778575": "conglomerate",
    "Q219577": "holding company",
    "Q658255": "subsidiary",
    "Q1956113": "parent organization",
    "Q270791": "state-owned enterprise",
    "Q129238": "startup company",
    "Q18388277": "technology company",
    "Q1058914": "software company",
    "Q210167": "video game developer",
    "Q1137109": "video game publisher",
    "Q2401749": "telecommunication company",
    "Q1331793": "media company",
    "Q2085381": "publisher",
    "Q1320047": "book publisher",
    "Q1762059": "film production company",
    "Q46970": "airline",
    "Q249556": "railway company",
    "Q740752": "transport company",
    "Q786820": "automobile manufacturer",
    "Q936518": "aerospace manufacturer",
    "Q19644607": "pharmaceutical company",
    "Q90298876": "biotechnology company",
    "Q1341478": "energy company",
    "Q14941854": "oil company",
    "Q2990216": "mining company",
    "Q507619": "retail chain",
    "Q18043413": "supermarket chain",
    "Q22687": "bank",
    "Q319845": "investment bank",
    "Q2143354": "insurance company",
    "Q613142": "law firm",
}
_ORGANISATIONS: Mapping[str, str] = {
    "Q43229": "organization",
    "Q163740": "nonprofit organization",
    "Q157031": "foundation",
    "Q48204": "voluntary association",
    "Q79913": "non-governmental organization",
    "Q708676": "charitable organization",
    "Q484652": "international organization",
    "Q245065": "intergovernmental organization",
    "Q3918": "university",
    "Q31855": "research institute",
    "Q7278": "political party",
    "Q476028": "association football club",
    "Q847017": "sports club",
}
_PUBLIC_BODIES: Mapping[str, str] = {
    "Q327333": "government agency",
    "Q20857065": "United States federal agency",
    "Q2659904": "government organization",
    "Q7188": "government",
    "Q192350": "ministry",
    "Q66344": "central bank",
    "Q6256": "country",
    "Q3624078": "sovereign state",
    "Q7275": "state",
    "Q35657": "state of the United States",
}
KINDS: Mapping[str, str] = {
    **dict.fromkeys(_ORGANISATIONS, "Organisation"),
    **dict.fromkeys(_PUBLIC_BODIES, "PublicBody"),
    **dict.fromkeys(_COMPANIES, "Company"),
    "Q5": "Person",
}
"""The class of the ontology of an item's P31."""

EXCHANGES: Mapping[str, str] = {
    "Q13677": "XNYS",
    "Q82059": "XNAS",
    "Q846626": "XASE",
    "Q171240": "XLON",
    "Q2385849": "XPAR",
    "Q478720": "XAMS",
    "Q1146518": "XBRU",
    "Q2415561": "XLIS",
    "Q151139": "XFRA",
    "Q661834": "XSWX",
    "Q936563": "XMIL",
    "Q217475": "XTKS",
    "Q496672": "XHKG",
    "Q739514": "XSHG",
    "Q517750": "XSHE",
    "Q732670": "XASX",
    "Q818723": "XTSE",
    "Q1019992": "XSTO",
}
"""Market identifier codes (ISO 10383) of exchanges."""

COUNTRIES: Mapping[str, str] = dict(
    re.findall(
        r"(Q\d+)=(\w\w)",
        "Q30=US Q142=FR Q145=GB Q183=DE Q148=CN Q17=JP Q884=KR Q865=TW Q16=CA Q38=IT Q29=ES Q55=NL Q29999=NL Q31=BE"
        " Q39=CH Q40=AT Q34=SE Q20=NO Q35=DK Q33=FI Q27=IE Q32=LU Q45=PT Q36=PL Q213=CZ Q41=GR Q43=TR Q159=RU Q212=UA"
        " Q801=IL Q668=IN Q155=BR Q96=MX Q414=AR Q298=CL Q739=CO Q419=PE Q408=AU Q664=NZ Q334=SG Q833=MY Q869=TH"
        " Q252=ID Q928=PH Q881=VN Q258=ZA Q79=EG Q1028=MA Q1033=NG Q114=KE Q851=SA Q878=AE Q846=QA Q817=KW Q794=IR"
        " Q843=PK Q902=BD Q8646=HK Q189=IS Q28=HU Q218=RO Q219=BG Q214=SK Q215=SI Q224=HR Q403=RS Q191=EE Q211=LV"
        " Q37=LT Q229=CY Q233=MT Q347=LI Q235=MC Q238=SM Q232=KZ Q23635=BM Q5785=KY",
    )
)
"""ISO 3166-1 alpha-2 codes of countries."""


def kind_of(classes: Iterable[str], kinds: Mapping[str, str], *, is_listed: bool) -> str | None:
    """Return the class of an item by those that it is an instance of; None for one that is not read.

    >>> kind_of(["Q571"], KINDS, is_listed=False), kind_of(["Q783794"], KINDS, is_listed=False)
    (None, 'Company')

    """
    found = {kinds[one] for one in classes if one in kinds}
    # A state-owned company is a public body too, and a company first.
    first = next((kind for kind in ("Person", "Company", "PublicBody", "Organisation") if kind in found), None)
    return first or next(iter(found), None) or ("Company" if is_listed else None)
