package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Branches and loops that are decided by values. What depends on sizes or Java values only needs none of this: a Java
 * {@code if} or {@code for} does it while the model is traced.
 *
 * <p>The lambdas run while the model is traced, once (those of a loop that begins with constants may run twice), and may
 * use tensors from outside. In eager mode they run as often as the values say.
 */
public final class ControlFlow {

    /** The results of one of two bodies; both give the same types. */
    public static final Operator COND = Operator.define(
            "toroid::cond(Tensor predicate, Body if_true, Body if_false, Tensor[] captured) -> Tensor[]", ControlFlow::branch);

    /** Repeats a body on its own results as long as the condition holds for them. */
    public static final Operator WHILE_LOOP = Operator.define(
            "toroid::while_loop(Body condition, Body body, Tensor[] carried, Tensor[] captured) -> Tensor[]", ControlFlow::loop);

    private ControlFlow() {
    }

    /**
     * One of two tensors, of which only the chosen one is computed.
     *
     * @param predicate one value; true if it is not zero
     * @throws TensorException if the types of both differ; see {@link #condAnySize}
     */
    public static Tensor cond(Tensor predicate, Supplier<Tensor> ifTrue, Supplier<Tensor> ifFalse) {
        return condAll(predicate, () -> List.of(ifTrue.get()), () -> List.of(ifFalse.get())).getFirst();
    }

    /**
     * As {@link #cond}, where the branches may give different sizes: those of the result are the chosen branch's, so they depend on data.
     * The lambdas are called once more, to learn their sizes; what a size depends on within a branch is computed whichever is chosen.
     *
     * @throws TensorException if the element types or the numbers of dimensions differ
     */
    public static Tensor condAnySize(Tensor predicate, Supplier<Tensor> ifTrue, Supplier<Tensor> ifFalse) {
        requireOneValue("cond", "the predicate", predicate.type());
        if (predicate.evaluator().isPresent()) {
            return cond(predicate, ifTrue, ifFalse);
        }
        List<Size> first = ifTrue.get().shape().sizes();
        List<Size> second = ifFalse.get().shape().sizes();
        List<Size> sizes = new ArrayList<>();
        for (int dim = 0; dim < Math.min(first.size(), second.size()); dim++) {
            sizes.add(first.get(dim).equals(second.get(dim)) ? null : chosen(predicate, first.get(dim), second.get(dim)));
        }
        return cond(predicate, () -> sized(ifTrue.get(), sizes), () -> sized(ifFalse.get(), sizes));
    }

    private static Size chosen(Tensor predicate, Size ifTrue, Size ifFalse) {
        long min = Math.min(ifTrue.range().min(), ifFalse.range().min());
        long max = Math.max(ifTrue.range().max(), ifFalse.range().max());
        return cond(predicate, () -> Tensor.of(ifTrue), () -> Tensor.of(ifFalse)).toSize(min, max);
    }

    /** All of a tensor, under sizes that equal its own when this runs; null where they are the same anyway. */
    private static Tensor sized(Tensor tensor, List<Size> sizes) {
        Tensor result = tensor;
        for (int dim = 0; dim < sizes.size(); dim++) {
            result = sizes.get(dim) == null ? result : result.indexSelect(dim, Tensor.arange(sizes.get(dim)));
        }
        return result;
    }

    /** As {@link #cond}, for several tensors at once. */
    public static List<Tensor> condAll(Tensor predicate, Supplier<List<Tensor>> ifTrue, Supplier<List<Tensor>> ifFalse) {
        requireOneValue("cond", "the predicate", predicate.type());
        if (predicate.evaluator().isPresent()) {
            return isTrue(predicate, predicate.evaluator().get()) ? ifTrue.get() : ifFalse.get();
        }
        BodyBuilder builder = new BodyBuilder(List.of());
        long since = BodyBuilder.now();
        BodyBuilder.Lifted first = builder.lift(ifTrue.get(), since, since);
        long begun = BodyBuilder.now();
        BodyBuilder.Lifted second = builder.lift(ifFalse.get(), since, begun);
        return COND.callAll(predicate, builder.body(first), builder.body(second), builder.captured());
    }

