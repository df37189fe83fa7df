package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.binary;
import static io.toroid.processor.loop.Scalar.convert;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Operators that make values from nothing, and those that look values up by index. */
final class LowerCreation {

    private LowerCreation() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.full.default", (call, lowering) -> lowering.pointwise(call, 0, _ ->
                Lowering.scalar(call.arguments().get("fill_value"), call.types().getFirst().dtype())));
        rules.put("aten.full_like.default", rules.get("aten.full.default"));
        rules.put("aten.arange.start_step", (call, lowering) -> lowering.pointwise(call, 0, at -> {
            DType dtype = call.types().getFirst().dtype();
            Scalar index = convert(dtype, new Scalar.Index(at.getFirst()));
            return binary(BinaryOperation.ADD,
                    Lowering.scalar(call.arguments().get("start"), dtype),
                    binary(BinaryOperation.MULTIPLY, index, Lowering.scalar(call.arguments().get("step"), dtype)));
        }));
        rules.put("aten.embedding.default", (call, lowering) -> lowering.pointwise(call, 0, at -> {
            Tensor indices = call.arguments().tensor("indices");
            Scalar row = convert(DType.I64, lowering.load(indices, at.subList(0, at.size() - 1)));
            List<Size> place = new ArrayList<>(List.of(Size.ZERO, at.getLast()));
            return new Scalar.Gather(
                    lowering.buffer(call.arguments().tensor("weight")), place, /* axis= */ 0, row, "embedding");
        }));
    }
}
