package io.toroid.examples.minilm;

import io.toroid.examples.benchmark.Comparison;
import io.toroid.examples.benchmark.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Several threads call one model as fast as it answers. The engines, and the numbers of callers, take turns of a second each. */
final class Throughput {
    private static final int[] CALLERS = {1, 2, 4, 8};
    private static final int ROUNDS = 7;
    private static final long WARM_UP = 100_000_000;
    private static final long TURN = 900_000_000;
    private static final String TABLE = """

            %d thread%s to a call; milliseconds
            case      callers   Toroid 1/s     p50     p99   ONNX Runtime 1/s     p50     p99   ratio
            """;

    private final Report report;
    private final int threads;

    Throughput(Report report, int threads) {
        this.report = report;
        this.threads = threads;
    }

    /** How many requests a second, by rounds, and the microseconds of each. */
    private record Answers(List<Double> rates, List<Double> times) {
        Answers() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        double rate() {
            return Sample.of(doubles(rates).toArray()).median();
        }

        Sample sample() {
            return Sample.of(doubles(times).toArray());
        }
    }

    /** The engines beside each other, with a number of callers. */
    private record Row(Sizes sizes, int callers, Answers ours, Answers theirs) {
        Row(Sizes sizes, int callers) {
            this(sizes, callers, new Answers(), new Answers());
        }

        void round(Engine toroid, Engine peer) throws InterruptedException, ExecutionException {
            try (ExecutorService executor = Executors.newFixedThreadPool(callers)) {
                turn(toroid, sizes, callers, executor, ours);
                turn(peer, sizes, callers, executor, theirs);
            }
        }
    }

    void run(Engine toroid, Engine peer) throws InterruptedException, ExecutionException {
        report.text(TABLE.formatted(threads, threads == 1 ? "" : "s"));
        for (Sizes sizes : Sizes.THROUGHPUT) {
            List<Row> rows = IntStream.of(CALLERS).mapToObj(callers -> new Row(sizes, callers)).toList();
            for (int round = 0; round < ROUNDS; round++) {
                for (Row row : round % 2 == 0 ? rows : rows.reversed()) {
                    row.round(toroid, peer);
                }
            }
            rows.forEach(this::print);
        }
    }

    private void print(Row row) {
        Answers ours = row.ours;
        Answers theirs = row.theirs;
        Comparison comparison = Comparison
                .micros("minilm-throughput", "%s_c%d".formatted(row.sizes, row.callers), threads, 1e6 / ours.rate(), 1e6 / theirs.rate())
                .with("toroid_per_s", ours.rate()).with("peer_per_s", theirs.rate())
                .with("toroid_p50_us", ours.sample().median()).with("peer_p50_us", theirs.sample().median())
                .with("toroid_p99_us", ours.sample().percentile(0.99)).with("peer_p99_us", theirs.sample().percentile(0.99));
        report.line(comparison);
        report.text("%-8s  %7d  %11.1f  %6.2f  %6.2f   %16.1f  %6.2f  %6.2f   %5.2f".formatted(row.sizes, row.callers,
                ours.rate(), ours.sample().median() * 1e-3, ours.sample().percentile(0.99) * 1e-3,
                theirs.rate(), theirs.sample().median() * 1e-3, theirs.sample().percentile(0.99) * 1e-3, comparison.ratio()));
    }

    private static void turn(Engine engine, Sizes sizes, int callers, ExecutorService executor, Answers answers)
            throws InterruptedException, ExecutionException {
        List<Engine.Request> requests = Stream.generate(() -> engine.prepare(Input.of(sizes))).limit(callers).toList();
        long begin = System.nanoTime() + WARM_UP;
        List<Callable<List<Long>>> tasks = requests.stream().<Callable<List<Long>>>map(request -> () -> call(request, begin)).toList();
        long answered = 0;
        for (Future<List<Long>> times : executor.invokeAll(tasks)) {
            answered += times.get().size();
            times.get().forEach(time -> answers.times.add(time * 1e-3));
        }
        answers.rates.add(answered / (TURN * 1e-9));
        requests.forEach(Engine.Request::close);
    }

    /** The nanoseconds of the calls that end in the time that counts. */
    private static List<Long> call(Engine.Request request, long begin) {
        List<Long> times = new ArrayList<>();
        for (long start = System.nanoTime(), end = start; end - begin < TURN; start = end) {
            request.embed();
            end = System.nanoTime();
            if (end >= begin && end - begin < TURN) {
                times.add(end - start);
            }
        }
        return times;
    }

    private static DoubleStream doubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue);
    }
}
