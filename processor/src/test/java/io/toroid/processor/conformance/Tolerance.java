package io.toroid.processor.conformance;

import io.toroid.DType;

/**
 * How far a result may be from PyTorch's: {@code absolute + relative * |expected|}. The defaults are those of PyTorch's own tests;
 * integers and booleans are exact, infinities and NaN too.
 */
public record Tolerance(double relative, double absolute) {

    /** The table. */
    public static Tolerance of(DType dtype) {
        return switch (dtype) {
            case F32 -> new Tolerance(1.3e-6, 1e-5);
            case F64 -> new Tolerance(1e-7, 1e-7);
            case F16 -> new Tolerance(1e-3, 1e-5);
            case BF16 -> new Tolerance(1.6e-2, 1e-5);
            case I64, I32, I16, I8, U8, BOOL -> new Tolerance(0, 0);
        };
    }

    /**
     * Wider where terms cancel that PyTorch rounds each, which is much beside what is left. In {@code f32} these are the products of
     * many terms. In a narrow type they are the logarithm of a sum, products, what windows add where they overlap, the scaled input and
     * the constant of a normalization, the points of a bicubic interpolation, and the sums of averages over volumes; of a convolution in
     * {@code f16}, every sum.
     */
    static Tolerance of(DType dtype, String overload) {
        Tolerance usual = of(dtype);
        if (dtype == DType.F32) {
            return switch (overload) {
                case "aten.convolution.default" -> new Tolerance(3e-5, 3e-5);
                case "aten.addmm.default", "aten.baddbmm.default", "aten.bmm.default", "aten.mm.default" -> new Tolerance(1.3e-5, 1.3e-5);
                default -> usual;
            };
        }
        return dtype.isReducedFloating() ? ofReduced(usual, dtype, overload) : usual;
    }

    private static Tolerance ofReduced(Tolerance usual, DType dtype, String overload) {
        return switch (overload) {
            case "aten._log_softmax.default", "aten._native_batch_norm_legit.default", "aten._native_batch_norm_legit.no_stats",
                 "aten.native_layer_norm.default" -> new Tolerance(usual.relative, usual.relative);
            case "aten._adaptive_avg_pool3d.default", "aten.upsample_bicubic2d.default", "aten.upsample_bicubic2d.vec" -> new Tolerance(2 * usual.relative, 2 * usual.relative);
            case "aten.convolution.default" -> dtype == DType.F16 ? new Tolerance(4 * usual.relative, 64 * usual.relative) : usual;
            case "aten.addr.default", "aten.col2im.default", "aten.linalg_cross.default" -> new Tolerance(usual.relative, 4 * usual.relative);
            default -> usual;
        };
    }

    /** So many times as wide, where errors add up. */
    public Tolerance times(double slack) {
        return new Tolerance(slack * relative, slack * absolute);
    }

    /** Whether a result is near enough. */
    public boolean includes(double expected, double actual) {
        if (!Double.isFinite(expected) || !Double.isFinite(actual)) {
            return expected == actual || Double.isNaN(expected) && Double.isNaN(actual);
        }
        return Math.abs(expected - actual) <= absolute + relative * Math.abs(expected);
    }
}
