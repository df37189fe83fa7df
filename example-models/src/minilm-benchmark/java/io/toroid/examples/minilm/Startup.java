package io.toroid.examples.minilm;

import io.toroid.examples.benchmark.Comparison;
import io.toroid.examples.benchmark.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * From the start of a JVM to the first embedding, each time in a JVM of its own, in turns, with all files in the page cache. Libraries
 * lie in jars, as they are shipped: Toroid's was extracted by an earlier run, ONNX Runtime extracts its own each time. {@code files}
 * spares both that, with all libraries in directories.
 */
final class Startup {
    private static final int ROUNDS = 9;
    private static final String TABLE = """

            From the start of a JVM to the first embedding, of 8 tokens, %d threads, milliseconds
            case         Toroid min  median   ONNX Runtime min  median   ratio
            """;

    private final Report report;
    private final int threads;
    private final Path onnx;

    /** How both are started; {@code given} is {@code text} or {@code tokens}. */
    private record Way(String name, String given, FreshJvm toroid, FreshJvm peer) {
    }

    Startup(Report report, int threads, Path onnx) {
        this.report = report;
        this.threads = threads;
        this.onnx = onnx;
    }

    void run(Product product, Path workDirectory) throws IOException, InterruptedException {
        report.text(TABLE.formatted(threads));
        String libraries = "-Dtoroid.library.dir=" + workDirectory.resolve("libraries");
        FreshJvm jars = new FreshJvm(List.of(libraries), product.classPathWithJar());
        FreshJvm files = new FreshJvm(List.of(), product.classPathWithFiles());
        FreshJvm natives = new FreshJvm(List.of("-Donnxruntime.native.path=" + Product.unpackPeer(workDirectory.resolve("onnxruntime"))),
                product.classPathWithJar());
        run(new Way("jars", "tokens", jars, jars));
        run(new Way("jars_text", "text", jars, jars));
        run(new Way("files", "tokens", files, natives));
    }

    private void run(Way way) throws IOException, InterruptedException {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        time(way.toroid, Engine.TOROID, way);
        time(way.peer, Engine.PEER, way);
        for (int round = 0; round < ROUNDS; round++) {
            ours.add(time(way.toroid, Engine.TOROID, way));
            theirs.add(time(way.peer, Engine.PEER, way));
        }
        Sample toroid = sample(ours);
        Sample peer = sample(theirs);
        Comparison comparison = Comparison.micros("minilm-startup", way.name, threads, toroid.median(), peer.median())
                .with("toroid_min_us", toroid.min()).with("peer_min_us", peer.min());
        report.line(comparison);
        report.text("%-10s  %11.0f  %6.0f   %16.0f  %6.0f   %5.2f".formatted(way.name,
                toroid.min() * 1e-3, toroid.median() * 1e-3, peer.min() * 1e-3, peer.median() * 1e-3, comparison.ratio()));
    }

    private double time(FreshJvm jvm, String engine, Way way) throws IOException, InterruptedException {
        return Long.parseLong(jvm.run(FirstEmbedding.class, engine, Integer.toString(threads), onnx.toString(), way.given).getFirst()) * 1e-3;
    }

    private static Sample sample(List<Double> values) {
        return Sample.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
