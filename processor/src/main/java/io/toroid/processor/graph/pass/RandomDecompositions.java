package io.toroid.processor.graph.pass;

import static io.toroid.op.CreationOperators.ARANGE;
import static io.toroid.op.CreationOperators.FULL;
import static io.toroid.op.RandomOperators.BERNOULLI;
import static io.toroid.op.RandomOperators.DROPOUT_WITHOUT_KEY;
import static io.toroid.op.RandomOperators.MULTINOMIAL;
import static io.toroid.op.RandomOperators.NATIVE_DROPOUT;
import static io.toroid.op.RandomOperators.PHILOX;
import static io.toroid.op.RandomOperators.RAND;
import static io.toroid.op.RandomOperators.RANDINT;
import static io.toroid.op.RandomOperators.RANDN;
import static io.toroid.op.RandomOperators.RANDPERM;
import static io.toroid.op.SortingOperators.SORT;
import static io.toroid.op.SortingOperators.TOPK;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.BinaryOperators;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.RandomOperators;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;

/** Random numbers from the bits of each element's place, by arithmetic that rounds nothing until functions are applied. */
final class RandomDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            RAND, call -> List.of(uniform(key(call), shape(call), dtype(call))),
            RANDN, call -> List.of(normal(key(call), shape(call), dtype(call))),
            RANDINT, call -> List.of(integers(call)),
            RANDPERM, call -> List.of(permutation(call)),
            BERNOULLI, call -> List.of(bernoulli(call)),
            MULTINOMIAL, call -> List.of(drawn(call)),
            NATIVE_DROPOUT, RandomDecompositions::dropout,
            DROPOUT_WITHOUT_KEY, RandomDecompositions::dropoutWithoutKey);

    private RandomDecompositions() {
    }

    private static Tensor key(Call call) {
        return call.arguments().tensor("key");
    }

    private static Shape shape(Call call) {
        return call.types().getFirst().shape();
    }

    private static DType dtype(Call call) {
        return call.types().getFirst().dtype();
    }

    private static Tensor places(Shape shape) {
        return ARANGE.call(0, shape.numel(), 1, DType.I64).view(shape);
    }

    private static Tensor bits(Tensor key, Shape shape) {
        return PHILOX.call(key, places(shape));
    }

    /** So many bits, from the one with the number {@code from} on, as a number from 0 to 1, without 1. */
    private static Tensor fraction(Tensor bits, int from, int count, DType dtype) {
        long mask = (1L << count) - 1 << from;
        return bits.bitwiseAnd(number(mask)).to(dtype).mul(Math.scalb(1.0, -from - count));
    }

    private static Tensor number(long value) {
        return FULL.call(List.of(), value, DType.I64);
    }

    private static Tensor uniform(Tensor key, Shape shape, DType dtype) {
        return fraction(bits(key, shape), 0, dtype == DType.F64 ? 53 : 24, dtype);
    }

    private static Tensor normal(Tensor key, Shape shape, DType dtype) {
        if (dtype == DType.F64) {
            Tensor even = places(shape).mul(2);
            return boxMuller(fraction(PHILOX.call(key, even), 0, 53, dtype).add(0x1p-53),
                    fraction(PHILOX.call(key, even.add(1)), 0, 53, dtype));
        }
        Tensor bits = bits(key, shape);
        return boxMuller(fraction(bits, 0, 24, dtype).add(0x1p-24), fraction(bits, 32, 24, dtype));
    }

    private static Tensor boxMuller(Tensor u, Tensor v) {
        return u.log().mul(-2).sqrt().mul(v.mul(2 * Math.PI).cos());
    }

    private static Tensor integers(Call call) {
        long low = call.arguments().integer("low");
        Tensor positive = bits(key(call), shape(call)).bitwiseAnd(number(Long.MAX_VALUE));
        Tensor below = positive.remainder(call.arguments().integer("high") - low);
        return PointwiseDecompositions.convert(low == 0 ? below : below.add(low), dtype(call));
    }

    private static Tensor permutation(Call call) {
        return SORT.callAll(bits(key(call), shape(call)), 0, false).get(1);
    }

    private static Tensor bernoulli(Call call) {
        Tensor self = call.arguments().tensor("self");
        return uniform(key(call), self.shape(), self.dtype()).lt(self).to(self.dtype());
    }

    private static List<Tensor> dropout(Call call) {
        Tensor input = call.arguments().tensor("input");
        double p = call.arguments().number("p");
        Tensor kept = uniform(key(call), input.shape(), DType.F32).ge(p);
        double factor = p == 1 ? 0 : 1 / (1 - p);
        return List.of(input.mul(kept.to(input.dtype()).mul(factor)), kept);
    }

    private static List<Tensor> dropoutWithoutKey(Call call) {
        Tensor input = call.arguments().tensor("input");
        boolean keepsAll = RandomOperators.keepsAll(call.arguments());
        return List.of(keepsAll ? input : input.mul(0), FULL.call(input.shape().sizes(), keepsAll, DType.BOOL));
    }

    // ---- choices

    private static Tensor drawn(Call call) {
        Arguments arguments = call.arguments();
        Tensor self = arguments.tensor("self");
        if (!arguments.flag("replacement")) {
            double least = self.dtype() == DType.F64 ? 0x1p-54 : 0x1p-25;
            Tensor waits = uniform(key(call), self.shape(), self.dtype()).neg().log1p().neg().clampMin(least);
            return TOPK.callAll(self.div(waits), arguments.size("num_samples"), -1, true, true).get(1);
        }
        Size last = self.size(-1).minus(1);
        Tensor sums = self.cumsum(-1);
        Tensor part = uniform(key(call), shape(call), self.dtype()).mul(sums.select(-1, last).unsqueeze(-1));
        Tensor reached = sums.unsqueeze(-2).le(part.unsqueeze(-1)).to(DType.I64).sum(-1, /* keepDims= */ false);
        return BinaryOperators.MINIMUM.call(reached, FULL.call(List.of(), last, DType.I64));
    }
}
