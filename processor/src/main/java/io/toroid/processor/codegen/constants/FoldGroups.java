package io.toroid.processor.codegen.constants;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.schedule.Kernel;
import io.toroid.processor.schedule.Schedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/**
 * The program that folds constants, in parts that can run without one another: when some weights change, only what is made of these is
 * computed anew; and when a model is loaded, only what the blob does not have.
 *
 * @param groups of folded constants that kernels compute together, in the order of the program's outputs
 */
public record FoldGroups(List<Group> groups) {

    /**
     * Folded constants, and all that it takes to compute them.
     *
     * @param folded outputs of the program; no kernel of the group touches others
     * @param kernels may belong to other groups too if they write only intermediates
     * @param sources the stored constants that the kernels read
     */
    public record Group(SequencedSet<Buffer> folded, Set<Kernel> kernels, SequencedSet<Buffer> sources) {
        private boolean meets(Group other) {
            return !Collections.disjoint(folded, other.folded);
        }

        private void absorb(Group other) {
            folded.addAll(other.folded);
            kernels.addAll(other.kernels);
            sources.addAll(other.sources);
        }
    }

    /** @param schedule of a program without inputs */
    public static FoldGroups of(Schedule schedule) {
        Set<Buffer> outputs = new LinkedHashSet<>(schedule.outputs());
        List<Group> groups = new ArrayList<>();
        for (Buffer output : schedule.outputs()) {
            if (groups.stream().noneMatch(known -> known.folded.contains(output))) {
                Group group = below(output, schedule, outputs);
                for (Iterator<Group> known = groups.iterator(); known.hasNext();) {
                    Group earlier = known.next();
                    if (earlier.meets(group)) {
                        group.absorb(earlier);
                        known.remove();
                    }
                }
                groups.add(group);
            }
        }
        return new FoldGroups(List.copyOf(groups));
    }

    /** All that the kernels touch which an output takes, the other outputs among it too. */
    private static Group below(Buffer output, Schedule schedule, Set<Buffer> outputs) {
        Set<Buffer> touched = new LinkedHashSet<>(List.of(output));
        Set<Kernel> kernels = new LinkedHashSet<>();
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Kernel kernel : schedule.kernels().reversed()) {
                if (!kernels.contains(kernel) && !Collections.disjoint(kernel.outputs(), touched)) {
                    kernels.add(kernel);
                    touched.addAll(kernel.inputs());
                    touched.addAll(kernel.outputs());
                    grew = true;
                }
            }
        }
        SequencedSet<Buffer> folded = new LinkedHashSet<>(touched);
        folded.retainAll(outputs);
        SequencedSet<Buffer> sources = new LinkedHashSet<>(touched);
        sources.removeIf(buffer -> buffer.kind() != Buffer.Kind.CONSTANT);
        return new Group(folded, kernels, sources);
    }

    /** Those that the blob cannot hold as a whole. */
    List<Group> computedAtLoad(PreparedConstants prepared) {
        return groups.stream().filter(group -> !group.folded.stream().allMatch(prepared::has)).toList();
    }

    /** One folded constant of each group that a kernel works for. */
    public List<Buffer> servedBy(Kernel kernel) {
        return groups.stream().filter(group -> group.kernels.contains(kernel)).map(group -> group.folded.getFirst()).toList();
    }
}
