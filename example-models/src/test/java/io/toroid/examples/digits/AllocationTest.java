package io.toroid.examples.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.toroid.DType;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call with the caller's tensors leaves nothing to the garbage collector. */
@Tag("native")
class AllocationTest {
    private static final int CALLS = 10_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void mlp(int batch) {
        try (CompiledDigitsMlp model = CompiledDigitsMlp.load(LoadOptions.defaults().withThreads(1));
                NativeTensor images = NativeTensor.allocate(DType.F32, batch, 64);
                NativeTensor scores = NativeTensor.allocate(DType.F32, batch, 10)) {
            assertEquals(0, bytesPerCall(() -> model.classify(images, scores)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void cnn(int batch) {
        try (CompiledDigitsCnn model = CompiledDigitsCnn.load(LoadOptions.defaults().withThreads(1));
                NativeTensor images = NativeTensor.allocate(DType.F32, batch, 1, 8, 8);
                NativeTensor scores = NativeTensor.allocate(DType.F32, batch, 10)) {
            assertEquals(0, bytesPerCall(() -> model.classify(images, scores)));
        }
    }

    /** After the compiled code has settled. */
    private static long bytesPerCall(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        repeat(call, 2 * CALLS);
        long before = threads.getCurrentThreadAllocatedBytes();
        repeat(call, CALLS);
        return (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }

    private static void repeat(Runnable call, int times) {
        for (int i = 0; i < times; i++) {
            call.run();
        }
    }
}
