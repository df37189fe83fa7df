package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An operator of the author's own: a schema as ATen writes them, a rule for the types of the results, and what it computes. A compiled
 * model runs its {@link #cpp C++}, which becomes part of the library; or, without it, {@link #compute} in Java, which the library calls
 * back. In eager mode {@code compute} runs.
 *
 * <pre>{@code
 * public final class Quantize extends CustomOperator {
 *     public Quantize() {
 *         super("examples::quantize(Tensor x, float step) -> Tensor");
 *     }
 *     protected List<TensorType> infer(Arguments arguments) {
 *         return List.of(arguments.tensor("x").type());
 *     }
 *     protected List<TensorData> compute(Arguments arguments) { ... }
 * }
 *
 * private final CustomOperator quantize = new Quantize();    // in a model
 * Tensor y = quantize.call(x, 0.25);
 * }</pre>
 *
 * <p>Parameters are of the types {@code Tensor int SymInt float bool str Scalar ScalarType Device}, of lists of the first five
 * ({@code Tensor[] int[] SymInt[] float[] bool[]}), and optional ones ({@code Tensor?}); results are {@code Tensor}s or {@code Tensor[]}.
 * A list {@code Tensor?[]} may leave places out: null in a {@code List<Tensor>}, {@link Arguments#optionalTensors} for {@code compute}. A
 * {@code Device} is given as a text, which must be {@code "cpu"}: there is no other. A tensor that is marked, as in {@code Tensor(a!) x}, is
 * written in place: tensors are values, so the call gives what it becomes as one more result behind the others, and {@code x} itself stays.
 *
 * <p>An operator depends on its arguments alone: it may run while the model is compiled, or not at all if nothing needs its results, and
 * equal calls run once. One that computes in Java is a class that others can make, with a constructor without parameters, because the
 * façade makes one of its own; compiled models call it from several threads. It must not run, change or close the model that is calling it,
 * nor wait for a thread that does: the first is refused with an {@link IllegalStateException}.
 */
public abstract class CustomOperator {

    /** Who runs an operator in a compiled model. */
    public enum Host {
        /** The library, in C++. */
        LIBRARY,
        /** The façade, in Java. */
        JAVA,
        /** PyTorch, if the library is linked with it. */
        PYTORCH
    }

    /** Before the namespace of PyTorch's operators, so that no rule of ours for an ATen operator takes them for its own. */
    private static final String TORCH = "torch_";

    private final Schema schema;
    private final String title;
    private final List<String> resultNames;
    private Operator operator;

    /**
     * Reads the schema.
     *
     * @throws IllegalArgumentException if it is malformed, in the namespace {@code aten} or {@code toroid}, or has types that are not offered
     */
    protected CustomOperator(String schema) {
        this(Schema.parse(schema), schema, /* isTorch= */ false);
    }

    CustomOperator(Schema parsed, String schema, boolean isTorch) {
        if (!isTorch && Set.of("aten", "toroid").contains(parsed.namespace())) {
            throw new IllegalArgumentException("the namespace of %s is taken: use one of your own".formatted(schema));
        }
        ParameterTypes.requireOffered(parsed);
        for (String result : parsed.results()) {
            if (!Set.of("Tensor", "Tensor[]").contains(result)) {
                throw new IllegalArgumentException("%s gives a result of the type %s; give a Tensor, without dimensions if it is a number"
                        .formatted(parsed.name(), result));
            }
        }
        this.schema = isTorch ? new Schema(TORCH + parsed.namespace(), parsed.name(), parsed.overload(), parsed.parameters(), parsed.results()) : parsed;
        this.title = parsed.namespace() + "::" + parsed.name() + (parsed.overload().equals("default") ? "" : "." + parsed.overload());
        this.resultNames = names(schema, parsed);
    }

    /**
     * The types of the results, without those of tensors that are written in place.
     *
     * @throws TensorException if the arguments do not fit
     */
    protected abstract List<TensorType> infer(Arguments arguments);

    /**
     * The values of the results, of the types that {@link #infer} gives. The tensors among the arguments have values; those that are
     * written in place are copies, to be changed.
     */
    protected abstract List<TensorData> compute(Arguments arguments);

    /** What a compiled model runs; without it, {@link #compute}. */
    public Optional<CppSource> cpp() {
        return Optional.empty();
    }

    /** Who runs it in a compiled model. */
    public Host host() {
        return cpp().isPresent() ? Host.LIBRARY : Host.JAVA;
    }

    // ---- calling it

    /**
     * Calls it with Java values in the order of the schema; trailing ones may be left out where they have defaults. The only result.
     *
     * @throws TensorException if a value is not of the type of its parameter, or {@link #infer} refuses them
     */
    public final Tensor call(Object... values) {
        return callAll(values).getFirst();
    }

    /** As {@link #call}; all results, then the tensors that are written in place. */
    public final List<Tensor> callAll(Object... values) {
        return operator().callAll(values);
    }

    // ---- for the compiler

    /** Made at the first call, when the subclass is complete. */
    public final synchronized Operator operator() {
        if (operator == null) {
            operator = Operator.custom(schema, this::types, this);
        }
        return operator;
    }

    /** What messages call it: {@code examples::quantize}, or {@code examples::quantize.out} for an overload. */
    public final String title() {
        return title;
    }

    /** Whether a parameter is written in place. */
    public static boolean isMutated(Schema.Parameter parameter) {
        return parameter.type().contains("!");
    }

    /** A type without its marks: {@code Tensor} for {@code Tensor(a!)?}, {@code int[]} for {@code int[2]?}. */
    public static String plain(String type) {
        return type.replaceAll("\\(.*?\\)", "").replaceAll("\\[\\d+]", "[]").replaceAll("\\?$", "");
    }

    /** What a result is called: as in the schema, or {@code result}, or {@code result} with its number. */
    public final String resultName(int index, int count) {
        return index < resultNames.size() ? resultNames.get(index) : count == 1 ? "result" : "result" + index;
    }

    private static List<String> names(String text, Schema schema) {
        String results = text.substring(text.lastIndexOf("->") + 2).strip().replaceAll("^\\(|\\)$", "");
        List<String> names = new ArrayList<>();
        for (String result : results.split(",")) {
            String[] words = result.strip().split("\\s+");
            if (words.length == 2) {
                names.add(words[1]);
            }
        }
        return names.size() == schema.results().size() && new HashSet<>(names).size() == names.size() ? names : List.of();
    }

    private List<TensorType> types(Arguments arguments) {
        ParameterTypes.requireFit(this, arguments);
        List<TensorType> types = new ArrayList<>(inferred(arguments));
        boolean isList = schema.results().contains("Tensor[]");
        if (!isList && types.size() != schema.results().size()) {
            throw new TensorException(Kind.ARGUMENT, "%s: infer gives %d types, and the schema has %d results"
                    .formatted(title(), types.size(), schema.results().size()));
        }
        for (Schema.Parameter parameter : schema.parameters()) {
            if (isMutated(parameter)) {
                arguments.optionalTensor(parameter.name()).map(Tensor::type).ifPresent(types::add);
            }
        }
        return types;
    }

    /** A mistake is that of the line which calls the operator, not of the one in {@code infer} that notices. */
    private List<TensorType> inferred(Arguments arguments) {
        try {
            return infer(arguments);
        } catch (TensorException e) {
            TensorException mistake = new TensorException(e.kind(), e.getMessage());
            mistake.initCause(e);
            throw mistake;
        }
    }

    /**
     * Computes the results from arguments whose tensors have values, those that are written in place among them.
     *
     * @param types what must come out; all sizes are numbers
     * @throws TensorException if something else comes out
     */
    public final List<TensorData> evaluate(Arguments arguments, List<TensorType> types) {
        List<Argument> own = new ArrayList<>();
        List<TensorData> mutated = new ArrayList<>();
        for (int i = 0; i < arguments.values().size(); i++) {
            Argument value = arguments.values().get(i);
            if (isMutated(arguments.schema().parameters().get(i)) && value instanceof Argument.OfTensor(Tensor tensor)) {
                mutated.add(copy(tensor.data()));
                value = new Argument.OfTensor(Tensor.constant(mutated.getLast()));
            }
            own.add(value);
        }
        List<TensorData> results = compute(new Arguments(arguments.schema(), own));
        int expected = types.size() - mutated.size();
        if (results == null || results.size() != expected) {
            throw new TensorException(Kind.ARGUMENT, "%s: compute gives %s, and infer says that there are %d results"
                    .formatted(title(), results == null ? "null" : results.size() + " results", expected));
        }
        List<TensorData> all = new ArrayList<>(results);
        all.addAll(mutated);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) == null || !all.get(i).type().equals(types.get(i))) {
                throw new TensorException(Kind.SHAPE, "%s: compute gives %s as %s, and infer says that it is %s".formatted(
                        title(), all.get(i) == null ? "null" : all.get(i).type(), resultName(i, expected), types.get(i)));
            }
        }
        return all;
    }

    private static TensorData copy(TensorData data) {
        Object array = switch (data.dtype()) {
            case F32, F16, BF16 -> data.floats().clone();
            case F64 -> data.doubles().clone();
            case I64 -> data.longs().clone();
            case I32 -> data.ints().clone();
            case I16 -> data.shorts().clone();
            case I8, U8 -> data.bytes().clone();
            case BOOL -> data.booleans().clone();
        };
        return new TensorData(data.dtype(), Arrays.copyOf(data.sizes(), data.sizes().length), array);
    }
}
