package io.toroid.examples.digits;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** What both engines are given: the first test images and room for their scores, in direct buffers. */
record Input(TestSet test, long[] shape, FloatBuffer pixels, FloatBuffer scores) {
    private static final double TOLERANCE = 2e-5;

    static Input of(String model, int batch) {
        TestSet test = TestSet.of(model.replace("digits-", ""));
        long[] shape = model.equals("digits-cnn") ? new long[] {batch, 1, 8, 8} : new long[] {batch, TestSet.PIXELS};
        FloatBuffer pixels = direct(batch * TestSet.PIXELS).put(0, test.pixels(), 0, batch * TestSet.PIXELS);
        return new Input(test, shape, pixels, direct(batch * TestSet.DIGITS));
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** A fast engine that computes something else is of no use. */
    void requireRight(String engine) {
        float[] values = new float[scores.capacity()];
        scores.get(0, values);
        double difference = test.largestDifference(values);
        if (!(difference <= TOLERANCE)) {
            throw new IllegalStateException("%s differs from PyTorch by %s".formatted(engine, difference));
        }
    }
}
