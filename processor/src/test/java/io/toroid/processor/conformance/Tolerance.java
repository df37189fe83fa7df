package io.toroid.processor.conformance;

import io.toroid.DType;

/**
 * How far a result may be from PyTorch's: {@code absolute + relative * |expected|}. The defaults are those of PyTorch's own tests;
 * integers and booleans are exact, infinities and NaN too.
 */
record Tolerance(double relative, double absolute) {

    /** The table. */
    static Tolerance of(DType dtype) {
        return switch (dtype) {
            case F32 -> new Tolerance(1.3e-6, 1e-5);
            case F64 -> new Tolerance(1e-7, 1e-7);
            case F16 -> new Tolerance(1e-3, 1e-5);
            case BF16 -> new Tolerance(1.6e-2, 1e-5);
            case I64, I32, I16, I8, U8, BOOL -> new Tolerance(0, 0);
        };
    }

    /**
     * Wider for sums in a narrow type whose terms cancel: PyTorch rounds each term, which is much beside what is left. These are the
     * logarithm of a sum, products, the scaled input and the constant of a normalization, and the sixteen points of a bicubic
     * interpolation; of a transposed convolution in {@code f16}, what each tap adds, and every sum of them.
     */
    static Tolerance of(DType dtype, String overload) {
        Tolerance usual = of(dtype);
        if (!dtype.isReducedFloating()) {
            return usual;
        }
        return switch (overload) {
            case "aten._log_softmax.default", "aten._native_batch_norm_legit.default", "aten.upsample_bicubic2d.default" -> new Tolerance(usual.relative, usual.relative);
            case "aten.convolution.default" -> dtype == DType.F16 ? new Tolerance(2 * usual.relative, 32 * usual.relative) : usual;
            case "aten.addr.default", "aten.linalg_cross.default" -> new Tolerance(usual.relative, 4 * usual.relative);
            default -> usual;
        };
    }

    boolean includes(double expected, double actual) {
        if (!Double.isFinite(expected) || !Double.isFinite(actual)) {
            return expected == actual || Double.isNaN(expected) && Double.isNaN(actual);
        }
        return Math.abs(expected - actual) <= absolute + relative * Math.abs(expected);
    }
}
