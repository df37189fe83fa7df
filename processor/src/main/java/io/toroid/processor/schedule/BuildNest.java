package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes one kernel of a group: common variables, phases, and where each intermediate lives. An intermediate that only
 * this kernel reads needs no memory: within its phase it is a value, between phases a value or a row on the stack.
 */
final class BuildNest {

    /** Elements of a row that may live on the stack. */
    private static final long LARGEST_ROW = 4096;
    /** Bytes that all rows of a kernel may take: stacks of Java's threads have a megabyte, and the caller has used some of it. */
    private static final long MOST_STACK = 128 << 10;

    /** Whole vectors that can be loaded while the lanes of one are gathered. */
    private static final int SCATTERED = 8;

    private final LoopGroup group;
    private final LoopProgram program;
    private final int outerCount;
    private final boolean reduces;
    private final List<Symbol> outer = new ArrayList<>();
    private final List<PhaseDraft> phases = new ArrayList<>();
    private final Map<Buffer, PhaseDraft> phaseOf = new LinkedHashMap<>();
    private final Map<Buffer, LoopNest> nestOf = new HashMap<>();

    private static final class PhaseDraft {
        final List<Symbol> inner = new ArrayList<>();
        final List<LoopNest> nests = new ArrayList<>();
        final List<Kernel.Statement> statements = new ArrayList<>();
    }

    private BuildNest(LoopGroup group, LoopProgram program) {
        this.group = group;
        this.program = program;
        this.reduces = group.nests().stream().anyMatch(LoopNest::isReduction);
        int shared = group.outerCount();
        this.outerCount = reduces || shared == 0 ? shared : shared - 1;
    }

    static Kernel.Nest run(LoopGroup group, LoopProgram program, int number) {
        return new BuildNest(group, program).build(number);
    }

    private Kernel.Nest build(int number) {
        LoopNest model = group.nests().getFirst();
        for (int i = 0; i < outerCount; i++) {
            outer.add(Symbol.variable("i" + i, LoopNest.extent(model.variables().get(i))));
        }
        Loop.Origins origins = Loop.Origins.NONE;
        for (LoopNest nest : group.nests()) {
            place(nest);
            origins = origins.and(nest.loop().origins());
        }
        Kernel.Lanes lanes = chooseLanes();
        Set<Buffer> values = new HashSet<>();
        Map<Buffer, Layout> scratch = new LinkedHashMap<>();
        findHomes(lanes, values, scratch);
        List<Kernel.Phase> built =
                phases.stream().map(draft -> new Kernel.Phase(draft.inner, draft.statements)).toList();
        Kernel.Nest nest = new Kernel.Nest(
                KernelNames.of(origins, number), outer, built, lanes, values, scratch, origins);
        return CollapseVariables.run(nest);
    }

    private void place(LoopNest nest) {
        List<Symbol> own = new ArrayList<>(nest.variables().subList(outerCount, nest.variables().size()));
        own.addAll(nest.reduced());
        PhaseDraft phase = phases.isEmpty() ? null : phases.getLast();
        if (phase == null || !accepts(phase, nest, own)) {
            phase = new PhaseDraft();
            for (int i = 0; i < own.size(); i++) {
                phase.inner.add(Symbol.variable("j" + i, LoopNest.extent(own.get(i))));
            }
            phases.add(phase);
        }
        phase.nests.add(nest);
        phase.statements.add(statement(nest, renaming(nest, own, phase)));
        for (Buffer output : nest.outputs()) {
            phaseOf.put(output, phase);
            nestOf.put(output, nest);
        }
    }

    private boolean accepts(PhaseDraft phase, LoopNest nest, List<Symbol> own) {
        if (!LoopNest.extents(own).equals(LoopNest.extents(phase.inner))) {
            return false;
        }
        boolean[] accepted = {true};
        nest.scalar().forEach(node -> {
            if (node instanceof Scalar.Load load && phaseOf.get(load.buffer()) == phase) {
                LoopNest producer = nestOf.get(load.buffer());
                accepted[0] &= !producer.isReduction() && !nest.isReduction()
                        ? LoopGroup.isAligned(producer, nest, load.indices(), producer.variables().size())
                        : !producer.isReduction() && isAlignedWithReduced(producer, nest, load.indices());
            }
        });
        return accepted[0];
    }

    /** As {@code isAligned}, where the consumer's inner variables are those that it reduces. */
    private static boolean isAlignedWithReduced(LoopNest producer, LoopNest consumer, List<Size> read) {
        List<Symbol> all = new ArrayList<>(consumer.variables());
        all.addAll(consumer.reduced());
        for (int i = 0; i < producer.variables().size(); i++) {
            int dim = producer.indices().indexOf(producer.variables().get(i));
            if (dim < 0 || i >= all.size() || !read.get(dim).equals(all.get(i))) {
                return false;
            }
        }
        return true;
    }

