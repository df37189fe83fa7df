package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.binary;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.AttentionOperators;
import io.toroid.op.Call;
import io.toroid.op.TensorType;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attention, as one kernel that keeps the scores to itself. */
final class LowerAttention {

    private LowerAttention() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.scaled_dot_product_attention.default", LowerAttention::attention);
    }

    private static void attention(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        Tensor query = arguments.tensor("query");
        Buffer result = lowering.result(call, 0);
        List<Symbol> variables = Lowering.variables("d", result.shape());
        List<Size> indices = Lowering.indices(variables);
        Symbol position = Symbol.variable("p", arguments.tensor("key").size(-2));
        Buffer sums = lowering.temporary("attention", new TensorType(result.dtype(), result.shape()));
        Loop.Epilogue epilogue = new Loop.Epilogue(
                variables, List.of(new Loop.Store(result, indices, new Scalar.Load(sums, indices))));
        lowering.add(new Loop.Attention(
                heads(query, lowering), heads(arguments.tensor("key"), lowering), heads(arguments.tensor("value"), lowering),
                query.size(-1), AttentionOperators.scale(arguments), position,
                mask(arguments, lowering, variables, position), sums, epilogue, Loop.Origins.of(call)));
    }

    private static Loop.Heads heads(Tensor operand, Lowering lowering) {
        return Loop.Heads.of(lowering.buffer(operand));
    }

    private static Optional<Scalar> mask(
            Arguments arguments, Lowering lowering, List<Symbol> variables, Symbol position) {
        Size query = index(variables.get(2));
        Size key = index(position);
        if (arguments.flag("is_causal")) {
            DType dtype = arguments.tensor("query").dtype();
            Scalar seen = binary(BinaryOperation.LESS_EQUAL, new Scalar.Index(key), new Scalar.Index(query));
            return Optional.of(new Scalar.Select(
                    seen, Scalar.literal(dtype, 0.0), Scalar.literal(dtype, Double.NEGATIVE_INFINITY)));
        }
        return arguments.optionalTensor("attn_mask").map(mask -> lowering.loadBroadcast(
                mask, List.of(index(variables.get(0)), index(variables.get(1)), query, key)));
    }

    private static Size index(Symbol variable) {
        return Lowering.indices(List.of(variable)).getFirst();
    }
}
