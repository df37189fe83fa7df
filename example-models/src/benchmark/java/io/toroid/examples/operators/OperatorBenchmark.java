package io.toroid.examples.operators;

import io.toroid.examples.benchmark.Machine;
import io.toroid.examples.benchmark.Sample;
import io.toroid.runtime.LoadOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Kernels of single operators beside a plain copy and a plain read of the same memory, and beside PyTorch's where a Python with PyTorch is
 * named. All take turns, so that a change of the machine's speed hits all of them; medians are printed. A turn is as many calls behind each
 * other as a service makes, since a single one after a rest finds its threads asleep, or both on one core. The caller's memory is used
 * here, while PyTorch makes a tensor for each result.
 */
public final class OperatorBenchmark {
    private static final int ROUNDS = 7;

    /** Threads of OpenMP, which PyTorch's are, spin for some milliseconds after a call and slow what runs meanwhile. */
    private static final Duration REST = Duration.ofMillis(20);

    /** How long a turn warms up and, after that, is timed. */
    private static final Duration TURN = Duration.ofMillis(10);

    private static final String HEAD = """

            %s, %d thread%s; a copy moves %.1f GB/s, a read %.1f
            operator        Toroid ms   of the copy   of the read   PyTorch ms   ratio
            """;

    private OperatorBenchmark() {
    }

    /**
     * Numbers of threads; a file for JSON; the script for PyTorch; a pattern for the operators and sizes that are measured, such as {@code
     * sum.* 8192x4096}; a Python that has PyTorch, or nothing.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Locale.setDefault(Locale.ROOT);
        String python = arguments.length > 4 ? arguments[4].strip() : "";
        System.out.println("Operators on " + Machine.description());
        try (PrintWriter json = new PrintWriter(Files.newBufferedWriter(Path.of(arguments[1])), /* autoFlush= */ true)) {
            for (int threads : Stream.of(arguments[0].split(",")).mapToInt(Integer::parseInt).toArray()) {
                try (Torch torch = python.isEmpty() ? null : new Torch(python, arguments[2], threads);
                        CompiledOperatorKernels model = CompiledOperatorKernels.load(LoadOptions.defaults().withThreads(threads))) {
                    for (Sizes sizes : Sizes.ALL) {
                        measure(model, torch, sizes, arguments[3], threads, json);
                    }
                }
            }
        }
    }

    private static void measure(CompiledOperatorKernels model, Torch torch, Sizes sizes, String pattern, int threads, PrintWriter json)
            throws InterruptedException {
        try (Matrices matrices = new Matrices(sizes)) {
            List<Matrices.Work> works = matrices.works(model, threads).stream()
                    .filter(work -> work.isPlain() || (work.name() + " " + sizes).matches(pattern)).toList();
            if (works.stream().allMatch(Matrices.Work::isPlain)) {
                return;
            }
            if (torch != null) {
                torch.prepare(sizes);
            }
            List<List<Double>> ours = works.stream().<List<Double>>map(_ -> new ArrayList<>()).toList();
            List<List<Double>> theirs = works.stream().<List<Double>>map(_ -> new ArrayList<>()).toList();
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < works.size(); i++) {
                    ours.get(i).add(time(works.get(i).call()));
                    theirs.get(i).add(torch == null || works.get(i).isPlain() ? Double.NaN : torch.time(works.get(i).name()));
                    if (torch != null) {
                        Thread.sleep(REST);
                    }
                }
            }
            double copied = works.get(0).bytes() / median(ours.get(0));
            double read = works.get(1).bytes() / median(ours.get(1));
            System.out.print(HEAD.formatted(sizes, threads, threads == 1 ? "" : "s", copied * 1e-6, read * 1e-6));
            for (int i = 2; i < works.size(); i++) {
                double moved = works.get(i).bytes() / median(ours.get(i));
                report(works.get(i).name(), sizes, threads, median(ours.get(i)), moved / copied, moved / read, median(theirs.get(i)), json);
            }
        }
    }

    private static double time(Runnable call) {
        turn(call);
        return turn(call);
    }

    /** Milliseconds of a call among those of a turn, at least one. */
    private static double turn(Runnable call) {
        long start = System.nanoTime();
        int calls = 0;
        long elapsed;
        do {
            call.run();
            calls++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < TURN.toNanos());
        return elapsed * 1e-6 / calls;
    }

    private static double median(List<Double> values) {
        return Sample.of(values.stream().mapToDouble(Double::doubleValue).toArray()).median();
    }

    private static void report(
            String name, Sizes sizes, int threads, double ours, double ofCopy, double ofRead, double theirs, PrintWriter json) {
        boolean isCompared = !Double.isNaN(theirs);
        System.out.println("%-14s %10.3f      %6.1f %%      %6.1f %%   %s".formatted(
                name, ours, 100 * ofCopy, 100 * ofRead, isCompared ? "%10.3f  %6.2f".formatted(theirs, theirs / ours) : "").stripTrailing());
        json.println(("{\"benchmark\":\"operators\",\"case\":\"%s_%s\",\"threads\":%d,\"toroid_us\":%.3f,\"copy_percent\":%.1f,"
                + "\"read_percent\":%.1f%s}").formatted(name, sizes, threads, ours * 1e3, 100 * ofCopy, 100 * ofRead,
                isCompared ? ",\"peer\":\"pytorch\",\"peer_us\":%.3f,\"ratio\":%.2f".formatted(theirs * 1e3, theirs / ours) : ""));
    }
}
