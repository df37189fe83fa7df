package io.toroid.processor.codegen.wrapper;

import io.toroid.Tensor;
import io.toroid.op.Placeholder;
import io.toroid.processor.codegen.cpp.KernelCall;
import io.toroid.processor.codegen.cpp.KernelSource;
import io.toroid.processor.loop.AuthorsOperators;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.schedule.Kernel;
import io.toroid.processor.schedule.MemoryPlan;
import io.toroid.processor.schedule.Schedule;
import io.toroid.shape.Check;
import io.toroid.shape.Range;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Builds the three functions of an entry, and the one that folds constants, as lines. */
public final class WrapperBuilder {

    private WrapperBuilder() {
    }

    // ---- symbols and checks

    /** {@code check}: what the tables cannot say. Every size is checked before memory is touched. */
    public static List<WrapperLine> check(TracedEntry entry) {
        List<WrapperLine> lines = new ArrayList<>();
        Set<Symbol> bound = new LinkedHashSet<>();
        forEachValue(entry, (symbol, input) -> {
            if (!bound.add(symbol)) {
                lines.add(new WrapperLine.ExpectSame(input, symbol));
                return;
            }
            Range range = symbol.declared();
            lines.add(new WrapperLine.ExpectValue(input, range.min(), range.max(), range.multipleOf()));
            lines.add(new WrapperLine.BindValue(symbol, input));
        });
        forEachDynamicSize(entry, bound, (input, axis, size, binding) -> {
            if (binding == null) {
                lines.add(new WrapperLine.ExpectSize(input, axis, size));
                return;
            }
            Range range = binding.symbol().declared();
            Range sizes = size.range();
            lines.add(new WrapperLine.ExpectRange(input, axis, sizes.min(), sizes.max()));
            long multiple = Math.multiplyExact(binding.scale(), range.multipleOf());
            if (multiple > 1) {
                lines.add(new WrapperLine.ExpectMultiple(input, axis, multiple, binding.shift().constant()));
            }
            lines.add(binding);
        });
        for (Check check : entry.environment().checks()) {
            if (!SizeLines.isLater(check)) {
                lines.add(new WrapperLine.ExpectRelation(check.left(), check.relation(), check.right(), check.why(), check.where()));
            }
        }
        lines.add(new WrapperLine.Finish(/* kernelsReport= */ false));
        return lines;
    }

    /** {@code output_sizes}. */
    public static List<WrapperLine> outputSizes(TracedEntry entry) {
        List<WrapperLine> lines = new ArrayList<>(bindings(entry));
        for (int i = 0; i < entry.outputs().size(); i++) {
            lines.add(new WrapperLine.SetOutput(i, entry.outputs().get(i).shape().sizes().stream().map(WrapperBuilder::known).toList()));
        }
        lines.add(new WrapperLine.Finish(/* kernelsReport= */ false));
        return lines;
    }

    /** The size, or -1 if it depends on data. */
    private static Size known(Size size) {
        return size.symbols().stream().anyMatch(Symbol::isData) ? Size.of(-1) : size;
    }

    /** Reads each symbol once. */
    private static List<WrapperLine> bindings(TracedEntry entry) {
        List<WrapperLine> lines = new ArrayList<>();
        Set<Symbol> bound = new LinkedHashSet<>();
        forEachValue(entry, (symbol, input) -> {
            if (bound.add(symbol)) {
                lines.add(new WrapperLine.BindValue(symbol, input));
            }
        });
        forEachDynamicSize(entry, bound, (_, _, _, binding) -> {
            if (binding != null) {
                lines.add(binding);
            }
        });
        return lines;
    }

    /** The inputs that are values of symbols. */
    private static void forEachValue(TracedEntry entry, ObjIntConsumer<Symbol> visitor) {
        for (int input = 0; input < entry.inputs().size(); input++) {
            if (entry.inputs().get(input).origin() instanceof Placeholder placeholder && placeholder.symbol().isPresent()) {
                visitor.accept(placeholder.symbol().get(), input);
            }
        }
    }

    private interface SizeVisitor {

