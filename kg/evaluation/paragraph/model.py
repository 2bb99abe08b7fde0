"""The model of the paragraph as it is fitted, in PyTorch: the encoder, and the heads over its states.

`kg.extract.paragraph.network` says what it is and runs what is fitted here; the names of weights are those that it
looks for, and in the encoder those that BERT's have. Words' own vectors and the first layers
are not fitted further.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from kg.evaluation.paragraph.examples import Example
from kg.extract.paragraph.network import KINDS, MODALITIES, RELATIONS, ROLES
from kg.extract.paragraph.pieces import MARKERS

__all__ = ["HEADS", "HEAD_WIDTH", "LAYERS", "LOOKED", "WIDTH", "Encoder", "Judged", "Paragraph"]

WIDTH, LAYERS, HEADS, HEAD_WIDTH = 384, 12, 12, 32
"""Of the encoder: numbers in a state, layers, heads of attention in a layer, numbers in each."""
LOOKED = 2
"""The last layers, whose attention tells what a pair looks at."""

_INNER, _PLACES, _TYPES, _BLOCK, _HIDDEN = 1536, 512, 2, 32, 128
_EPSILON = 1e-12
_DROPPED = 0.1
"""Share of words that are hidden from the encoder in fitting, of what its blocks add and of what the heads see."""
_MARKER_SPREAD = 0.05
_KEPT = 3
"""The first layers, which stay as they came, as the words' vectors do: what a language looks like is known there."""
_STEP = 32
"""Windows are filled up to a multiple of so many pieces: each new length has to be compiled for."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model says of a window's pairs, and what further heads need of them.

    `scores` has a column for the threshold, then one a relation; `looks` is how much each piece matters to a pair.
    """

    scores: Any
    looks: Any
    context: Any
    subject: Any
    object: Any
    crossed: Any
    states: Any
    kinds: Any


def _norm(width: int = WIDTH) -> Any:
    return nn.LayerNorm(width, eps=_EPSILON)


def _layer() -> Any:
    attention = nn.ModuleDict({name: nn.Linear(WIDTH, WIDTH) for name in ("query", "key", "value")})
    told = nn.ModuleDict({"dense": nn.Linear(WIDTH, WIDTH), "LayerNorm": _norm()})
    return nn.ModuleDict(
        {
            "attention": nn.ModuleDict({"self": attention, "output": told}),
            "intermediate": nn.ModuleDict({"dense": nn.Linear(WIDTH, _INNER)}),
            "output": nn.ModuleDict({"dense": nn.Linear(_INNER, WIDTH), "LayerNorm": _norm()}),
        }
    )


def _added(block: Any, before: Any, after: Any, *, fitting: bool) -> Any:
    """What a block adds to the states, which stay in 32 bits: sums of 16 lose what a layer adds."""
    norm = block["LayerNorm"]
    told = functional.dropout(block["dense"](after), _DROPPED, fitting).float()
    return functional.layer_norm(before + told, (WIDTH,), norm.weight, norm.bias, _EPSILON)


