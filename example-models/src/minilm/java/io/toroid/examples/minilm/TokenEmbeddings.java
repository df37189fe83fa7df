package io.toroid.examples.minilm;

import io.toroid.Name;
import io.toroid.Tensor;
import io.toroid.nn.Embedding;
import io.toroid.nn.Layer;
import io.toroid.nn.LayerNorm;
import io.toroid.shape.Size;

/** What a token is and where it stands. The model knows two types of tokens, of which a single sentence has the first. */
final class TokenEmbeddings implements Layer {

    private static final int VOCABULARY = 30522;

    private static final int TYPES = 2;

    @Name("word_embeddings")
    private final Embedding words = new Embedding(VOCABULARY, MiniLm.WIDTH);

    @Name("position_embeddings")
    private final Embedding positions = new Embedding(MiniLm.POSITIONS, MiniLm.WIDTH);

    @Name("token_type_embeddings")
    private final Embedding types = new Embedding(TYPES, MiniLm.WIDTH);

    @Name("LayerNorm")
    private final LayerNorm norm = new LayerNorm(MiniLm.WIDTH, 1e-12);

    /** {@code i64[batch, tokens] -> f32[batch, tokens, 384]}. */
    @Override
    public Tensor apply(Tensor ids) {
        Tensor places = positions.weight.slice(0, Size.ZERO, ids.size(1)).add(types.weight.select(0, 0));
        return norm.apply(words.apply(ids).add(places));
    }
}
