package io.toroid.processor.loop;

import io.toroid.SourcePosition;
import io.toroid.op.Call;
import io.toroid.processor.graph.pass.CoreOperators;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One computation that fills one or more buffers. Loops are independent of one another but for the buffers they read:
 * what order they run in, and which of them share a kernel, is decided by the schedule.
 *
 * <p>A loop variable is a {@link Symbol} whose exclusive bound is its extent.
 */
public sealed interface Loop {

    /** The buffers it fills. */
    List<Buffer> outputs();

    /** The graph's calls that it computes; for names and comments. */
    Origins origins();

    /**
     * Where a loop comes from: the operators that the model's author called and the lines, in order, without repetition.
     * A template names its own operator too, for an author's batch norm may have become the convolution before it.
     */
    record Origins(List<String> operators, List<SourcePosition> positions) {

        public static final Origins NONE = new Origins(List.of(), List.of());

        public static Origins of(Call call) {
            List<String> wrote = List.of(call.source().operator());
            List<String> own = CoreOperators.isTemplate(call.operator())
                    ? List.of(call.operator().schema().name()) : List.of();
            return new Origins(union(own, wrote), List.of(call.position()));
        }

        public Origins and(Origins other) {
            return new Origins(union(operators, other.operators), union(positions, other.positions));
        }

        /** {@code native_layer_norm, gelu at DigitsMlp.java:17}; empty if nothing is known. */
        @Override
        public String toString() {
            String lines = positions.stream().filter(SourcePosition::isKnown)
                    .map(SourcePosition::toString).distinct().collect(Collectors.joining(", "));
            String names = String.join(", ", operators);
            return lines.isEmpty() || names.isEmpty() ? names + lines : names + " at " + lines;
        }

        private static <T> List<T> union(List<T> first, List<T> second) {
            Set<T> all = new LinkedHashSet<>(first);
            all.addAll(second);
            return List.copyOf(all);
        }
    }

    /** Stores {@code value} at {@code indices} of {@code target}. Several loops may fill parts of one buffer. */
    record Store(Buffer target, List<Size> indices, Scalar value) {
        public Store {
            indices = List.copyOf(indices);
        }

        @Override
        public String toString() {
            return target + indices.toString() + " = " + value;
        }
    }

    /** For every value of the variables: one store. */
    record Pointwise(List<Symbol> variables, Store store, Origins origins) implements Loop {
        public Pointwise {
            variables = List.copyOf(variables);
        }

        @Override
        public List<Buffer> outputs() {
            return List.of(store.target());
        }

        @Override
        public String toString() {
            return LoopText.print(this);
        }
    }

    /**
     * For every value of the variables: combines the body over all values of the reduced variables, and stores the
     * result (of Welford's method the mean and the sum of squared differences) at the variables' place.
     */
    record Reduction(
            List<Symbol> variables,
            List<Symbol> reduced,
            ReductionOperation operation,
            Scalar body,
            List<Buffer> outputs,
            List<Size> indices,
            Origins origins) implements Loop {
        public Reduction {
            variables = List.copyOf(variables);
            reduced = List.copyOf(reduced);
            outputs = List.copyOf(outputs);
            indices = List.copyOf(indices);
        }

        @Override
        public String toString() {
            return LoopText.print(this);
        }
    }

    /**
     * A computation whose inner loops are written by hand, in a C++ header of the runtime. It hands each of its results
     * to an epilogue, which loads it as an element of the accumulator, while it is in a register.
     */
    sealed interface Template extends Loop {

        /** Its result before the epilogue; never in memory. */
        Buffer accumulator();

        Epilogue epilogue();

        /** The same with another epilogue, which may come from more of the graph's calls. */
        Template withEpilogue(Epilogue epilogue, Origins origins);

        /** What it reads by places in memory, and not by the loads of scalars. */
        List<Buffer> operands();

        /** What it computes by expressions. */
        default List<Scalar> scalars() {
            return epilogue().stores().stream().map(Store::value).toList();
        }

        @Override
        default List<Buffer> outputs() {
            return epilogue().outputs();
        }
    }

