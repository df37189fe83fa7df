package io.toroid.runtime.eager;

/**
 * Inverse hyperbolic functions, and the gamma function's logarithm and the derivative of that, to about the precision of
 * {@code double}. Source of the latter: Abramowitz and Stegun, Handbook of Mathematical Functions, 6.1.40 and 6.3.18,
 * which hold for large arguments; smaller ones are raised by the recurrences 6.1.15 and 6.3.5, negative ones reflected.
 */
final class SpecialFunctions {

    /** From here on the series are right to the last digit. */
    private static final double LARGE = 15;

    /** {@code B(2k) / (2k)} of the Bernoulli numbers B(2), B(4), ... */
    private static final double[] BERNOULLI = {
        1 / 12.0, -1 / 120.0, 1 / 252.0, -1 / 240.0, 1 / 132.0, -691 / 32760.0, 1 / 12.0, -3617 / 8160.0
    };

    private SpecialFunctions() {
    }

    /** Odd, and by way of {@code log1p} exact near 0. */
    static double asinh(double x) {
        double a = Math.abs(x);
        double result = a > 1e8 ? Math.log(a) + Math.log(2) : Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
        return Math.copySign(result, x);
    }

    static double acosh(double x) {
        if (x < 1) {
            return Double.NaN;
        }
        double above = x - 1;
        return x > 1e8 ? Math.log(x) + Math.log(2) : Math.log1p(above + Math.sqrt(above * above + 2 * above));
    }

    static double atanh(double x) {
        double a = Math.abs(x);
        return Math.copySign(Math.log1p(2 * a / (1 - a)) / 2, x);
    }

    /** {@code log(|gamma(x)|)}: infinite at 0 and the negative integers. */
    static double logGamma(double x) {
        if (Double.isNaN(x) || Double.isInfinite(x)) {
            return Math.abs(x);
        }
        if (x < 0.5) {
            double fromInteger = x - Math.rint(x);
            return fromInteger == 0 ? Double.POSITIVE_INFINITY
                    : Math.log(Math.PI / Math.abs(Math.sin(Math.PI * fromInteger))) - logGamma(1 - x);
        }
        double product = 1;
        double y = x;
        for (; y < LARGE; y++) {
            product *= y;
        }
        double series = 0;
        double power = 1 / y;
        for (int k = 0; k < BERNOULLI.length; k++) {
            series += BERNOULLI[k] / (2 * k + 1) * power;
            power /= y * y;
        }
        return (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2 + series - Math.log(product);
    }

    /** Infinite at the zeros, with the sign that the function has there; NaN at the negative integers. */
    static double digamma(double x) {
        if (x == 0) {
            return Math.copySign(Double.POSITIVE_INFINITY, -x);
        }
        if (x < 0) {
            double fromInteger = x - Math.rint(x);
            return fromInteger == 0 || Double.isInfinite(x)
                    ? Double.NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * fromInteger);
        }
        double sum = 0;
        double y = x;
        for (; y < LARGE; y++) {
            sum -= 1 / y;
        }
        double series = 0;
        double power = 1 / (y * y);
        for (double coefficient : BERNOULLI) {
            series += coefficient * power;
            power /= y * y;
        }
        return sum + Math.log(y) - 0.5 / y - series;
    }
}
