package io.toroid.examples.minilm;

import io.toroid.Name;
import io.toroid.Tensor;
import io.toroid.nn.LayerNorm;
import io.toroid.nn.Linear;
import io.toroid.nn.MultiHeadAttention;
import io.toroid.op.Attention;

/** Attention, then a network for each token by itself; each is added to what came in and normalized. */
final class TransformerLayer {

    private static final int HEADS = 12;

    private static final int INTERMEDIATE = 1536;

    private final MultiHeadAttention attention = new MultiHeadAttention(MiniLm.WIDTH, HEADS);

    @Name("attention.output.LayerNorm")
    private final LayerNorm attentionNorm = new LayerNorm(MiniLm.WIDTH, 1e-12);

    @Name("intermediate.dense")
    private final Linear intermediate = new Linear(MiniLm.WIDTH, INTERMEDIATE);

    @Name("output.dense")
    private final Linear output = new Linear(INTERMEDIATE, MiniLm.WIDTH);

    @Name("output.LayerNorm")
    private final LayerNorm outputNorm = new LayerNorm(MiniLm.WIDTH, 1e-12);

    /** {@code f32[batch, tokens, 384] -> f32[batch, tokens, 384]}. */
    Tensor apply(Tensor hidden, Attention options) {
        Tensor attended = attentionNorm.apply(attention.apply(hidden, options).add(hidden));
        return outputNorm.apply(output.apply(intermediate.apply(attended).gelu()).add(attended));
    }
}
