"""What dossiers and tables of relations say in their own words, in English and French."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["DOSSIER_WORDING", "DossierWording"]


@dataclass(frozen=True, slots=True)
class DossierWording:
    """The words of a dossier; `{0}` stands for a value."""

    relations: str
    facts: str
    no_facts: str
    on: str
    undecided: str
    count_undecided: str
    disputes: str
    nothing: str
    untied: str
    known_from: str
    quotes: tuple[str, str]
    source: str
    sources: str
    documents: str
    like: str
    figure: str
    modality: str
    candidates: str
    more_to_review: str
    judged: str
    outcomes: Mapping[str, str]
    own: str
    verdicts: Mapping[str, str]
    registers: str
    active: str
    inactive: str
    legal_form: str
    since: str
    until: str
    address: str
    formerly: str
    topics: str
    sectors: str
    as_of: str
    by_tier: str


DOSSIER_WORDING: Mapping[str, DossierWording] = {
    "en": DossierWording(
        relations="Relations",
        facts="Facts",
        no_facts="No facts",
        on="{0} on {1}",
        undecided="undecided",
        count_undecided="{0} undecided",
        disputes="Disputed: the sources differ",
        nothing="no source says anything of it",
        untied="no source ties them directly; look for a way with: kg query path",
        known_from="known from",
        quotes=("“", "”"),
        source="1 source",
        sources="{0} independent sources",
        documents="{0} documents",
        like="{0} % the same as {1}",
        figure="figure",
        modality="modality",
        candidates="Not admitted",
        more_to_review="{0} more to review: kg claims {1} --to-review",
        judged="Of {0} claims judged at random {1} are right ({2}–{3} %)",
        outcomes={"admitted": "admitted", "to-review": "to review", "refused": "refused"},
        own="added by {0}",
        verdicts={
            "right": "confirmed by {0} on {1}",
            "wrong": "called wrong by {0} on {1}",
            "unsure": "{0} is unsure ({1})",
        },
        registers="Registers",
        active="active",
        inactive="no longer active",
        legal_form="legal form {0}",
        since="since {0}",
        until="until {0}",
        address="address: {0}",
        formerly="formerly: {0}",
        topics="topics: {0}",
        sectors="sectors: {0}",
        as_of="as of {0}",
        by_tier="side by side: {0}",
    ),
    "fr": DossierWording(
        relations="Relations",
        facts="Faits",
        no_facts="Aucun fait",
        on="{0} au {1}",
        undecided="indécis",
        count_undecided="dont {0} indécis",
        disputes="Contesté : les sources divergent",
        nothing="aucune source n’en dit rien",
        untied="aucune source ne les relie directement ; cherchez un chemin avec : kg query path",
        known_from="connu depuis",
        quotes=("« ", " »"),
        source="1 source",
        sources="{0} sources indépendantes",
        documents="{0} documents",
        like="{0} % du texte de {1}",
        figure="chiffre",
        modality="modalité",
        candidates="Non admis",
        more_to_review="{0} de plus à vérifier : kg claims {1} --to-review",
        judged="Sur {0} affirmations jugées au hasard, {1} sont justes ({2}–{3} %)",
        outcomes={"admitted": "admis", "to-review": "à vérifier", "refused": "refusé"},
        own="ajouté par {0}",
        verdicts={
            "right": "confirmé par {0} le {1}",
            "wrong": "dit faux par {0} le {1}",
            "unsure": "{0} hésite ({1})",
        },
        registers="Registres",
        active="en activité",
        inactive="n’est plus en activité",
        legal_form="forme juridique {0}",
        since="depuis {0}",
        until="jusqu’à {0}",
        address="adresse : {0}",
        formerly="anciennement : {0}",
        topics="thèmes : {0}",
        sectors="secteurs : {0}",
        as_of="au {0}",
        by_tier="côte à côte : {0}",
    ),
}
