package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Counting elements by their values, and combining rows of a table by bags. */
public final class HistogramOperators {

    /**
     * How often each of 0, 1, 2, ... occurs in a line of integers, or the sum of the weights where it does: {@code i64}, of
     * weights {@code f32} or else {@code f64}. There are counts up to the largest value, at least {@code minlength}.
     */
    public static final Operator BINCOUNT = Operator.define(
            "aten::bincount(Tensor self, Tensor? weights=None, SymInt minlength=0, *, SymInt? count=None) -> Tensor",
            HistogramOperators::counted, HistogramOperators::bincount);

    /**
     * Counts of equal bins from {@code min} to {@code max}, both included; what is outside does not count. If the two are
     * equal, the range is that of the data.
     */
    public static final Operator HISTC = Operator.define(
            "aten::histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor", HistogramOperators::histc);

    /**
     * The sum (mode 0), mean (1) or maximum (2) of the rows {@code indices[offsets[b]] ... indices[offsets[b + 1] - 1]} of
     * the weight for each bag b; the last offset may be the end of the last bag. An index equal to {@code padding_idx}, if
     * that is not negative, does not count; a bag without indices gives zeros. The other results are PyTorch's: the bag of
     * each index (nothing for a sum that needs none), how many indices each bag has (zeros for sums), and the rows of the
     * maxima.
     */
    public static final Operator EMBEDDING_BAG = bags("_embedding_bag_forward_only", HistogramOperators::embeddingBag);

    /** The same; of sums, the lists of results that are not used are as long as there are bags. */
    public static final Operator EMBEDDING_BAG_TRAINING = bags("_embedding_bag", HistogramOperators::listedByBags);

    private HistogramOperators() {
    }

    private static Operator bags(String name, Operator.TypeRule types) {
        return Operator.define("aten::%s(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0, bool sparse=False, "
                .formatted(name) + "Tensor? per_sample_weights=None, bool include_last_offset=False, int padding_idx=-1) -> (Tensor, Tensor, Tensor, Tensor)",
                types);
    }

