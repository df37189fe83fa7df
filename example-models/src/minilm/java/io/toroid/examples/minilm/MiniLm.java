package io.toroid.examples.minilm;

import io.toroid.DType;
import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Name;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.op.Attention;
import java.util.List;
import java.util.stream.Stream;

/**
 * all-MiniLM-L6-v2: a BERT of six layers, whose mean over the words of a sentence, scaled to length 1, places sentences
 * of like meaning close to each other. Sentences of one call are padded to the longest; the mask is 1 at words and 0 at
 * padding.
 *
 * @see <a href="https://arxiv.org/abs/1908.10084">Sentence-BERT</a>
 */
@Model(weights = "all-minilm-l6-v2.onnx", names = MiniLmWeights.class)
@Dim(name = "batch", max = 64)
@Dim(name = "tokens", max = MiniLm.POSITIONS)
public class MiniLm {

    /** Length of an embedding. */
    public static final int WIDTH = 384;

    /** The longest sentence, in tokens. */
    public static final int POSITIONS = 512;

    private static final int LAYERS = 6;

    private final TokenEmbeddings embeddings = new TokenEmbeddings();

    @Name("encoder.layer")
    private final List<TransformerLayer> layers = Stream.generate(TransformerLayer::new).limit(LAYERS).toList();

    /** The embedding of each sentence, {@code [batch, 384]}. */
    @Entry
    public Tensor embed(@Spec("i64[batch, tokens]") Tensor ids, @Spec("i64[batch, tokens]") Tensor mask) {
        Tensor words = mask.to(DType.F32).unsqueeze(-1);
        Tensor sum = hidden(ids, mask).mul(words).sum(1);
        Tensor mean = sum.div(words.sum(1).clampMin(1e-9));
        Tensor length = mean.square().sum(-1, /* keepDims= */ true).sqrt();
        return mean.div(length.clampMin(1e-12));
    }

    /** The last hidden state of each token, {@code [batch, tokens, 384]}. */
    @Entry
    public Tensor hidden(@Spec("i64[batch, tokens]") Tensor ids, @Spec("i64[batch, tokens]") Tensor mask) {
        Attention words = Attention.DEFAULT.mask(mask.ne(0).unsqueeze(1).unsqueeze(1));
        Tensor hidden = embeddings.apply(ids);
        for (TransformerLayer layer : layers) {
            hidden = layer.apply(hidden, words);
        }
        return hidden;
    }
}
