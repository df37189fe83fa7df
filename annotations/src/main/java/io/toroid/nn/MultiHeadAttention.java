package io.toroid.nn;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.op.Attention;

/**
 * Attention by several heads, each over its share of the width:
 * {@code [batch, queries, width] -> [batch, queries, width]}. Its parameters are those of four linear layers of
 * {@code width} to {@code width}: {@code query}, {@code key}, {@code value} and {@code output}.
 */
public final class MultiHeadAttention implements Layer {

    public final Linear query;
    public final Linear key;
    public final Linear value;
    public final Linear output;

    private final long heads;

    public MultiHeadAttention(long width, long heads) {
        Checks.positive("MultiHeadAttention", "width", width);
        Checks.positive("MultiHeadAttention", "heads", heads);
        if (width % heads != 0) {
            throw new TensorException(Kind.ARGUMENT,
                    "MultiHeadAttention: a width of %d does not divide into %d heads".formatted(width, heads));
        }
        this.query = new Linear(width, width);
        this.key = new Linear(width, width);
        this.value = new Linear(width, width);
        this.output = new Linear(width, width);
        this.heads = heads;
    }

    /** Every position attends to every position. */
    @Override
    public Tensor apply(Tensor input) {
        return apply(input, Attention.DEFAULT);
    }

    /** Positions attend to each other as the options say: a mask of keys is {@code bool[batch, 1, 1, positions]}. */
    public Tensor apply(Tensor input, Attention options) {
        return apply(input, input, options);
    }

    /**
     * The positions of {@code input} attend to those of {@code memory}.
     *
     * @param options a mask broadcasts to {@code [batch, heads, queries, keys]}
     */
    public Tensor apply(Tensor input, Tensor memory, Attention options) {
        requireBatch(input);
        requireBatch(memory);
        Tensor attended = split(query.apply(input))
                .scaledDotProductAttention(split(key.apply(memory)), split(value.apply(memory)), options);
        return output.apply(attended.transpose(1, 2).flatten(2));
    }

    /** {@code [batch, positions, width] -> [batch, heads, positions, width of a head]}. */
    private Tensor split(Tensor projected) {
        return projected.unflatten(-1, heads, -1).transpose(1, 2);
    }

    private static void requireBatch(Tensor tensor) {
        if (tensor.dim() != 3) {
            throw new TensorException(Kind.SHAPE,
                    "MultiHeadAttention: input must be [batch, positions, width], not %s".formatted(tensor.type()));
        }
    }
}
