package io.toroid.examples.minilm;

import io.toroid.examples.benchmark.Comparison;
import io.toroid.examples.minilm.ResidentMemory.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How much memory a process has with a model loaded, and after many calls, each engine in a JVM of its own. */
final class Memory {
    private static final int CALLS = 200;
    private static final String TABLE = """

            Memory of the process in MB, the JVM's included: resident (own, peak)
            case          threads   Toroid                    ONNX Runtime              ratio
            """;

    private final Report report;
    private final int threads;
    private final Path onnx;

    Memory(Report report, int threads, Path onnx) {
        this.report = report;
        this.threads = threads;
        this.onnx = onnx;
    }

    void run(Product product, Path workDirectory) throws IOException, InterruptedException {
        report.text(TABLE);
        FreshJvm jvm = new FreshJvm(List.of("-Dtoroid.library.dir=" + workDirectory.resolve("libraries")), product.classPathWithJar());
        List<Usage> ours = usage(jvm, Engine.TOROID);
        List<Usage> theirs = usage(jvm, Engine.PEER);
        report("empty", ours.get(0), theirs.get(0));
        report("loaded", ours.get(1), theirs.get(1));
        report(Sizes.LOAD + "_x" + CALLS, ours.get(2), theirs.get(2));
    }

    private List<Usage> usage(FreshJvm jvm, String engine) throws IOException, InterruptedException {
        return jvm.run(ResidentMemory.class, engine, Integer.toString(threads), onnx.toString(), Integer.toString(CALLS)).stream()
                .map(Usage::parse).toList();
    }

    private void report(String name, Usage ours, Usage theirs) {
        Comparison comparison = Comparison.bytes("minilm-memory", name, threads, ours.resident(), theirs.resident())
                .with("toroid_pss_bytes", ours.proportional()).with("peer_pss_bytes", theirs.proportional())
                .with("toroid_private_bytes", ours.own()).with("peer_private_bytes", theirs.own())
                .with("toroid_peak_bytes", ours.peak()).with("peer_peak_bytes", theirs.peak());
        report.line(comparison);
        report.text("%-12s  %7d   %s   %s   %5.2f".formatted(name, threads, text(ours), text(theirs), comparison.ratio()));
    }

    private static String text(Usage usage) {
        return "%6.1f (%6.1f, %6.1f)".formatted(usage.resident() * 1e-6, usage.own() * 1e-6, usage.peak() * 1e-6);
    }
}
