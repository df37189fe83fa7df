package io.toroid.runtime;

import java.net.URL;
import java.util.function.Function;

/** A façade as the generator writes it. */
final class CompiledTiny extends CompiledModel {
    /** The outputs of {@code scale}. */
    record Scaled(float[][] y, double[] sums) {}

    CompiledTiny(Function<String, URL> resources, LoadOptions options) {
        this(resources, options, CpuFeatures.current());
    }

    CompiledTiny(Function<String, URL> resources, LoadOptions options, CpuFeatures cpu) {
        super(resources, TinyModel.NAME, options, cpu);
    }

    static CompiledTiny load(Function<String, URL> resources) {
        return new CompiledTiny(resources, LoadOptions.defaults());
    }

    Scaled scale(float[][] x) {
        Object[] outputs = runArrays(0, new Object[] {x});
        return new Scaled((float[][]) outputs[0], (double[]) outputs[1]);
    }

    NativeTensor[] scale(NativeTensor x) {
        return run(0, x);
    }

    void scale(NativeTensor x, NativeTensor y, NativeTensor sums) {
        run3(0, 1, x, y, sums);
    }

    void scale(NativeTensor[] inputs, NativeTensor[] outputs) {
        run(0, inputs, outputs);
    }

    long[] join(long[] a, long[] b, boolean[] mask) {
        return (long[]) runArrays(1, a, b, mask)[0];
    }

    void join(NativeTensor a, NativeTensor b, NativeTensor mask, NativeTensor result) {
        run4(1, 3, a, b, mask, result);
    }

    float hold(float milliseconds) {
        return (float) runArrays(2, milliseconds)[0];
    }

    void hold(NativeTensor milliseconds, NativeTensor overlap) {
        run1(2, milliseconds, overlap);
    }
}
