package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loops that will share a kernel. They have the same outer variables, as far as the reductions among them reach; for
 * each value of these, one loop runs after the other. Loops without reductions share all their variables.
 */
final class LoopGroup {

    private static final int MOST_LOOPS = 24;
    /** A kernel that runs without outer loop has no parallelism; only small ones are worth fusing so. */
    private static final long SMALL = 16_384;

    private final List<LoopNest> nests = new ArrayList<>();

    LoopGroup(LoopNest first) {
        nests.add(first);
    }

    List<LoopNest> nests() {
        return Collections.unmodifiableList(nests);
    }

    Set<Buffer> outputs() {
        Set<Buffer> outputs = new LinkedHashSet<>();
        nests.forEach(nest -> outputs.addAll(nest.outputs()));
        return outputs;
    }

    private Set<Buffer> inputs() {
        Set<Buffer> inputs = new LinkedHashSet<>();
        nests.forEach(nest -> inputs.addAll(nest.inputs()));
        return inputs;
    }

    /** How many outer variables all loops share: those of the reductions, or all. */
    int outerCount() {
        return outerCount(nests);
    }

    private static int outerCount(List<LoopNest> nests) {
        return nests.stream().filter(LoopNest::isReduction).findFirst()
                .map(nest -> nest.variables().size())
                .orElse(nests.getFirst().variables().size());
    }

    /** Adds the loop if it may share the kernel and gains by it. */
    boolean join(LoopNest nest, Map<Buffer, Long> writers) {
        List<LoopNest> joined = new ArrayList<>(nests);
        joined.add(nest);
        if (joined.size() > MOST_LOOPS || !shares(nest) || !haveSameOuter(joined)) {
            return false;
        }
        int outer = outerCount(joined);
        for (int i = 0; i < joined.size(); i++) {
            for (int j = i + 1; j < joined.size(); j++) {
                if (!respects(joined.get(i), joined.get(j), outer, writers)) {
                    return false;
                }
            }
        }
        nests.add(nest);
        return true;
    }

    private boolean shares(LoopNest nest) {
        return !Collections.disjoint(nest.inputs(), outputs()) || !Collections.disjoint(nest.inputs(), inputs());
    }

    private static boolean haveSameOuter(List<LoopNest> nests) {
        int outer = outerCount(nests);
        boolean reduces = nests.stream().anyMatch(LoopNest::isReduction);
        List<Size> extents = LoopNest.extents(nests.getFirst().variables());
        if (extents.size() < outer) {
            return false;
        }
        for (LoopNest nest : nests) {
            int count = nest.variables().size();
            if (nest.isReduction() || !reduces ? count != outer : count < outer) {
                return false;
            }
            if (!LoopNest.extents(nest.variables()).subList(0, outer).equals(extents.subList(0, outer))) {
                return false;
            }
        }
        return outer > 0 || nests.stream().allMatch(LoopGroup::isSmall);
    }

    private static boolean isSmall(LoopNest nest) {
        Size count = Size.ONE;
        for (Size extent : LoopNest.extents(nest.variables())) {
            count = count.times(extent);
        }
        for (Size extent : LoopNest.extents(nest.reduced())) {
            count = count.times(extent);
        }
        return count.range().max() <= SMALL;
    }

    /** What the second reads of the first was computed for the same values of the outer variables. */
    private static boolean respects(LoopNest producer, LoopNest consumer, int outer, Map<Buffer, Long> writers) {
        boolean[] respected = {true};
        consumer.scalar().forEach(node -> {
            switch (node) {
                case Scalar.Load load when producer.outputs().contains(load.buffer()) ->
                    respected[0] &= writers.get(load.buffer()) == 1 && isAligned(producer, consumer, load.indices(), outer);
                case Scalar.Gather gather -> respected[0] &= !producer.outputs().contains(gather.buffer());
                case Scalar.Literal _, Scalar.Index _, Scalar.Load _, Scalar.Unary _, Scalar.Binary _, Scalar.Select _,
                     Scalar.Guarded _, Scalar.Convert _ -> { }
            }
        });
        return respected[0] && Collections.disjoint(producer.inputs(), consumer.outputs());
    }

    /** The first {@code count} variables of both stand at the same places of the indices. */
    static boolean isAligned(LoopNest producer, LoopNest consumer, List<Size> read, int count) {
        List<Size> written = producer.indices();
        for (int position = 0; position < count; position++) {
            Symbol variable = producer.variables().get(position);
            int dim = written.indexOf(variable);
            if (dim < 0 || !read.get(dim).equals(consumer.variables().get(position))) {
                return false;
            }
        }
        return true;
    }
}
