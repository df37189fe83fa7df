package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.LoopSizes;
import io.toroid.processor.loop.verify.Coverage;
import io.toroid.processor.loop.verify.Sample;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What holds for every schedule: kernels compute all that the loops do, each after those that it reads; what lives in
 * one kernel only is read there only; and no two intermediates that are alive at one time overlap. What of this depends
 * on sizes is tried with {@link Sample samples} of them. Run in tests.
 */
public final class ScheduleVerifier {

    private static final long ALIGNMENT = 64;
    /** Bytes of stack that a kernel may take. */
    private static final long MOST_STACK = 128 << 10;

    private final LoopProgram program;
    private final Schedule schedule;
    private final MemoryPlan plan;
    private final Set<Symbol> symbols;
    private final List<Sample> samples;
    private final Set<String> problems = new LinkedHashSet<>();
    /** The kernels that write a buffer. */
    private final Map<Buffer, List<Integer>> writers = new HashMap<>();

    private ScheduleVerifier(LoopProgram program, Schedule schedule, MemoryPlan plan, Set<Symbol> symbols) {
        this.program = program;
        this.schedule = schedule;
        this.plan = plan;
        this.symbols = symbols;
        this.samples = Sample.of(symbols);
        for (int i = 0; i < schedule.kernels().size(); i++) {
            for (Buffer written : written(schedule.kernels().get(i))) {
                writers.computeIfAbsent(written, _ -> new ArrayList<>()).add(i);
            }
        }
    }

    /**
     * Verifies the schedule of a program and the places of its intermediates.
     *
     * @throws IllegalStateException listing everything that is wrong
     */
    public static void verify(LoopProgram program, Schedule schedule, MemoryPlan plan) {
        Set<Symbol> symbols = new LinkedHashSet<>();
        schedule.inputs().forEach(input -> input.shape().sizes().forEach(size -> symbols.addAll(size.symbols())));
        symbols.addAll(LoopSizes.read(program));
        ScheduleVerifier verifier = new ScheduleVerifier(program, schedule, plan, symbols);
        verifier.check();
        if (!verifier.problems.isEmpty()) {
            throw new IllegalStateException("schedule %s is malformed:%n%s%n%s".formatted(schedule.name(),
                    String.join(System.lineSeparator(), verifier.problems), ScheduleText.print(schedule, plan)));
        }
    }

    private void check() {
        checkNames();
        checkCompleteness();
        checkOrder();
        Coverage coverage = new Coverage();
        for (int i = 0; i < schedule.kernels().size(); i++) {
            if (schedule.kernels().get(i) instanceof Kernel.Nest nest) {
                checkPrivate(nest, i);
                checkStack(nest);
                NestVerifier.check(nest, symbols, samples, coverage, problems::add);
            }
            if (schedule.kernels().get(i) instanceof Kernel.Control control) {
                control.sections().forEach(this::checkSection);
            }
        }
        checkCoverage(coverage);
        checkReuse();
        checkPlaces();
        checkOverlaps(plan);
        plan.later().values().forEach(this::checkOverlaps);
    }

    private void checkSection(Kernel.Section section) {
        ScheduleVerifier verifier = new ScheduleVerifier(section.program(), section.schedule(), section.plan(), symbols);
        verifier.check();
        verifier.problems.forEach(problem -> problems.add(section.program().name() + ": " + problem));
    }

    private void checkNames() {
        Set<String> names = new LinkedHashSet<>();
        for (Kernel kernel : schedule.kernels()) {
            require(names.add(kernel.name()), "two kernels are named %s", kernel.name());
            require(kernel.name().matches("[a-z]\\w*"), "%s is no name of a function", kernel.name());
        }
    }

    // ---- kernels

    /** All that a kernel computes, in memory or not. */
    private static Set<Buffer> written(Kernel kernel) {
        Set<Buffer> written = new LinkedHashSet<>(kernel.outputs());
        if (kernel instanceof Kernel.Control control) {
            control.arena().ifPresent(written::remove);
        }
        if (kernel instanceof Kernel.Nest nest) {
            nest.phases().forEach(phase -> phase.statements().forEach(statement -> written.addAll(statement.targets())));
        }
        return written;
    }

    private void checkCompleteness() {
        Set<Buffer> wanted = new LinkedHashSet<>();
        program.loops().forEach(loop -> wanted.addAll(loop.outputs()));
        wanted.forEach(buffer -> require(writers.containsKey(buffer), "no kernel computes %s", buffer));
        writers.keySet().forEach(buffer -> require(wanted.contains(buffer), "no loop computes %s", buffer));
    }

