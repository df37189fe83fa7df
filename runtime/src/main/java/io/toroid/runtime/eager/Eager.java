package io.toroid.runtime.eager;

import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Evaluator;
import io.toroid.op.Operator;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.op.Updates;
import io.toroid.runtime.weights.WeightSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Runs a model's own Java code on values, one operator at a time, in plain Java: to step through it in a debugger, to
 * test it, and to compare its compiled self with it.
 *
 * <pre>{@code
 * DigitsMlp model = new DigitsMlp();
 * Eager eager = Eager.of(model, weights);
 * Tensor logits = model.classify(eager.tensor(pixels, 1, 64));
 * float[] values = logits.data().floats();
 * }</pre>
 *
 * <p>It is the oracle of the compiler and shares no code with it: every operator is a simple loop, floats are computed
 * in {@code double} and rounded once. It is thread-safe and never changes; a tensor that depends on the weights alone is
 * computed once. What an entry {@linkplain Tensor#updating updates} can be asked of its results: {@link #after} is the
 * evaluator for the next call, and {@link #updated} what an input holds. An entry that is called as a Java method takes
 * whatever its operators take: types and ranges of its annotations are checked by {@link #run} and by the compiled model.
 */
public final class Eager implements Evaluator {

    private final Map<Parameter, TensorData> parameters;
    /** What was computed from constants and parameters; forgotten with the call. */
    private final Map<Call, List<TensorData>> computed = Collections.synchronizedMap(new WeakHashMap<>());

    private Eager(Map<Parameter, TensorData> parameters) {
        this.parameters = parameters;
    }

    /** For expressions without parameters. */
    public static Eager of() {
        return new Eager(Map.of());
    }

    /**
     * With the parameters of a model, found by their names. The values are copied: the source may be closed.
     *
     * @throws TensorException if weights are missing or of another type, with all of them listed
     */
    public static Eager of(Object model, WeightSource weights) {
        return new Eager(BoundWeights.bind(model, weights.names(), name -> weights.get(name).values()));
    }

    /**
     * With the parameters of a model, found by their names.
     *
     * @throws TensorException if weights are missing or of another type, with all of them listed
     */
    public static Eager of(Object model, Map<String, TensorData> weights) {
        return new Eager(BoundWeights.bind(model, weights.keySet(), weights::get));
    }

    // ---- tensors with values

    /** {@code f32} of the given sizes, row-major; not copied. */
    public Tensor tensor(float[] values, long... sizes) {
        return tensor(TensorData.of(values, sizes));
    }

    /** {@code f64} of the given sizes, row-major; not copied. */
    public Tensor tensor(double[] values, long... sizes) {
        return tensor(TensorData.of(values, sizes));
    }

    /** {@code i64} of the given sizes, row-major; not copied. */
    public Tensor tensor(long[] values, long... sizes) {
        return tensor(TensorData.of(values, sizes));
    }

    /** {@code i32} of the given sizes, row-major; not copied. */
    public Tensor tensor(int[] values, long... sizes) {
        return tensor(TensorData.of(values, sizes));
    }

    /** {@code bool} of the given sizes, row-major; not copied. */
    public Tensor tensor(boolean[] values, long... sizes) {
        return tensor(TensorData.of(values, sizes));
    }

    /** A tensor that holds the values; operators on it run at once. */
    public Tensor tensor(TensorData data) {
        return Tensor.evaluated(data, this);
    }

    // ---- what calls change

    /** The evaluator for calls after the one that gave these results: the model's states hold what that has left in them. */
    public Eager after(Tensor... results) {
        Map<Parameter, TensorData> states = new IdentityHashMap<>(parameters);
        Updates.of(results).forEach((target, value) -> {
            if (target.origin() instanceof Parameter state) {
                states.put(state, force(value));
            }
        });
        return new Eager(states);
    }

    /** What an input holds when the call that gave these results has ended: what was written into it, or what it held before. */
    public Tensor updated(Tensor input, Tensor... results) {
        return tensor(force(Updates.of(results).getOrDefault(input, input)));
    }

    // ---- evaluation

    @Override
    public List<TensorData> evaluate(Operator operator, Arguments arguments, List<TensorType> results) {
        return Meanings.of(operator).of(new Invocation(operator, arguments, results, this::force, SourcePosition::current));
    }

    /** Of a tensor that has values already, these; otherwise it is computed from constants and parameters. */
    @Override
    public TensorData force(Tensor tensor) {
        return tensor.values().orElseGet(() -> new GraphEvaluation(this::valueOf, Map.of(), computed).valueOf(tensor));
    }

    /**
     * The values of traced tensors for given inputs: runs a graph, such as a rewritten one, without the Java code that
     * made it. Symbolic sizes get the values that the inputs' sizes say.
     *
     * @throws TensorException if an input is missing or does not fit its placeholder
     */
    public List<TensorData> run(List<Tensor> outputs, Map<Placeholder, TensorData> inputs) {
        GraphEvaluation evaluation = new GraphEvaluation(this::valueOf, inputs, new IdentityHashMap<>());
        return outputs.stream().map(evaluation::valueOf).toList();
    }

    private TensorData valueOf(Parameter parameter) {
        TensorData data = parameters.get(parameter);
        if (data == null) {
            throw new TensorException(Kind.VALUE, parameters.isEmpty()
                    ? "the parameter %s, made at %s, has no values: make the evaluator with Eager.of(model, weights)"
                            .formatted(parameter.type(), parameter.position())
                    : "the parameter %s, made at %s, has no values: no field of the model leads to it"
                            .formatted(parameter.type(), parameter.position()));
        }
        return data;
    }
}
