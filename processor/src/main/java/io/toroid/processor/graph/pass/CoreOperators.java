package io.toroid.processor.graph.pass;

import io.toroid.op.Call;
import io.toroid.op.Operator;
import java.util.Set;

/**
 * The operators that remain after {@link Decompose}: each has a lowering to loops, nothing else needs one.
 *
 * <p>Canonical forms on which the lowering may rely: dimension numbers are not negative; reductions name all their
 * dimensions; {@code alpha} of an addition or subtraction is 1; {@code _to_copy} has only a {@code dtype}; attention is
 * over {@code [batch, heads, tokens, width]}, with a scale and a mask of four dimensions to add, if any.
 * Pointwise operators still broadcast and promote.
 */
public final class CoreOperators {

    private static final Set<String> POINTWISE = Set.of(
            "aten.exp.default", "aten.expm1.default", "aten.log.default", "aten.log1p.default", "aten.sqrt.default",
            "aten.rsqrt.default", "aten.reciprocal.default", "aten.sin.default", "aten.cos.default", "aten.tanh.default",
            "aten.tan.default", "aten.asin.default", "aten.acos.default", "aten.atan.default", "aten.sinh.default",
            "aten.cosh.default", "aten.asinh.default", "aten.acosh.default", "aten.atanh.default", "aten.exp2.default",
            "aten.log2.default", "aten.log10.default", "aten.erfc.default", "aten.erfinv.default", "aten.lgamma.default",
            "aten.digamma.default", "aten.sigmoid.default", "aten.erf.default", "aten.neg.default", "aten.abs.default", "aten.relu.default",
            "aten.sign.default", "aten.floor.default", "aten.ceil.default", "aten.round.default", "aten.trunc.default",
            "aten.logical_not.default", "aten.bitwise_not.default", "aten.isnan.default", "aten._to_copy.default",
            "aten.add.Tensor", "aten.add.Scalar", "aten.sub.Tensor", "aten.sub.Scalar", "aten.mul.Tensor",
            "aten.mul.Scalar", "aten.div.Tensor", "aten.div.Scalar", "aten.div.Tensor_mode", "aten.div.Scalar_mode",
            "aten.pow.Tensor_Tensor", "aten.pow.Tensor_Scalar", "aten.pow.Scalar", "aten.maximum.default", "aten.minimum.default",
            "aten.remainder.Tensor", "aten.remainder.Scalar", "aten.fmod.Tensor", "aten.fmod.Scalar", "aten.atan2.default",
            "aten.copysign.Tensor", "aten.bitwise_and.Tensor", "aten.bitwise_or.Tensor",
            "aten.bitwise_xor.Tensor", "aten.bitwise_and.Scalar", "aten.bitwise_or.Scalar", "aten.bitwise_xor.Scalar",
            "aten.eq.Tensor", "aten.ne.Tensor", "aten.lt.Tensor", "aten.le.Tensor",
            "aten.gt.Tensor", "aten.ge.Tensor", "aten.eq.Scalar", "aten.ne.Scalar", "aten.lt.Scalar", "aten.le.Scalar",
            "aten.gt.Scalar", "aten.ge.Scalar", "aten.logical_and.default", "aten.logical_or.default",
            "aten.logical_xor.default", "aten.where.self", "aten.clamp.default",
            "toroid.philox.default");

    private static final Set<String> REDUCTIONS = Set.of(
            "aten.sum.dim_IntList", "aten.prod.dim_int", "aten.amax.default", "aten.amin.default", "aten.argmax.default",
            "aten.argmin.default", "aten.var_mean.correction", "toroid.amax_of_any.default");

    private static final Set<String> VIEWS = Set.of(
            "aten.view.default", "aten.permute.default", "aten.expand.default", "aten.slice.Tensor", "aten.select.int");

    private static final Set<String> CREATIONS = Set.of("aten.full.default", "aten.arange.start_step");

    private static final Set<String> DATA_MOVEMENT = Set.of(
            "aten.cat.default", "aten.embedding.default", "aten.index_select.default", "aten.gather.default",
            "aten.index.Tensor", "aten.as_strided.default",
            "aten.flip.default", "aten.roll.default", "aten.unfold.default", "aten.diagonal.default",
            "aten.im2col.default", "aten.diag_embed.default", "aten.constant_pad_nd.default", "aten.reflection_pad1d.default",
            "aten.reflection_pad2d.default", "aten.reflection_pad3d.default", "aten.replication_pad1d.default",
            "aten.replication_pad2d.default", "aten.replication_pad3d.default");

    private static final Set<String> TEMPLATES = Set.of(
            "aten.mm.default", "aten.bmm.default", "aten.addmm.default", "aten.linear.default",
            "toroid.cond.default", "toroid.while_loop.default", "aten.convolution.default", "aten.scaled_dot_product_attention.default", "aten.max_pool2d_with_indices.default", "aten.avg_pool2d.default",
            "aten._adaptive_avg_pool2d.default", "aten.max_pool3d_with_indices.default", "aten.avg_pool3d.default",
            "aten._adaptive_avg_pool3d.default", "aten.adaptive_max_pool2d.default", "aten.adaptive_max_pool3d.default");

    /** Calls of functions in headers. */
    private static final Set<String> EXTERNS = Set.of(
            "aten.view.dtype", "aten.cumsum.default", "aten.cumprod.default", "aten.cummax.default", "aten.cummin.default",
            "aten.logcumsumexp.default", "aten.sort.default", "aten.sort.stable", "aten.topk.default",
            "aten.kthvalue.default", "aten.median.dim", "aten.mode.default", "aten.scatter.src", "aten.scatter.value",
            "aten.scatter_reduce.two", "aten.index_add.default", "aten.index_copy.default", "aten.index_fill.int_Scalar",
            "aten.index_put.default", "aten.masked_scatter.default", "aten.searchsorted.Tensor", "aten.bincount.default", "aten.histc.default",
            "aten._embedding_bag_forward_only.default", "aten.nonzero.default", "aten.masked_select.default",
            "aten.repeat_interleave.Tensor", "toroid.order_rows.default");

    private CoreOperators() {
    }

    public static boolean contains(Operator operator) {
        String name = operator.name();
        return operator.custom().isPresent() || POINTWISE.contains(name) || REDUCTIONS.contains(name) || VIEWS.contains(name)
                || CREATIONS.contains(name) || DATA_MOVEMENT.contains(name) || TEMPLATES.contains(name) || EXTERNS.contains(name);
    }

    /** One element of the result from one element of each operand, after broadcasting. */
    public static boolean isPointwise(Operator operator) {
        return POINTWISE.contains(operator.name());
    }

    /** Elements of the operand under other indices: an index expression, no work of its own. */
    public static boolean isView(Operator operator) {
        return VIEWS.contains(operator.name());
    }

    /** Values from the arguments alone, each from its index: no memory of its own. */
    public static boolean isCreation(Operator operator) {
        return CREATIONS.contains(operator.name());
    }

    /** Worth a kernel of its own: products, convolutions, pooling. */
    public static boolean isTemplate(Operator operator) {
        return TEMPLATES.contains(operator.name());
    }

    /** Whether a call only looks at its operand. */
    static boolean isView(Call call) {
        return isView(call.operator());
    }
}