    private void checkOrder() {
        Set<Symbol> unknown = new LinkedHashSet<>();
        schedule.kernels().forEach(kernel -> {
            if (kernel instanceof Kernel.SizeRead(String _, Loop.ReadSize loop)) {
                unknown.add(loop.size());
            }
        });
        for (int i = 0; i < schedule.kernels().size(); i++) {
            checkSizes(schedule.kernels().get(i), unknown);
            int reader = i;
            for (Buffer input : schedule.kernels().get(i).inputs()) {
                boolean isGiven = input.kind() == Buffer.Kind.CONSTANT || schedule.inputs().contains(input);
                List<Integer> before = writers.getOrDefault(input, List.of());
                require(isGiven || !before.isEmpty() && before.stream().allMatch(writer -> writer < reader),
                        "%s reads %s before it is written", schedule.kernels().get(i).name(), input);
            }
        }
    }

    private void checkSizes(Kernel kernel, Set<Symbol> unknown) {
        if (kernel instanceof Kernel.SizeRead(String _, Loop.ReadSize loop)) {
            unknown.remove(loop.size());
        }
        Stream.concat(kernel.inputs().stream(), kernel.outputs().stream())
                .flatMap(buffer -> buffer.bytes().symbols().stream()).filter(unknown::contains)
                .forEach(size -> problems.add("%s uses %s before it is known".formatted(kernel.name(), size)));
    }

    private void checkPrivate(Kernel.Nest nest, int index) {
        Set<Buffer> own = new LinkedHashSet<>(nest.values());
        own.addAll(nest.scratch().keySet());
        for (Buffer buffer : own) {
            require(buffer.kind() == Buffer.Kind.INTERMEDIATE && !schedule.outputs().contains(buffer), "%s keeps %s to itself, which is of kind %s",
                    nest.name(), buffer, buffer.kind());
            require(writers.getOrDefault(buffer, List.of()).equals(List.of(index)),
                    "%s keeps %s to itself, but does not alone compute it", nest.name(), buffer);
            for (Kernel other : schedule.kernels()) {
                require(other == nest || !other.inputs().contains(buffer), "%s reads %s, which %s keeps to itself",
                        other.name(), buffer, nest.name());
            }
        }
    }

    private void checkStack(Kernel.Nest nest) {
        long bytes = 0;
        for (Map.Entry<Buffer, Layout> row : nest.scratch().entrySet()) {
            long elements = 1;
            for (int dim = 0; dim < row.getKey().shape().rank(); dim++) {
                boolean steps = !row.getValue().strides().get(dim).equals(Size.ZERO);
                elements *= steps ? row.getKey().shape().get(dim).constant() : 1;
            }
            bytes += elements * row.getKey().dtype().bytes();
        }
        require(bytes <= MOST_STACK, "%s keeps %d bytes on the stack", nest.name(), bytes);
    }

