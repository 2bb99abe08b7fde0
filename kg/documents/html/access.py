"""Pages that show less than the article: notices on cookies, and texts that end at a paywall."""

import re
from collections.abc import Sequence

__all__ = ["ends_at_paywall", "is_notice", "is_offer"]

_SHOWN = 2000
"""Characters of the longest notice that a page shows in place of its article."""
_CONSENT = re.compile(
    r"\bcookies?\b|\bconsent\w*|\bprivacy (?:policy|settings)|\bpersonal data\b|\bour partners\b|"
    r"\bconsentement|\bdonnées personnelles|\bvos choix\b|\bnos partenaires|\btraceurs?\b|"
    r"politique de confidentialité|\bRGPD\b|\bGDPR\b|\b(?:accept|reject|refuse) all\b|\btout (?:accepter|refuser)",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"\bsubscribe (?:now )?to (?:continue|keep|read|unlock)|\b(?:to|and) (?:continue|keep) reading\b|"
    r"\balready (?:a |an )?(?:subscriber|subscribed|member)\b|\bfor subscribers only\b|\bsubscriber[- ]only\b|"
    r"\bthis (?:article|content|story) is (?:reserved )?for (?:our )?(?:subscribers|members)|"
    r"\b(?:sign in|log in|register) to (?:continue|read|keep)|\bunlock this article\b|"
    r"réservée?s? (?:aux|à nos) abonné|\bil vous reste [\d.,]+ ?% de cet article|\bdéjà abonné|"
    r"\babonnez-vous pour (?:lire|continuer|poursuivre|accéder)|\bpour lire la suite\b|"
    r"\bla suite de (?:cet article|ce contenu)|"
    r"\bidentifiez-vous pour\b|\bconnectez-vous pour (?:lire|continuer)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_SHARE = 0.5


def is_notice(texts: Sequence[str]) -> bool:
    """Return whether some blocks of text are a notice on cookies and nothing else.

    >>> is_notice(["We and our partners use cookies.", "Accept all", "Privacy settings"])
    True
    """
    return _are_about(_CONSENT, texts)


def is_offer(texts: Sequence[str]) -> bool:
    """Return whether some blocks of text only ask to subscribe or to sign in."""
    return _are_about(_PAYWALL, texts)


def ends_at_paywall(texts: Sequence[str]) -> bool:
    """Return whether one of the blocks at the end of an article tells that the rest is for subscribers.

    >>> ends_at_paywall(["Zeltan buys Orvane for 2 billion.", "Subscribe to continue reading."])
    True
    """
    return any(_PAYWALL.search(text) and len(text) < _SHOWN // 4 for text in texts)


def _are_about(words: re.Pattern[str], texts: Sequence[str]) -> bool:
    sentences = [each for text in texts for each in _SENTENCE.split(text) if each.strip()]
    length = sum(map(len, sentences))
    about = sum(len(each) for each in sentences if words.search(each))
    return 0 < length <= _SHOWN and about >= _SHARE * length