        /** @param binding how the size gives a symbol its value, or null if all its symbols have theirs */
        void visit(int input, int axis, Size size, WrapperLine.BindSymbol binding);
    }

    /** Plain symbols first, then sizes that give one symbol its value, then those that only need checking. */
    private static void forEachDynamicSize(TracedEntry entry, Set<Symbol> bound, SizeVisitor visitor) {
        record Dynamic(int input, int axis, Size size) {
        }
        List<Dynamic> plain = new ArrayList<>();
        List<Dynamic> solvable = new ArrayList<>();
        List<Dynamic> others = new ArrayList<>();
        for (int input = 0; input < entry.inputs().size(); input++) {
            Tensor tensor = entry.inputs().get(input);
            for (int axis = 0; axis < tensor.dim(); axis++) {
                Size size = tensor.size(axis);
                if (!size.isConstant()) {
                    List<Dynamic> kind = size instanceof Symbol ? plain : isSolvable(size) ? solvable : others;
                    kind.add(new Dynamic(input, axis, size));
                }
            }
        }
        plain.addAll(solvable);
        plain.addAll(others);
        for (Dynamic dynamic : plain) {
            visitor.visit(dynamic.input(), dynamic.axis(), dynamic.size(),
                    binding(dynamic.input(), dynamic.axis(), dynamic.size(), bound));
        }
    }

    private static boolean isSolvable(Size size) {
        return size.symbols().size() == 1 && size.coefficientOf(size.symbols().iterator().next()).isPresent();
    }

    private static WrapperLine.BindSymbol binding(int input, int axis, Size size, Set<Symbol> bound) {
        List<Symbol> unknown = size.symbols().stream().filter(symbol -> !bound.contains(symbol)).toList();
        if (unknown.isEmpty()) {
            return null;
        }
        Symbol symbol = unknown.getFirst();
        Size scale = size.coefficientOf(symbol).orElse(Size.ZERO);
        Size shift = size.substitute(Map.of(symbol, Size.ZERO));
        if (unknown.size() > 1 || !scale.isConstant() || scale.constant() < 1 || !shift.isConstant()) {
            throw new IllegalStateException("no input gives " + unknown + " of " + size + " a value");
        }
        bound.add(symbol);
        return new WrapperLine.BindSymbol(symbol, input, axis, scale.constant(), shift);
    }

    // ---- runs

    /**
     * {@code run}: memory, then kernels in order, then what updates need.
     *
     * @param states places of the states that are the schedule's last inputs
     * @param instruments what looks at the kernels
     */
    public static List<WrapperLine> run(
            TracedEntry entry, List<Long> states, Schedule schedule, MemoryPlan plan, Function<Kernel, KernelCall> kernels,
            ToIntFunction<Buffer> constantIndex, InstrumentLines instruments) {
        List<WrapperLine> lines = new ArrayList<>(instruments.begin(entry, schedule));
        lines.addAll(bindings(entry));
        Set<Buffer> touched = touched(schedule);
        bindInputs(entry, states, schedule, touched, lines);
        for (int i = 0; i < entry.outputs().size(); i++) {
            if (!SizeLines.isLater(schedule.outputs().get(i))) {
                lines.add(new WrapperLine.Bind(schedule.outputs().get(i), WrapperLine.Bind.Source.OUTPUT, i));
            }
        }
        bindConstants(touched, lines, constantIndex);
        placeIntermediates(plan, lines);
        reuse(schedule, lines);
        SizeLines sizes = new SizeLines(entry.environment().checks(), schedule.outputs(), reports(schedule, kernels));
        lines.addAll(instruments.inputs(schedule.inputs().stream().filter(touched::contains).toList()));
        lines.addAll(calls(schedule, plan, kernels, sizes, instruments::around));
        update(entry, schedule, sizes.reports(), lines);
        lines.add(new WrapperLine.Finish(sizes.reports()));
        return lines;
    }

