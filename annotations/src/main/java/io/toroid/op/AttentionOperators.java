package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;

/** Attention: means of values, weighted by how well their keys match a query. */
public final class AttentionOperators {

    /**
     * {@code softmax(query x key^T * scale + mask) x value}:
     * {@code [..., n, d], [..., m, d], [..., m, e] -> [..., n, e]}, with the same outer sizes. A query that sees no key
     * gets zeros.
     */
    public static final Operator SCALED_DOT_PRODUCT_ATTENTION = Operator.define(
            "aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, "
                    + "float dropout_p=0.0, bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor",
            AttentionOperators::attention);

    private AttentionOperators() {
    }

    public static Tensor attention(Tensor query, Tensor key, Tensor value, Attention options) {
        return SCALED_DOT_PRODUCT_ATTENTION.call(query, key, value, options.mask().orElse(null), /* dropout= */ 0.0,
                options.causal(), options.scale().isPresent() ? options.scale().getAsDouble() : null);
    }

    /** The factor of the scores that a call asks for. */
    public static double scale(Arguments arguments) {
        return arguments.isPresent("scale") ? arguments.number("scale")
                : 1 / Math.sqrt(arguments.tensor("query").size(-1).constant());
    }

    private static List<TensorType> attention(Arguments arguments) {
        checkOptions(arguments);
        Tensor query = arguments.tensor("query");
        Tensor key = arguments.tensor("key");
        Tensor value = arguments.tensor("value");
        for (String operand : List.of("query", "key", "value")) {
            Rules.accept(arguments, operand, Accepts.FLOATING);
            checkOperand(arguments, operand, query);
        }
        Rules.requireEqual(arguments, query.size(-1), key.size(-1),
                () -> "queries and keys must have the same width, but query is %s and key is %s".formatted(query.type(), key.type()));
        Rules.requireEqual(arguments, key.size(-2), value.size(-2),
                () -> "there must be one value for each key, but key is %s and value is %s".formatted(key.type(), value.type()));
        if (!arguments.isPresent("scale") && !query.size(-1).isConstant()) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the width of the queries, %s in %s, is dynamic, so the scale must be given"
                    .formatted(query.size(-1), query.type()));
        }
        arguments.optionalTensor("attn_mask").ifPresent(mask -> checkMask(arguments, mask, scores(query, key)));
        return Rules.result(query.dtype(), query.shape().with(-1, value.size(-1)));
    }

    private static void checkOptions(Arguments arguments) {
        if (arguments.number("dropout_p") != 0) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "dropout_p must be 0, not %s: models are compiled for inference".formatted(arguments.number("dropout_p")));
        }
        if (arguments.flag("enable_gqa")) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "enable_gqa is not offered; repeat the heads of key and value with unsqueeze, expand and flatten");
        }
        if (arguments.flag("is_causal") && arguments.isPresent("attn_mask")) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "it is either causal or has a mask; make the mask causal too, or leave it out");
        }
    }

    private static void checkOperand(Arguments arguments, String name, Tensor query) {
        Tensor operand = arguments.tensor(name);
        if (operand.dim() < 2) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s must be [..., positions, width], not %s".formatted(name, operand.type()));
        }
        if (operand.dtype() != query.dtype()) {
            throw Rules.mistake(Kind.DTYPE, arguments, "%s must have the element type of query, but they are %s and %s; convert one with .to(DType.%s)"
                    .formatted(name, operand.type(), query.type(), query.dtype().promote(operand.dtype()).name()));
        }
        if (operand.dim() != query.dim()) {
            throw Rules.mistake(Kind.SHAPE, arguments, outerSizes(name, operand, query));
        }
        for (int axis = -query.dim(); axis < -2; axis++) {
            Rules.requireEqual(arguments, query.size(axis), operand.size(axis), () -> outerSizes(name, operand, query));
        }
    }

    private static String outerSizes(String name, Tensor operand, Tensor query) {
        return "query and %s must agree in all but the last two sizes, but they are %s and %s; expand one"
                .formatted(name, query.type(), operand.type());
    }

    private static Shape scores(Tensor query, Tensor key) {
        return query.shape().with(-1, key.size(-2));
    }

    private static void checkMask(Arguments arguments, Tensor mask, Shape scores) {
        if (mask.dtype() != DType.BOOL && mask.dtype() != arguments.tensor("query").dtype()) {
            throw Rules.mistake(Kind.DTYPE, arguments, ("attn_mask must be bool, or added to the scores as %s, not %s; "
                    + "make it bool with .ne(0)").formatted(arguments.tensor("query").dtype(), mask.type()));
        }
        if (mask.dim() > scores.rank()) {
            throw Rules.mistake(Kind.SHAPE, arguments, maskSizes(mask, scores));
        }
        for (int axis = -mask.dim(); axis < 0; axis++) {
            Size size = mask.size(axis);
            if (!size.equals(Size.ONE)) {
                Rules.requireEqual(arguments, size, scores.get(axis), () -> maskSizes(mask, scores));
            }
        }
    }

    private static String maskSizes(Tensor mask, Shape scores) {
        return "attn_mask %s does not broadcast to the scores %s, [..., queries, keys]; a mask of keys alone is [batch, 1, 1, keys]"
                .formatted(mask.type(), scores);
    }
}