class Encoder(nn.Module):
    """BERT's encoder (Devlin et al., NAACL 2019), which also tells how much each piece attends to each other."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.embeddings = nn.ModuleDict(
            {
                "word_embeddings": nn.Embedding(pieces, WIDTH),
                "position_embeddings": nn.Embedding(_PLACES, WIDTH),
                "token_type_embeddings": nn.Embedding(_TYPES, WIDTH),
                "LayerNorm": _norm(),
            }
        )
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(_layer() for _ in range(LAYERS))})
        for part in (self.embeddings, *self.encoder["layer"][:_KEPT]):
            part.requires_grad_(requires_grad=False)

    def words(self, ids: Any) -> Any:
        """Return the vectors of pieces."""
        return self.embeddings["word_embeddings"](ids)

    def forward(self, vectors: Any, held: Any) -> tuple[Any, Any]:
        """Return states and attention, of vectors of which some (`held`) stand for pieces, the others for nothing."""
        places = self.embeddings["position_embeddings"].weight[: vectors.shape[1]]
        types = self.embeddings["token_type_embeddings"].weight[0]
        states = self.embeddings["LayerNorm"](vectors + places + types)
        away = torch.zeros(len(vectors), 1, 1, vectors.shape[1]).masked_fill(~held[:, None, None, :], -1e4)
        if self.training:
            away = away.bfloat16()
        attention = 0
        for number, layer in enumerate(self.encoder["layer"]):
            looked = number >= LAYERS - LOOKED
            weights, told = self._attended(layer["attention"], states, away, exact=looked)
            attention = attention + weights.mean(1) / LOOKED if looked else attention
            states = _added(layer["attention"]["output"], states, told, fitting=self.training)
            inner = functional.gelu(layer["intermediate"]["dense"](states))
            states = _added(layer["output"], states, inner, fitting=self.training)
        return states, attention

    @staticmethod
    def _attended(block: Any, states: Any, away: Any, *, exact: bool) -> tuple[Any, Any]:
        """The weights of attention, in 32 bits where `exact`, and what they gather."""
        sizes = *states.shape[:2], HEADS, HEAD_WIDTH
        query, key, value = (
            block["self"][name](states).view(sizes).transpose(1, 2) for name in ("query", "key", "value")
        )
        scores = query @ key.transpose(-1, -2)
        if exact:
            scores, away = scores.float(), away.float()
        weights = torch.softmax(scores / HEAD_WIDTH**0.5 + away, -1, dtype=scores.dtype)
        return weights, (weights.to(value.dtype) @ value).transpose(1, 2).flatten(2)


class Paragraph(nn.Module):
    """The encoder, markers' vectors and the heads."""

    def __init__(self, pieces: int, unknown: int) -> None:
        super().__init__()
        self.pieces, self.unknown = pieces, unknown
        self.enc = Encoder(pieces)
        self.mk = nn.Parameter(torch.randn(len(MARKERS), WIDTH) * _MARKER_SPREAD)
        self.hs, self.ho = nn.Linear(2 * WIDTH, WIDTH), nn.Linear(2 * WIDTH, WIDTH)
        self.lns, self.lno = nn.LayerNorm(2 * WIDTH), nn.LayerNorm(2 * WIDTH)
        self.bi = nn.Linear(WIDTH * _BLOCK, 1 + len(RELATIONS))
        self.mo, self.mr = nn.Linear(WIDTH * _BLOCK, _HIDDEN), nn.Embedding(len(RELATIONS), _HIDDEN)
        self.mout = nn.Linear(_HIDDEN, len(MODALITIES))
        self.tp, self.tr = nn.Linear(4 * WIDTH, _HIDDEN), nn.Embedding(len(RELATIONS), _HIDDEN)
        self.tf, self.lnt = nn.Linear(2 * WIDTH, _HIDDEN), nn.LayerNorm(WIDTH)
        self.tout = nn.Linear(_HIDDEN, len(ROLES))
        self.lnk, self.kind = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, len(KINDS))
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, batch: Sequence[Example]) -> list[Judged]:
        """Judge all pairs of some windows."""
        states, attention = self._encoded(batch)
        return [self._judged(one, states[at], attention[at]) for at, one in enumerate(batch)]

    def _encoded(self, batch: Sequence[Example]) -> tuple[Any, Any]:
        rows = [torch.tensor(one.ids) for one in batch]
        # What fills up the shorter rows is never looked at: any piece will do.
        ids = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=self.unknown)
        ids = functional.pad(ids, (0, -ids.shape[1] % _STEP), value=self.unknown)
        held = torch.arange(ids.shape[1]) < torch.tensor([len(row) for row in rows])[:, None]
        marker = ids - self.pieces
        vectors = self.enc.words(ids.clamp(max=self.pieces - 1))
        if self.training:
            hidden = (torch.rand(ids.shape) < _DROPPED) & (marker < 0)
            vectors = torch.where(hidden[..., None], self.enc.words(torch.tensor(self.unknown)), vectors)
        vectors = torch.where((marker >= 0)[..., None], self.mk[marker.clamp(min=0)], vectors)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training):
            states, attention = self.enc(vectors, held)
        return states, attention

    def _judged(self, one: Example, states: Any, attention: Any) -> Judged:
        # One step for all names, instead of one each, which is slow to go back through.
        most = max(map(len, one.names))
        places = torch.tensor([[*own, *own[:1] * (most - len(own))] for own in one.names])
        counts = torch.tensor([len(own) for own in one.names])
        there = torch.arange(most) < counts[:, None]
        whole = torch.logsumexp(states[places].masked_fill(~there[..., None], -1e9), 1)
        shares = torch.zeros(len(one.names), len(states)).scatter_add_(1, places, there.float()) / counts[:, None]
        looks = shares @ attention
        first, second = torch.tensor(one.pairs).T
        shared = looks[first] * looks[second]
        shared = shared / (shared.sum(1, keepdim=True) + 1e-9)
        context = shared @ states
        subject = self.drop(torch.tanh(self.hs(self.lns(torch.cat([whole[first], context], 1)))))
        object_ = self.drop(torch.tanh(self.ho(self.lno(torch.cat([whole[second], context], 1)))))
        blocks = len(one.pairs), WIDTH // _BLOCK, _BLOCK
        crossed = (subject.view(blocks)[..., None] * object_.view(blocks)[:, :, None]).flatten(1)
        kinds = self.kind(self.lnk(whole - torch.log(counts[:, None])))
        return Judged(self.bi(crossed), shared, context, subject, object_, crossed, states, kinds)

    def modalities(self, judged: Judged, pairs: Sequence[int], relations: Sequence[int]) -> Any:
        """Return scores of the modalities of some pairs in some relations."""
        told = torch.tensor(relations)
        return self.mout(torch.tanh(self.mo(judged.crossed[list(pairs)]) + self.mr(told)))

    def roles(self, judged: Judged, places: Sequence[int], asked: Sequence[tuple[int, int, int]]) -> Any:
        """Return scores of the roles of figures, which stand at `places`: of a pair, a relation and a figure each."""
        pairs, relations, figures = torch.tensor(asked).T
        states = self.lnt(judged.states[list(places)])[figures]
        context = self.lnt(judged.context[pairs])
        tie = torch.cat([judged.subject[pairs], judged.object[pairs], context, states], 1)
        one = torch.tanh(self.tp(tie) + self.tr(relations))
        two = torch.tanh(self.tf(torch.cat([states, context * states], 1)))
        return self.tout(one * two + one)
