package io.toroid;

import io.toroid.op.Argument;
import io.toroid.op.BinaryOperators;
import io.toroid.op.CreationOperators;
import io.toroid.op.RandomOperators;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;

/**
 * Random numbers from a seed. Each method draws anew; a model called twice with one seed gives the same numbers, eagerly and
 * compiled, on every machine and by any number of threads. What {@code f32} and {@code f64} functions make of the bits may
 * differ in the last digits.
 *
 * <pre>{@code
 * @Entry
 * public Tensor sample(@Spec("f32[batch, 100]") Tensor logits, @Spec("i64[]") Tensor seed) {
 *     Generator random = Generator.of(seed);
 *     return random.multinomial(logits.softmax(-1), 1, false);
 * }
 * }</pre>
 *
 * <p>The seed usually is an input, as here; a number instead gives the same numbers in all calls. The draws of a generator
 * differ by their order in the Java code. A body of {@code whileLoop} is Java code that is run once, so its rounds draw alike
 * unless they have {@linkplain #fork generators of their own}.
 */
public final class Generator {

    private final Tensor seed;
    private long draws;

    private Generator(Tensor seed) {
        this.seed = seed;
    }

    /**
     * From a seed that is an input or computed.
     *
     * @param seed {@code i64[]}
     * @throws TensorException if it is of another type
     */
    public static Generator of(Tensor seed) {
        RandomOperators.PHILOX.call(seed, Tensor.of(new long[] {0}));
        if (seed.dim() != 0) {
            throw new TensorException(TensorException.Kind.SHAPE,
                    "a generator's seed is a single value, i64[], not %s; select one".formatted(seed.type()));
        }
        return new Generator(seed);
    }

    /** From a number in the model: the same numbers in every call. */
    public static Generator of(long seed) {
        return new Generator(Tensor.of(new long[] {seed}));
    }

    /** From a size, such as an input that is a number. */
    public static Generator of(Size seed) {
        return new Generator(number(seed));
    }

    private static Tensor number(Size size) {
        return CreationOperators.FULL.call(List.of(), new Argument.OfInt(size), DType.I64);
    }

    /** A key that no other draw has: each is a number of the seed's own sequence. */
    private Tensor key() {
        return RandomOperators.PHILOX.call(seed, number(Size.of(draws++)));
    }

    /**
     * A generator for each value of a number, such as the round of a loop: {@code random.fork(round)}.
     *
     * @param number {@code i64[]}
     */
    public Generator fork(Tensor number) {
        return of(RandomOperators.PHILOX.call(key(), number));
    }

    // ---- numbers

    /** {@code f32} from 0 to 1, without 1. */
    public Tensor rand(long... sizes) {
        return rand(Shape.of(sizes), DType.F32);
    }

    /** From 0 to 1, without 1; of the reduced floating types as many values as are equally far apart. */
    public Tensor rand(Shape shape, DType dtype) {
        if (dtype.isReducedFloating()) {
            int values = dtype == DType.F16 ? 1 << 11 : 1 << 8;
            return rand(shape, DType.F32).mul(values).floor().div(values).to(dtype);
        }
        return RandomOperators.RAND.call(shape.sizes(), key(), dtype);
    }

    /** {@code f32}, normally distributed with mean 0 and variance 1. */
    public Tensor randn(long... sizes) {
        return randn(Shape.of(sizes), DType.F32);
    }

    /** Normally distributed with mean 0 and variance 1. */
    public Tensor randn(Shape shape, DType dtype) {
        return RandomOperators.RANDN.call(shape.sizes(), key(), dtype.computed()).to(dtype);
    }

    /** {@code i64} from {@code low} to {@code high}, without {@code high}. */
    public Tensor randint(long low, long high, long... sizes) {
        return randint(low, high, Shape.of(sizes), DType.I64);
    }

    /** From {@code low} to {@code high}, without {@code high}. */
    public Tensor randint(long low, long high, Shape shape, DType dtype) {
        return RandomOperators.RANDINT.call(low, high, shape.sizes(), key(), dtype);
    }

    /** {@code i64[n]}: the numbers from 0 to {@code n}, without {@code n}, in random order. */
    public Tensor randperm(long n) {
        return randperm(Size.of(n));
    }

    /** {@code i64[n]}: the numbers from 0 to {@code n}, without {@code n}, in random order. */
    public Tensor randperm(Size n) {
        return RandomOperators.RANDPERM.call(n, key());
    }

    // ---- distributions

    /** {@code f32} from {@code from} to {@code to}. */
    public Tensor uniform(double from, double to, Shape shape) {
        return rand(shape, DType.F32).mul(to - from).add(from);
    }

    /** {@code f32}, normally distributed. */
    public Tensor normal(double mean, double std, Shape shape) {
        return randn(shape, DType.F32).mul(std).add(mean);
    }

    /** Normally distributed, each element with a mean and a standard deviation of its own; both broadcast. */
    public Tensor normal(Tensor mean, Tensor std) {
        Shape shape = BinaryOperators.ADD_TENSOR.call(mean, std).shape();
        return mean.add(std.mul(randn(shape, std.dtype())));
    }

    /** 1 with the probability that the element is, else 0. */
    public Tensor bernoulli(Tensor probabilities) {
        return RandomOperators.BERNOULLI.call(probabilities, key());
    }

    /** {@code f32} 1 with the probability, else 0. */
    public Tensor bernoulli(double probability, Shape shape) {
        return rand(shape, DType.F32).lt(probability).to(DType.F32);
    }

    /** {@code i64[..., samples]}: indices of the last dimension, each with the probability that its weight is of the sum. */
    public Tensor multinomial(Tensor weights, long samples, boolean replacement) {
        return RandomOperators.MULTINOMIAL.call(weights, samples, replacement, key());
    }

    /** Dropout in training: each element is zero with the probability p, and else divided by {@code 1 - p}. */
    public Tensor dropout(Tensor x, double p) {
        return RandomOperators.NATIVE_DROPOUT.call(x, p, key());
    }

    /** As {@link #dropout}, with a mask of what was kept. */
    public List<Tensor> nativeDropout(Tensor x, double p) {
        return RandomOperators.NATIVE_DROPOUT.callAll(x, p, key());
    }
}
