// Written by Toroid from a.Digits. Do not edit: the next compilation writes it again.
package a;

import io.toroid.runtime.CompiledModel;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;

/**
 * The model {@link a.Digits}, compiled ahead of time.
 *
 * <pre>{@code
 * classify(pixels: f32[batch, 64]) -> f32[batch, 10]
 *     batch: 1 to 1024
 * findAll(image: f32[3, 8, 8], threshold: f32[]) -> (boxes: f32[batch, 4], image: i64[batch])
 * }</pre>
 */
public final class CompiledDigits extends CompiledModel {
    private static final int CLASSIFY = 0;

    private static final int FIND_ALL = 1;

    private CompiledDigits(LoadOptions options) {
        super(CompiledDigits.class, "a.Digits", options);
    }

    /**
     * Loads the model; to be closed after use.
     */
    public static CompiledDigits load() {
        return load(LoadOptions.defaults());
    }

    /**
     * Loads the model with a choice of threads, instances, weights or library.
     */
    public static CompiledDigits load(LoadOptions options) {
        return new CompiledDigits(options);
    }

    /**
     * Loads the model for so many calls at a time; more wait.
     */
    public static CompiledDigits instances(int count) {
        return load(LoadOptions.defaults().withInstances(count));
    }

    /**
     * Runs the entry on Java arrays, which are checked and copied.
     *
     * @param pixels {@code f32[batch, 64]}, batch: 1 to 1024
     * @return {@code f32[batch, 10]}
     */
    public float[][] classify(float[][] pixels) {
        return (float[][]) runArrays(CLASSIFY, (Object) pixels)[0];
    }

    /**
     * Runs the entry; what it returns has memory of its own, to be closed by the caller.
     *
     * @param pixels {@code f32[batch, 64]}, batch: 1 to 1024
     * @return {@code f32[batch, 10]}
     */
    public NativeTensor classify(NativeTensor pixels) {
        return run(CLASSIFY, pixels)[0];
    }

    /**
     * Runs the entry into tensors of the caller's; nothing is allocated.
     *
     * @param pixels {@code f32[batch, 64]}, batch: 1 to 1024
     * @param output takes {@code f32[batch, 10]}
     */
    public void classify(NativeTensor pixels, NativeTensor output) {
        run1(CLASSIFY, pixels, output);
    }

    /**
     * Runs the entry on Java arrays, which are checked and copied.
     *
     * @param image {@code f32[3, 8, 8]}
     * @param threshold {@code f32[]}
     * @return {@code (boxes: f32[batch, 4], image: i64[batch])}
     */
    public Detection findAll(float[][][] image, float threshold) {
        Object[] results = runArrays(FIND_ALL, image, threshold);
        return new Detection((float[][]) results[0], (long[]) results[1]);
    }

    /**
     * Runs the entry; what it returns has memory of its own, to be closed by the caller.
     *
     * @param image {@code f32[3, 8, 8]}
     * @param threshold {@code f32[]}
     * @return {@code (boxes: f32[batch, 4], image: i64[batch])}
     */
    public DetectionTensors findAll(NativeTensor image, float threshold) {
        NativeTensor[] results = run(FIND_ALL, new NativeTensor[] {image, null}, new long[] {0, bits(threshold)});
        return new DetectionTensors(results[0], results[1]);
    }

    /**
     * Runs the entry into tensors of the caller's; nothing is allocated.
     *
     * @param image {@code f32[3, 8, 8]}
     * @param threshold {@code f32[]}
     * @param boxes takes {@code f32[batch, 4]}
     * @param imageOutput takes {@code i64[batch]}
     */
    public void findAll(NativeTensor image, float threshold, NativeTensor boxes,
            NativeTensor imageOutput) {
        run(FIND_ALL, new NativeTensor[] {image, null}, new long[] {0, bits(threshold)}, new NativeTensor[] {boxes, imageOutput});
    }

    /**
     * What {@code findAll} returns, as Java arrays.
     *
     * @param boxes {@code f32[batch, 4]}
     * @param image {@code i64[batch]}
     */
    public record Detection(float[][] boxes, long[] image) {
    }

    /**
     * What {@code findAll} returns, as tensors; closing it closes them.
     *
     * @param boxes {@code f32[batch, 4]}
     * @param image {@code i64[batch]}
     */
    public record DetectionTensors(NativeTensor boxes,
            NativeTensor image) implements AutoCloseable {
        @Override
        public void close() {
            boxes.close();
            image.close();
        }
    }
}
