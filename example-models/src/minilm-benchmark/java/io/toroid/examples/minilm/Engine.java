package io.toroid.examples.minilm;

import java.nio.FloatBuffer;
import java.nio.file.Path;

/** A loaded model, here or with ONNX Runtime. */
interface Engine extends AutoCloseable {
    String TOROID = "toroid";
    String PEER = "onnxruntime";

    /** Makes what calls with this input need, so that a call allocates nothing. For one thread at a time. */
    Request prepare(Input input);

    @Override
    void close();

    /** By its name. */
    static Engine load(String name, int threads, Path onnx) {
        return switch (name) {
            case TOROID -> new ToroidEngine(threads);
            case PEER -> new OnnxRuntimeEngine(onnx, threads);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** An input with room for what is made of it. */
    interface Request extends AutoCloseable {
        /** Fills {@link #embeddings()}. */
        void embed();

        /** Fills {@link #states()}. */
        void hidden();

        /** {@code [batch, 384]}. */
        FloatBuffer embeddings();

        /** {@code [batch, tokens, 384]}. */
        FloatBuffer states();

        @Override
        void close();
    }
}
