package io.toroid.examples.minilm;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.toroid.examples.benchmark.OnnxRuntime;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * ONNX Runtime on the file that the weights come from, the fastest way that its Java API has: inputs and pinned output in direct
 * buffers, made once. The file's only output is the last hidden state; the mean over the words is taken in Java.
 */
final class OnnxRuntimeEngine implements Engine {
    private final SessionOptions options;
    private final OrtSession session;

    OnnxRuntimeEngine(Path onnx, int threads) {
        try {
            options = OnnxRuntime.options(threads);
            session = OnnxRuntime.environment().createSession(onnx.toString(), options);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Request prepare(Input input) {
        Sizes sizes = input.sizes();
        FloatBuffer states = Input.floats(sizes.positions() * MiniLm.WIDTH);
        OrtEnvironment environment = OnnxRuntime.environment();
        try {
            Map<String, OnnxTensor> inputs = Map.of(
                    "input_ids", OnnxTensor.createTensor(environment, input.ids(), input.shape()),
                    "attention_mask", OnnxTensor.createTensor(environment, input.mask(), input.shape()),
                    "token_type_ids", OnnxTensor.createTensor(environment, Input.longs(sizes.positions()), input.shape()));
            Map<String, OnnxTensor> outputs = Map.of(OnnxRuntime.output(session),
                    OnnxTensor.createTensor(environment, states, new long[] {sizes.batch(), sizes.tokens(), MiniLm.WIDTH}));
            return new Prepared(session, inputs, outputs, new Pooling(input, states), states);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
            options.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Prepared(OrtSession session, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs,
            Pooling pooling, FloatBuffer states) implements Request {
        @Override
        public void embed() {
            hidden();
            pooling.run();
        }

        @Override
        public void hidden() {
            try {
                session.run(inputs, outputs).close();
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public FloatBuffer embeddings() {
            return pooling.embeddings();
        }

        @Override
        public void close() {
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
        }
    }
}
