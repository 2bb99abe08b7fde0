"""Sectors in words, for the key to a picture: registers write codes.

The codes of NACE Rev. 2 (https://eur-lex.europa.eu/eli/reg/2006/1893/oj), ISIC Rev. 4 and the national lists built on
them share their divisions, two digits each. A code of any other list is told as the register writes it.
"""

import re
from collections.abc import Iterable, Mapping

__all__ = ["division_of", "sector_words"]

_SHARED = re.compile(r"(?:eu_)?nace(?:_2)?|isic_4|uk_sic_2007|(?:fr_)?naf(?:_2008|_rev2)?")
"""The lists that share their divisions, by the names that registers have for them."""
_DIVISION = re.compile(r"([^:]+):[A-Z]?(\d{2})")
_DIVISIONS: Mapping[str, tuple[str, str]] = {
    "01": ("Farming", "Agriculture"),
    "02": ("Forestry", "Sylviculture"),
    "03": ("Fishing", "Pêche"),
    "05": ("Coal", "Houille et lignite"),
    "06": ("Oil and gas extraction", "Extraction d’hydrocarbures"),
    "07": ("Metal ores", "Minerais métalliques"),
    "08": ("Other mining", "Autres extractions"),
    "09": ("Mining support", "Soutien aux extractions"),
    "10": ("Food", "Alimentation"),
    "11": ("Beverages", "Boissons"),
    "12": ("Tobacco", "Tabac"),
    "13": ("Textiles", "Textiles"),
    "14": ("Clothing", "Habillement"),
    "15": ("Leather", "Cuir et chaussure"),
    "16": ("Wood", "Bois"),
    "17": ("Paper", "Papier et carton"),
    "18": ("Printing", "Imprimerie"),
    "19": ("Refining", "Raffinage"),
    "20": ("Chemicals", "Chimie"),
    "21": ("Pharmaceuticals", "Pharmacie"),
    "22": ("Rubber and plastics", "Caoutchouc et plastique"),
    "23": ("Glass, cement, ceramics", "Verre, ciment, céramique"),
    "24": ("Metals", "Métallurgie"),
    "25": ("Metal products", "Produits métalliques"),
    "26": ("Electronics", "Électronique"),
    "27": ("Electrical equipment", "Équipements électriques"),
    "28": ("Machinery", "Machines"),
    "29": ("Motor vehicles", "Automobile"),
    "30": ("Ships, trains, aircraft", "Navires, trains, avions"),
    "31": ("Furniture", "Meubles"),
    "32": ("Other manufacturing", "Autres industries"),
    "33": ("Repair of machinery", "Réparation de machines"),
    "35": ("Electricity and gas", "Électricité et gaz"),
    "36": ("Water", "Eau"),
    "37": ("Sewerage", "Eaux usées"),
    "38": ("Waste", "Déchets"),
    "39": ("Remediation", "Dépollution"),
    "41": ("Buildings", "Bâtiments"),
    "42": ("Civil engineering", "Génie civil"),
    "43": ("Construction trades", "Travaux de construction"),
    "45": ("Vehicle trade", "Commerce automobile"),
    "46": ("Wholesale", "Commerce de gros"),
    "47": ("Retail", "Commerce de détail"),
    "49": ("Land transport", "Transports terrestres"),
    "50": ("Shipping", "Transports par eau"),
    "51": ("Air transport", "Transports aériens"),
    "52": ("Storage and logistics", "Entreposage et logistique"),
    "53": ("Post and couriers", "Poste et courrier"),
    "55": ("Hotels", "Hébergement"),
    "56": ("Restaurants", "Restauration"),
    "58": ("Publishing", "Édition"),
    "59": ("Film and music", "Cinéma et musique"),
    "60": ("Broadcasting", "Radio et télévision"),
    "61": ("Telecommunications", "Télécommunications"),
    "62": ("Software and IT services", "Logiciels et services informatiques"),
    "63": ("Information services", "Services d’information"),
    "64": ("Banks and holdings", "Banques et holdings"),
    "65": ("Insurance", "Assurance"),
    "66": ("Financial services", "Services financiers"),
    "68": ("Real estate", "Immobilier"),
    "69": ("Law and accounting", "Droit et comptabilité"),
    "70": ("Head offices and consulting", "Sièges sociaux et conseil"),
    "71": ("Engineering", "Ingénierie"),
    "72": ("Research", "Recherche"),
    "73": ("Advertising", "Publicité"),
    "74": ("Other professional services", "Autres services spécialisés"),
    "75": ("Veterinary services", "Services vétérinaires"),
    "77": ("Renting and leasing", "Location"),
    "78": ("Employment agencies", "Emploi et intérim"),
    "79": ("Travel agencies", "Agences de voyage"),
    "80": ("Security", "Sécurité"),
    "81": ("Facility services", "Services aux bâtiments"),
    "82": ("Office support", "Soutien aux bureaux"),
    "84": ("Public administration", "Administration publique"),
    "85": ("Education", "Enseignement"),
    "86": ("Health", "Santé"),
    "87": ("Residential care", "Hébergement médico-social"),
    "88": ("Social work", "Action sociale"),
    "90": ("Arts", "Arts et spectacles"),
    "91": ("Libraries and museums", "Bibliothèques et musées"),
    "92": ("Gambling", "Jeux d’argent"),
    "93": ("Sports and leisure", "Sports et loisirs"),
    "94": ("Associations", "Associations"),
    "95": ("Repair of goods", "Réparation de biens"),
    "96": ("Personal services", "Services personnels"),
    "97": ("Households as employers", "Ménages employeurs"),
    "98": ("Households' own use", "Ménages pour eux-mêmes"),
    "99": ("International organisations", "Organisations internationales"),
}
"""What each division does, shortly, in English and in French."""
_CATEGORIES: Mapping[str, tuple[str, str]] = {
    "gleif:GENERAL": ("Business (GLEIF)", "Entreprise (GLEIF)"),
    "gleif:FUND": ("Fund (GLEIF)", "Fonds (GLEIF)"),
    "gleif:BRANCH": ("Branch (GLEIF)", "Succursale (GLEIF)"),
    "gleif:SOLE_PROPRIETOR": ("Sole proprietor (GLEIF)", "Entreprise individuelle (GLEIF)"),
    "gleif:RESIDENT_GOVERNMENT_ENTITY": ("Public body (GLEIF)", "Organisme public (GLEIF)"),
    "gleif:INTERNATIONAL_ORGANIZATION": ("International organisation (GLEIF)", "Organisation internationale (GLEIF)"),
}


def division_of(code: str) -> str:
    """Return the division of a sector's code, under one name where lists share it; a code without one as it is.

    >>> [division_of(code) for code in ("uk_sic_2007:64209", "eu_nace_2:6420", "nace:K64.2", "us_sic:3571")]
    ['nace:64', 'nace:64', 'nace:64', 'us_sic:35']
    """
    found = _DIVISION.match(code)
    if found is None:
        return code
    return f"{'nace' if _SHARED.fullmatch(found[1]) else found[1]}:{found[2]}"


def sector_words(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what divisions are called in English and in French, by their codes; those that nobody knows are left out.

    >>> sector_words(["nace:64", "us_sic:35"])
    {'nace:64': {'en': 'Banks and holdings (NACE 64)', 'fr': 'Banques et holdings (NACE 64)'}}
    """
    found = {}
    for code in sorted(set(codes)):
        scheme, _, division = code.partition(":")
        known = _CATEGORIES.get(code)
        if scheme == "nace" and division in _DIVISIONS:
            words = _DIVISIONS[division]
            known = (f"{words[0]} (NACE {division})", f"{words[1]} (NACE {division})")
        if known:
            found[code] = {"en": known[0], "fr": known[1]}
    return found
