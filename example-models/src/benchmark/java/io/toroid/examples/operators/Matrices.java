package io.toroid.examples.operators;

import io.toroid.DType;
import io.toroid.runtime.NativeTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Operands and results of all operators for one size, and the calls. */
final class Matrices implements AutoCloseable {

    /**
     * A call.
     *
     * @param bytes that it must read and write at least
     */
    record Work(String name, double bytes, Runnable call) {

        /** Whether it is no operator, but what these are compared with. */
        boolean isPlain() {
            return name.equals(COPY) || name.equals(READ);
        }
    }

    private static final String COPY = "copy";
    private static final String READ = "read";

    private final Sizes sizes;
    private final List<NativeTensor> all = new ArrayList<>();
    private final NativeTensor x;
    private final NativeTensor y;
    private final NativeTensor result;
    private final NativeTensor places;

    Matrices(Sizes sizes) {
        this.sizes = sizes;
        this.x = random();
        this.y = random();
        this.result = allocate(DType.F32, sizes.rows(), sizes.columns());
        this.places = allocate(DType.I64, sizes.rows(), sizes.columns());
    }

    private NativeTensor allocate(DType dtype, long... shape) {
        all.add(NativeTensor.allocate(dtype, shape));
        return all.getLast();
    }

    private NativeTensor random() {
        NativeTensor tensor = allocate(DType.F32, sizes.rows(), sizes.columns());
        Random random = new Random(all.size());
        for (long i = 0; i < sizes.rows() * sizes.columns(); i++) {
            tensor.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return tensor;
    }

    /** The copy and the read first, by as many threads as the model has; then the operators. */
    List<Work> works(CompiledOperatorKernels model, int threads) {
        double matrix = sizes.bytes();
        NativeTensor number = allocate(DType.F32);
        NativeTensor column = allocate(DType.F32, sizes.rows());
        NativeTensor columnPlaces = allocate(DType.I64, sizes.rows());
        NativeTensor row = allocate(DType.F32, sizes.columns());
        NativeTensor rowPlaces = allocate(DType.I64, sizes.columns());
        NativeTensor top = allocate(DType.F32, sizes.rows(), 10);
        NativeTensor topPlaces = allocate(DType.I64, sizes.rows(), 10);
        return List.of(
                new Work(COPY, 2 * matrix, () -> copy(threads)),
                new Work(READ, matrix, () -> model.read(x, number)),
                new Work("relu", 2 * matrix, () -> model.relu(x, result)),
                new Work("mulAdd", 3 * matrix, () -> model.mulAdd(x, y, result)),
                new Work("sum", matrix, () -> model.sum(x, number)),
                new Work("sumRows", matrix, () -> model.sumRows(x, column)),
                new Work("sumColumns", matrix, () -> model.sumColumns(x, row)),
                new Work("softmax", 2 * matrix, () -> model.softmax(x, result)),
                new Work("layerNorm", 2 * matrix, () -> model.layerNorm(x, result)),
                new Work("cumsum", 2 * matrix, () -> model.cumsum(x, result)),
                new Work("cumsumColumns", 2 * matrix, () -> model.cumsumColumns(x, result)),
                new Work("max", matrix, () -> model.max(x, column, columnPlaces)),
                new Work("maxColumns", matrix, () -> model.maxColumns(x, row, rowPlaces)),
                new Work("topk", matrix, () -> model.topk(x, top, topPlaces)),
                new Work("sort", 4 * matrix, () -> model.sort(x, result, places)));
    }

    private void copy(int threads) {
        long bytes = x.segment().byteSize() / threads;
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            long from = i * bytes;
            others.add(Thread.ofPlatform().start(() -> MemorySegment.copy(x.segment(), from, result.segment(), from, bytes)));
        }
        MemorySegment.copy(x.segment(), 0, result.segment(), 0, bytes);
        try {
            for (Thread other : others) {
                other.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while copying", e);
        }
    }

    @Override
    public void close() {
        all.forEach(NativeTensor::close);
    }
}