    private Map<Symbol, Size> renaming(LoopNest nest, List<Symbol> own, PhaseDraft phase) {
        Map<Symbol, Size> renaming = new HashMap<>();
        LoopNest.single(nest.loop()).forEach(variable -> renaming.put(variable, Size.ZERO));
        for (int i = 0; i < outerCount; i++) {
            renaming.put(nest.variables().get(i), outer.get(i));
        }
        for (int i = 0; i < own.size(); i++) {
            renaming.put(own.get(i), phase.inner.get(i));
        }
        return renaming;
    }

    private static Kernel.Statement statement(LoopNest nest, Map<Symbol, Size> renaming) {
        List<Size> indices = nest.indices().stream().map(index -> index.substitute(renaming)).toList();
        Scalar scalar = nest.scalar().substitute(renaming);
        return switch (nest.loop()) {
            case Loop.Pointwise pointwise ->
                new Kernel.Statement.Assign(new Loop.Store(pointwise.store().target(), indices, scalar));
            case Loop.Reduction reduction -> new Kernel.Statement.Combine(
                    reduction.operation(), scalar, nest.position().substitute(renaming), reduction.outputs(), indices);
            case Loop.Template _, Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> throw new IllegalStateException("a template");
        };
    }

    /** Lanes follow the variable along which what is reduced lies side by side: to gather lanes is dear. */
    private Kernel.Lanes chooseLanes() {
        if (!reduces || outer.isEmpty()) {
            return Kernel.Lanes.INNER;
        }
        int inner = 0;
        int across = 0;
        for (PhaseDraft phase : phases) {
            for (Kernel.Statement statement : phase.statements) {
                if (statement instanceof Kernel.Statement.Combine combine) {
                    inner += phase.inner.isEmpty() ? 0 : ease(combine.scalar(), phase.inner.getLast());
                    across += ease(combine.scalar(), outer.getLast());
                }
            }
        }
        return across > inner ? Kernel.Lanes.OUTER : Kernel.Lanes.INNER;
    }

    /** Loads of whole vectors, less what loads of scattered lanes cost. */
    private static int ease(Scalar scalar, Symbol variable) {
        int[] ease = {0};
        scalar.forEach(node -> {
            if (node instanceof Scalar.Load load && load.offset().symbols().contains(variable)) {
                boolean isWhole = load.offset().coefficientOf(variable).filter(Size.ONE::equals).isPresent();
                ease[0] += isWhole ? 1 : -SCATTERED;
            }
        });
        return ease[0];
    }

    private void findHomes(Kernel.Lanes lanes, Set<Buffer> values, Map<Buffer, Layout> scratch) {
        Map<Buffer, List<Loop>> readers = program.readers();
        long stack = 0;
        Set<Loop> own = group.nests().stream().map(LoopNest::loop).collect(Collectors.toSet());
        for (Map.Entry<Buffer, PhaseDraft> produced : phaseOf.entrySet()) {
            Buffer buffer = produced.getKey();
            boolean isPrivate = buffer.kind() == Buffer.Kind.INTERMEDIATE
                    && !program.outputs().contains(buffer)
                    && own.containsAll(readers.getOrDefault(buffer, List.of()))
                    && program.writers().get(buffer).size() == 1;
            if (!isPrivate) {
                continue;
            }
            if (nestOf.get(buffer).isReduction() || produced.getValue().inner.isEmpty() || isReadInPhaseOnly(buffer)) {
                values.add(buffer);
            } else if (lanes == Kernel.Lanes.INNER) {
                Optional<Layout> row = rowLayout(buffer, produced.getValue());
                long bytes = row.isPresent() ? rowBytes(buffer, produced.getValue()) : 0;
                if (row.isPresent() && stack + bytes <= MOST_STACK) {
                    scratch.put(buffer, row.get());
                    stack += bytes;
                }
            }
        }
    }

    private boolean isReadInPhaseOnly(Buffer buffer) {
        PhaseDraft home = phaseOf.get(buffer);
        return phases.stream().filter(phase -> phase != home)
                .noneMatch(phase -> phase.nests.stream().anyMatch(nest -> nest.inputs().contains(buffer)));
    }

    /** Strides of one row: none along the outer variables, dense along the inner ones; absent if it is too long. */
    private Optional<Layout> rowLayout(Buffer buffer, PhaseDraft phase) {
        LoopNest nest = nestOf.get(buffer);
        List<Symbol> inner = nest.variables().subList(outerCount, nest.variables().size());
        List<Size> strides = new ArrayList<>(java.util.Collections.nCopies(buffer.shape().rank(), Size.ZERO));
        Size stride = Size.ONE;
        for (Symbol variable : inner.reversed()) {
            int dim = nest.indices().indexOf(variable);
            if (dim < 0) {
                return Optional.empty();
            }
            strides.set(dim, stride);
            stride = stride.times(LoopNest.extent(variable));
        }
        boolean fits = stride.isConstant() && stride.constant() > 0 && stride.constant() <= LARGEST_ROW;
        return fits ? Optional.of(new Layout(buffer.shape(), strides)) : Optional.empty();
    }

    private static long rowBytes(Buffer buffer, PhaseDraft phase) {
        long elements = 1;
        for (Symbol variable : phase.inner) {
            elements *= LoopNest.extent(variable).constant();
        }
        return elements * buffer.dtype().bytes();
    }
}
