package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.loop.verify.Access;
import io.toroid.processor.loop.verify.Coverage;
import io.toroid.processor.loop.verify.Sample;
import io.toroid.processor.loop.verify.ScalarTypes;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What holds within a nest: variables are bound, indices lie within bounds, and what the nest itself has computed is
 * read after it was, by the same values of the outer variables, for another thread may have the others.
 */
final class NestVerifier {

    private final Kernel.Nest nest;
    private final Set<Symbol> symbols;
    private final List<Sample> samples;
    private final Coverage coverage;
    private final Consumer<String> problems;
    private final Map<Buffer, Definition> definitions = new HashMap<>();

    /** Where the nest computes a buffer. */
    private record Definition(int phase, boolean isReduction, boolean isInner, List<Size> indices) {
    }

    private NestVerifier(
            Kernel.Nest nest, Set<Symbol> symbols, List<Sample> samples, Coverage coverage, Consumer<String> problems) {
        this.nest = nest;
        this.symbols = symbols;
        this.samples = samples;
        this.coverage = coverage;
        this.problems = problem -> problems.accept(nest.name() + ": " + problem);
    }

    /** Reports problems, and adds the stores to the coverage. */
    static void check(
            Kernel.Nest nest, Set<Symbol> symbols, List<Sample> samples, Coverage coverage, Consumer<String> problems) {
        new NestVerifier(nest, symbols, samples, coverage, problems).check();
    }

    private void check() {
        require(nest.lanes() == Kernel.Lanes.INNER || !nest.outer().isEmpty(), "lanes along an outer variable, but there is none");
        require(nest.lanes() == Kernel.Lanes.INNER || nest.scratch().isEmpty(), "rows on the stack, but lanes along an outer variable");
        for (int phase = 0; phase < nest.phases().size(); phase++) {
            Kernel.Phase current = nest.phases().get(phase);
            List<Symbol> variables = new ArrayList<>(nest.outer());
            variables.addAll(current.inner());
            require(variables.stream().map(Symbol::name).distinct().count() == variables.size(),
                    "two of the variables %s have one name", variables);
            for (Kernel.Statement statement : current.statements()) {
                check(statement, phase, variables);
            }
        }
    }

    private void check(Kernel.Statement statement, int phase, List<Symbol> variables) {
        boolean isReduction = statement instanceof Kernel.Statement.Combine;
        List<Symbol> storing = isReduction ? nest.outer() : variables;
        List<Size> indices = indices(statement);
        boolean isBound = isBound(statement.scalar(), variables) & isBound(indices.stream(), storing);
        ScalarTypes.problems(statement.scalar()).forEach(problems);
        List<Access> reads = Access.reads(statement.scalar(), variables);
        for (Access read : reads) {
            if (isBound) {
                read.problem(samples).ifPresent(problems);
            }
            checkOwn(read, phase);
        }
        for (Buffer target : statement.targets()) {
            Access write = new Access(target, indices, List.of(), storing);
            boolean isRight = isBound && write.problem(samples).map(problem -> report(problem)).isEmpty();
            if (isRight) {
                coverage.add(target, indices, storing);
            }
            checkRow(target, indices);
            definitions.put(target, new Definition(
                    phase, isReduction, !nest.phases().get(phase).inner().isEmpty(), indices));
        }
    }

    private boolean report(String problem) {
        problems.accept(problem);
        return true;
    }

    private static List<Size> indices(Kernel.Statement statement) {
        return switch (statement) {
            case Kernel.Statement.Assign assign -> assign.store().indices();
            case Kernel.Statement.Combine combine -> combine.indices();
        };
    }

    // ---- variables

    private boolean isBound(Scalar scalar, List<Symbol> variables) {
        boolean[] bound = {true};
        scalar.forEach(node -> bound[0] &= isBound(node.sizes().stream(), variables));
        return bound[0];
    }

    private boolean isBound(Stream<Size> sizes, List<Symbol> variables) {
        List<Symbol> unbound = sizes.flatMap(size -> size.symbols().stream())
                .filter(symbol -> !variables.contains(symbol) && !symbols.contains(symbol)).distinct().toList();
        require(unbound.isEmpty(), "%s is neither a variable of its loops nor a dimension of an input", unbound);
        return unbound.isEmpty();
    }

    // ---- what the nest computed itself

    private void checkOwn(Access read, int phase) {
        Buffer buffer = read.buffer();
        Definition definition = definitions.get(buffer);
        boolean isOwn = nest.phases().stream().flatMap(all -> all.statements().stream())
                .anyMatch(statement -> statement.targets().contains(buffer));
        if (!isOwn) {
            return;
        }
        if (definition == null) {
            problems.accept("%s is read before it is computed".formatted(read));
            return;
        }
        if (definition.phase() == phase) {
            require(!definition.isReduction(), "%s is read while it is being reduced", read);
            require(isSame(read, definition, /* everywhere= */ true), "%s is read, but %s%s was computed", read, buffer, definition.indices());
            return;
        }
        boolean isValue = nest.values().contains(buffer);
        if (isValue && !definition.isReduction() && definition.isInner()) {
            problems.accept("%s is read after its phase, but is only a value".formatted(read));
            return;
        }
        require(isSame(read, definition, definition.isReduction() || isValue),
                "%s is read, but %s%s was computed by these outer variables", read, buffer, definition.indices());
    }

    /** The same indices; or the same where the outer variables reach. */
    private boolean isSame(Access read, Definition definition, boolean everywhere) {
        for (int dim = 0; dim < definition.indices().size(); dim++) {
            Size written = definition.indices().get(dim);
            boolean isOuter = written.symbols().stream().anyMatch(nest.outer()::contains);
            boolean isOnly = read.buffer().shape().get(dim).equals(Size.ONE);
            if ((everywhere || isOuter) && !isOnly && !read.indices().get(dim).equals(written)) {
                return false;
            }
        }
        return true;
    }

    /** A row has room for what the inner variables reach, and all outer ones share it. */
    private void checkRow(Buffer target, List<Size> indices) {
        Layout layout = nest.scratch().get(target);
        if (layout == null) {
            return;
        }
        Size offset = layout.offset(indices);
        require(offset.symbols().stream().noneMatch(nest.outer()::contains), "the row of %s depends on %s", target, nest.outer());
        Size elements = Size.ONE;
        for (int dim = 0; dim < indices.size(); dim++) {
            elements = layout.strides().get(dim).equals(Size.ZERO) ? elements : elements.times(target.shape().get(dim));
        }
        require(elements.isConstant() && offset.range().max() < elements.constant(), "the row of %s has %s elements, but is stored to at %s",
                target, elements, offset);
    }

    private void require(boolean condition, String format, Object... values) {
        if (!condition) {
            problems.accept(format.formatted(values));
        }
    }
}