    /**
     * {@code C[g, m, n] = sum over k of A[g, m, k] * B[g, k, n]}, then the epilogue on each element while it is in a
     * register: its stores see the accumulated value as {@code accumulator}.
     *
     * @param batch variables of the batch, outermost first; often none
     * @param rows variables which, flattened row-major, are m
     * @param column the variable n
     * @param depth extent of k
     * @param left A as an operand: unit stride along k
     * @param right B; packed into panels when it is constant, by the fold of constants
     * @param epilogue stores over {@code variables}; a load of {@code accumulator} at the variables is the sum
     */
    record Gemm(
            List<Symbol> batch,
            List<Symbol> rows,
            Symbol column,
            Size depth,
            Operand left,
            Operand right,
            Buffer accumulator,
            Epilogue epilogue,
            Origins origins) implements Template {

        @Override
        public Gemm withEpilogue(Epilogue changed, Origins from) {
            return new Gemm(batch, rows, column, depth, left, right, accumulator, changed, from);
        }

        @Override
        public List<Buffer> operands() {
            return List.of(left.buffer(), right.buffer());
        }

        @Override
        public String toString() {
            return LoopText.print(this);
        }
    }

    /**
     * A matrix within a buffer: element (row, column) is at {@code offset + row*rowStride + column*columnStride}.
     * The offset depends on the batch variables. A packed one holds panels as the template wants them instead, one
     * matrix after the other.
     */
    record Operand(Buffer buffer, Size offset, Size rowStride, Size columnStride, boolean isPacked) {

        public static Operand strided(Buffer buffer, Size offset, Size rowStride, Size columnStride) {
            return new Operand(buffer, offset, rowStride, columnStride, /* isPacked= */ false);
        }

        @Override
        public String toString() {
            return "%s[%s + row*%s + column*%s]".formatted(buffer, offset, rowStride, columnStride);
        }
    }

    /** What happens to a template's result while it is in registers. */
    record Epilogue(List<Symbol> variables, List<Store> stores) {
        public Epilogue {
            variables = List.copyOf(variables);
            stores = List.copyOf(stores);
        }

        public List<Buffer> outputs() {
            return stores.stream().map(Store::target).toList();
        }
    }

    /**
     * A convolution of channels-last lines, images or volumes with a weight in PyTorch's order {@code [out, in/groups, ...kernel]},
     * transposed {@code [in, out/groups, ...kernel]}, or with its packed form.
     *
     * @param accumulator its result before the epilogue, {@code [batch, out, ...positions]}
     */
    record Convolution(
            Buffer input,
            Buffer weight,
            Window window,
            long groups,
            Buffer accumulator,
            Epilogue epilogue,
            Origins origins) implements Template {

        @Override
        public Convolution withEpilogue(Epilogue changed, Origins from) {
            return new Convolution(input, weight, window, groups, accumulator, changed, from);
        }

        @Override
        public List<Buffer> operands() {
            return List.of(input, weight);
        }

        @Override
        public String toString() {
            return LoopText.print(this);
        }
    }

    /**
     * {@code O[b, h, i, c] = sum over j of softmax_j(scale * Q[b, h, i, :] . K[b, h, j, :] + mask[b, h, i, j]) * V[b, h, j, c]};
     * a query whose scores are all minus infinity gets zeros. The scores never reach memory.
     *
     * @param depth extent of a query and of a key
     * @param position the variable j
     * @param mask over the epilogue's b, h and i, and j; in the type of the sums
     * @param accumulator O before the epilogue, {@code [b, h, i, c]}
     */
    record Attention(
            Heads query,
            Heads key,
            Heads value,
            Size depth,
            double scale,
            Symbol position,
            Optional<Scalar> mask,
            Buffer accumulator,
            Epilogue epilogue,
            Origins origins) implements Template {

        public Attention withMask(Optional<Scalar> changed) {
            return new Attention(query, key, value, depth, scale, position, changed, accumulator, epilogue, origins);
        }

        @Override
        public Attention withEpilogue(Epilogue changed, Origins from) {
            return new Attention(query, key, value, depth, scale, position, mask, accumulator, changed, from);
        }

        @Override
        public List<Buffer> operands() {
            return List.of(query.buffer(), key.buffer(), value.buffer());
        }

        /** The mask's comes first. */
        @Override
        public List<Scalar> scalars() {
            return Stream.concat(mask.stream(), Template.super.scalars().stream()).toList();
        }

        @Override
        public String toString() {
            return LoopText.print(this);
        }
    }

    /**
     * The heads within a buffer: element (b, h, i, c) is at {@code offset + b*batchStride + h*headStride +
     * i*tokenStride + c}.
     */
    record Heads(Buffer buffer, Size offset, Size batchStride, Size headStride, Size tokenStride) {

