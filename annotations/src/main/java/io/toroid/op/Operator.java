package io.toroid.op;

import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * An operator: its ATen schema and the rule that gives the types of its results, or says why there are none.
 *
 * <p>One that is made of others says so here ({@link #decomposed}). The lowering of any other stands in the processor, with the
 * decompositions that bring arguments into one form; every eager meaning, which shares nothing with these, in the runtime.
 * Both find it by {@link #name()}.
 */
public final class Operator {

    /** Element types and shapes of the results. */
    @FunctionalInterface
    public interface TypeRule {

        /** @throws TensorException if the arguments do not fit */
        List<TensorType> infer(Arguments arguments);
    }

    private final Schema schema;
    private final UnaryOperator<Arguments> completion;
    private final TypeRule rule;
    private final Optional<Function<Arguments, List<Tensor>>> decomposition;
    private final Optional<CustomOperator> custom;

    private Operator(Schema schema, UnaryOperator<Arguments> completion, TypeRule rule,
            Optional<Function<Arguments, List<Tensor>>> decomposition, Optional<CustomOperator> custom) {
        this.schema = schema;
        this.completion = completion;
        this.rule = rule;
        this.decomposition = decomposition;
        this.custom = custom;
    }

    /** An operator with the given ATen schema, such as {@code aten::relu(Tensor self) -> Tensor}. */
    public static Operator define(String schema, TypeRule rule) {
        return define(schema, UnaryOperator.identity(), rule);
    }

    /**
     * An operator whose results have sizes that depend on data. Its schema has one more argument for each than ATen's, by
     * which a call keeps its sizes when it is rewritten.
     *
     * @param completion fills in these arguments, where they are absent, by {@link Tensor#toSize}
     */
    static Operator define(String schema, UnaryOperator<Arguments> completion, TypeRule rule) {
        return new Operator(Schema.parse(schema), completion, rule, Optional.empty(), Optional.empty());
    }

    static Operator custom(Schema schema, TypeRule rule, CustomOperator author) {
        return new Operator(schema, UnaryOperator.identity(), rule, Optional.empty(), Optional.of(author));
    }

    /**
     * The same operator, made of others: compiled, it is what {@code formula} calls. Its results must have the types that the
     * operator's rule gives.
     */
    Operator decomposed(Function<Arguments, Tensor> formula) {
        return decomposedAll(arguments -> List.of(formula.apply(arguments)));
    }

    /** As {@link #decomposed}, for an operator with several results. */
    Operator decomposedAll(Function<Arguments, List<Tensor>> formula) {
        return new Operator(schema, completion, rule, Optional.of(formula), custom);
    }

    /** What it is made of; empty where that is the processor's business. */
    public Optional<Function<Arguments, List<Tensor>>> decomposition() {
        return decomposition;
    }

    /** What an author has defined, with what it computes; empty for our own. */
    public Optional<CustomOperator> custom() {
        return custom;
    }

    /** The qualified name with its overload: {@code aten.add.Tensor}, {@code aten.relu.default}. */
    public String name() {
        return schema.qualifiedName();
    }

    public Schema schema() {
        return schema;
    }

    /**
     * Calls it with Java values in the order of the schema (see {@link Argument#of}); trailing ones may be left out.
     *
     * @throws TensorException if they do not fit
     */
    public List<Tensor> callAll(Object... values) {
        return apply(schema.bind(values));
    }

    /** As {@link #callAll}, for an operator with one result. */
    public Tensor call(Object... values) {
        return callAll(values).getFirst();
    }

    /** Calls it with all its arguments. */
    public List<Tensor> apply(Arguments arguments) {
        return apply(arguments, new Call.Source(schema.name(), SourcePosition.current()));
    }

    /** Calls it on behalf of what an author wrote: what a rewrite of a graph does. */
    public List<Tensor> apply(Arguments given, Call.Source source) {
        Arguments arguments = completion.apply(given);
        List<TensorType> types = rule.infer(arguments);
        Evaluator evaluator = evaluatorOf(arguments);
        Call call = new Call(this, arguments, types, source);
        if (evaluator == null) {
            return call.results();
        }
        List<TensorData> data = evaluator.evaluate(this, arguments, types);
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            results.add(Tensor.evaluated(call, i, data.get(i), evaluator));
        }
        return results;
    }

    private Evaluator evaluatorOf(Arguments arguments) {
        List<Tensor> operands = arguments.operands();
        Evaluator evaluator = operands.stream()
                .map(operand -> operand.evaluator().orElse(null))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (evaluator != null) {
            for (Tensor operand : operands) {
                if (operand.origin() instanceof Placeholder placeholder) {
                    throw new TensorException(Kind.VALUE,
                            "%s mixes a tensor that holds values with the symbolic input \"%s\"; inside an entry make constants with Tensor.of"
                                    .formatted(schema.name(), placeholder.name()));
                }
            }
        }
        return evaluator;
    }

    @Override
    public String toString() {
        return name();
    }
}
