package io.toroid.processor.loop.verify;

import io.toroid.DType;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.LoopSizes;
import io.toroid.processor.loop.LoopText;
import io.toroid.processor.loop.ReductionOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What holds for every loop program: names are unique, a buffer is written completely and before it is read, each
 * element once, indices lie within bounds, types agree, and variables are bound. What of this depends on sizes is tried
 * with {@link Sample samples} of them. Run after every stage in tests.
 */
public final class LoopVerifier {

    private final LoopProgram program;
    private final List<Sample> samples;
    private final Set<Symbol> symbols;
    /** It is what a branch or loop runs. */
    private final boolean isInner;
    private final Set<String> problems = new LinkedHashSet<>();

    private LoopVerifier(LoopProgram program) {
        this(program, symbols(program), Sample.of(withSizes(program)), /* isInner= */ false);
    }

    private LoopVerifier(LoopProgram program, Set<Symbol> symbols, List<Sample> samples, boolean isInner) {
        this.program = program;
        this.symbols = new LinkedHashSet<>(symbols);
        this.samples = samples;
        this.isInner = isInner;
    }

    private static Set<Symbol> symbols(LoopProgram program) {
        Set<Symbol> symbols = new LinkedHashSet<>();
        program.inputs().forEach(input -> input.shape().sizes().forEach(size -> symbols.addAll(size.symbols())));
        return symbols;
    }

    /** And those that get their values while it runs. */
    private static Set<Symbol> withSizes(LoopProgram program) {
        Set<Symbol> symbols = symbols(program);
        symbols.addAll(LoopSizes.read(program));
        return symbols;
    }

    /**
     * What holds at every stage.
     *
     * @throws IllegalStateException listing everything that is wrong
     */
    public static void verify(LoopProgram program) {
        LoopVerifier verifier = new LoopVerifier(program);
        verifier.check();
        verifier.report();
    }

    /**
     * As above, and what templates need of their operands: it holds after the last stage.
     *
     * @throws IllegalStateException listing everything that is wrong
     */
    public static void verifyFinal(LoopProgram program) {
        LoopVerifier verifier = new LoopVerifier(program);
        verifier.check();
        program.loops().forEach(loop -> Templates.checkFinal(loop, verifier.problems::add));
        verifier.report();
    }

    /**
     * As above, for what branches and loops run too, at any depth.
     *
     * @throws IllegalStateException listing everything that is wrong
     */
    public static void verifyAllFinal(LoopProgram program) {
        LoopVerifier verifier = new LoopVerifier(program);
        verifier.check();
        verifier.checkFinal(program);
        verifier.report();
    }

    private void checkFinal(LoopProgram inner) {
        for (Loop loop : inner.loops()) {
            Templates.checkFinal(loop, problems::add);
            loop.programs().forEach(this::checkFinal);
        }
    }

    private void report() {
        if (!problems.isEmpty()) {
            throw new IllegalStateException("loops %s are malformed:%n%s%n%s".formatted(
                    program.name(), String.join(System.lineSeparator(), problems), LoopText.print(program)));
        }
    }

