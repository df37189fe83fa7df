package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.binary;
import static io.toroid.processor.loop.Scalar.convert;

import io.toroid.DType;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.Scalar;
import java.util.Map;

/** Operators that make values from nothing. */
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
    }
}
