package io.toroid.examples.libtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.examples.libtorch.BothLinkages.Sample;
import io.toroid.runtime.LoadOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Libraries of the linkage {@code libtorch} with the libtorch of org.bytedeco:pytorch, in one process with standalone ones. */
class BothLinkagesTest {

    @BeforeAll
    static void compile() throws IOException {
        BothLinkages.compile();
        Loader.load(torch.class);
    }

    @Test
    void theResultsAreThoseOfTheStandaloneLibraries() throws Exception {
        for (Sample sample : BothLinkages.samples("standalone")) {
            float[][] expected = (float[][]) BothLinkages.run("standalone", sample, LoadOptions.defaults());
            assertArrayEquals(expected, (float[][]) BothLinkages.run("libtorch", sample, LoadOptions.defaults()), sample.name());
        }
    }

    @Test
    void otherWeightsAreLoadedInBoth() throws Exception {
        Sample sample = BothLinkages.samples("standalone").getFirst();
        LoadOptions other = LoadOptions.defaults().withWeights(BothLinkages.OTHER_DIGITS);
        float[][] expected = (float[][]) BothLinkages.run("standalone", sample, other);
        assertArrayEquals(expected, (float[][]) BothLinkages.run("libtorch", sample, other));
        assertTrue(expected[0][0] != ((float[][]) BothLinkages.run("standalone", sample, LoadOptions.defaults()))[0][0]);
    }

    @Test
    void pytorchComputesItsOperators() throws Exception {
        Sample sample = BothLinkages.samples("libtorch").getLast();
        float[] distances = (float[]) BothLinkages.run("libtorch", sample, LoadOptions.defaults());
        float[] expected = expectedDistances((float[][]) sample.inputs().getFirst());
        assertArrayEquals(expected, distances, 1e-5f);
        Sample flat = new Sample(sample.name(), sample.entry(), List.<Object>of((Object) new float[3][4]));
        RuntimeException refused = assertThrows(RuntimeException.class, () -> BothLinkages.run("libtorch", flat, LoadOptions.defaults()));
        assertTrue(refused.getMessage().contains("aten::linalg_inv at Whitened.java:") && refused.getMessage().contains("singular"), refused::getMessage);
    }

    /** The same by PyTorch's own functions. */
    private static float[] expectedDistances(float[][] points) {
        float[] flat = new float[points.length * 4];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = points[i / 4][i % 4];
        }
        try (FloatPointer memory = new FloatPointer(flat)) {  // which the tensor borrows
            return expectedDistances(torch.from_blob(memory, new long[] {points.length, 4}), points.length);
        }
    }

    private static float[] expectedDistances(Tensor x, int points) {
        Tensor centred = x.sub(x.mean(0));
        Tensor covariance = centred.t().matmul(centred).div(new org.bytedeco.pytorch.Scalar((double) points));
        Tensor distances = centred.matmul(torch.linalg_inv(covariance)).mul(centred).sum(1).sqrt();
        Tensor result = distances.div(distances.median()).contiguous();
        float[] values = new float[points];
        new FloatPointer(result.data_ptr()).get(values);
        return values;
    }

    @Test
    void bothLinkagesAndPyTorchRunAtTheSameTime() throws Exception {
        Sample sample = BothLinkages.samples("standalone").getFirst();
        float[][] expected = (float[][]) BothLinkages.run("standalone", sample, LoadOptions.defaults());
        Tensor ones = torch.ones(new long[] {64, 64});
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (String linkage : List.of("standalone", "libtorch", "standalone", "libtorch")) {
            running.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 20; i++) {
                    try {
                        assertArrayEquals(expected, (float[][]) BothLinkages.run(linkage, sample, LoadOptions.defaults()));
                    } catch (Exception e) {
                        throw new AssertionError(linkage, e);
                    }
                }
            }));
        }
        for (int i = 0; i < 200; i++) {
            assertEquals(64.0 * 64 * 64, ones.matmul(ones).sum().item_double());
        }
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    }
}
