package io.toroid.examples.minilm;

import io.toroid.examples.benchmark.Comparison;
import io.toroid.examples.benchmark.Sample;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How long a call takes, embeddings and last hidden states. ONNX Runtime's graph ends at the hidden states, so {@code minilm} includes
 * the mean over the words in Java for it, and {@code minilm-hidden} compares what both have.
 */
final class Latency {
    private static final String TABLE = """

            %d thread%s, milliseconds; the peak is %.1f GFLOP/s
            case      Toroid min  median  of peak   ONNX Runtime min  median  of peak   ratio  (rounds)      hidden states
            """;

    private final Report report;
    private final int threads;
    private final double peak;

    /** {@code peak} is what the multiply-add units of these threads could do, in operations a second. */
    Latency(Report report, int threads, double peak) {
        this.report = report;
        this.threads = threads;
        this.peak = peak;
    }

    void run(Engine toroid, Engine peer) {
        report.text(TABLE.formatted(threads, threads == 1 ? "" : "s", peak * 1e-9));
        List<Comparison> embeddings = Sizes.LATENCY.stream().map(sizes -> run(toroid, peer, sizes)).toList();
        double mean = Math.exp(embeddings.stream().mapToDouble(each -> Math.log(each.ratio())).average().orElseThrow());
        report.text("geometric mean of the ratios %47s %8.2f".formatted("", mean));
    }

    private Comparison run(Engine toroid, Engine peer, Sizes sizes) {
        Input input = Input.of(sizes);
        try (Engine.Request ours = toroid.prepare(input); Engine.Request theirs = peer.prepare(input)) {
            List<Turns.Times> times = Turns.take(List.of(ours::embed, theirs::embed, ours::hidden, theirs::hidden));
            Comparison embeddings = comparison("minilm", sizes, times.get(0), times.get(1));
            Comparison hidden = comparison("minilm-hidden", sizes, times.get(2), times.get(3));
            report.line(embeddings);
            report.line(hidden);
            report.text(row(embeddings, hidden));
            return embeddings;
        }
    }

    private Comparison comparison(String benchmark, Sizes sizes, Turns.Times ours, Turns.Times theirs) {
        Sample toroid = ours.all();
        Sample peer = theirs.all();
        Sample ratios = Sample.of(IntStream.range(0, ours.rounds().size())
                .mapToDouble(i -> theirs.rounds().get(i).median() / ours.rounds().get(i).median()).toArray());
        return Comparison.micros(benchmark, sizes.toString(), threads, toroid.median(), peer.median())
                .with("toroid_min_us", toroid.min()).with("peer_min_us", peer.min())
                .with("ratio_low", ratios.min()).with("ratio_high", ratios.max())
                .with("toroid_peak_percent", percent(sizes, toroid)).with("peer_peak_percent", percent(sizes, peer));
    }

    private double percent(Sizes sizes, Sample micros) {
        return 100 * sizes.operations() / (micros.median() * 1e-6 * peak);
    }

    private static String row(Comparison embeddings, Comparison hidden) {
        return "%-8s  %10.2f  %6.2f  %5.1f %%   %16.2f  %6.2f  %5.1f %%   %5.2f  (%.2f-%.2f)   %5.2f  (%.2f-%.2f)".formatted(embeddings.of(),
                embeddings.more("toroid_min_us") * 1e-3, embeddings.toroid() * 1e-3, embeddings.more("toroid_peak_percent"),
                embeddings.more("peer_min_us") * 1e-3, embeddings.peer() * 1e-3, embeddings.more("peer_peak_percent"),
                embeddings.ratio(), embeddings.more("ratio_low"), embeddings.more("ratio_high"),
                hidden.ratio(), hidden.more("ratio_low"), hidden.more("ratio_high"));
    }
}