    private static Arguments counted(Arguments arguments) {
        if (arguments.isPresent("count")) {
            return arguments;
        }
        Rules.accept(arguments, "self", Accepts.INTEGERS);
        Rules.requireRank(arguments, "self", 1, "[n]");
        Size least = arguments.size("minlength");
        if (least.isConstant() && least.constant() < 0) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "minlength must not be negative, as " + least);
        }
        Tensor self = arguments.tensor("self");
        if (self.values().isPresent()) {
            return arguments.with("count", new Argument.OfInt(Size.of(largest(self.values().get()) + 1).max(least)));
        }
        Tensor withNothing = Tensor.cat(0, self.to(DType.I64), Tensor.full(DType.I64, -1, 1));
        return arguments.with("count", new Argument.OfInt(
                DataSizes.of(withNothing.amax(0).add(1), Range.atLeast(0), null).max(least)));
    }

    private static List<TensorType> bincount(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.INTEGERS);
        Rules.requireRank(arguments, "self", 1, "[n]");
        Rules.requireRank(arguments, "weights", 1, "[n]");
        Tensor self = arguments.tensor("self");
        Optional<Tensor> weights = arguments.optionalTensor("weights");
        weights.ifPresent(tensor -> Rules.requireEqual(arguments, self.size(0), tensor.size(0),
                () -> "self %s and weights %s must have the same size".formatted(self.type(), tensor.type())));
        DType dtype = weights.map(tensor -> tensor.dtype() == DType.F32 ? DType.F32 : DType.F64).orElse(DType.I64);
        return Rules.result(dtype, List.of(arguments.size("count")));
    }

    private static long largest(TensorData data) {
        return switch (data.dtype()) {
            case I64 -> Arrays.stream(data.longs()).max().orElse(-1);
            case I32 -> Arrays.stream(data.ints()).max().orElse(-1);
            case I16 -> {
                long largest = -1;
                for (short value : data.shorts()) {
                    largest = Math.max(largest, value);
                }
                yield largest;
            }
            case I8, U8 -> {
                long largest = -1;
                for (byte value : data.bytes()) {
                    largest = Math.max(largest, data.dtype() == DType.U8 ? Byte.toUnsignedLong(value) : value);
                }
                yield largest;
            }
            case F32, F64, F16, BF16, BOOL -> throw new IllegalArgumentException("no integers: " + data.type());
        };
    }

    private static List<TensorType> histc(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        long bins = Rules.integer(arguments, "bins");
        if (bins < 1) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "there must be at least one bin, not " + bins);
        }
        double min = arguments.number("min");
        double max = arguments.number("max");
        if (!Double.isFinite(max - min) || max < min) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "min and max must be finite, and max not less than min, not %s and %s".formatted(min, max));
        }
        return Rules.result(arguments.tensor("self").dtype(), Shape.of(bins));
    }

    private static List<TensorType> embeddingBag(Arguments arguments) {
        Rules.requireRank(arguments, "weight", 2, "[rows, width]");
        Rules.requireRank(arguments, "indices", 1, "[n]");
        Rules.requireRank(arguments, "offsets", 1, "[bags]");
        Rules.accept(arguments, "weight", Accepts.FLOATING);
        Rules.accept(arguments, "indices", Accepts.INTEGERS);
        Rules.accept(arguments, "offsets", Accepts.INTEGERS);
        Tensor weight = arguments.tensor("weight");
        long mode = Rules.integer(arguments, "mode");
        if (mode < 0 || mode > 2) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "mode must be 0 (sum), 1 (mean) or 2 (max), not " + mode);
        }
        checkWeights(arguments, weight, mode);
        Size offsets = arguments.tensor("offsets").size(0);
        Size bags = arguments.flag("include_last_offset") ? offsets.minus(1) : offsets;
        Size listed = mode == 0 ? offsets : bags;
        Size named = namesBags(arguments) ? arguments.tensor("indices").size(0) : Size.ZERO;
        DType listing = listing(arguments);
        return List.of(new TensorType(weight.dtype(), new Shape(List.of(bags, weight.size(1)))),
                new TensorType(listing, new Shape(List.of(named))),
                new TensorType(listing, new Shape(List.of(listed))),
                new TensorType(listing, new Shape(mode == 2 ? List.of(bags, weight.size(1)) : List.of(listed))));
    }

    /** Of indices and offsets in i32 the lists are in i32, too. */
    private static DType listing(Arguments arguments) {
        boolean isShort = arguments.tensor("indices").dtype() == DType.I32 && arguments.tensor("offsets").dtype() == DType.I32;
        return isShort ? DType.I32 : DType.I64;
    }

    private static List<TensorType> listedByBags(Arguments arguments) {
        List<TensorType> types = embeddingBag(arguments);
        if (arguments.integer("mode") != 0) {
            return types;
        }
        TensorType list = new TensorType(listing(arguments), new Shape(List.of(types.getFirst().shape().get(0))));
        return List.of(types.get(0), types.get(1), list, list);
    }

    private static void checkWeights(Arguments arguments, Tensor weight, long mode) {
        Rules.requireRank(arguments, "per_sample_weights", 1, "[n]");
        arguments.optionalTensor("per_sample_weights").ifPresent(factors -> {
            if (mode != 0) {
                throw Rules.mistake(Kind.ARGUMENT, arguments, "per_sample_weights are for sums (mode 0) only");
            }
            if (factors.dtype() != weight.dtype()) {
                throw Rules.mistake(Kind.DTYPE, arguments, "per_sample_weights %s must have the type of weight %s"
                        .formatted(factors.type(), weight.type()));
            }
            Size count = arguments.tensor("indices").size(0);
            Rules.requireEqual(arguments, count, factors.size(0), () -> "there are %s indices, but %s weights"
                    .formatted(count, factors.size(0)));
        });
    }

    /** For the compiler: whether the second result is filled. PyTorch leaves it empty where a library sums. */
    public static boolean namesBags(Arguments arguments) {
        return arguments.integer("mode") != 0 || arguments.integer("padding_idx") >= 0
                || arguments.tensor("weight").dtype() == DType.F64;
    }
}
