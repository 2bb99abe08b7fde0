"""Write what the reader runs of a fit: ``python -m kg.evaluation.paragraph.export --fit DIR --out DIR``.

The encoder goes to ONNX with weights of 8 bits, one scale an output; words' vectors keep the 4 bits that they came
with; the heads, which the reader computes with numpy, are written in 16 bits. ``made.json`` says what it was made of.
"""

import argparse
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kg.evaluation.paragraph.fit import STATE
from kg.evaluation.paragraph.model import HEAD_WIDTH, HEADS, LAYERS, LOOKED, WIDTH
from kg.evaluation.paragraph.sources import digest, recorded, scripts, versions
from kg.evaluation.paragraph.vocabulary import PIECES

__all__ = ["encoder", "heads", "main"]

Array = NDArray[np.float32]

_EPSILON, _OPSET, _IR = 1e-12, 20, 9
_BLOCK, _SMALL = 32, 4_000
"""Numbers that share a scale at 4 bits; arrays of no more numbers stay at 32 bits."""


def main() -> None:
    """Write encoder.onnx, heads.npz, pieces.model and made.json."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fit", type=Path, required=True, help="folder that the fit was made in")
    parser.add_argument("--out", type=Path, required=True, help="folder of the reader's weights")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    state = torch.load(options.fit / STATE, weights_only=True)
    mean = {name.removeprefix("module."): values for name, values in state["mean"].items() if name != "n_averaged"}
    weights = {name: values.float().numpy() for name, values in mean.items()}
    onnx.save(encoder(weights), options.out / "encoder.onnx")
    np.savez(options.out / "heads.npz", allow_pickle=False, **heads(weights))
    shutil.copyfile(options.fit / PIECES, options.out / PIECES)
    made = {
        "fit": {**state["made_of"], "done": state["epoch"]},
        "figures": state["figures"],
        "libraries": versions(),
        "files": {name: digest(options.out / name) for name in ("encoder.onnx", "heads.npz", PIECES)},
        "scripts": scripts(),
        "data": recorded(options.fit),
    }
    (options.out / "made.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


class _Graph:
    """An ONNX graph that is written node by node, with the weights that it holds."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.held: list[Any] = []

    def hold(self, values: NDArray[Any]) -> str:
        """Hold an array; return its name."""
        name = f"w{len(self.held)}"
        self.held.append(numpy_helper.from_array(values, name))
        return name

    def step(self, kind: str, inputs: Sequence[str], *outputs: str, **attributes: Any) -> str:
        """Compute something of what was computed before; return the name of what comes out."""
        named = outputs or (f"t{len(self.nodes)}",)
        self.nodes.append(helper.make_node(kind, inputs, named, **attributes))
        return named[0]

    def dense(self, told: str, *names: str) -> str:
        """Weigh values by one layer or several side by side, of weights of 8 bits with one scale an output."""
        weight = np.concatenate([self.weights[f"{name}.weight"].T for name in names], 1)
        scale = np.abs(weight).max(0) / 127
        scale[scale == 0] = 1
        packed = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
        zero = np.zeros(len(scale), np.int8)
        inputs = [self.hold(packed), self.hold(scale.astype(np.float32)), self.hold(zero)]
        wide = self.step("DequantizeLinear", inputs, axis=1)
        bias = self.hold(np.concatenate([self.weights[f"{name}.bias"] for name in names]))
        return self.step("Add", [self.step("MatMul", [told, wide]), bias])

    def norm(self, told: str, name: str) -> str:
        """Norm values."""
        held = [self.hold(self.weights[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self.step("LayerNormalization", [told, *held], axis=-1, epsilon=_EPSILON)

    def attended(self, states: str, name: str) -> tuple[str, str]:
        """Return the weights of a layer's attention, and what they gather."""
        split = self.hold(np.array([0, 0, 3 * HEADS, HEAD_WIDTH], np.int64))
        joined = self.hold(np.array([0, 0, WIDTH], np.int64))
        scale = self.hold(np.array(1 / HEAD_WIDTH**0.5, np.float32))
        parts = self.dense(states, *(f"{name}.self.{part}" for part in ("query", "key", "value")))
        heads_ = self.step("Transpose", [self.step("Reshape", [parts, split])], perm=[0, 2, 1, 3])
        query, key, value = (f"{part}{len(self.nodes)}" for part in ("query", "key", "value"))
        self.step("Split", [heads_], query, key, value, axis=1, num_outputs=3)
        turned = self.step("Transpose", [key], perm=[0, 1, 3, 2])
        scores = self.step("Mul", [self.step("MatMul", [query, turned]), scale])
        weights = self.step("Softmax", [scores], axis=-1)
        told = self.step("Transpose", [self.step("MatMul", [weights, value])], perm=[0, 2, 1, 3])
        return weights, self.step("Reshape", [told, joined])

    def layer(self, states: str, name: str) -> tuple[str, str]:
        """Return the states behind a layer, and its attention."""
        weights, told = self.attended(states, f"{name}.attention")
        added = self.step("Add", [states, self.dense(told, f"{name}.attention.output.dense")])
        states = self.norm(added, f"{name}.attention.output.LayerNorm")
        inner = self.step("Gelu", [self.dense(states, f"{name}.intermediate.dense")])
        added = self.step("Add", [states, self.dense(inner, f"{name}.output.dense")])
        return self.norm(added, f"{name}.output.LayerNorm"), weights


def encoder(weights: Mapping[str, Array]) -> Any:
    """Return the encoder as an ONNX model: embeddings in, states out, and the attention of the last layers."""
    graph = _Graph(weights)
    states = graph.norm("embeddings", "enc.embeddings.LayerNorm")
    looked: list[str] = []
    for number in range(LAYERS):
        states, attention = graph.layer(states, f"enc.encoder.layer.{number}")
        looked.append(attention)
    graph.step("Identity", [states], "states")
    both = graph.step("Concat", looked[-LOOKED:], axis=1)
    graph.step("ReduceMean", [both, graph.hold(np.array([1], np.int64))], "attention", keepdims=0)
    given, told, seen = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "length", last])
        for name, last in (("embeddings", WIDTH), ("states", WIDTH), ("attention", "length"))
    )
    made = helper.make_graph(graph.nodes, "paragraph", [given], [told, seen], graph.held)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    onnx.checker.check_model(model)
    return model


