package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.schedule.Kernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The functions that a model's kernels are. Layers repeat, and entries share layers: kernels whose code differs in
 * nothing but names become one function, which keeps the name and the readable parameters of the first and is called
 * with the memory of each. So a model of many equal layers is compiled in the time of one.
 *
 * <p>A kernel's own parameters are distinct buffers, hence so are the arguments of every call: what a function declares
 * {@code __restrict} stays so.
 */
public final class KernelLibrary {

    /** So many lines are named in a comment. */
    private static final int SHOWN_LINES = 3;

    private final SequencedMap<Body, Function> functions = new LinkedHashMap<>();
    private final Map<Kernel, KernelCall> calls = new HashMap<>();

    /** What equal kernels have in common; types of parameters are part of the text. */
    private record Body(String text, List<String> includes) {
    }

    private record Function(KernelSource source, boolean isPacking, List<Loop.Origins> origins) {

        /** With a comment that tells where else it is used. */
        KernelSource commented() {
            if (origins.size() == 1) {
                return source;
            }
            Set<String> lines = new LinkedHashSet<>();
            origins.forEach(use -> lines.addAll(lines(use)));
            lines.removeAll(lines(origins.getFirst()));
            List<String> shown = lines.stream().limit(SHOWN_LINES).toList();
            String others = lines.size() > SHOWN_LINES ? " and %d more lines".formatted(lines.size() - SHOWN_LINES) : "";
            return source.withRemark("%scalled in %d places; parameters are named for the first".formatted(
                    lines.isEmpty() ? "" : "also at %s%s; ".formatted(String.join(", ", shown), others), origins.size()));
        }

        private static List<String> lines(Loop.Origins origins) {
            return origins.positions().stream().filter(io.toroid.SourcePosition::isKnown).map(Object::toString).toList();
        }
    }

    /** Writes a kernel, unless there is one like it. */
    public void add(Kernel kernel) {
        KernelSource written = KernelWriter.write(kernel);
        Function function = functions.computeIfAbsent(
                new Body(CanonicalText.of(written, names(kernel)), written.includes()),
                _ -> new Function(written, kernel.isPacking(), new ArrayList<>()));
        function.origins().add(kernel.origins());
        calls.put(kernel, new KernelCall(function.source().name(), written.parameters()));
    }

    /** How many kernels there are, equal ones counted each. */
    public int size() {
        return calls.size();
    }

    /** The call that runs a kernel. */
    public KernelCall call(Kernel kernel) {
        return calls.get(kernel);
    }

    /** The functions, in the order of their first use. */
    public List<KernelSource> functions() {
        return functions.values().stream().map(Function::commented).toList();
    }

    /** Those that only pack operands, or all others. */
    public List<KernelSource> functions(boolean isPacking) {
        return functions.values().stream().filter(function -> function.isPacking() == isPacking)
                .map(Function::commented).toList();
    }

    /** The names that a kernel's code takes from buffers in memory, and from those that it has for itself. */
    private static Set<String> names(Kernel kernel) {
        Stream<Buffer> own = switch (kernel) {
            case Kernel.Nest nest -> nest.phases().stream().flatMap(phase -> phase.statements().stream())
                    .flatMap(statement -> statement.targets().stream());
            case Kernel.Single _, Kernel.SizeRead _, Kernel.Control _ -> Stream.of();
        };
        Set<String> names = new LinkedHashSet<>();
        Stream.of(own, kernel.inputs().stream(), kernel.outputs().stream()).flatMap(buffers -> buffers)
                .forEach(buffer -> names.add(buffer.name()));
        return names;
    }
}
