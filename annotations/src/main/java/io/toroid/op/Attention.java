package io.toroid.op;

import io.toroid.Tensor;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Options of scaled dot-product attention: {@code Attention.DEFAULT.mask(mask).scale(0.125)}.
 *
 * @param mask broadcasts to {@code [..., queries, keys]}: booleans say which keys a query sees, numbers are added to the
 *     scores before the softmax
 * @param causal whether a query sees the keys up to its own position only; takes no mask besides
 * @param scale factor of the scores; by default {@code 1 / sqrt(width)}
 */
public record Attention(Optional<Tensor> mask, boolean causal, OptionalDouble scale) {

    /** Every query sees every key. */
    public static final Attention DEFAULT = new Attention(Optional.empty(), false, OptionalDouble.empty());

    public Attention mask(Tensor mask) {
        return new Attention(Optional.of(mask), causal, scale);
    }

    public Attention causal(boolean causal) {
        return new Attention(mask, causal, scale);
    }

    public Attention scale(double scale) {
        return new Attention(mask, causal, OptionalDouble.of(scale));
    }
}