    /**
     * Repeats the body while the condition holds; it may hold not even once.
     *
     * @param initial what is carried from one round to the next, at the beginning
     * @param condition one value of what is carried; true if it is not zero
     * @param body gives as many tensors of the same types
     */
    public static List<Tensor> whileLoop(
            List<Tensor> initial, Function<List<Tensor>, Tensor> condition, UnaryOperator<List<Tensor>> body) {
        Optional<Evaluator> evaluator = evaluatorOf(initial, condition, body);
        if (evaluator.isPresent()) {
            return run(initial, condition, body, evaluator.get());
        }
        ShapeEnvironment environment = initial.stream().flatMap(tensor -> tensor.environment().stream()).findFirst().orElse(null);
        List<Tensor> carried = IntStream.range(0, initial.size())
                .mapToObj(index -> Tensor.placeholder("carried_" + index, initial.get(index).type(), environment)).toList();
        BodyBuilder builder = new BodyBuilder(carried);
        long since = BodyBuilder.now();
        BodyBuilder.Lifted continues = builder.lift(List.of(condition.apply(carried)), since, since);
        long begun = BodyBuilder.now();
        BodyBuilder.Lifted next = builder.lift(body.apply(carried), since, begun);
        return WHILE_LOOP.callAll(builder.body(continues), builder.body(next), initial, builder.captured());
    }

    /** What a round of {@link #scan} gives: what the next one gets, and a row of the result. */
    public record Step(Tensor carry, Tensor row) {
    }

    /** What {@link #scan} gives: what the last round carried, and all rows. */
    public record Scanned(Tensor carry, Tensor rows) {
    }

    /**
     * Goes over the rows of a tensor, each round with what the one before it carried, as {@code torch.scan} does over dimension 0. It is a
     * {@link #whileLoop}, so rounds follow one another, and each copies the result: where an operator does the same, such as
     * {@code cumsum}, that is faster. The step is called once more than the loop needs, on zeros, to learn the type of its rows.
     *
     * @param initial what the first round gets
     * @param rows {@code [n, ...]}; of no rows the result is {@code initial} and no rows
     * @param step of what is carried and a row {@code [...]}; it carries the type of {@code initial}
     * @throws TensorException if {@code rows} has no dimension, or the step carries another type
     */
    public static Scanned scan(Tensor initial, Tensor rows, BiFunction<Tensor, Tensor, Step> step) {
        if (rows.dim() == 0) {
            throw Rules.mistake(Kind.SHAPE, "scan", "%s has no rows to go over; it needs a dimension".formatted(rows.type()));
        }
        List<Size> sizes = rows.shape().sizes();
        Step tried = step.apply(zeros(initial.dtype(), initial.shape()), zeros(rows.dtype(), new Shape(sizes.subList(1, sizes.size()))));
        if (!tried.carry().type().equals(initial.type())) {
            throw Rules.mistake(kind(initial.type(), tried.carry().type()), "scan",
                    "the step must carry the type that it gets, but it gets %s and carries %s; convert or reshape what it carries"
                            .formatted(initial.type(), tried.carry().type()));
        }
        List<Size> results = new ArrayList<>(tried.row().shape().sizes());
        results.addFirst(sizes.getFirst());
        Tensor count = Tensor.of(sizes.getFirst());
        List<Tensor> last = whileLoop(
                List.of(Tensor.full(DType.I64, 0), initial, zeros(tried.row().dtype(), new Shape(results))),
                carried -> carried.getFirst().lt(count),
                carried -> {
                    Tensor place = carried.getFirst().view(1);
                    Step made = step.apply(carried.get(1), rows.indexSelect(0, place).squeeze(0));
                    return List.of(carried.getFirst().add(1), made.carry(), carried.get(2).indexCopy(0, place, made.row().unsqueeze(0)));
                });
        return new Scanned(last.get(1), last.get(2));
    }

    /**
     * The results of a function of each row, as {@code torch.map} gives them; see {@link #scan} for what it costs. Operators that take
     * batches do the same at once.
     *
     * @param rows {@code [n, ...]}
     */
    public static Tensor map(Tensor rows, UnaryOperator<Tensor> function) {
        return scan(Tensor.full(DType.I64, 0), rows, (carry, row) -> new Step(carry, function.apply(row))).rows();
    }

    private static Tensor zeros(DType dtype, Shape shape) {
        return Tensor.full(dtype, 0, shape);
    }

    /**
     * Whether values are there: in what is carried, or, if that begins with constants, in what the lambdas make of them
     * together with tensors from outside. What is computed to find out is not part of the trace.
     */
    private static Optional<Evaluator> evaluatorOf(
            List<Tensor> initial, Function<List<Tensor>, Tensor> condition, UnaryOperator<List<Tensor>> body) {
        Optional<Evaluator> known = evaluatorOf(initial);
        if (known.isPresent() || dependsOnPlaceholders(initial)) {
            return known;
        }
        Optional<Evaluator> used = evaluatorOf(List.of(condition.apply(initial)));
        return used.isPresent() ? used : evaluatorOf(body.apply(initial));
    }