    private static void bindInputs(
            TracedEntry entry, List<Long> states, Schedule schedule, Set<Buffer> touched, List<WrapperLine> lines) {
        Set<Buffer> targets = schedule.outputs().stream().flatMap(output -> output.target().stream()).collect(Collectors.toSet());
        int count = entry.inputs().size();
        for (int i = 0; i < schedule.inputs().size(); i++) {
            Buffer input = schedule.inputs().get(i);
            if (i >= count) {
                lines.add(new WrapperLine.Bind(input, WrapperLine.Bind.Source.STATE, states.get(i - count)));
            } else if (targets.contains(input)) {
                lines.add(new WrapperLine.Bind(input, WrapperLine.Bind.Source.UPDATED_INPUT, i));
            } else if (touched.contains(input)) {
                lines.add(new WrapperLine.Bind(input, WrapperLine.Bind.Source.INPUT, i));
            }
        }
    }

    /** Buffers that lie where inputs and outputs do, each after the one that it lies on. */
    private static void reuse(Schedule schedule, List<WrapperLine> lines) {
        for (Kernel kernel : schedule.kernels()) {
            for (Buffer output : kernel.outputs()) {
                output.base().filter(_ -> output.root().kind() != Buffer.Kind.INTERMEDIATE)
                        .ifPresent(base -> lines.add(new WrapperLine.Reuse(output, base)));
            }
        }
    }

    /** A failed call leaves alone what has not been written in place. */
    private static void update(TracedEntry entry, Schedule schedule, boolean reports, List<WrapperLine> lines) {
        List<Buffer> updates = schedule.outputs().subList(entry.outputs().size(), schedule.outputs().size());
        if (reports && updates.stream().anyMatch(update -> update.base().isEmpty())) {
            lines.add(new WrapperLine.StopIfFailed());
        }
        for (Buffer update : updates) {
            Buffer target = update.target().orElseThrow();
            if (update.base().isEmpty()) {
                lines.add(new WrapperLine.Update(target, update));
            }
            int input = schedule.inputs().indexOf(target);
            if (input < entry.inputs().size()) {
                lines.add(new WrapperLine.WriteBack(input));
            }
        }
    }

    /**
     * {@code fold}: from the constants as they are stored to those as kernels want them.
     *
     * @param served folded constants for one of which to be computed each kernel runs
     * @param entryCount of the model
     * @param instruments what records the kernels
     */
    public static List<WrapperLine> fold(
            Schedule schedule, MemoryPlan plan, Function<Kernel, KernelCall> kernels, ToIntFunction<Buffer> constantIndex,
            Function<Kernel, List<Buffer>> served, int entryCount, InstrumentLines instruments) {
        List<WrapperLine> lines = new ArrayList<>(instruments.beginFold(entryCount));
        bindConstants(touched(schedule), lines, constantIndex);
        for (Buffer output : schedule.outputs()) {
            lines.add(new WrapperLine.Bind(output, WrapperLine.Bind.Source.FOLDED, constantIndex.applyAsInt(output)));
        }
        placeIntermediates(plan, lines);
        reuse(schedule, lines);
        SizeLines sizes = new SizeLines(List.of(), List.of(), reports(schedule, kernels));
        for (Kernel kernel : schedule.kernels()) {
            List<Integer> rows = served.apply(kernel).stream().map(constantIndex::applyAsInt).toList();
            lines.add(new WrapperLine.Fold(rows, call(kernel, schedule, plan, kernels, sizes, (each, call, _) -> instruments.inFold(each, call))));
        }
        lines.add(new WrapperLine.Finish(sizes.reports()));
        return lines;
    }

    private static Set<Buffer> touched(Schedule schedule) {
        Set<Buffer> touched = new LinkedHashSet<>();
        for (Kernel kernel : schedule.kernels()) {
            touched.addAll(kernel.inputs());
            touched.addAll(kernel.outputs());
        }
        return touched;
    }

    private static void bindConstants(Set<Buffer> touched, List<WrapperLine> lines, ToIntFunction<Buffer> constantIndex) {
        touched.stream().filter(buffer -> buffer.kind() == Buffer.Kind.CONSTANT)
                .forEach(buffer -> lines.add(new WrapperLine.Bind(
                        buffer, WrapperLine.Bind.Source.CONSTANT, constantIndex.applyAsInt(buffer))));
    }