    /** What templates store counts as well: parts of one buffer may come from a template and from a nest. */
    private void checkCoverage(Coverage coverage) {
        for (Kernel kernel : schedule.kernels()) {
            if (kernel instanceof Kernel.Single(String _, Loop.Template template)) {
                template.epilogue().stores().forEach(
                        store -> coverage.add(store.target(), store.indices(), template.epilogue().variables()));
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(coverage.problems(samples));
        }
    }

    // ---- memory

    /** What is in the arena, and from which to which kernel each is alive. */
    private Map<Buffer, int[]> lifetimes() {
        Map<Buffer, int[]> lifetimes = new LinkedHashMap<>();
        Set<Buffer> wanted = MemoryPlan.touched(schedule);
        for (int i = 0; i < schedule.kernels().size(); i++) {
            Set<Buffer> touched = new LinkedHashSet<>(schedule.kernels().get(i).inputs());
            touched.addAll(schedule.kernels().get(i).outputs());
            touched.retainAll(wanted);
            for (Buffer buffer : touched) {
                int first = i;
                int last = buffer.target().isPresent() ? schedule.kernels().size() : i + 1;
                lifetimes.computeIfAbsent(buffer, _ -> new int[] {first, first})[1] = last;
            }
        }
        return lifetimes;
    }

    /** What lies on another buffer is written when that is read for the last time, by a kernel that may do this. */
    private void checkReuse() {
        Map<Buffer, Buffer> above = new HashMap<>();
        for (Buffer buffer : writers.keySet()) {
            buffer.base().ifPresent(base -> {
                Buffer other = above.put(base, buffer);
                require(other == null, "%s and %s lie on %s", buffer, other, base);
                List<Integer> writing = writers.get(buffer);
                require(writing.size() == 1, "%s lies on %s and is written by %d kernels", buffer, base, writing.size());
                Kernel writer = schedule.kernels().get(writing.getFirst());
                if (writer.outputs().contains(base)) {
                    require(Overwriting.isSafe(writer, buffer, base), "%s writes %s where it still reads %s", writer.name(), base, buffer);
                    schedule.kernels().forEach(kernel -> require(kernel == writer || !kernel.inputs().contains(buffer) && !kernel.outputs().contains(base),
                            "%s uses %s or %s, which %s has on each other", kernel.name(), buffer, base, writer.name()));
                    return;
                }
                require(!writer.inputs().contains(base) || Overwriting.isSafe(writer, base, buffer),
                        "%s writes %s where it still reads %s", writer.name(), buffer, base);
                schedule.kernels().subList(writing.getFirst() + 1, schedule.kernels().size()).forEach(later -> require(
                        !later.inputs().contains(base) && !later.outputs().contains(base), "%s uses %s, which %s has replaced", later.name(), base, buffer));
            });
        }
        schedule.outputs().forEach(output -> output.base().ifPresent(_ -> require(
                output.target().filter(target -> target == output.root()).isPresent(), "%s lies on %s and does not replace it", output, output.root())));
    }

    private void checkPlaces() {
        Set<Buffer> wanted = lifetimes().keySet();
        List<MemoryPlan> plans = new ArrayList<>(plan.later().values());
        plans.add(plan);
        wanted.forEach(buffer -> require(plans.stream().filter(part -> part.offsets().containsKey(buffer)).count() == 1,
                "%s has no place in the arena", buffer));
        plans.forEach(part -> checkPlaces(part, wanted));
        checkKnown(plan, Set.copyOf(plan.later().keySet()));
    }

    private void checkPlaces(MemoryPlan plan, Set<Buffer> wanted) {
        plan.offsets().forEach((buffer, offset) -> {
            require(wanted.contains(buffer), "%s has a place in the arena, but is not in memory", buffer);
            samples.stream().filter(sample -> sample.value(offset) < 0 || sample.value(offset) % ALIGNMENT != 0).findFirst()
                    .ifPresent(sample -> problems.add("%s lies at byte %d%s".formatted(buffer, sample.value(offset), sample.where())));
            samples.stream().filter(sample -> sample.value(offset.plus(buffer.bytes())) > sample.value(plan.total())).findFirst()
                    .ifPresent(sample -> problems.add("%s ends beyond the arena%s".formatted(buffer, sample.where())));
        });
    }

    /** What the arena at the start holds does not depend on sizes that are read later. */
    private void checkKnown(MemoryPlan plan, Set<Symbol> later) {
        plan.total().symbols().stream().filter(later::contains).forEach(
                size -> problems.add("the arena's size depends on %s, which is not known yet".formatted(size)));
    }

    private void checkOverlaps(MemoryPlan plan) {
        Map<Buffer, int[]> lifetimes = lifetimes();
        List<Buffer> buffers = plan.offsets().keySet().stream().filter(lifetimes::containsKey).toList();
        for (int i = 0; i < buffers.size(); i++) {
            for (int j = i + 1; j < buffers.size(); j++) {
                int[] first = lifetimes.get(buffers.get(i));
                int[] second = lifetimes.get(buffers.get(j));
                boolean isShared = buffers.get(i).root() == buffers.get(j).root();
                if (!isShared && first[0] < second[1] && second[0] < first[1]) {
                    checkApart(plan, buffers.get(i), buffers.get(j));
                }
            }
        }
    }

    private void checkApart(MemoryPlan plan, Buffer first, Buffer second) {
        samples.stream().filter(sample -> {
            long start = sample.value(plan.offsets().get(first));
            long otherStart = sample.value(plan.offsets().get(second));
            return start + sample.value(first.bytes()) > otherStart && otherStart + sample.value(second.bytes()) > start;
        }).findFirst().ifPresent(sample -> problems.add(
                "%s and %s overlap while both are alive%s".formatted(first, second, sample.where())));
    }

    private void require(boolean condition, String format, Object... values) {
        if (!condition) {
            problems.add(format.formatted(values));
        }
    }
}