        /** All of a {@code [batch, heads, tokens, width]} buffer. */
        public static Heads of(Buffer buffer) {
            List<Size> strides = buffer.layout().strides();
            return new Heads(buffer, Size.ZERO, strides.get(0), strides.get(1), strides.get(2));
        }
    }

    /**
     * A call of a C++ function in one of the runtime's headers, for what loops cannot say well: sorting, scanning,
     * scattering. Its operands are row-major memory, its results are written whole.
     *
     * @param function in the namespace {@code toroid}; element types are deduced from its arguments
     * @param header such as {@code toroid/sort.h}
     */
    record Extern(String function, String header, List<Argument> arguments, Origins origins) implements Loop {
        public Extern {
            arguments = List.copyOf(arguments);
        }

        @Override
        public List<Buffer> outputs() {
            return arguments.stream().filter(Argument.Out.class::isInstance).map(out -> ((Argument.Out) out).buffer()).toList();
        }

        /**
         * The operand that its result is a changed copy of: it may lie in the same memory, and then is not copied. Those of
         * scatter.h are such, and take it first.
         */
        public Optional<Buffer> startsAs() {
            return header.equals("toroid/scatter.h")
                    ? arguments.stream().filter(Argument.In.class::isInstance).map(in -> ((Argument.In) in).buffer()).findFirst()
                    : Optional.empty();
        }

        /** Whether the function reports failures to the run. */
        public boolean reports() {
            return arguments.contains(new Argument.Run());
        }

        @Override
        public String toString() {
            return LoopText.print(this);
        }
    }

    /**
     * Runs one of two programs, which fill the same results.
     *
     * @param predicate one value, true if it is not zero
     */
    record Branch(Buffer predicate, LoopProgram ifTrue, LoopProgram ifFalse, Origins origins) implements Loop {

        @Override
        public List<Buffer> outputs() {
            return ifTrue.outputs();
        }

        @Override
        public List<LoopProgram> programs() {
            return List.of(ifTrue, ifFalse);
        }

        @Override
        public String toString() {
            return LoopText.print(this);
        }
    }

    /**
     * Repeats a program on its own results. After each round what is carried and what will be carried change places, for which no element
     * is copied; after the last one all is in the buffers of what is carried.
     *
     * @param start fills what is carried, before the first round
     * @param condition fills the predicate, which ends the loop when it is zero
     * @param body fills what will be carried next, of the types and layouts of what is carried
     */
    record Repeat(LoopProgram start, LoopProgram condition, LoopProgram body, Origins origins) implements Loop {

        /** One value, true if it is not zero. */
        public Buffer predicate() {
            return condition.outputs().getFirst();
        }

        /** What is carried, the predicate, and what will be carried. */
        @Override
        public List<Buffer> outputs() {
            List<Buffer> outputs = new ArrayList<>(start.outputs());
            outputs.addAll(condition.outputs());
            outputs.addAll(body.outputs());
            return outputs;
        }

        @Override
        public List<LoopProgram> programs() {
            return List.of(start, condition, body);
        }

        @Override
        public String toString() {
            return LoopText.print(this);
        }
    }

    /**
     * Gives a size that depends on data its value, which is the only element of a buffer of {@code i64}: what mentions the size
     * comes after it.
     */
    record ReadSize(Symbol size, Buffer value, Origins origins) implements Loop {

        @Override
        public List<Buffer> outputs() {
            return List.of();
        }

        @Override
        public String toString() {
            return LoopText.print(this);
        }
    }

    /** The programs that it runs; none but for branches and loops. */
    default List<LoopProgram> programs() {
        return List.of();
    }

    /** What an extern function takes after the thread pool. */
    sealed interface Argument {

        /** Memory that it reads. */
        record In(Buffer buffer) implements Argument {
        }

        /** Memory that it fills; an intermediate that nobody reads is its scratch. */
        record Out(Buffer buffer) implements Argument {
        }

        /** An {@code int64_t}. */
        record Extent(Size size) implements Argument {
        }

        /** A number of a type, or a {@code bool}. */
        record Number(Scalar.Literal literal) implements Argument {
        }

        /** A name from the header, such as an enumerator: {@code Reduce::kSum}. */
        record Name(String name) implements Argument {
        }

        /** What a function of the header makes of the arguments that follow, as many as it says. */
        record Nested(String function, int count) implements Argument {
        }

