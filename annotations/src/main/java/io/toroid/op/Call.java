package io.toroid.op;

import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One application of an operator. Its results are tensors that refer to it by index; it is never changed.
 */
public final class Call implements Origin {

    private static final AtomicLong CREATED = new AtomicLong();

    private final Operator operator;
    private final Arguments arguments;
    private final List<TensorType> types;
    private final Source source;
    private final ShapeEnvironment environment;
    /** Computed when asked for. */
    private Set<Symbol> dataSizes;
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
        this.environment = environment(arguments, types);
    }

    private static ShapeEnvironment environment(Arguments arguments, List<TensorType> types) {
        return Stream.concat(arguments.operands().stream().flatMap(operand -> operand.environment().stream()),
                types.stream().flatMap(type -> type.shape().environment().stream())).findFirst().orElse(null);
    }

    /** The trace's; empty if it depends on no input and no dynamic size. */
    public Optional<ShapeEnvironment> environment() {
        return Optional.ofNullable(environment);
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

    /** The sizes depending on data that must be known before it runs: those in its types, its arguments and what it runs. */
    public Set<Symbol> dataSizes() {
        if (dataSizes == null) {
            Set<Symbol> found = new LinkedHashSet<>();
            types.forEach(type -> type.shape().sizes().forEach(size -> DataSizes.in(size).forEach(found::add)));
            for (Argument argument : arguments.values()) {
                switch (argument) {
                    case Argument.OfInt(Size size) -> DataSizes.in(size).forEach(found::add);
                    case Argument.OfInts(List<Size> sizes) -> sizes.forEach(size -> DataSizes.in(size).forEach(found::add));
                    case Argument.OfBody(Body body) -> found.addAll(body.outerSizes());
                    case Argument.OfTensor _, Argument.OfTensors _, Argument.OfOptionalTensors _, Argument.OfFloat _, Argument.OfFloats _, Argument.OfBool _, Argument.OfString _,
                         Argument.OfDType _, Argument.None _ -> { }
                }
            }
            dataSizes = Collections.unmodifiableSet(found);
        }
        return dataSizes;
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
