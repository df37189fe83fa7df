package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.op.TensorData;
import java.util.Random;

/** Where the numbers of an input come from: one element at a time, as a double or as a long. */
public interface Values {

    double floating(Random random);

    long integer(Random random);

    /** What is delicate: not a number, infinities, signed zeros, halves, subnormal and huge numbers. */
    double[] DELICATE = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0, 0.5, -0.5, 1.5, -2.5, 1, -1,
        1e-40, -1e-40, 3e38, -3e38, 100, -100, 88.5, -104, 1e-8, 7
    };

    /** Normal numbers, small integers of both signs, booleans. */
    Values NORMAL = of(Random::nextGaussian, random -> random.nextInt(-4, 5));

    /** Numbers that can be divided by, and have logarithms. */
    Values POSITIVE = of(random -> 0.25 + random.nextDouble() * 3, random -> random.nextInt(1, 6));

    /** Numbers between -1 and 1. */
    Values UNIT = of(random -> random.nextDouble() * 2 - 1, random -> random.nextInt(3) - 1);

    /** Numbers of both signs that can be divided by. */
    Values NONZERO = of(
            random -> (random.nextBoolean() ? 1 : -1) * (0.25 + random.nextDouble()),
            random -> (random.nextBoolean() ? 1 : -1) * random.nextInt(1, 6));

    /** Numbers between normal ones that are delicate. */
    Values SPECIAL = of(
            random -> random.nextInt(3) == 0 ? random.nextGaussian() : DELICATE[random.nextInt(DELICATE.length)],
            random -> new long[] {0, 1, -1, 7, -7, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE}[
                    random.nextInt(9)]);

    /** Delicate numbers whose products do not depend on their order: none is so large that it takes others to infinity. */
    Values FACTORS = of(
            random -> new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0.0, 0.0, 0.5, -1.5, -2.5, 1, -1}[random.nextInt(9)],
            random -> random.nextInt(-4, 5));

    /** Few distinct numbers, so that many are equal. */
    Values TIED = of(random -> random.nextInt(3) - 1.0, random -> random.nextInt(3) - 1);

    /** Magnitudes that matter for sums: every order between 1e-4 and 1e4. */
    Values WIDE = of(random -> random.nextGaussian() * Math.pow(10, random.nextInt(-4, 5)), random -> random.nextLong());

    static Values of(java.util.function.ToDoubleFunction<Random> floating, java.util.function.ToLongFunction<Random> integer) {
        return new Values() {
            @Override
            public double floating(Random random) {
                return floating.applyAsDouble(random);
            }

            @Override
            public long integer(Random random) {
                return integer.applyAsLong(random);
            }
        };
    }

    /** Indices of an axis. */
    static Values below(int limit) {
        return of(random -> random.nextInt(limit), random -> random.nextInt(limit));
    }

    /** One number everywhere. */
    static Values always(double value) {
        return of(_ -> value, _ -> (long) value);
    }

    /** A tensor of such numbers. */
    default TensorData fill(DType dtype, long[] sizes, Random random) {
        long product = 1;
        for (long size : sizes) {
            product *= size;
        }
        int count = Math.toIntExact(product);
        Object array = switch (dtype) {
            case F32, F16, BF16 -> {
                float[] values = new float[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (float) floating(random);
                }
                yield values;
            }
            case F64 -> {
                double[] values = new double[count];
                for (int i = 0; i < count; i++) {
                    values[i] = floating(random);
                }
                yield values;
            }
            case I64 -> {
                long[] values = new long[count];
                for (int i = 0; i < count; i++) {
                    values[i] = integer(random);
                }
                yield values;
            }
            case I32 -> {
                int[] values = new int[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (int) integer(random);
                }
                yield values;
            }
            case I16 -> {
                short[] values = new short[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (short) integer(random);
                }
                yield values;
            }
            case I8, U8 -> {
                byte[] values = new byte[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (byte) integer(random);
                }
                yield values;
            }
            case BOOL -> {
                boolean[] values = new boolean[count];
                for (int i = 0; i < count; i++) {
                    values[i] = random.nextInt(3) > 0;
                }
                yield values;
            }
        };
        return new TensorData(dtype, sizes, array);
    }
}
