"""Putting word embeddings that were 4-bit into an exported graph as such again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qabot.errors import EncoderError
from training.encoder_file import BLOCK

_LOWEST = -8
"""The level of the greatest weight of a block, with which its scale has the opposite sign: so GGML's Q4_0 has it."""


def pack_words(graph: Path) -> bool:
    """Replace the float word embeddings of `graph` by 4-bit levels and scales, if that loses nothing; say whether.

    A source of 4 bits has no more of each weight, so int8 would take twice the space and add an error of its own. The
    operator is GatherBlockQuantized of onnxruntime (com.microsoft, on CPUs since 1.19): it looks up the rows and
    multiplies each block of 32 levels by its float16 scale.

    Raises:
        EncoderError: the graph does not look up its ids as was expected.
    """
    import onnx  # noqa: PLC0415
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

    model = onnx.load(str(graph))
    place, lookup = _lookup(model)
    table = next(tensor for tensor in model.graph.initializer if tensor.name == lookup.input[0])
    packed = to_blocks(numpy_helper.to_array(table))
    if packed is None:
        return False
    levels, scales = packed
    model.graph.initializer.remove(table)
    model.graph.initializer.extend(
        [
            helper.make_tensor("word_levels", TensorProto.INT4, levels.shape, _two_a_byte(levels), raw=True),
            numpy_helper.from_array(scales, "word_scales"),
        ]
    )
    gather = helper.make_node(
        "GatherBlockQuantized",
        ["word_levels", "input_ids", "word_scales"],
        ["word_rows"],
        domain="com.microsoft",
        block_size=BLOCK,
        gather_axis=0,
        quantize_axis=1,
    )
    cast = helper.make_node("Cast", ["word_rows"], [lookup.output[0]], to=TensorProto.FLOAT)
    model.graph.node.remove(lookup)
    model.graph.node.insert(place, cast)
    model.graph.node.insert(place, gather)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    graph.write_bytes(model.SerializeToString())
    return True


def to_blocks(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float16]] | None:
    """The levels, of the shape of `weights`, and the scales of their blocks of 32, shape (rows, blocks); None if the
    product is not exactly `weights`.

    Args:
        weights: shape (rows, width).
    """
    rows, width = weights.shape
    if width % BLOCK:
        return None
    blocks = weights.reshape(rows, -1, BLOCK)
    greatest = np.take_along_axis(blocks, np.abs(blocks).argmax(2)[..., np.newaxis], 2)
    scales = (greatest / _LOWEST).astype(np.float16)
    wide = scales.astype(np.float32)
    levels = np.rint(np.divide(blocks, wide, out=np.zeros_like(blocks), where=wide != 0))
    if not np.array_equal(levels * wide, blocks):
        return None
    return levels.astype(np.int8).reshape(rows, width), scales[..., 0]


def _two_a_byte(levels: NDArray[np.int8]) -> bytes:
    """Rows of int4 as ONNX packs them: two's complement, the earlier one in the low half."""
    halves = levels.view(np.uint8) & 15
    return bytes((halves[:, 0::2] | halves[:, 1::2] << 4).astype(np.uint8).tobytes())


def _lookup(model: Any) -> tuple[int, Any]:
    for place, node in enumerate(model.graph.node):
        if node.op_type == "Gather" and node.input[1] == "input_ids":
            return place, node
    raise EncoderError("The graph has no look-up of its ids")
