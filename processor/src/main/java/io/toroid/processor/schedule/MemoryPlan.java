package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where each intermediate lies in the arena. Buffers that are never alive together may share a slot; a slot is as
 * large as the largest of its buffers. Sizes are symbolic: which slot a buffer gets is decided by the largest sizes
 * that its dimensions allow, but that no two live buffers overlap holds for every size.
 *
 * @param offsets in bytes, each a multiple of 64
 * @param total bytes of the arena
 * @param lowerBound the largest sum of bytes that are alive at one time, for the largest sizes
 * @param later an arena of their own for those intermediates whose sizes are known only when a size that depends on data is
 */
public record MemoryPlan(
        SequencedMap<Buffer, Size> offsets, Size total, long lowerBound, SequencedMap<Symbol, MemoryPlan> later) {

    private static final long ALIGNMENT = 64;

    /**
     * From the kernel that first writes a buffer to the last one that reads it.
     *
     * @param largest the most bytes that it can have
     */
    private record Lifetime(Buffer buffer, int first, int last, long largest) {
        boolean overlaps(Lifetime other) {
            return first <= other.last && other.first <= last;
        }
    }

    private static final class Slot {
        final List<Lifetime> tenants = new ArrayList<>();

        long largest() {
            return tenants.stream().mapToLong(Lifetime::largest).max().orElse(0);
        }

        boolean isFree(Lifetime lifetime) {
            return tenants.stream().noneMatch(lifetime::overlaps);
        }

        Size bytes() {
            Size bytes = Size.ZERO;
            for (Lifetime tenant : tenants) {
                bytes = bytes.max(aligned(tenant.buffer().bytes()));
            }
            return bytes;
        }
    }

    /** Without intermediates that are placed later. */
    public MemoryPlan(SequencedMap<Buffer, Size> offsets, Size total, long lowerBound) {
        this(offsets, total, lowerBound, new LinkedHashMap<>());
    }

    /** Bytes of all arenas at the largest sizes; {@code Long.MAX_VALUE} if there is no largest. */
    long mostBytes() {
        long bytes = total.range().max();
        for (MemoryPlan plan : later.values()) {
            bytes = plan.mostBytes() > Long.MAX_VALUE - bytes ? Long.MAX_VALUE : bytes + plan.mostBytes();
        }
        return bytes;
    }

    /** Plans the intermediates of a schedule. */
    public static MemoryPlan of(Schedule schedule) {
        List<Symbol> read = new ArrayList<>();
        for (Kernel kernel : schedule.kernels()) {
            if (kernel instanceof Kernel.SizeRead(String _, Loop.ReadSize loop)) {
                read.add(loop.size());
            }
        }
        Map<Integer, List<Lifetime>> phases = lifetimes(schedule).stream()
                .collect(Collectors.groupingBy(lifetime -> phase(lifetime.buffer(), read)));
        Set<Buffer> touched = touched(schedule);
        int kernels = schedule.kernels().size();
        SequencedMap<Symbol, MemoryPlan> later = new LinkedHashMap<>();
        for (int i = 0; i < read.size(); i++) {
            if (phases.containsKey(i)) {
                later.put(read.get(i), of(phases.get(i), touched, kernels, new LinkedHashMap<>()));
            }
        }
        return of(phases.getOrDefault(-1, List.of()), touched, kernels, later);
    }

    /** The number of the size that must be known for the buffer to have a place; -1 if the inputs tell all. */
    private static int phase(Buffer buffer, List<Symbol> read) {
        return buffer.bytes().symbols().stream().mapToInt(read::indexOf).max().orElse(-1);
    }

    /** The largest are placed first, each in the slot that it fills best. */
    private static MemoryPlan of(List<Lifetime> lifetimes, Set<Buffer> touched, int kernels, SequencedMap<Symbol, MemoryPlan> later) {
        List<Lifetime> bySize = new ArrayList<>(lifetimes);
        bySize.sort(Comparator.comparing(Lifetime::largest).reversed().thenComparing(Lifetime::first));
        List<Slot> slots = new ArrayList<>();
        for (Lifetime lifetime : bySize) {
            slots.stream().filter(slot -> slot.isFree(lifetime))
                    .min(Comparator.comparing(slot -> Math.abs(slot.largest() - lifetime.largest())))
                    .orElseGet(() -> {
                        slots.add(new Slot());
                        return slots.getLast();
                    })
                    .tenants.add(lifetime);
        }
        Map<Buffer, Size> placed = new LinkedHashMap<>();
        Size offset = Size.ZERO;
        for (Slot slot : slots) {
            for (Lifetime tenant : slot.tenants) {
                placed.put(tenant.buffer(), offset);
            }
            offset = offset.plus(slot.bytes());
        }
        SequencedMap<Buffer, Size> offsets = new LinkedHashMap<>();
        touched.stream().filter(buffer -> placed.containsKey(buffer.root())).forEach(buffer -> offsets.put(buffer, placed.get(buffer.root())));
        return new MemoryPlan(offsets, offset, lowerBound(lifetimes, kernels, Lifetime::largest), later);
    }

    /** Of the buffers whose memory it is: those that lie on others prolong their lives. */
    private static List<Lifetime> lifetimes(Schedule schedule) {
        SequencedMap<Buffer, int[]> spans = new LinkedHashMap<>();
        Set<Buffer> touched = touched(schedule);
        for (int i = 0; i < schedule.kernels().size(); i++) {
            int kernel = i;
            touches(schedule.kernels().get(i)).filter(touched::contains)
                    .forEach(buffer -> spans.computeIfAbsent(buffer.root(), _ -> new int[] {kernel, kernel})[1] = kernel);
        }
        spans.forEach((buffer, span) -> span[1] = buffer.target().isPresent() ? schedule.kernels().size() - 1 : span[1]);
        return spans.entrySet().stream()
                .map(entry -> new Lifetime(entry.getKey(), entry.getValue()[0], entry.getValue()[1],
                        entry.getKey().bytes().range().max()))
                .toList();
    }

    /** The buffers that need memory of the arena: intermediates, and updates that are copied when the call ends. */
    static Set<Buffer> touched(Schedule schedule) {
        Set<Buffer> touched = new LinkedHashSet<>();
        schedule.kernels().forEach(kernel -> touches(kernel).forEach(touched::add));
        schedule.inputs().forEach(touched::remove);
        schedule.outputs().stream().filter(output -> output.target().isEmpty()).forEach(touched::remove);
        touched.removeIf(buffer -> switch (buffer.root().kind()) {
            case INPUT, CONSTANT -> true;
            case OUTPUT -> buffer.root().target().isEmpty();
            case INTERMEDIATE -> false;
        });
        return touched;
    }

    private static Stream<Buffer> touches(Kernel kernel) {
        return Stream.concat(kernel.outputs().stream(), kernel.inputs().stream());
    }

    /**
     * The largest sum of bytes that are alive at one time, for given sizes: no plan can do with less.
     *
     * @param sizes values of all symbols in the shapes of intermediates
     */
    public static long lowerBound(Schedule schedule, ToLongFunction<Symbol> sizes) {
        return lowerBound(lifetimes(schedule), schedule.kernels().size(), lifetime -> lifetime.buffer().bytes().evaluate(sizes));
    }

    private static long lowerBound(List<Lifetime> lifetimes, int kernels, ToLongFunction<Lifetime> bytes) {
        long largest = 0;
        for (int i = 0; i < kernels; i++) {
            int kernel = i;
            largest = Math.max(largest, lifetimes.stream()
                    .filter(lifetime -> lifetime.first() <= kernel && kernel <= lifetime.last())
                    .mapToLong(bytes).sum());
        }
        return largest;
    }

    private static Size aligned(Size bytes) {
        return bytes.isMultipleOf(ALIGNMENT) ? bytes : bytes.ceilDiv(ALIGNMENT).times(ALIGNMENT);
    }
}
