package io.toroid.processor.schedule;

import io.toroid.DType;
import io.toroid.op.TensorType;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Identifiers;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.LoopSizes;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Decides which loops share a kernel, and gives the kernels their names. Each loop joins the latest group that it may
 * join without overtaking what it reads; a template is a kernel by itself.
 */
public final class GroupLoops {

    private final Map<Buffer, Integer> groupOf = new HashMap<>();
    /** Where sizes that depend on data get their values. */
    private final Map<Symbol, Integer> groupOfSize = new HashMap<>();
    private final List<Object> groups = new ArrayList<>();
    private final Map<Buffer, Long> writers;

    private GroupLoops(LoopProgram program) {
        this.writers = program.writers().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> (long) entry.getValue().size()));
    }

    /** Groups the loops of an entry; kernels are numbered from {@code firstNumber}. */
    public static Schedule run(LoopProgram program, int firstNumber) {
        GroupLoops grouping = new GroupLoops(program);
        program.loops().forEach(grouping::place);
        List<Kernel> kernels = new ArrayList<>();
        int number = firstNumber;
        for (Object group : grouping.groups) {
            kernels.add(switch (group) {
                case LoopGroup loops -> BuildNest.run(loops, program, number);
                case Loop control when !control.programs().isEmpty() -> control(control, number);
                case Loop.ReadSize read -> new Kernel.SizeRead("read_" + Identifiers.ofDimension(read.size().name()), read);
                case Loop template -> new Kernel.Single(KernelNames.of(template, number), template);
                default -> throw new IllegalStateException("neither loops nor a template");
            });
            number += count(kernels.getLast());
        }
        return new Schedule(program.name(), program.inputs(), program.outputs(), kernels);
    }

    private static int count(Kernel kernel) {
        return switch (kernel) {
            case Kernel.Control control ->
                control.sections().stream().mapToInt(section -> section.schedule().functions().size()).sum();
            case Kernel.Nest _, Kernel.Single _ -> 1;
            case Kernel.SizeRead _ -> 0;
        };
    }

    private static Kernel.Control control(Loop loop, int firstNumber) {
        List<Kernel.Section> sections = new ArrayList<>();
        Size bytes = Size.ZERO;
        int number = firstNumber;
        for (LoopProgram program : loop.programs()) {
            Schedule schedule = ReuseInPlace.runPart(run(program, number));
            MemoryPlan plan = MemoryPlan.of(schedule);
            sections.add(new Kernel.Section(program, schedule, plan));
            number += schedule.functions().size();
            bytes = bytes.max(plan.total());
        }
        String name = loop.programs().getFirst().suffix().substring(1);
        boolean needsArena = sections.stream().anyMatch(section -> !section.plan().offsets().isEmpty());
        Optional<Buffer> arena = needsArena ? Optional.of(new Buffer("arena_of_" + name, Buffer.Kind.INTERMEDIATE,
                new TensorType(DType.U8, Shape.of(bytes.max(Size.ONE))))) : Optional.empty();
        return new Kernel.Control(name, loop, sections, arena);
    }

    private void place(Loop loop) {
        Optional<LoopNest> nest = LoopNest.of(loop);
        int index = nest.map(value -> join(value, latestProducer(loop))).orElse(-1);
        if (index < 0) {
            groups.add(nest.<Object>map(LoopGroup::new).orElse(loop));
            index = groups.size() - 1;
        }
        for (Buffer output : loop.outputs()) {
            groupOf.merge(output, index, Math::max);
        }
        if (loop instanceof Loop.ReadSize read) {
            groupOfSize.put(read.size(), index);
        }
    }

    private int latestProducer(Loop loop) {
        return IntStream.concat(loop.inputs().stream().mapToInt(input -> groupOf.getOrDefault(input, 0)),
                LoopSizes.of(loop).stream().mapToInt(size -> groupOfSize.getOrDefault(size, 0))).max().orElse(0);
    }

    private int join(LoopNest nest, int earliest) {
        for (int i = groups.size() - 1; i >= earliest; i--) {
            if (groups.get(i) instanceof LoopGroup group && group.join(nest, writers)) {
                return i;
            }
        }
        return -1;
    }
}