    private void check() {
        checkBuffers();
        checkOrder();
        Coverage coverage = new Coverage();
        for (Loop loop : program.loops()) {
            int before = problems.size();
            checkVariables(loop);
            if (problems.size() == before) {
                checkLoop(loop, coverage);
            }
            if (loop instanceof Loop.ReadSize read) {
                symbols.add(read.size());
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(coverage.problems(samples));
        }
    }

    // ---- buffers

    private void checkBuffers() {
        Map<String, Buffer> named = new HashMap<>();
        Set<Buffer> all = new LinkedHashSet<>(program.inputs());
        all.addAll(program.outputs());
        Arrays.stream(Buffer.Kind.values()).forEach(kind -> all.addAll(program.buffers(kind)));
        for (Buffer buffer : all) {
            Buffer other = named.putIfAbsent(buffer.name(), buffer);
            require(other == null, "two buffers are named %s", buffer);
            require(isInner || (buffer.kind() == Buffer.Kind.INPUT) == program.inputs().contains(buffer),
                    "%s is of kind %s and no input of the program", buffer, buffer.kind());
            require(isInner || (buffer.kind() == Buffer.Kind.OUTPUT) == program.outputs().contains(buffer),
                    "%s is of kind %s and no output of the program", buffer, buffer.kind());
        }
    }

    /** Every buffer is complete before it is first read, and outputs are written. */
    private void checkOrder() {
        Map<Buffer, List<Loop>> writers = program.writers();
        Set<Loop> done = new HashSet<>();
        for (Loop loop : program.loops()) {
            for (Buffer input : loop.inputs()) {
                boolean isGiven = input.kind() == Buffer.Kind.CONSTANT || program.inputs().contains(input);
                List<Loop> before = writers.getOrDefault(input, List.of());
                require(isGiven || !before.isEmpty(), "%s is read, but nothing writes it", input);
                require(done.containsAll(before), "%s is read before it is written", input);
            }
            for (Buffer output : loop.outputs()) {
                require(output.kind() == Buffer.Kind.OUTPUT || output.kind() == Buffer.Kind.INTERMEDIATE,
                        "%s is written, though it is of kind %s", output, output.kind());
            }
            done.add(loop);
        }
        program.outputs().forEach(output -> require(writers.containsKey(output), "nothing writes the output %s", output));
    }

    // ---- variables

    private void checkVariables(Loop loop) {
        switch (loop) {
            case Loop.Pointwise pointwise -> checkVariables(pointwise.variables(), List.of(pointwise.store()), List.of());
            case Loop.Reduction reduction -> {
                List<Symbol> all = new ArrayList<>(reduction.variables());
                all.addAll(reduction.reduced());
                checkVariables(all, List.of(), List.of(reduction.body()));
                reduction.indices().forEach(index -> checkBound(index, reduction.variables()));
            }
            case Loop.Gemm gemm -> {
                checkEpilogueVariables(gemm);
                checkBound(gemm.left().offset(), gemm.batch());
                checkBound(gemm.right().offset(), gemm.batch());
            }
            case Loop.Convolution convolution -> checkEpilogueVariables(convolution);
            case Loop.Attention attention -> {
                checkEpilogueVariables(attention);
                checkVariables(Templates.scoreVariables(attention), List.of(), attention.mask().stream().toList());
                for (Loop.Heads heads : List.of(attention.query(), attention.key(), attention.value())) {
                    checkBound(heads.offset(), List.of());
                }
            }
            case Loop.Extern extern -> extern.arguments().forEach(argument -> {
                if (argument instanceof Loop.Argument.Extent(Size size)) {
                    checkBound(size, List.of());
                }
            });
            case Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> { }
        }
    }

    private void checkEpilogueVariables(Loop.Template template) {
        checkVariables(template.epilogue().variables(), template.epilogue().stores(), List.of());
    }

    private void checkVariables(List<Symbol> variables, List<Loop.Store> stores, List<Scalar> scalars) {
        require(variables.stream().map(Symbol::name).distinct().count() == variables.size(),
                "two of the variables %s have one name", variables);
        variables.forEach(variable -> checkBound(variable.below().orElseThrow(), List.of()));
        stores.forEach(store -> store.indices().forEach(index -> checkBound(index, variables)));
        Stream.concat(stores.stream().map(Loop.Store::value), scalars.stream())
                .forEach(scalar -> scalar.forEach(node -> node.sizes().forEach(size -> checkBound(size, variables))));
    }

    private void checkBound(Size size, List<Symbol> variables) {
        for (Symbol symbol : size.symbols()) {
            require(variables.contains(symbol) || symbols.contains(symbol),
                    "%s in %s is neither a variable of its loop nor a dimension of an input", symbol, size);
        }
    }

    // ---- loops

    private void checkLoop(Loop loop, Coverage coverage) {
        switch (loop) {
            case Loop.Pointwise pointwise -> checkStore(pointwise.store(), pointwise.variables(), null, coverage);
            case Loop.Reduction reduction -> checkReduction(reduction, coverage);
            case Loop.Gemm gemm -> {
                Templates.check(gemm, samples, problems::add);
                checkEpilogue(gemm, coverage);
            }
            case Loop.Convolution convolution -> {
                Templates.check(convolution, samples, problems::add);
                checkEpilogue(convolution, coverage);
            }
            case Loop.Attention attention -> {
                Templates.check(attention, samples, problems::add);
                attention.mask().ifPresent(mask -> checkScalar(mask, Templates.scoreVariables(attention), null));
                checkEpilogue(attention, coverage);
            }
            case Loop.Extern extern -> Templates.check(extern, problems::add);
            case Loop.Branch branch -> {
                requireOneValue(branch.predicate());
                checkInner(loop);
            }
            case Loop.Repeat repeat -> {
                requireOneValue(repeat.predicate());
                checkInner(loop);
                checkCarried(repeat);
            }
            case Loop.ReadSize read -> require(read.value().dtype() == DType.I64 && read.value().shape().numel().equals(Size.ONE),
                    "%s is read from %s, which is not one i64", read.size(), read.value().type());
            case Loop.Pack pack -> Templates.check(pack, samples, problems::add);
        }
        for (Buffer buffer : loop.outputs()) {
            checkLayout(buffer);
        }
    }

    private void requireOneValue(Buffer predicate) {
        require(predicate.shape().numel().equals(Size.ONE), "the predicate %s is not one value", predicate);
    }

    /** What changes places is alike. */
    private void checkCarried(Loop.Repeat repeat) {
        List<Buffer> carried = repeat.start().outputs();
        List<Buffer> next = repeat.body().outputs();
        require(carried.size() == next.size(), "%s is carried and then %s", carried, next);
        for (int i = 0; i < Math.min(carried.size(), next.size()); i++) {
            require(carried.get(i).type().equals(next.get(i).type()) && carried.get(i).layout().equals(next.get(i).layout()),
                    "%s and %s cannot change places: they differ in type or layout", carried.get(i), next.get(i));
        }
    }

    /** What it runs reads of the program around it what it declares, and fills what it must. */
    private void checkInner(Loop loop) {
        for (LoopProgram inner : loop.programs()) {
            LoopVerifier verifier = new LoopVerifier(inner, symbols, samples, /* isInner= */ true);
            verifier.check();
            verifier.problems.forEach(problem -> problems.add(inner.name() + ": " + problem));
            require(loop.outputs().containsAll(inner.outputs()), "%s fills %s, its loop %s", inner.name(), inner.outputs(), loop.outputs());
        }
    }

    private void checkEpilogue(Loop.Template template, Coverage coverage) {
        template.epilogue().stores().forEach(
                store -> checkStore(store, template.epilogue().variables(), template.accumulator(), coverage));
    }

    private void checkStore(Loop.Store store, List<Symbol> variables, Buffer accumulator, Coverage coverage) {
        require(store.value().dtype() == store.target().dtype(), "%s of type %s gets values of type %s",
                store.target(), store.target().dtype(), store.value().dtype());
        checkScalar(store.value(), variables, accumulator);
        write(store.target(), store.indices(), variables, coverage);
    }

    private void write(Buffer target, List<Size> indices, List<Symbol> variables, Coverage coverage) {
        Access access = new Access(target, indices, List.of(), variables);
        int before = problems.size();
        access.problem(samples).ifPresent(problems::add);
        if (problems.size() == before) {
            coverage.add(target, indices, variables);
        }
    }

    private void checkScalar(Scalar scalar, List<Symbol> variables, Buffer accumulator) {
        problems.addAll(ScalarTypes.problems(scalar));
        for (Access read : Access.reads(scalar, variables)) {
            if (read.buffer() == accumulator) {
                require(Templates.isNatural(read.indices(), variables), "%s is not the sum at the variables' place", read);
            }
            read.problem(samples).ifPresent(problems::add);
        }
    }

    private void checkReduction(Loop.Reduction reduction, Coverage coverage) {
        List<Symbol> all = new ArrayList<>(reduction.variables());
        all.addAll(reduction.reduced());
        checkScalar(reduction.body(), all, null);
        ReductionOperation operation = reduction.operation();
        require(reduction.outputs().size() == operation.results(), "%s has %d results", operation.text(), reduction.outputs().size());
        DType body = reduction.body().dtype();
        DType result = operation.isArgument() ? DType.I64 : body;
        boolean isFitting = switch (operation) {
            case ANY, ALL -> body == DType.BOOL;
            case WELFORD -> body.isFloating();
            case SUM, PRODUCT, MAXIMUM, MINIMUM, ARGUMENT_OF_MAXIMUM, ARGUMENT_OF_MINIMUM -> true;
        };
        require(isFitting, "%s has values of type %s", operation.text(), body);
        for (Buffer output : reduction.outputs()) {
            require(output.dtype() == result, "%s of type %s gets values of type %s", output, output.dtype(), result);
            write(output, reduction.indices(), reduction.variables(), coverage);
        }
    }

    /** The layout is a permutation of a dense one, so that the buffer's bytes are those of its elements. */
    private void checkLayout(Buffer buffer) {
        Layout layout = buffer.layout();
        boolean isEmpty = buffer.shape().sizes().contains(Size.ZERO);
        require(isEmpty || layout.sameMemory(Layout.ordered(buffer.shape(), layout.order())), "the layout of %s, %s, is not dense", buffer, layout);
    }

    private void require(boolean condition, String format, Object... values) {
        if (!condition) {
            problems.add(format.formatted(values));
        }
    }
}
