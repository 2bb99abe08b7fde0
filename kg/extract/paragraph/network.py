"""The paragraph model: an encoder that reads a window whole, and what is worked out from its states.

Each ordered pair of names gets the states at their markers and the context that both attend to, and from these a score
for each relation against a threshold of its own (Zhou et al., "Document-Level Relation Extraction with Adaptive
Thresholding and Localized Context Pooling", AAAI 2021); where both attend is the evidence (Ma et al., "DREEAM", EACL
2023). Further heads tell the modality of a tie, the figures that belong to it, and what a name is.

The encoder is multilingual-e5-small (Wang et al., 2024; MIT), fitted further, with 8-bit weights, run by onnxruntime;
arithmetic is in 32 bits, so that machines agree.
"""

import functools
import hashlib
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import MissingExtra, OntologyError
from kg.extract.paragraph.pieces import Encoded
from kg.model import Modality
from kg.ontology import damaged, path, state

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from sentencepiece import SentencePieceProcessor

__all__ = [
    "ENCODER",
    "FLOOR",
    "HEADS",
    "KINDS",
    "MODALITIES",
    "RELATIONS",
    "ROLES",
    "Array",
    "Ends",
    "Network",
    "Pairs",
    "crossed",
    "encoder_hash",
    "network",
]

Array = NDArray[np.float32]

RELATIONS = (
    *("invests-in", "holds-stake", "acquires", "merges-with", "subsidiary-of"),
    *("supplies", "competes-with", "partners-with", "lends-to", "revenue-share-from"),
)
"""The relations, in the order of the model's outputs."""
KINDS = (
    *("Company", "Organisation", "PublicBody", "Person", "Product", "Programme", "Place"),
    *("Exchange", "Agency", "Other"),
)
"""What a name can be told to be, in the order of the model's outputs."""
MODALITIES = (
    *(Modality.ASSERTED, Modality.PAST, Modality.ANNOUNCED, Modality.PLANNED, Modality.ENDED),
    *(Modality.ENDED, Modality.HEDGED, Modality.DENIED, Modality.CONDITIONAL),
)
"""The modalities, in the order of the model's outputs: it tells what ended from what never came about."""
ROLES = ("none", "amount", "percent", "quantity", "duration", "start", "end", "as_of")
"""What a figure can be to a tie, in the order of the model's outputs."""
FLOOR = -2.0
"""The score from which a tie's modality and terms are worked out."""

HEADS, ENCODER = "weights/paragraph/heads.npz", "weights/paragraph/encoder.onnx"
"""The weights: of what is worked out from the encoder's states, and of the encoder."""
_PIECES = "weights/paragraph/pieces.model"
_SHAPES = {"bi.weight": (len(RELATIONS) + 1, 32 * 384), "bi.bias": (len(RELATIONS) + 1,)}
_LAYERS = ("hs", "ho", "lns", "lno", "bi", "mo", "mout", "tp", "tf", "lnt", "tout", "lnk", "kind")
_TABLES = ("mk", "positions", "pieces", "piece_scales", "mr.weight", "tr.weight")
"""What the heads hold: layers, each with a weight and a bias, and tables."""
_PLACES = 2
"""Decimals that are kept of what the model says: machines differ behind the fifth, and seldom round otherwise."""
_FITTED_OVER = "encoder"
"""In heads that were made later than their encoder (kg train): its hash."""

_BLOCK = 32
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Pairs:
    """What the model says of a window's pairs of names.

    `scores` holds for each pair a score for each relation: above 0 it is likelier than not. `found` names the pairs and
    relations above the floor, `attention` how much each piece of the window matters to them, `modalities` and `roles`
    (by figure) their probabilities; `kinds` are the probabilities of each name's kinds.
    """

    names: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    scores: Array
    found: tuple[tuple[int, int], ...]
    attention: Array
    modalities: Array
    figures: tuple[int, ...]
    roles: Array
    kinds: Array


@dataclass(frozen=True, slots=True)
class Ends:
    """What the relations of a window's ordered pairs of names are told from: what is known of each one's two ends."""

    pairs: tuple[tuple[int, int], ...]
    subject: Array
    object: Array


