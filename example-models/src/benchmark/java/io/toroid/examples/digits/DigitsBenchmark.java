package io.toroid.examples.digits;

import io.toroid.examples.benchmark.Comparison;
import io.toroid.examples.benchmark.Sample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Toroid beside ONNX Runtime on the same weights, images and threads. Both run in this JVM and take turns, a third of a second each, so
 * that a change of the machine's speed hits both; the median of the rounds counts. Prints a line of JSON for each case, then a table.
 */
public final class DigitsBenchmark {
    private static final int ROUNDS = 9;
    private static final TimeValue LONG = TimeValue.milliseconds(1500);
    private static final TimeValue WARM_UP = TimeValue.milliseconds(100);
    private static final TimeValue MEASURED = TimeValue.milliseconds(300);

    private record Case(String model, int batch, int threads) {
    }

    private record Outcome(Comparison times, int batch, double bytes) {
        String row() {
            return "%-10s  %5d  %7d  %9.2f  %15.2f  %5.1f  %13.1f".formatted(
                    times.benchmark(), batch, times.threads(), times.toroid(), times.peer(), times.ratio(), bytes);
        }
    }

    private DigitsBenchmark() {
    }

    public static void main(String[] arguments) throws RunnerException {
        Locale.setDefault(Locale.ROOT);
        List<Outcome> outcomes = new ArrayList<>();
        for (Case each : cases()) {
            Outcome outcome = measure(each);
            System.out.println(outcome.times().json());
            outcomes.add(outcome);
        }
        System.out.println("\nmodel       batch  threads  Toroid µs  ONNX Runtime µs  ratio  Toroid B/call");
        outcomes.forEach(outcome -> System.out.println(outcome.row()));
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String model : List.of("digits-mlp", "digits-cnn")) {
            for (int batch : new int[] {1, 64}) {
                for (int threads : new int[] {1, 2}) {
                    cases.add(new Case(model, batch, threads));
                }
            }
        }
        return cases;
    }

    private static Outcome measure(Case of) throws RunnerException {
        time(ToroidCalls.class, of, LONG);
        time(OnnxRuntimeCalls.class, of, LONG);
        double[] toroid = new double[ROUNDS];
        double[] peer = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            toroid[round] = time(ToroidCalls.class, of, WARM_UP);
            peer[round] = time(OnnxRuntimeCalls.class, of, WARM_UP);
        }
        Comparison times = Comparison.micros(of.model, "b" + of.batch, of.threads, Sample.of(toroid).median(), Sample.of(peer).median());
        return new Outcome(times, of.batch, bytesPerCall(of));
    }

    /** Microseconds of a call. */
    private static double time(Class<?> engine, Case of, TimeValue warmUp) throws RunnerException {
        return run(options(engine, of).warmupTime(warmUp)).getPrimaryResult().getScore();
    }

    private static double bytesPerCall(Case of) throws RunnerException {
        return run(options(ToroidCalls.class, of).measurementTime(LONG).addProfiler(GCProfiler.class))
                .getSecondaryResults().get("gc.alloc.rate.norm").getScore();
    }

    private static ChainedOptionsBuilder options(Class<?> engine, Case of) {
        return new OptionsBuilder()
                .include("^" + engine.getName() + "\\.call$")
                .param("model", of.model).param("batch", String.valueOf(of.batch)).param("threads", String.valueOf(of.threads))
                .forks(0).warmupIterations(1).warmupTime(WARM_UP).measurementIterations(1).measurementTime(MEASURED)
                .shouldFailOnError(/* value= */ true).verbosity(VerboseMode.SILENT);
    }

    private static RunResult run(ChainedOptionsBuilder options) throws RunnerException {
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.iterator().next();
    }
}
