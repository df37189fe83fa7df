package io.toroid.examples.minilm;

import io.toroid.examples.benchmark.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * MiniLM beside ONNX Runtime, on the file that its weights come from: latency, throughput, start, memory, size. Prints tables and
 * writes a line of JSON for each of their rows. Both engines run in this JVM and take turns, or each in a JVM of its own.
 */
public final class MiniLmBenchmark {
    private final Report report;
    private final List<Integer> threads;
    private final Path onnx;
    private final Path workDirectory;

    private MiniLmBenchmark(Report report, List<Integer> threads, Path onnx, Path workDirectory) {
        this.report = report;
        this.threads = threads;
        this.onnx = onnx;
        this.workDirectory = workDirectory;
    }

    /** What to measure and numbers of threads, both separated by commas; the ONNX file; a directory for what is made; the file for JSON. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Locale.setDefault(Locale.ROOT);
        List<Integer> threads = Stream.of(arguments[1].split(",")).map(Integer::valueOf).toList();
        try (Report report = new Report(Path.of(arguments[4]), System.out)) {
            report.text("Toroid beside ONNX Runtime on " + Machine.description());
            MiniLmBenchmark benchmark = new MiniLmBenchmark(report, threads, Path.of(arguments[2]), Path.of(arguments[3]));
            for (String part : arguments[0].split(",")) {
                benchmark.run(part);
            }
        }
    }

    private void run(String part) throws IOException, InterruptedException, ExecutionException {
        switch (part) {
            case "latency" -> latency();
            case "throughput" -> throughput();
            case "startup" -> new Startup(report, most(), onnx).run(Product.assemble(workDirectory), workDirectory);
            case "memory" -> new Memory(report, most(), onnx).run(Product.assemble(workDirectory), workDirectory);
            case "size" -> new ShippedSize(report, onnx).run(Product.assemble(workDirectory));
            default -> throw new IllegalArgumentException(
                    "'%s' cannot be measured; latency, throughput, startup, memory and size can".formatted(part));
        }
    }

    private int most() {
        return threads.stream().max(Integer::compare).orElseThrow();
    }

    private void latency() throws IOException, InterruptedException {
        FmaPeak peak = FmaPeak.compile(workDirectory);
        for (int each : threads) {
            try (Engine toroid = new ToroidEngine(each); Engine peer = new OnnxRuntimeEngine(onnx, each)) {
                requireAgreement(toroid, peer, each);
                new Latency(report, each, peak.measure(each)).run(toroid, peer);
            }
        }
    }

    private void throughput() throws InterruptedException, ExecutionException {
        for (int each : threads) {
            try (Engine toroid = new ToroidEngine(each); Engine peer = new OnnxRuntimeEngine(onnx, each)) {
                requireAgreement(toroid, peer, each);
                new Throughput(report, each).run(toroid, peer);
            }
        }
    }

    private void requireAgreement(Engine toroid, Engine peer, int threads) {
        report.text("\nWith threads: %d, the engines' results differ by %.1e at most".formatted(threads, BothAgree.require(toroid, peer)));
    }
}
