package io.toroid.processor.graph.pass;

import static io.toroid.op.CreationOperators.FULL;
import static io.toroid.op.IndexingOperators.INDEX_SELECT;
import static io.toroid.op.ReductionOperators.AMAX;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/**
 * Images of bytes at another size, as PyTorch does it: along rows first, then along columns, each with weights of 16 bits, and rounded
 * to bytes after each. What would be read outside of the image adds to the weight of the border. The products and their sums stay below
 * 2^24, so {@code f32} holds them exactly.
 */
record ByteResampling(Call call, boolean isCubic) {

    /** Weights are multiples of 1 / 2^15, or, where one of them would be 1, of 1 / 2^14. */
    private static final int UNIT = 1 << 15;

    Tensor result() {
        return along(2, along(3, call.arguments().tensor("self")));
    }

    private Size size(int axis) {
        return call.arguments().tensor("self").size(axis);
    }

    private Tensor along(int axis, Tensor image) {
        Size wanted = call.types().getFirst().shape().get(axis);
        if (size(axis).equals(wanted)) {
            return image;
        }
        Tensor place = ResamplingDecompositions.place(call, axis, isCubic, DType.F64);
        if (!(size(axis).isConstant() && wanted.isConstant())) {
            Tensor isSame = FULL.call(List.of(), size(axis), DType.I64).eq(FULL.call(List.of(), wanted, DType.I64));
            place = Tensor.where(isSame, ResamplingDecompositions.positions(call, axis, DType.F64), place);
        }
        Tensor below = ResamplingDecompositions.within(place.floor().to(DType.I64), size(axis), isCubic ? -1 : 0);
        Tensor first = isCubic ? below.sub(1) : below;
        Tensor least = first.clamp(0, null);
        List<Tensor> weights = merged(first, least, weights(place.sub(below.to(DType.F64)).clamp(0, 1)), axis);
        Tensor unit = unit(weights);
        Tensor sum = unit.mul(0.5).to(DType.F32);
        for (int slot = 0; slot < weights.size(); slot++) {
            Tensor pixels = INDEX_SELECT.call(image, axis, within(least.add(slot), axis)).to(DType.F32);
            Tensor weight = rounded(weights.get(slot).mul(unit)).to(DType.F32);
            sum = pixels.mul(axis == 2 ? weight.unsqueeze(1) : weight).add(sum);
        }
        return sum.div(unit.to(DType.F32)).floor().clamp(0, 255).to(DType.U8);
    }

    private Tensor within(Tensor index, int axis) {
        return ResamplingDecompositions.within(index, size(axis), 0);
    }

    private List<Tensor> weights(Tensor t) {
        return isCubic ? ResamplingDecompositions.cubicWeights(t) : List.of(t.neg().add(1), t);
    }

    /** The weight of each pixel from the least on: of those that it stands for, the sum. */
    private List<Tensor> merged(Tensor first, Tensor least, List<Tensor> weights, int axis) {
        List<Tensor> merged = new ArrayList<>();
        for (int slot = 0; slot < weights.size(); slot++) {
            Tensor sum = null;
            for (int tap = 0; tap < weights.size(); tap++) {
                Tensor part = Tensor.where(within(first.add(tap), axis).eq(least.add(slot)), weights.get(tap), 0);
                sum = sum == null ? part : sum.add(part);
            }
            merged.add(sum);
        }
        return merged;
    }

    private static Tensor unit(List<Tensor> weights) {
        Tensor most = weights.stream().map(weight -> AMAX.call(weight, List.of(0))).reduce(Tensor::maximum).orElseThrow();
        Tensor fits = most.mul(UNIT).add(0.5).lt(UNIT);
        return Tensor.where(fits, most.fullLike(UNIT), most.fullLike(UNIT / 2));
    }

    /** Halves away from zero. */
    private static Tensor rounded(Tensor x) {
        return Tensor.where(x.lt(0), x.sub(0.5).ceil(), x.add(0.5).floor());
    }
}