    private static void placeIntermediates(MemoryPlan plan, List<WrapperLine> lines) {
        if (plan.offsets().isEmpty()) {
            return;
        }
        int count = plan.offsets().size();
        String atMost = plan.total().range().hasMax()
                ? "; at the largest sizes %d bytes are alive at once, and the arena has %d".formatted(plan.lowerBound(), plan.total().range().max())
                : "";
        lines.add(new WrapperLine.Comment("%d intermediate%s in an arena of %s bytes%s"
                .formatted(count, count == 1 ? "" : "s", plan.total(), atMost)));
        lines.add(new WrapperLine.Arena(plan.total()));
        plan.offsets().forEach((buffer, offset) -> lines.add(new WrapperLine.Place(buffer, offset)));
    }

    private static boolean reports(Schedule schedule, Function<Kernel, KernelCall> kernels) {
        return schedule.functions().stream().anyMatch(kernel ->
                kernels.apply(kernel).arguments().stream().anyMatch(KernelSource.Parameter.Run.class::isInstance));
    }

    /** How a kernel is called. */
    @FunctionalInterface
    private interface Calling {
        List<WrapperLine> lines(Kernel kernel, KernelCall call, Schedule schedule);
    }

    private static List<WrapperLine> calls(
            Schedule schedule, MemoryPlan plan, Function<Kernel, KernelCall> kernels, SizeLines sizes, Calling calling) {
        List<WrapperLine> lines = new ArrayList<>();
        schedule.kernels().forEach(kernel -> lines.addAll(call(kernel, schedule, plan, kernels, sizes, calling)));
        return lines;
    }

    private static List<WrapperLine> call(
            Kernel kernel, Schedule schedule, MemoryPlan plan, Function<Kernel, KernelCall> kernels, SizeLines sizes, Calling calling) {
        List<WrapperLine> lines = new ArrayList<>();
        switch (kernel) {
            case Kernel.Control control -> control(control, kernels, sizes, calling, lines);
            case Kernel.SizeRead read -> lines.addAll(sizes.of(read, plan));
            case Kernel.Nest _, Kernel.Single _ -> {
                lines.addAll(calling.lines(kernel, kernels.apply(kernel), schedule));
                if (kernel instanceof Kernel.Single(_, Loop.Extern extern) && AuthorsOperators.isCall(extern)) {
                    lines.add(new WrapperLine.StopIfFailed());
                }
            }
        }
        return lines;
    }

    private static void control(
            Kernel.Control control, Function<Kernel, KernelCall> kernels, SizeLines sizes, Calling calling, List<WrapperLine> lines) {
        lines.add(new WrapperLine.Comment(control.origins().toString()));
        List<List<WrapperLine>> sections = control.sections().stream()
                .map(section -> section(control, section, kernels, sizes, calling)).toList();
        switch (control.loop()) {
            case Loop.Branch branch -> lines.add(new WrapperLine.If(branch.predicate(), sections.get(0), sections.get(1)));
            case Loop.Repeat repeat -> {
                lines.addAll(sections.get(0));
                List<WrapperLine> condition = new ArrayList<>(sections.get(1));
                if (sizes.reports()) {
                    condition.add(new WrapperLine.StopIfFailed());
                }
                lines.add(new WrapperLine.While(condition, repeat.predicate(), sections.get(2), repeat.start().outputs(), repeat.body().outputs()));
            }
            case Loop.Pointwise _, Loop.Reduction _, Loop.Template _, Loop.Extern _,
                 Loop.ReadSize _, Loop.Pack _ -> throw new IllegalStateException("neither a branch nor a loop");
        }
    }

    private static List<WrapperLine> section(
            Kernel.Control control, Kernel.Section section, Function<Kernel, KernelCall> kernels, SizeLines sizes, Calling calling) {
        List<WrapperLine> lines = new ArrayList<>();
        section.plan().offsets().forEach((buffer, offset) ->
                lines.add(new WrapperLine.PlaceWithin(control.arena().orElseThrow().name(), buffer, offset)));
        lines.addAll(calls(section.schedule(), section.plan(), kernels, sizes, calling));
        return lines;
    }
}
