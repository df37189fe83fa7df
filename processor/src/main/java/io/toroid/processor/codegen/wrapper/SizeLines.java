package io.toroid.processor.codegen.wrapper;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.schedule.Kernel;
import io.toroid.processor.schedule.MemoryPlan;
import io.toroid.shape.Check;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What happens in one function of a wrapper as soon as a size that depends on data is known: it is read, the relations that
 * it completes are checked, and the memory that it determines is taken.
 */
final class SizeLines {

    private final List<Check> open;
    private final List<Buffer> outputs;
    private final boolean reports;
    private final Set<Symbol> known = new HashSet<>();
    private final Set<Buffer> bound = new HashSet<>();
    /** Of the latest arena; the first one is the function's own. */
    private int arenas;

    /**
     * @param checks of the trace; those about other sizes only are made before the function is called
     * @param reports whether a kernel of the function may report a failure
     */
    SizeLines(List<Check> checks, List<Buffer> outputs, boolean reports) {
        this.reports = reports;
        this.open = new ArrayList<>(checks.stream().filter(SizeLines::isLater).toList());
        this.outputs = outputs;
    }

    /** Whether a relation can only be checked in mid-call. */
    static boolean isLater(Check check) {
        return dataSizes(check.left(), check.right()).findAny().isPresent();
    }

    /** Whether the memory of a buffer is known in mid-call only. */
    static boolean isLater(Buffer buffer) {
        return dataSizes(buffer.bytes()).findAny().isPresent();
    }

    private static Stream<Symbol> dataSizes(Size... sizes) {
        return Stream.of(sizes).flatMap(size -> size.symbols().stream()).filter(Symbol::isData);
    }

    boolean reports() {
        return reports;
    }

    /** The value of a size counts for nothing once a kernel has failed. */
    List<WrapperLine> of(Kernel.SizeRead kernel, MemoryPlan plan) {
        Loop.ReadSize read = kernel.loop();
        List<WrapperLine> lines = new ArrayList<>();
        if (reports) {
            lines.add(new WrapperLine.StopIfFailed());
        }
        String origin = read.origins().toString().isEmpty() ? "the value of " + read.value() : read.origins().toString();
        lines.add(new WrapperLine.Comment("the size %s: %s".formatted(read.size(), origin)));
        lines.add(new WrapperLine.ReadSize(read.size(), read.value(), origin));
        known.add(read.size());
        check(lines);
        MemoryPlan later = plan.later().get(read.size());
        if (later != null) {
            String arena = "arena_of_" + read.size();
            lines.add(new WrapperLine.LaterArena(arena, ++arenas, later.total()));
            later.offsets().forEach((buffer, offset) -> lines.add(new WrapperLine.PlaceWithin(arena, buffer, offset)));
        }
        for (int i = 0; i < outputs.size(); i++) {
            if (isLater(outputs.get(i)) && dataSizes(outputs.get(i).bytes()).allMatch(known::contains) && bound.add(outputs.get(i))) {
                lines.add(new WrapperLine.LaterOutput(outputs.get(i), i));
            }
        }
        return lines;
    }

    /** Each relation once, when the last of its sizes is known. */
    private void check(List<WrapperLine> lines) {
        for (Check check : List.copyOf(open)) {
            if (dataSizes(check.left(), check.right()).allMatch(known::contains)) {
                open.remove(check);
                lines.add(new WrapperLine.ExpectRelation(check.left(), check.relation(), check.right(), check.why(), check.where()));
            }
        }
    }
}
