package io.toroid.examples.operators;

import io.toroid.examples.benchmark.Machine;
import io.toroid.examples.benchmark.Sample;
import io.toroid.runtime.LoadOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Kernels of single operators beside a plain copy of the same memory, and beside PyTorch's where a Python with PyTorch is named. All take
 * turns, so that a change of the machine's speed hits all of them; medians are printed. The caller's memory is used here, while PyTorch
 * makes a tensor for each result.
 */
public final class OperatorBenchmark {
    private static final int ROUNDS = 7;
    private static final String HEAD = """

            %s, %d thread%s; a copy moves %.1f GB/s
            operator        Toroid ms   of the copy   PyTorch ms   ratio
            """;

    private OperatorBenchmark() {
    }

    /** Numbers of threads; a file for JSON; the script for PyTorch; a Python for it, or nothing. */
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        String python = arguments.length > 3 ? arguments[3].strip() : "";
        System.out.println("Operators on " + Machine.description());
        try (PrintWriter json = new PrintWriter(Files.newBufferedWriter(Path.of(arguments[1])), /* autoFlush= */ true)) {
            for (int threads : Stream.of(arguments[0].split(",")).mapToInt(Integer::parseInt).toArray()) {
                try (Torch torch = python.isEmpty() ? null : new Torch(python, arguments[2], threads);
                        CompiledOperatorKernels model = CompiledOperatorKernels.load(LoadOptions.defaults().withThreads(threads))) {
                    for (Sizes sizes : Sizes.ALL) {
                        measure(model, torch, sizes, threads, json);
                    }
                }
            }
        }
    }

    private static void measure(CompiledOperatorKernels model, Torch torch, Sizes sizes, int threads, PrintWriter json) {
        if (torch != null) {
            torch.prepare(sizes);
        }
        try (Matrices matrices = new Matrices(sizes)) {
            List<Matrices.Work> works = matrices.works(model, threads);
            List<List<Double>> ours = works.stream().<List<Double>>map(_ -> new ArrayList<>()).toList();
            List<List<Double>> theirs = works.stream().<List<Double>>map(_ -> new ArrayList<>()).toList();
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < works.size(); i++) {
                    ours.get(i).add(time(works.get(i).call()));
                    boolean isCompared = torch != null && !works.get(i).name().equals(Matrices.COPY);
                    theirs.get(i).add(isCompared ? torch.time(works.get(i).name()) : Double.NaN);
                }
            }
            double copied = works.getFirst().bytes() / median(ours.getFirst());
            System.out.print(HEAD.formatted(sizes, threads, threads == 1 ? "" : "s", copied * 1e-6));
            for (int i = 1; i < works.size(); i++) {
                report(works.get(i), sizes, threads, median(ours.get(i)), copied, median(theirs.get(i)), json);
            }
        }
    }

    private static double time(Runnable call) {
        call.run();
        long start = System.nanoTime();
        call.run();
        return (System.nanoTime() - start) * 1e-6;
    }

    private static double median(List<Double> values) {
        return Sample.of(values.stream().mapToDouble(Double::doubleValue).toArray()).median();
    }

    private static void report(Matrices.Work work, Sizes sizes, int threads, double ours, double copied, double theirs, PrintWriter json) {
        double share = 100 * work.bytes() / ours / copied;
        boolean isCompared = !Double.isNaN(theirs);
        System.out.println("%-14s %10.3f      %6.1f %%   %s".formatted(
                work.name(), ours, share, isCompared ? "%10.3f  %6.2f".formatted(theirs, theirs / ours) : ""));
        json.println("{\"benchmark\":\"operators\",\"case\":\"%s_%s\",\"threads\":%d,\"toroid_us\":%.3f,\"copy_percent\":%.1f%s}".formatted(
                work.name(), sizes, threads, ours * 1e3, share,
                isCompared ? ",\"peer\":\"pytorch\",\"peer_us\":%.3f,\"ratio\":%.2f".formatted(theirs * 1e3, theirs / ours) : ""));
    }
}