@dataclass(frozen=True, slots=True)
class Network:
    """The model's weights, ready to be run."""

    session: "InferenceSession"
    model: "SentencePieceProcessor"
    weights: Mapping[str, NDArray[Any]]

    def states(self, ids: Sequence[int]) -> tuple[Array, Array]:
        """Return the state at each piece, and how much each attends to each other."""
        told = self.session.run(None, {"embeddings": self._embedded(np.asarray(ids))[None]})
        return told[0][0], told[1][0]

    def _embedded(self, ids: NDArray[np.int64]) -> Array:
        """The vectors of pieces and markers, with those of their places."""
        packed, scales = self.weights["pieces"], self.weights["piece_scales"]
        marked = ids >= len(packed)
        rows = np.where(marked, 0, ids)
        blocks = packed[rows].reshape(len(ids), -1, _BLOCK // 2)
        both = np.concatenate([blocks & 15, blocks >> 4], axis=2).astype(np.float32) - 8
        words = (both * scales[rows].astype(np.float32)[..., None]).reshape(len(ids), -1)
        markers = self.weights["mk"][np.where(marked, ids - len(packed), 0)]
        vectors: Array = np.where(marked[:, None], markers, words) + self.weights["positions"][: len(ids)]
        return vectors.astype(np.float32)

    def pairs(self, encoded: Encoded, names: Mapping[int, Sequence[int]], figures: Mapping[int, int]) -> Pairs:
        """Judge all ordered pairs of names; `names` gives the places of each one's markers, `figures` those of each.

        `encoded` is the window.
        """
        states, whole, parts = self._parts(encoded, names)
        order = tuple(sorted(names))
        scores = _even(np.concatenate([part.scores for part in parts]))
        counts = np.array([[len(names[name])] for name in order], np.float32)
        kinds = _softmax(self._line("kind", _normed(whole - np.log(counts), *self._norm("lnk"))))
        held = [(at, kind, part, place) for at, part in enumerate(parts) for place, kind in part.found]
        places = tuple(figures.values())
        modalities = [self._modality(part, place, kind) for _, kind, part, place in held]
        roles = [self._roles(part, place, kind, states[list(places)]) for _, kind, part, place in held]
        return Pairs(
            order,
            tuple((order[i], order[j]) for part in parts for i, j in part.ends),
            scores,
            tuple((at * _AT_ONCE + place, kind) for at, kind, _, place in held),
            _stacked([part.looks[place] for _, _, part, place in held], len(states)),
            _even(_stacked(modalities, len(MODALITIES))),
            tuple(figures),
            _even(_stacked(roles, len(places), len(ROLES))),
            _even(kinds),
        )

    def ends(self, encoded: Encoded, names: Mapping[int, Sequence[int]]) -> Ends:
        """Return what the relations of all ordered pairs of names are told from (`crossed`), as in `pairs`."""
        _, _, parts = self._parts(encoded, names)
        order = tuple(sorted(names))
        return Ends(
            tuple((order[i], order[j]) for part in parts for i, j in part.ends),
            np.concatenate([part.subject for part in parts]),
            np.concatenate([part.object for part in parts]),
        )

    def _parts(self, encoded: Encoded, names: Mapping[int, Sequence[int]]) -> tuple[Array, Array, Sequence["_Judged"]]:
        """The states of a window, what each name is as a whole, and the pairs of names, some at a time."""
        states, attention = self.states(encoded.ids)
        order = tuple(sorted(names))
        whole = np.stack([_log_sum_exp(states[list(names[name])]) for name in order])
        looks = np.stack([attention[list(names[name])].mean(0) for name in order])
        ends = [(i, j) for i in range(len(order)) for j in range(len(order)) if i != j]
        places = range(0, len(ends), _AT_ONCE)
        return states, whole, [self._judged(ends[at : at + _AT_ONCE], whole, looks, states) for at in places]

    def _judged(self, ends: Sequence[tuple[int, int]], whole: Array, looks: Array, states: Array) -> "_Judged":
        first, second = (np.array(side) for side in zip(*ends, strict=True))
        shared = looks[first] * looks[second]
        shared /= shared.sum(1, keepdims=True) + 1e-9
        context = shared @ states
        subject = np.tanh(self._line("hs", _normed(np.concatenate([whole[first], context], 1), *self._norm("lns"))))
        object_ = np.tanh(self._line("ho", _normed(np.concatenate([whole[second], context], 1), *self._norm("lno"))))
        pairs = crossed(subject, object_)
        told = self._line("bi", pairs)
        scores = told[:, 1:] - told[:, :1]
        found = tuple((int(place), int(kind)) for place, kind in zip(*np.where(_even(scores) > FLOOR), strict=True))
        # The products of a pair are many numbers: those of pairs above the floor are needed again.
        kept = {place: pairs[place] for place, _ in found}
        return _Judged(tuple(ends), scores, found, shared, context, subject, object_, kept)

    def _modality(self, part: "_Judged", place: int, kind: int) -> Array:
        hidden = np.tanh(self._line("mo", part.crossed[place][None]) + self.weights["mr.weight"][kind])
        told: Array = _softmax(self._line("mout", hidden))[0]
        return told

    def _roles(self, part: "_Judged", place: int, kind: int, figures: Array) -> Array:
        if not len(figures):
            return np.zeros((0, len(ROLES)), np.float32)
        each = np.ones((len(figures), 1), np.float32)
        norm = self._norm("lnt")
        context, states = _normed(part.context[place][None], *norm), _normed(figures, *norm)
        tie = [part.subject[place] * each, part.object[place] * each, context * each, states]
        one = np.tanh(self._line("tp", np.concatenate(tie, 1)) + self.weights["tr.weight"][kind])
        two = np.tanh(self._line("tf", np.concatenate([states, context * states], 1)))
        return _softmax(self._line("tout", one * two + one))

    def _line(self, name: str, values: Array) -> Array:
        told: Array = values @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return told

    def _norm(self, name: str) -> tuple[Array, Array]:
        weight: Array = self.weights[f"{name}.weight"]
        bias: Array = self.weights[f"{name}.bias"]
        return weight, bias


@dataclass(frozen=True, slots=True)
class _Judged:
    """Some pairs, with what further heads need of them."""

    ends: tuple[tuple[int, int], ...]
    scores: Array
    found: tuple[tuple[int, int], ...]
    looks: Array
    context: Array
    subject: Array
    object: Array
    crossed: Mapping[int, Array]


def _even(values: Array) -> Array:
    """Values without the decimals in which machines differ."""
    told: Array = np.round(values, _PLACES)
    return told


def _stacked(rows: Sequence[Array], *shape: int) -> Array:
    """Rows as one array; where there are none, it has no row of that shape."""
    told: Array = np.stack(rows) if rows else np.zeros((0, *shape), np.float32)
    return told


def crossed(subject: Array, object_: Array) -> Array:
    """Return for each pair the products of what is known of its ends, block by block: the layer `bi` weighs them."""
    told: Array = subject.reshape(len(subject), -1, _BLOCK, 1) * object_.reshape(len(subject), -1, 1, _BLOCK)
    return told.reshape(len(subject), -1)


def _log_sum_exp(states: Array) -> Array:
    top = states.max(0)
    told: Array = top + np.log(np.exp(states - top).sum(0))
    return told


def _softmax(values: Array) -> Array:
    raised = np.exp(values - values.max(-1, keepdims=True))
    told: Array = raised / raised.sum(-1, keepdims=True)
    return told


def _normed(values: Array, weight: Array, bias: Array) -> Array:
    centred = values - values.mean(-1, keepdims=True)
    told: Array = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * weight + bias
    return told


def network() -> Network:
    """Return the model, loaded once in a process; raise `MissingExtra` where what runs it is absent."""
    session, model = _encoder(state(ENCODER), state(_PIECES))
    return Network(session, model, _heads(state(HEADS)))


@functools.lru_cache(maxsize=1)
def _encoder(*_: object) -> tuple["InferenceSession", "SentencePieceProcessor"]:
    try:
        import onnxruntime
        from sentencepiece import SentencePieceProcessor
    except ImportError as error:
        raise MissingExtra("reading text needs onnxruntime and sentencepiece: pip install 'kg[read]'") from error
    options: Any = onnxruntime.SessionOptions()
    # Builds read in as many processes as there are cores.
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    encoder, pieces = str(path(ENCODER)), str(path(_PIECES))
    try:
        session = onnxruntime.InferenceSession(encoder, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no class in common
        raise damaged(ENCODER, error) from error
    try:
        return session, SentencePieceProcessor(model_file=pieces)
    except (OSError, RuntimeError) as error:
        raise damaged(_PIECES, error) from error


@functools.lru_cache(maxsize=2)
def _heads(_: object) -> Mapping[str, Array]:
    try:
        with path(HEADS).open("rb") as file, np.load(file, allow_pickle=False) as held:
            over = str(held[_FITTED_OVER]) if _FITTED_OVER in held.files else None
            weights = {name: _wide(name, held[name]) for name in held.files if name != _FITTED_OVER}
        _check_shapes(weights)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise damaged(HEADS, error) from error
    if over is not None and over != encoder_hash():
        raise OntologyError(
            f"the weights {path(HEADS)} were made with another version of kg: run kg train again, with no KG_WEIGHTS"
        )
    return weights


def _check_shapes(weights: Mapping[str, Array]) -> None:
    for name in (*_TABLES, *(f"{layer}.{part}" for layer in _LAYERS for part in ("weight", "bias"))):
        if name not in weights:
            raise ValueError(f"{name} is not among them")
    for name, shape in _SHAPES.items():
        if weights[name].shape != shape:
            raise ValueError(f"{name} is of another shape")


def encoder_hash() -> str:
    """Return the hash of the encoder: heads that were made over one fit no other."""
    return hashlib.sha256(path(ENCODER).read_bytes()).hexdigest()


def _wide(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """Weights as they are computed with; the pieces' own are widened row by row."""
    return values if name.startswith("piece") else values.astype(np.float32)
