package io.toroid.examples.minilm;

import io.toroid.WeightNames;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the published ONNX file keeps the weights. Its exporter turned the matrices of the linear layers round and
 * numbered them as it came by; all else has BERT's names, in which the parts of the attention are called a little
 * otherwise than here.
 */
final class MiniLmWeights implements WeightNames {

    private static final Pattern MATRIX = Pattern.compile("encoder\\.layer\\.(\\d+)\\.(.+)\\.weight");

    /** The numbers of the first layer's matrices, of which each further layer's are {@link #LAYER} larger. */
    private static final Map<String, Integer> NUMBERS = Map.of(
            "attention.query", 787,
            "attention.key", 788,
            "attention.value", 791,
            "attention.output", 797,
            "intermediate.dense", 798,
            "output.dense", 799);

    private static final int LAYER = 13;

    @Override
    public Stored find(String parameter) {
        Matcher matrix = MATRIX.matcher(parameter);
        if (matrix.matches() && NUMBERS.containsKey(matrix.group(2))) {
            int number = NUMBERS.get(matrix.group(2)) + LAYER * Integer.parseInt(matrix.group(1));
            return Stored.transposed("onnx::MatMul_" + number);
        }
        return Stored.as(parameter
                .replaceFirst("attention\\.(query|key|value)\\.", "attention.self.$1.")
                .replace("attention.output.bias", "attention.output.dense.bias"));
    }

    /** The numbers from 0 to 511, which the exporter stored too. */
    @Override
    public boolean isSpare(String stored) {
        return stored.equals("embeddings.position_ids");
    }
}
