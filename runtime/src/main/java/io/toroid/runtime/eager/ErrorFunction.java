package io.toroid.runtime.eager;

/**
 * The error function and its complement to about the precision of {@code double} (within a few units in the last
 * place): a series of positive terms for small arguments, a continued fraction for large ones. Source: Abramowitz and
 * Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14.
 */
final class ErrorFunction {

    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

    /** Below it the series is used for both; above it {@code 1 - erf} would lose digits. */
    private static final double SMALL = 2;

    /** From here on erfc is less than the smallest positive {@code double}. */
    private static final double LARGE = 28;

    private ErrorFunction() {
    }

    static double erf(double x) {
        double magnitude = Math.abs(x);
        if (magnitude < SMALL) {
            return series(x);
        }
        return Double.isNaN(x) ? x : Math.copySign(1 - fraction(magnitude), x);
    }

    static double erfc(double x) {
        if (Math.abs(x) < 0.5) {
            return 1 - series(x);
        }
        return Double.isNaN(x) ? x : x < 0 ? 2 - fraction(-x) : fraction(x);
    }

    /**
     * The number whose error function is {@code y}: Newton's method with Halley's correction, on the complement where
     * {@code y} is near 1, from Winitzki's approximation, which is right to a few thousandths.
     */
    static double inverse(double y) {
        double magnitude = Math.abs(y);
        if (!(magnitude < 1)) {
            return magnitude == 1 ? Math.copySign(Double.POSITIVE_INFINITY, y) : Double.NaN;
        }
        if (magnitude < 1e-9) {
            return y / TWO_OVER_ROOT_PI;
        }
        double log = Math.log1p(-magnitude) + Math.log1p(magnitude);
        double half = 2 / (Math.PI * 0.147) + log / 2;
        double x = Math.sqrt(Math.sqrt(half * half - log / 0.147) - half);
        for (int i = 0; i < 4; i++) {
            double error = magnitude < 0.5 ? erf(x) - magnitude : (1 - magnitude) - erfc(x);
            double step = error / (TWO_OVER_ROOT_PI * Math.exp(-x * x));
            x -= step / (1 + x * step);
        }
        return Math.copySign(x, y);
    }

    /** {@code erf(x) = 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 3 5 ... (2n+1))}. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
    }

    /**
     * {@code erfc(x) = exp(-x^2)/sqrt(pi) 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + 2/(x + ...)))))} for positive x, from the
     * inside out; the smaller x, the more levels it takes.
     */
    private static double fraction(double x) {
        if (x > LARGE) {
            return 0;
        }
        double denominator = x;
        for (int level = (int) (20 + 200 / (x * x)); level >= 1; level--) {
            denominator = x + level / 2.0 / denominator;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / denominator;
    }
}
