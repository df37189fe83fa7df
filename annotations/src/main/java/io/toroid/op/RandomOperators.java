package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;

/**
 * Random numbers as functions of a key, an {@code i64}: the same key gives the same numbers, eagerly and compiled, on every
 * machine and by any number of threads. {@link io.toroid.Generator} makes the keys of a seed.
 *
 * <p>All numbers come from Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 * The element with the number i of a result has bits of its own, {@code philox(key, i)}.
 */
public final class RandomOperators {

    /** 64 random bits: the first two words of the block with the number {@code counter}, first word in the lower half. */
    public static final Operator PHILOX = Operator.define(
            "toroid::philox(Tensor key, Tensor counter) -> Tensor", arguments -> {
                requireI64(arguments, "key");
                requireI64(arguments, "counter");
                return Rules.result(DType.I64, Rules.broadcast(arguments, List.of(arguments.tensor("key"), arguments.tensor("counter"))));
            });

    /** From 0 to 1, without 1: {@code (bits mod 2^24) / 2^24}, or with 53 bits for {@code f64}. */
    public static final Operator RAND = Operator.define(
            "toroid::rand(SymInt[] size, Tensor key, *, ScalarType? dtype=None) -> Tensor", RandomOperators::floating);

    /**
     * Normally distributed with mean 0 and variance 1, by Box and Muller: {@code sqrt(-2 log(u)) * cos(2 pi v)}. For
     * {@code f32}, u and v have the lower 24 bits of the two words; for {@code f64}, 53 bits of {@code philox(key, 2i)} and
     * {@code philox(key, 2i + 1)}. u is from 0, without 0, to 1.
     */
    public static final Operator RANDN = Operator.define(
            "toroid::randn(SymInt[] size, Tensor key, *, ScalarType? dtype=None) -> Tensor", RandomOperators::floating);

    /** Integers from {@code low} to {@code high}, without {@code high}: {@code low + (bits mod 2^63) mod (high - low)}. */
    public static final Operator RANDINT = Operator.define(
            "toroid::randint(int low, int high, SymInt[] size, Tensor key, *, ScalarType? dtype=None) -> Tensor",
            RandomOperators::integers);

