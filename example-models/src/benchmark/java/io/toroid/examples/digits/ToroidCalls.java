package io.toroid.examples.digits;

import io.toroid.runtime.CompiledModel;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A call of a façade with the caller's tensors. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ToroidCalls {
    @Param({"digits-mlp", "digits-cnn"})
    public String model;

    @Param({"1", "64"})
    public int batch;

    @Param({"1", "2"})
    public int threads;

    private CompiledModel compiled;
    private NativeTensor images;
    private NativeTensor scores;
    private Runnable call;

    @Setup
    public void load() {
        Input input = Input.of(model, batch);
        images = NativeTensor.wrap(input.pixels(), input.shape());
        scores = NativeTensor.wrap(input.scores(), batch, TestSet.DIGITS);
        LoadOptions options = LoadOptions.defaults().withThreads(threads).withInstances(1);
        switch (model) {
            case "digits-mlp" -> {
                CompiledDigitsMlp mlp = CompiledDigitsMlp.load(options);
                compiled = mlp;
                call = () -> mlp.classify(images, scores);
            }
            case "digits-cnn" -> {
                CompiledDigitsCnn cnn = CompiledDigitsCnn.load(options);
                compiled = cnn;
                call = () -> cnn.classify(images, scores);
            }
            default -> throw new IllegalArgumentException(model);
        }
        call();
        input.requireRight("Toroid");
    }

    @Benchmark
    public void call() {
        call.run();
    }

    @TearDown
    public void close() {
        compiled.close();
    }
}
