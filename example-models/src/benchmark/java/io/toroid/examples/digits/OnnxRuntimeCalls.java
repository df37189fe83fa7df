package io.toroid.examples.digits;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.toroid.examples.benchmark.OnnxRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
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

/** The same call by ONNX Runtime, the fastest way that its Java API has: input and pinned output in direct buffers, made once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OnnxRuntimeCalls {
    @Param({"digits-mlp", "digits-cnn"})
    public String model;

    @Param({"1", "64"})
    public int batch;

    @Param({"1", "2"})
    public int threads;

    private SessionOptions options;
    private OrtSession session;
    private OnnxTensor images;
    private OnnxTensor scores;
    private Map<String, OnnxTensor> inputs;
    private Map<String, OnnxTensor> outputs;

    @Setup
    public void load() throws OrtException, IOException {
        OrtEnvironment environment = OnnxRuntime.environment();
        options = OnnxRuntime.options(threads);
        try (InputStream file = OnnxRuntimeCalls.class.getResourceAsStream("/digits/" + model + ".onnx")) {
            session = environment.createSession(file.readAllBytes(), options);
        }
        Input input = Input.of(model, batch);
        images = OnnxTensor.createTensor(environment, input.pixels(), input.shape());
        scores = OnnxTensor.createTensor(environment, input.scores(), new long[] {batch, TestSet.DIGITS});
        inputs = Map.of(session.getInputNames().iterator().next(), images);
        outputs = Map.of(OnnxRuntime.output(session), scores);
        call();
        input.requireRight("ONNX Runtime");
    }

    @Benchmark
    public void call() throws OrtException {
        session.run(inputs, outputs).close();
    }

    @TearDown
    public void close() throws OrtException {
        images.close();
        scores.close();
        session.close();
        options.close();
    }
}
