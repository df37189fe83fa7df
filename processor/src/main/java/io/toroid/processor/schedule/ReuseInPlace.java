package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets a buffer take over the memory of one that nobody reads any more, where the kernel that writes the one and reads the other
 * does so element by element ({@link Overwriting}). What an entry updates is then written where it lies, and of a cache only the
 * rows that are new. Where it cannot be, an update is computed in the arena and copied when the call ends: all reads of what it
 * replaces see what was there before. An intermediate takes the place of an operand of its kernel if the arena becomes smaller by that,
 * and what only one kernel knows, and keeps between its phases, lies where that kernel's output will be.
 *
 * <p>It needs the order of kernels, and stands before code is written: buffers that share memory are not {@code __restrict}.
 */
public final class ReuseInPlace {

    private final Schedule schedule;
    /** Buffers that another one lies on. */
    private final Set<Buffer> taken = new HashSet<>();

    private ReuseInPlace(Schedule schedule) {
        this.schedule = schedule;
    }

    /** Decides for all buffers of an entry, or of the constants; gives the schedule in an order that allows for it. */
    public static Schedule run(Schedule schedule) {
        schedule.kernels().forEach(kernel -> layIntoOutputs(kernel, schedule));
        return runPart(schedule);
    }

    /** The same for a branch or a loop, whose outputs are not the caller's. */
    static Schedule runPart(Schedule schedule) {
        Schedule ordered = updatesLast(schedule);
        ReuseInPlace reuse = new ReuseInPlace(ordered);
        ordered.outputs().forEach(output -> output.target().ifPresent(target -> reuse.reach(output, target)));
        reuse.reuseIntermediates();
        return ordered;
    }

    /** Kernels that fill nothing but updates, which nobody reads, wait for those that read what was there before. */
    private static Schedule updatesLast(Schedule schedule) {
        Set<Buffer> read = new HashSet<>();
        schedule.kernels().forEach(kernel -> read.addAll(kernel.inputs()));
        Map<Boolean, List<Kernel>> parts = schedule.kernels().stream().collect(Collectors.partitioningBy(
                kernel -> !kernel.outputs().isEmpty() && kernel.outputs().stream().allMatch(output -> output.target().isPresent() && !read.contains(output))));
        List<Kernel> kernels = new ArrayList<>(parts.get(/* updatesOnly= */ false));
        kernels.addAll(parts.get(/* updatesOnly= */ true));
        return new Schedule(schedule.name(), schedule.inputs(), schedule.outputs(), kernels);
    }

    /** An output's memory is free until it is written; what goes over an input, or is of a size that the data decide, has none yet. */
    private static void layIntoOutputs(Kernel kernel, Schedule schedule) {
        Set<Buffer> free = new LinkedHashSet<>(kernel.outputs());
        free.retainAll(schedule.outputs());
        free.removeIf(output -> output.target().isPresent() || output.bytes().symbols().stream().anyMatch(Symbol::isData)
                || schedule.kernels().stream().anyMatch(other -> other != kernel && other.outputs().contains(output)));
        for (Buffer own : kernel.outputs()) {
            boolean isPrivate = own.kind() == Buffer.Kind.INTERMEDIATE && !schedule.outputs().contains(own) && schedule.kernels().stream()
                    .noneMatch(other -> other.inputs().contains(own) || other != kernel && other.outputs().contains(own));
            if (isPrivate) {
                free.stream().filter(output -> isAlike(own, output) && Overwriting.isSafe(kernel, own, output)).findFirst().ifPresent(output -> {
                    own.liesOn(output);
                    free.remove(output);
                });
            }
        }
    }

    private static boolean isAlike(Buffer buffer, Buffer base) {
        return buffer.type().equals(base.type()) && buffer.layout().equals(base.layout());
    }

    /** All together or none: one buffer in place of another often saves nothing where the arena is largest until its neighbours do so too. */
    private void reuseIntermediates() {
        Set<Buffer> own = MemoryPlan.touched(schedule);
        own.removeIf(buffer -> buffer.kind() != Buffer.Kind.INTERMEDIATE);
        long before = MemoryPlan.of(schedule).mostBytes();
        List<Buffer> laid = new ArrayList<>();
        for (Kernel kernel : schedule.kernels()) {
            for (Buffer output : kernel.outputs()) {
                if (own.contains(output) && output.base().isEmpty()) {
                    kernel.inputs().stream().filter(input -> own.contains(input) && canLieOn(output, input)).findFirst().ifPresent(operand -> {
                        lay(output, operand);
                        laid.add(output);
                    });
                }
            }
        }
        if (MemoryPlan.of(schedule).mostBytes() >= before) {
            laid.forEach(Buffer::liesAlone);
        }
    }

    /** Lays a buffer into the memory of an input, best by way of what an extern function changes. */
    private boolean reach(Buffer buffer, Buffer input) {
        Optional<Buffer> before = writer(buffer).flatMap(index -> startsAs(schedule.kernels().get(index)))
                .filter(start -> start.kind() == Buffer.Kind.INTERMEDIATE && canLieOn(buffer, start));
        if (before.isPresent() && reach(before.get(), input)) {
            lay(buffer, before.get());
            return true;
        }
        boolean fits = canLieOn(buffer, input);
        if (fits) {
            lay(buffer, input);
        }
        return fits;
    }

    private void lay(Buffer buffer, Buffer base) {
        buffer.liesOn(base);
        taken.add(base);
    }

    private static Optional<Buffer> startsAs(Kernel kernel) {
        return kernel instanceof Kernel.Single(String _, Loop.Extern extern) ? extern.startsAs() : Optional.empty();
    }

    /** Nobody uses the base later, and whoever writes the buffer may overwrite it while reading it. */
    private boolean canLieOn(Buffer buffer, Buffer base) {
        Optional<Integer> writer = writer(buffer);
        if (writer.isEmpty() || taken.contains(base) || !isAlike(buffer, base)) {
            return false;
        }
        for (int i = writer.get() + 1; i < schedule.kernels().size(); i++) {
            Kernel later = schedule.kernels().get(i);
            if (later.inputs().contains(base) || later.outputs().contains(base)) {
                return false;
            }
        }
        Kernel kernel = schedule.kernels().get(writer.get());
        return !kernel.inputs().contains(base) || Overwriting.isSafe(kernel, base, buffer);
    }

    /** The only kernel that writes a buffer. */
    private Optional<Integer> writer(Buffer buffer) {
        List<Integer> writers = new ArrayList<>();
        for (int i = 0; i < schedule.kernels().size(); i++) {
            if (schedule.kernels().get(i).outputs().contains(buffer)) {
                writers.add(i);
            }
        }
        return writers.size() == 1 ? Optional.of(writers.getFirst()) : Optional.empty();
    }
}