        /** The run, to which it reports failures. */
        record Run() implements Argument {
        }
    }

    /**
     * Kernel sizes, strides, paddings and dilations, each for length, for height and width, or for depth, height and width.
     *
     * @param isTransposed each input spreads over the result by the kernel
     */
    record Window(List<Long> kernel, List<Long> stride, List<Long> padding, List<Long> dilation, boolean isTransposed) {

        public int dims() {
            return kernel.size();
        }

        public long taps() {
            return kernel.stream().reduce(1L, (a, b) -> a * b);
        }

        /** The same in more dimensions, in which nothing moves. */
        public Window in(int dims) {
            return new Window(filled(kernel, dims, 1), filled(stride, dims, 1), filled(padding, dims, 0), filled(dilation, dims, 1), isTransposed);
        }

        private static List<Long> filled(List<Long> values, int dims, long first) {
            List<Long> filled = new ArrayList<>(Collections.nCopies(dims - values.size(), first));
            filled.addAll(values);
            return filled;
        }
    }

    /**
     * Rearranges a template's operand into the panels that it reads: a weight once, when constants are folded; another
     * tensor in each call.
     */
    record Pack(Buffer source, Buffer target, Packing packing, Origins origins) implements Loop {
        @Override
        public List<Buffer> outputs() {
            return List.of(target);
        }

        @Override
        public String toString() {
            return LoopText.print(this);
        }
    }

    /** Which panels a template wants. Two packings of a buffer are the same if they are equal. */
    sealed interface Packing {

        /** Element (k, n) of matrix g is at {@code offset + g*batchStride + k*rowStride + n*columnStride}. */
        record Panels(
                Size batch, Size depth, Size columns, Size offset, Size batchStride, Size rowStride, Size columnStride)
                implements Packing {
        }

        /** A convolution's weight. */
        record Filters(Window window, long groups, long in, long out) implements Packing {
        }
    }

    /** The buffers it reads, in order of appearance. */
    default Set<Buffer> inputs() {
        Set<Buffer> inputs = new LinkedHashSet<>();
        switch (this) {
            case Pointwise pointwise -> loads(pointwise.store().value(), inputs);
            case Reduction reduction -> loads(reduction.body(), inputs);
            case Template template -> {
                inputs.addAll(template.operands());
                template.scalars().forEach(scalar -> loads(scalar, inputs));
                inputs.remove(template.accumulator());
            }
            case Extern extern -> {
                for (Argument argument : extern.arguments()) {
                    if (argument instanceof Argument.In(Buffer buffer)) {
                        inputs.add(buffer);
                    }
                }
            }
            case Branch branch -> {
                inputs.add(branch.predicate());
                branch.programs().forEach(program -> inputs.addAll(program.reads()));
            }
            case Repeat repeat -> {
                repeat.programs().forEach(program -> inputs.addAll(program.reads()));
                repeat.outputs().forEach(inputs::remove);
            }
            case ReadSize read -> inputs.add(read.value());
            case Pack pack -> inputs.add(pack.source());
        }
        return inputs;
    }

    /** Collects the buffers that a scalar reads. */
    static void loads(Scalar scalar, Set<Buffer> into) {
        scalar.forEach(node -> {
            switch (node) {
                case Scalar.Load load -> into.add(load.buffer());
                case Scalar.Gather gather -> into.add(gather.buffer());
                case Scalar.Literal _, Scalar.Index _, Scalar.Unary _, Scalar.Binary _, Scalar.Select _,
                     Scalar.Guarded _, Scalar.Convert _ -> { }
            }
        });
    }

    /** The buffers that a scalar reads. */
    static Set<Buffer> loads(Scalar scalar) {
        Set<Buffer> loads = new LinkedHashSet<>();
        loads(scalar, loads);
        return loads;
    }

    /** Loop variables of all loops of a list, for printing. */
    static List<Symbol> variables(Loop loop) {
        List<Symbol> all = new ArrayList<>();
        switch (loop) {
            case Pointwise pointwise -> all.addAll(pointwise.variables());
            case Reduction reduction -> {
                all.addAll(reduction.variables());
                all.addAll(reduction.reduced());
            }
            case Template template -> all.addAll(template.epilogue().variables());
            case Extern _, Branch _, Repeat _, ReadSize _, Pack _ -> { }
        }
        return all;
    }
}
