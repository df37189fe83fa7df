package io.toroid.op;

import io.toroid.SourcePosition;
import io.toroid.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * One application of an operator. Its results are tensors that refer to it by index; it is never changed.
 */
public final class Call implements Origin {

    private static final AtomicLong CREATED = new AtomicLong();

    private final Operator operator;
    private final Arguments arguments;
    private final List<TensorType> types;
    private final Source source;
    private final long number = CREATED.incrementAndGet();

    /**
     * What the model's author wrote for which a call stands. A rewrite that puts other operators in the place of a call
     * keeps it, so that generated code can speak of what was written.
     *
     * @param operator name of the operator that was called, such as {@code native_layer_norm}
     * @param position the line
     */
    public record Source(String operator, SourcePosition position) {
    }

    Call(Operator operator, Arguments arguments, List<TensorType> types, Source source) {
        this.operator = operator;
        this.arguments = arguments;
        this.types = List.copyOf(types);
        this.source = source;
    }

    /** The number of the latest call. */
    static long created() {
        return CREATED.get();
    }

    /** Later calls have larger ones. */
    long number() {
        return number;
    }

    public Operator operator() {
        return operator;
    }

    public Arguments arguments() {
        return arguments;
    }

    /** Types of the results. */
    public List<TensorType> types() {
        return types;
    }

    /** What the author called; another operator than this one if this came of a rewrite. */
    public Source source() {
        return source;
    }

    public SourcePosition position() {
        return source.position();
    }

    /** The results as tensors. */
    public List<Tensor> results() {
        return IntStream.range(0, types.size()).mapToObj(index -> Tensor.result(this, index)).toList();
    }

    @Override
    public String toString() {
        return operator.name() + " at " + source.position();
    }
}
