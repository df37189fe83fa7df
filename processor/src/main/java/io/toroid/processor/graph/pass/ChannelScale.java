package io.toroid.processor.graph.pass;

import io.toroid.Tensor;
import io.toroid.op.Arguments;

/**
 * Inference batch norm as one multiplication and one addition for each channel:
 * {@code factor = weight / sqrt(var + eps)}, {@code offset = bias - mean * factor}.
 */
record ChannelScale(Tensor factor, Tensor offset) {

    /** From the arguments of {@code _native_batch_norm_legit_no_training}. */
    static ChannelScale of(Arguments arguments) {
        Tensor inverse = arguments.tensor("running_var").add(arguments.number("eps")).rsqrt();
        Tensor factor = arguments.optionalTensor("weight").map(inverse::mul).orElse(inverse);
        Tensor shift = arguments.tensor("running_mean").mul(factor);
        Tensor offset = arguments.optionalTensor("bias").map(bias -> bias.sub(shift)).orElseGet(shift::neg);
        return new ChannelScale(factor, offset);
    }
}
