package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.convert;

import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Operators that only move elements: each is a load at transformed indices. Such loads are inlined into what reads
 * them, so a view costs nothing unless it is an output itself.
 */
final class LowerViews {

    private LowerViews() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.view.dtype", (call, lowering) -> new ExternCall(call, lowering).in("self").out(0)
                .size(call.arguments().tensor("self").shape().numel()).to("reinterpret_elements", "toroid/reinterpret.h"));
        rules.put("aten.view.default", (call, lowering) -> view(call, lowering, at -> reshaped(
                at, call.types().getFirst().shape(), call.arguments().tensor("self").shape())));
        rules.put("aten.permute.default", (call, lowering) -> view(call, lowering, at -> permuted(
                at, call.arguments().integers("dims"))));
        rules.put("aten.expand.default", (call, lowering) -> lowering.pointwise(call, 0, at ->
                lowering.loadBroadcast(call.arguments().tensor("self"), at)));
        rules.put("aten.slice.Tensor", (call, lowering) -> view(call, lowering, at -> sliced(at, call.arguments())));
        rules.put("aten.select.int", (call, lowering) -> view(call, lowering, at -> selected(at, call.arguments())));
        rules.put("aten.cat.default", LowerViews::cat);
    }

    private static void view(Call call, Lowering lowering, UnaryOperator<List<Size>> indices) {
        Tensor self = call.arguments().tensor("self");
        lowering.pointwise(call, 0, at -> lowering.load(self, indices.apply(at)));
    }

    /** Indices into {@code from} of the element that stands, row-major, where {@code at} stands in {@code to}. */
    static List<Size> reshaped(List<Size> at, Shape to, Shape from) {
        if (from.numel().equals(Size.ZERO)) {
            return Collections.nCopies(from.rank(), Size.ZERO);  // no element is ever read
        }
        Size flat = Size.ZERO;
        List<Size> strides = to.contiguousStrides();
        for (int dim = 0; dim < to.rank(); dim++) {
            flat = flat.plus(at.get(dim).times(strides.get(dim)));
        }
        List<Size> indices = new ArrayList<>();
        List<Size> steps = from.contiguousStrides();
        boolean outermost = true;
        for (int dim = 0; dim < from.rank(); dim++) {
            if (from.get(dim).equals(Size.ONE)) {
                indices.add(Size.ZERO);
                continue;
            }
            Size index = flat.floorDiv(steps.get(dim));
            indices.add(outermost ? index : index.mod(from.get(dim)));
            outermost = false;
        }
        return indices;
    }

    private static List<Size> permuted(List<Size> at, int[] dims) {
        List<Size> indices = new ArrayList<>(Collections.nCopies(at.size(), Size.ZERO));
        for (int i = 0; i < dims.length; i++) {
            indices.set(Math.floorMod(dims[i], at.size()), at.get(i));
        }
        return indices;
    }

    private static List<Size> sliced(List<Size> at, Arguments arguments) {
        Tensor self = arguments.tensor("self");
        int dim = self.shape().axis(Math.toIntExact(arguments.integer("dim")));
        Size start = arguments.isPresent("start") ? bound(arguments.size("start"), self.size(dim)) : Size.ZERO;
        List<Size> indices = new ArrayList<>(at);
        indices.set(dim, start.plus(at.get(dim).times(arguments.size("step"))));
        return indices;
    }

    /** A slice's bound: negative ones count from the end, and all are clamped. */
    private static Size bound(Size index, Size extent) {
        Size wrapped = index.range().max() < 0 ? index.plus(extent) : index;
        return wrapped.max(Size.ZERO).min(extent);
    }

    private static List<Size> selected(List<Size> at, Arguments arguments) {
        Tensor self = arguments.tensor("self");
        int dim = self.shape().axis(Math.toIntExact(arguments.integer("dim")));
        Size index = arguments.size("index");
        List<Size> indices = new ArrayList<>(at);
        indices.add(dim, index.range().max() < 0 ? index.plus(self.size(dim)) : index);
        return indices;
    }

    /** Each part fills its own range of the one buffer. */
    private static void cat(Call call, Lowering lowering) {
        Buffer target = lowering.result(call, 0);
        List<Tensor> parts = call.arguments().tensors("tensors");
        Size offset = Size.ZERO;
        for (Tensor part : parts) {
            if (isSkipped(part, target)) {
                continue;
            }
            int dim = target.shape().axis(Math.toIntExact(call.arguments().integer("dim")));
            List<Symbol> variables = Lowering.variables("d", part.shape());
            List<Size> from = Lowering.indices(variables);
            List<Size> to = new ArrayList<>(from);
            to.set(dim, from.get(dim).plus(offset));
            Scalar value = convert(target.dtype(), lowering.load(part, from));
            lowering.add(new Loop.Pointwise(variables, new Loop.Store(target, to, value), Loop.Origins.of(call)));
            offset = offset.plus(part.size(dim));
        }
    }

    /** PyTorch lets an empty vector stand among tensors of any rank. */
    private static boolean isSkipped(Tensor part, Buffer target) {
        return part.dim() == 1 && target.shape().rank() != 1 && part.size(0).equals(Size.ZERO);
    }
}