    /** The numbers from 0 to {@code n}, without {@code n}, in random order: that of their bits. */
    public static final Operator RANDPERM = Operator.define("toroid::randperm(SymInt n, Tensor key) -> Tensor", arguments -> {
        requireKey(arguments);
        Size count = arguments.size("n");
        Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, count, () -> "n must not be negative, but is " + count);
        return Rules.result(DType.I64, Shape.of(count));
    });

    /** 1 with the probability that the element is, else 0. */
    public static final Operator BERNOULLI = Operator.define("toroid::bernoulli(Tensor self, Tensor key) -> Tensor", arguments -> {
        requireKey(arguments);
        Rules.accept(arguments, "self", Accepts.FLOATING);
        return List.of(arguments.tensor("self").type());
    });

    /**
     * Indices of a vector of weights, or of each row of a matrix, each drawn with the probability that its weight is of the
     * sum. With replacement, the first index whose running sum of weights exceeds a random part of the sum. Without, an index
     * comes once: those with the largest {@code weight / -log(1 - u)} (Efraimidis and Spirakis), largest first, where a u of
     * zero counts as half a step from it. Weights must not be negative, and as many must be positive as are drawn without
     * replacement.
     */
    public static final Operator MULTINOMIAL = Operator.define(
            "toroid::multinomial(Tensor self, SymInt num_samples, bool replacement, Tensor key) -> Tensor", RandomOperators::drawn);

    /**
     * Dropout in training: each element is zero with the probability p, and else divided by {@code 1 - p}. The second
     * result says which were kept.
     */
    public static final Operator NATIVE_DROPOUT = Operator.define(
            "toroid::native_dropout(Tensor input, float p, Tensor key) -> (Tensor, Tensor)", RandomOperators::dropout);

    /**
     * Dropout as ATen calls it, without a key: in inference ({@code train} false) the input and a mask of true. In training only what
     * draws nothing: a {@code p} of 0 keeps all, one of 1 nothing.
     */
    public static final Operator DROPOUT_WITHOUT_KEY = Operator.define(
            "aten::native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)", RandomOperators::dropoutWithoutKey);

    private RandomOperators() {
    }

    /** For the compiler: whether a dropout without a key keeps what it is given. */
    public static boolean keepsAll(Arguments arguments) {
        boolean isTraining = !arguments.isPresent("train") || arguments.flag("train");
        return !isTraining || arguments.number("p") == 0;
    }

    private static void requireKey(Arguments arguments) {
        requireI64(arguments, "key");
        Rules.requireRank(arguments, "key", 0, "");
    }

    private static void requireI64(Arguments arguments, String parameter) {
        if (arguments.tensor(parameter).dtype() != DType.I64) {
            throw Rules.mistake(Kind.DTYPE, arguments, "%s must be i64, not %s; convert it with .to(DType.I64)"
                    .formatted(parameter, arguments.tensor(parameter).type()));
        }
    }

    private static List<Size> sizes(Arguments arguments) {
        List<Size> sizes = arguments.sizes("size");
        for (Size size : sizes) {
            Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, size, () -> "the sizes %s have a negative one".formatted(sizes));
        }
        return sizes;
    }

    private static List<TensorType> floating(Arguments arguments) {
        requireKey(arguments);
        DType dtype = arguments.dtype("dtype").orElse(DType.F32);
        if (dtype != DType.F32 && dtype != DType.F64) {
            throw Rules.mistake(Kind.DTYPE, arguments, "random numbers are f32 or f64, not %s; convert them with .to(DType.%s)"
                    .formatted(dtype.text(), dtype.name()));
        }
        return Rules.result(dtype, sizes(arguments));
    }

    private static List<TensorType> integers(Arguments arguments) {
        requireKey(arguments);
        long low = Rules.integer(arguments, "low");
        long high = Rules.integer(arguments, "high");
        if (low >= high || high - low < 0) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, low >= high
                    ? "low must be less than high, but they are %d and %d".formatted(low, high)
                    : "from %d to %d are more than 2^63 integers".formatted(low, high));
        }
        DType dtype = arguments.dtype("dtype").orElse(DType.I64);
        if (dtype == DType.BOOL) {
            throw Rules.mistake(Kind.DTYPE, arguments, "integers are no booleans; use bernoulli");
        }
        if (dtype.isIntegral() && (low < dtype.least() || high - 1 > dtype.most())) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "%s has integers from %d to %d only, not all from %d to %d; choose a wider dtype"
                    .formatted(dtype.text(), dtype.least(), dtype.most(), low, high - 1));
        }
        return Rules.result(dtype, sizes(arguments));
    }

    private static List<TensorType> drawn(Arguments arguments) {
        requireKey(arguments);
        Rules.accept(arguments, "self", Accepts.FLOATING);
        Tensor self = arguments.tensor("self");
        if (self.dim() != 1 && self.dim() != 2) {
            throw Rules.mistake(Kind.SHAPE, arguments, "weights must be a vector or a matrix, not %s".formatted(self.type()));
        }
        Size samples = arguments.size("num_samples");
        Rules.require(arguments, Size.ONE, Relation.LESS_OR_EQUAL, samples, () -> "at least one must be drawn, not " + samples);
        if (!arguments.flag("replacement")) {
            Rules.require(arguments, samples, Relation.LESS_OR_EQUAL, self.size(-1),
                    () -> "%s cannot be drawn from %s without replacement".formatted(samples, self.type()));
        }
        return Rules.result(DType.I64, self.shape().with(self.dim() - 1, samples));
    }

    private static List<TensorType> dropoutWithoutKey(Arguments arguments) {
        List<TensorType> types = kept(arguments);
        if (!keepsAll(arguments) && arguments.number("p") != 1) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "dropout in training draws random numbers; take them from a seed with Generator.dropout, or give train = false");
        }
        return types;
    }

    private static List<TensorType> dropout(Arguments arguments) {
        requireKey(arguments);
        return kept(arguments);
    }

    private static List<TensorType> kept(Arguments arguments) {
        Rules.accept(arguments, "input", Accepts.FLOATING);
        double p = arguments.number("p");
        if (!(p >= 0 && p <= 1)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "p must be from 0 to 1, not " + p);
        }
        TensorType type = arguments.tensor("input").type();
        return List.of(type, new TensorType(DType.BOOL, type.shape()));
    }
}