def heads(weights: Mapping[str, Array]) -> dict[str, NDArray[Any]]:
    """Return what is computed outside of the encoder: the vectors of pieces and places, markers, heads."""
    packed, scales = _packed(weights["enc.embeddings.word_embeddings.weight"])
    places = weights["enc.embeddings.position_embeddings.weight"]
    kind = weights["enc.embeddings.token_type_embeddings.weight"][0]
    told = {"pieces": packed, "piece_scales": scales, "positions": (places + kind).astype(np.float16)}
    own = {name: values for name, values in weights.items() if not name.startswith("enc.")}
    return told | {name: v.astype(np.float16) if v.size > _SMALL else v for name, v in own.items()}


def _packed(vectors: Array) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Vectors at 4 bits, in blocks with a scale each: exact for vectors that were packed so before."""
    blocks = vectors.reshape(len(vectors), -1, _BLOCK)
    most = np.take_along_axis(blocks, np.abs(blocks).argmax(2)[..., None], 2)[..., 0]
    scales = (most / -8).astype(np.float16)
    wide = scales.astype(np.float32)
    inverse = np.where(wide == 0, 0, 1 / np.where(wide == 0, 1, wide))
    levels = np.clip(np.rint(blocks * inverse[..., None]) + 8, 0, 15).astype(np.uint8)
    half = _BLOCK // 2
    return (levels[..., :half] | (levels[..., half:] << 4)).reshape(len(vectors), -1), scales


if __name__ == "__main__":
    main()
