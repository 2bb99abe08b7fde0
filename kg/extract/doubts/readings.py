"""What the rules read otherwise in the sentences that the paragraph's model quotes for a tie.

The words of a sentence mostly tie two names in one way, and the rules know which words did: on marked passages a third
of what the model says beyond that of the same two names is right. And where the rules tie each end to somebody else,
the model may have crossed two pairs: "X bought Y, and Z bought W". In a text that a company files, whoever a sentence
leaves unnamed is the filer or nobody.
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from kg.extract.proposal import Proposal
from kg.extract.read_sentence import ReadSentence
from kg.ontology import ontology
from kg.reasons import Reason

__all__ = ["doubts"]

_RULES, _PARAGRAPH = "rules", "paragraph"
_SHARES = ("percent", "percent_min", "percent_max")
_LIST = 3
"""Items from which on a list is no pair: an agreement "between X and Y" may be one for X to supply Y."""
_FOLLOWS = frozenset({("invests-in", "holds-stake")})
"""Relations that follow from another: who puts money into a company mostly gets a share of it."""


def doubts(view: ReadSentence, proposals: Sequence[Proposal]) -> Iterator[Reason]:
    """Yield what speaks against a tie of the paragraph's model.

    DISAGREEMENT for another tie of names that the rules tie, where they tie each of them to others, where they read its
    share as that of another, and where both stand in one list, in which what is said of one is said of the other;
    REFERENCE where the sentence that tells it leaves an end unnamed that is not the filer.
    """
    said = view.proposal
    if not said.method.startswith(_PARAGRAPH):
        return
    names = frozenset({said.subject.name, view.object.name})
    rules = [one for one in proposals if one.method.startswith(_RULES) and one.evidence[0] in set(said.evidence)]
    read = [(_ends(one), one.relation) for one in rules if one.object is not None]
    others = [relation for ends, relation in read if ends == names and relation != said.relation]
    differs = any((relation, said.relation) not in _FOLLOWS for relation in others)
    crosses = not others and all(any(name in ends for ends, _ in read) for name in names)
    if differs or crosses or _are_listed(view) or any(_takes_a_figure(one, said) for one in rules):
        yield Reason.DISAGREEMENT
    if any(_is_left_out(name, view) for name in names):
        yield Reason.REFERENCE


def _ends(proposal: Proposal) -> frozenset[str]:
    return frozenset({proposal.subject.name, "" if proposal.object is None else proposal.object.name})


def _are_listed(view: ReadSentence) -> bool:
    """Whether both ends are items of one list, and the tie has a direction: "an investor in X, Y and Z"."""
    if ontology().relation(view.proposal.relation).symmetric:
        return False
    roots = [view.root(end) for end in (view.proposal.subject, view.object)]
    lists = [set() if root is None else _list_of(root) for root in roots]
    return len(lists[0] | lists[1]) >= _LIST and bool(lists[0] & lists[1])


def _list_of(root: Token) -> set[int]:
    """The places of the words that a list joins with another, itself among them."""
    first = root
    while first.dep_ == "conj":
        first = first.head
    found, rest = set(), [first]
    while rest:
        found.add((word := rest.pop()).i)
        rest += [child for child in word.children if child.dep_ == "conj"]
    return found


def _takes_a_figure(rule: Proposal, said: Proposal) -> bool:
    """Whether a rule has read a share as another holder's: that of "Ann Smith's Zeltan owns 17%" is Zeltan's."""
    places = {rule.printed[name] for name in _SHARES if name in rule.printed}
    shared = places & {said.printed[name] for name in _SHARES if name in said.printed}
    return bool(shared) and rule.relation == said.relation and _ends(rule) != _ends(said)


def _is_left_out(name: str, view: ReadSentence) -> bool:
    filer = view.parsed.text.filer
    named = {mention.name for mention in view.sentence.mentions}
    return view.parsed.is_filed and name not in named and (filer is None or name != filer.name)
