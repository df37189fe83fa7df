package io.toroid.examples.call;

import io.toroid.DType;
import io.toroid.runtime.NativeTensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What a call from Java costs with the caller's buffers. What it costs from C says {@code call_bench.cpp} of the runtime. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CallBenchmark {
    private CompiledOneOperator model;
    private NativeTensor x;
    private NativeTensor output;

    /** Runs it and prints JMH's table, with the bytes that a call allocates. */
    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder().include(CallBenchmark.class.getName()).forks(0).addProfiler(GCProfiler.class)
                .warmupIterations(3).warmupTime(TimeValue.seconds(1)).measurementIterations(5).measurementTime(TimeValue.seconds(1)).build()).run();
    }

    @Setup
    public void load() {
        model = CompiledOneOperator.load();
        x = NativeTensor.of(new float[16], 16);
        output = NativeTensor.allocate(DType.F32, 16);
    }

    @TearDown
    public void close() {
        model.close();
        x.close();
        output.close();
    }

    @Benchmark
    public void relu() {
        model.relu(x, output);
    }
}
