"""Putting the 4-bit word embeddings of a packed file into an exported graph as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qabot.errors import EncoderError
from training.encoder_file import BLOCK, PackedModel, Quantised


def pack_words(graph: Path, packed: PackedModel, kept: NDArray[np.intp]) -> None:
    """Replace the float word embeddings of `graph`, those of the pieces `kept`, by the file's own 4-bit weights.

    The source has no more than 4 bits of each, so int8 would take twice the space and add an error of its own. The
    operator is GatherBlockQuantized of onnxruntime (com.microsoft, on CPUs since 1.19): it looks up the rows and
    multiplies each block of 32 levels by its float16 scale.

    Raises:
        EncoderError: the graph does not look up its ids as was expected.
    """
    import onnx  # noqa: PLC0415
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

    words = packed.tensors["emb.word"]
    if not isinstance(words, Quantised):
        raise EncoderError("The word embeddings of the file are not 4-bit")
    width = packed.shape.width
    levels = words.levels.reshape(packed.shape.words, width)[kept]
    scales = words.scales.reshape(packed.shape.words, width // BLOCK)[kept]

    model = onnx.load(str(graph))
    place, lookup = _lookup(model)
    table = next(tensor for tensor in model.graph.initializer if tensor.name == lookup.input[0])
    if list(table.dims) != [len(kept), width]:
        raise EncoderError(f"The word embeddings of the graph are of the shape {list(table.dims)}")
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


def _two_a_byte(levels: NDArray[np.int8]) -> bytes:
    """Rows of int4 as ONNX packs them: two's complement, the earlier one in the low half."""
    halves = levels.view(np.uint8) & 15
    return bytes((halves[:, 0::2] | halves[:, 1::2] << 4).astype(np.uint8).tobytes())


def _lookup(model: Any) -> tuple[int, Any]:
    for place, node in enumerate(model.graph.node):
        if node.op_type == "Gather" and node.input[1] == "input_ids":
            return place, node
    raise EncoderError("The graph has no look-up of its ids")
