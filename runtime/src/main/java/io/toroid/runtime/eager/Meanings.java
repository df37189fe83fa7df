package io.toroid.runtime.eager;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.op.CustomOperator;
import io.toroid.op.Operator;
import io.toroid.op.TensorData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The meaning of every operator, by its qualified name. There is one class of them for each family of operators; a new
 * operator is one line there.
 */
final class Meanings {

    private static final Meanings ALL = new Meanings();

    static {
        UnaryMeanings.addTo(ALL);
        BinaryMeanings.addTo(ALL);
        TernaryMeanings.addTo(ALL);
        ActivationMeanings.addTo(ALL);
        ComparisonMeanings.addTo(ALL);
        ConditionalMeanings.addTo(ALL);
        ReductionMeanings.addTo(ALL);
        NormMeanings.addTo(ALL);
        ScanMeanings.addTo(ALL);
        SortingMeanings.addTo(ALL);
        ScatterMeanings.addTo(ALL);
        HistogramMeanings.addTo(ALL);
        NormalizationMeanings.addTo(ALL);
        MatrixMeanings.addTo(ALL);
        AttentionMeanings.addTo(ALL);
        ConvolutionMeanings.addTo(ALL);
        PoolingMeanings.addTo(ALL);
        ResamplingMeanings.addTo(ALL);
        LossMeanings.addTo(ALL);
        ViewMeanings.addTo(ALL);
        RearrangingMeanings.addTo(ALL);
        StridedMeanings.addTo(ALL);
        PaddingMeanings.addTo(ALL);
        JoiningMeanings.addTo(ALL);
        IndexingMeanings.addTo(ALL);
        DataSizedMeanings.addTo(ALL);
        CreationMeanings.addTo(ALL);
        RandomMeanings.addTo(ALL);
        ControlMeanings.addTo(ALL);
    }

    private final Map<String, Meaning> byName = new HashMap<>();

    private Meanings() {
    }

    /** Of an ATen operator, such as {@code add.Tensor}; without an overload its default one. */
    void add(String name, Meaning.Single meaning) {
        addAll(name, call -> List.of(meaning.of(call)));
    }

    /** Of an operator with several results. */
    void addAll(String name, Meaning meaning) {
        put("aten." + (name.contains(".") ? name : name + ".default"), meaning);
    }

    /** Of an operator that is not one of ATen's, by its qualified name. */
    void put(String qualified, Meaning meaning) {
        if (byName.put(qualified, meaning) != null) {
            throw new IllegalStateException(qualified + " has two meanings");
        }
    }

    static Meaning of(Operator operator) {
        if (operator.custom().isPresent()) {
            return call -> ofAuthor(operator.custom().get(), call);
        }
        Meaning meaning = ALL.byName.get(operator.name());
        if (meaning == null) {
            throw new IllegalArgumentException("the operator %s has no eager meaning".formatted(operator.name()));
        }
        return meaning;
    }

    /** What an author's operator throws is a mistake on the line that calls it. */
    private static List<TensorData> ofAuthor(CustomOperator operator, Invocation call) {
        try {
            return operator.evaluate(call.arguments().withTensors(tensor -> Tensor.constant(call.values().apply(tensor))), call.results());
        } catch (TensorException e) {
            throw e;
        } catch (RuntimeException e) {
            TensorException mistake = new TensorException(Kind.VALUE, operator.title() + ": " + e, call.position().get());
            mistake.initCause(e);
            throw mistake;
        }
    }

    /** Qualified names of all operators that have one. */
    static Set<String> names() {
        return ALL.byName.keySet();
    }
}
