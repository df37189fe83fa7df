package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.shape.Symbol;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The text form of a schedule, for people: where intermediates lie, then each kernel with what it reads and writes.
 *
 * <pre>
 * schedule classify
 * arena of 1024*batch bytes: linear_0 at 0, mul_4 at 512*batch
 *
 * kernel cpp_fused_native_layer_norm_gelu_3(linear_0, norm_weight, norm_bias) -&gt; mul_4
 *   values var_mean_1, squares_0
 *   row add_1: f32[batch, 128]
 *   for i0 &lt; batch
 *     for j0 &lt; 128
 *       var_mean_1, squares_0 at [i0, 0] = welford of linear_0[i0, j0]
 *     for j0 &lt; 128
 *       add_1[i0, j0] = ...
 * </pre>
 */
public final class ScheduleText {

    private final StringBuilder text = new StringBuilder();

    private ScheduleText() {
    }

    /** The kernels, and where the plan places their intermediates. */
    public static String print(Schedule schedule, MemoryPlan plan) {
        ScheduleText printer = new ScheduleText();
        printer.text.append("schedule ").append(schedule.name()).append('\n');
        printer.arena(0, plan);
        printer.reuse(schedule);
        schedule.kernels().forEach(kernel -> printer.kernel(kernel, plan));
        return printer.text.toString();
    }

    private void arena(int depth, MemoryPlan plan) {
        if (!plan.offsets().isEmpty()) {
            line(depth, "arena of %s bytes: %s".formatted(plan.total(), plan.offsets().entrySet().stream()
                    .map(entry -> entry.getKey() + " at " + entry.getValue()).collect(Collectors.joining(", "))));
        }
    }

    private void reuse(Schedule schedule) {
        String reused = schedule.kernels().stream().flatMap(kernel -> kernel.outputs().stream())
                .filter(buffer -> buffer.base().isPresent()).distinct()
                .map(buffer -> "%s where %s %s".formatted(buffer, buffer.base().get(), buffer.base().get().kind() == Buffer.Kind.OUTPUT ? "will be" : "was")).collect(Collectors.joining(", "));
        if (!reused.isEmpty()) {
            line(0, "in place: " + reused);
        }
    }

    private void kernel(Kernel kernel, MemoryPlan plan) {
        line(0, "");
        line(0, "kernel %s(%s) -> %s".formatted(kernel.name(), names(kernel.inputs()), names(kernel.outputs())));
        switch (kernel) {
            case Kernel.SizeRead(String _, Loop.ReadSize loop) -> {
                loop.toString().lines().forEach(line -> line(1, line));
                Optional.ofNullable(plan.later().get(loop.size())).ifPresent(later -> arena(1, later));
            }
            case Kernel.Single(String _, Loop loop) -> loop.toString().lines().forEach(line -> line(1, line));
            case Kernel.Nest nest -> nest(nest);
            case Kernel.Control control -> control.sections().forEach(section ->
                    print(section.schedule(), section.plan()).lines().forEach(line -> line(1, line)));
        }
    }

    private void nest(Kernel.Nest nest) {
        List<Buffer> values = nest.values().stream().sorted(Comparator.comparing(Buffer::name)).toList();
        if (!values.isEmpty()) {
            line(1, "values " + names(values));
        }
        nest.scratch().keySet().stream().sorted(Comparator.comparing(Buffer::name))
                .forEach(buffer -> line(1, "row " + buffer + ": " + buffer.type()));
        int depth = 1;
        for (Symbol variable : nest.outer()) {
            boolean isLane = nest.lanes() == Kernel.Lanes.OUTER && variable.equals(nest.outer().getLast());
            line(depth++, variable(variable) + (isLane ? " in lanes" : ""));
        }
        for (Kernel.Phase phase : nest.phases()) {
            phase(phase, depth);
        }
    }

    private void phase(Kernel.Phase phase, int depth) {
        int inner = depth;
        for (Symbol variable : phase.inner()) {
            line(inner++, variable(variable));
        }
        for (Kernel.Statement statement : phase.statements()) {
            line(inner, statement(statement));
        }
    }

    private static String statement(Kernel.Statement statement) {
        return switch (statement) {
            case Kernel.Statement.Assign(Loop.Store store) -> store.toString();
            case Kernel.Statement.Combine combine -> "%s at %s = %s of %s".formatted(names(combine.targets()),
                    combine.indices(), combine.operation().text(), combine.scalar());
        };
    }

    private static String variable(Symbol variable) {
        return "for " + variable + " < " + variable.below().orElseThrow();
    }

    private static String names(Collection<Buffer> buffers) {
        return buffers.stream().map(Buffer::name).collect(Collectors.joining(", "));
    }

    private void line(int depth, String line) {
        text.append(line.isEmpty() ? "" : "  ".repeat(depth)).append(line).append('\n');
    }
}
