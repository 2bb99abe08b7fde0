"""What digests say in their own words, in English and French."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["DIGEST_WORDING", "DigestWording"]


@dataclass(frozen=True, slots=True)
class DigestWording:
    """The words of a digest; `{0}` stands for a value. Of two texts the first is for one, the second for more.

    `earlier` comes before the sentence that a line is held against, by the line's kind.
    """

    title: str
    subtitle: str
    kinds: Mapping[str, str]
    before: str
    earlier: Mapping[str, str]
    repeats: tuple[str, str]
    more: tuple[str, str]
    others: tuple[str, str]
    source: str
    sources: str
    nothing: str
    open: str
    quotes: tuple[str, str]


DIGEST_WORDING: Mapping[str, DigestWording] = {
    "en": DigestWording(
        title="News of {0}",
        subtitle="as of {0}",
        kinds={
            "contradicted": "contradicted",
            "new": "new",
            "changed": "changed",
            "ended": "ended",
            "confirmed": "confirmed",
            "withdrawn": "withdrawn",
            "copy": "copy",
        },
        before="before: {0}",
        earlier={
            "contradicted": "against:",
            "changed": "before:",
            "ended": "before:",
            "confirmed": "first said by:",
            "copy": "copy of:",
        },
        repeats=("repeats {0} statement", "repeats {0} statements"),
        more=("and {0} more", "and {0} more"),
        others=("{0} new statement adds nothing", "{0} new statements add nothing"),
        source="1 source",
        sources="{0} independent sources",
        nothing="nothing yet",
        open="open",
        quotes=("“", "”"),
    ),
    "fr": DigestWording(
        title="Nouvelles : {0}",
        subtitle="état du {0}",
        kinds={
            "contradicted": "contredit",
            "new": "nouveau",
            "changed": "modifié",
            "ended": "terminé",
            "confirmed": "confirmé",
            "withdrawn": "retiré",
            "copy": "copie",
        },
        before="avant : {0}",
        earlier={
            "contradicted": "contre :",
            "changed": "avant :",
            "ended": "avant :",
            "confirmed": "d’abord dit par :",
            "copy": "copie de :",
        },
        repeats=("reprend {0} affirmation", "reprend {0} affirmations"),
        more=("et {0} de plus", "et {0} de plus"),
        others=("{0} affirmation nouvelle n’ajoute rien", "{0} affirmations nouvelles n’ajoutent rien"),
        source="1 source",
        sources="{0} sources indépendantes",
        nothing="rien encore",
        open="ouvrir",
        quotes=("« ", " »"),
    ),
}