    private static Optional<Evaluator> evaluatorOf(List<Tensor> tensors) {
        return tensors.stream().flatMap(tensor -> tensor.evaluator().stream()).findFirst();
    }

    private static boolean dependsOnPlaceholders(List<Tensor> tensors) {
        Set<Origin> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Tensor> open = new ArrayDeque<>(tensors);
        while (!open.isEmpty()) {
            Origin origin = open.pop().origin();
            if (origin instanceof Placeholder) {
                return true;
            }
            if (origin instanceof Call call && seen.add(call)) {
                call.arguments().operands().forEach(open::push);
            }
        }
        return false;
    }

    private static List<Tensor> run(
            List<Tensor> initial, Function<List<Tensor>, Tensor> condition, UnaryOperator<List<Tensor>> body, Evaluator evaluator) {
        List<Tensor> carried = initial;
        while (holds(condition.apply(carried), evaluator)) {
            List<Tensor> next = body.apply(carried);
            requireSame(carried.stream().map(Tensor::type).toList(), next.stream().map(Tensor::type).toList());
            carried = next;
        }
        return carried;
    }

    private static boolean holds(Tensor condition, Evaluator evaluator) {
        requireOneValue("whileLoop", "the condition", condition.type());
        return isTrue(condition, evaluator);
    }

    private static boolean isTrue(Tensor value, Evaluator evaluator) {
        return evaluator.force(value.view(1).ne(0)).booleans()[0];
    }

    // ---- types

    private static List<TensorType> branch(Arguments arguments) {
        requireOneValue("cond", "the predicate", arguments.tensor("predicate").type());
        List<TensorType> ifTrue = arguments.body("if_true").types();
        List<TensorType> ifFalse = arguments.body("if_false").types();
        if (ifTrue.size() != ifFalse.size()) {
            throw Rules.mistake(Kind.ARGUMENT, "cond",
                    "one branch gives %d tensors, the other %d; give as many in both".formatted(ifTrue.size(), ifFalse.size()));
        }
        for (int i = 0; i < ifTrue.size(); i++) {
            if (!ifTrue.get(i).equals(ifFalse.get(i))) {
                throw Rules.mistake(kind(ifTrue.get(i), ifFalse.get(i)), "cond",
                        "both branches must give the same types, but result %d is %s if the predicate is true and %s if not%s"
                                .formatted(i, ifTrue.get(i), ifFalse.get(i), ifTrue.get(i).shape().rank() == ifFalse.get(i).shape().rank()
                                        && ifTrue.get(i).dtype() == ifFalse.get(i).dtype() ? "; if sizes shall depend on it, use condAnySize" : ""));
            }
        }
        return ifTrue;
    }

    private static List<TensorType> loop(Arguments arguments) {
        List<TensorType> condition = arguments.body("condition").types();
        requireOneValue("whileLoop", "the condition", condition.getFirst());
        List<TensorType> carried = arguments.tensors("carried").stream().map(Tensor::type).toList();
        requireSame(carried, arguments.body("body").types());
        return carried;
    }

    private static void requireSame(List<TensorType> carried, List<TensorType> next) {
        if (carried.size() != next.size()) {
            throw Rules.mistake(Kind.ARGUMENT, "whileLoop",
                    "the body gives %d tensors, but %d are carried; give each again".formatted(next.size(), carried.size()));
        }
        for (int i = 0; i < carried.size(); i++) {
            if (!carried.get(i).equals(next.get(i))) {
                throw Rules.mistake(kind(carried.get(i), next.get(i)), "whileLoop",
                        "what is carried must keep its type, but number %d is %s before and %s after the body"
                                .formatted(i, carried.get(i), next.get(i)));
            }
        }
    }

    private static Kind kind(TensorType first, TensorType second) {
        return first.dtype() == second.dtype() ? Kind.SHAPE : Kind.DTYPE;
    }

    private static void requireOneValue(String operator, String what, TensorType type) {
        if (!type.shape().numel().equals(Size.ONE)) {
            throw Rules.mistake(Kind.SHAPE, operator,
                    "%s must be one value, not %s; reduce it with any() or all()".formatted(what, type));
        }
    }
}
