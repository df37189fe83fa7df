package io.toroid.runtime.eager;

import io.toroid.op.TensorData;

/**
 * Rearrangements of elements. Values never change once made, so one that keeps the order of elements shares their
 * array; all others copy.
 */
final class ViewMeanings {

    private ViewMeanings() {
    }

    static void addTo(Meanings meanings) {
        for (String name : new String[] {"view", "squeeze", "squeeze.dim", "squeeze.dims", "unsqueeze"}) {
            meanings.add(name, call -> Elements.reshape(call.data("self"), call.sizes()));
        }
        meanings.add("expand", call -> call.broadcast("self", call.dtype()));
        meanings.add("permute", call -> permute(call, call.arguments().integers("dims")));
        meanings.add("transpose.int", ViewMeanings::transpose);
        meanings.add("t", call -> call.sizes().length < 2 ? call.data("self") : permute(call, 1, 0));
        meanings.add("slice.Tensor", ViewMeanings::slice);
        meanings.add("select.int", ViewMeanings::select);
        meanings.add("view.dtype", call -> Elements.ofBits(call.dtype(), call.sizes(), Elements.bits(call.data("self"))));
    }

    private static TensorData permute(Invocation call, int... dims) {
        long[] own = Positions.strides(call.data("self").sizes());
        long[] strides = new long[dims.length];
        for (int axis = 0; axis < dims.length; axis++) {
            strides[axis] = own[Invocation.axis(dims[axis], dims.length)];
        }
        return strided(call, strides, 0);
    }

    private static TensorData transpose(Invocation call) {
        int rank = call.sizes().length;
        if (rank == 0) {
            return call.data("self");
        }
        int[] dims = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            dims[axis] = axis;
        }
        dims[call.axis("dim0", rank)] = call.axis("dim1", rank);
        dims[call.axis("dim1", rank)] = call.axis("dim0", rank);
        return permute(call, dims);
    }

    private static TensorData slice(Invocation call) {
        long[] sizes = call.data("self").sizes();
        int axis = call.axis("dim", sizes.length);
        long start = call.has("start") ? call.arguments().integer("start") : 0;
        long first = Math.clamp(start < 0 ? start + sizes[axis] : start, 0L, sizes[axis]);
        long[] strides = Positions.strides(sizes);
        long offset = first * strides[axis];
        strides[axis] *= call.arguments().integer("step");
        return strided(call, strides, offset);
    }

    private static TensorData select(Invocation call) {
        long[] sizes = call.data("self").sizes();
        int axis = call.axis("dim", sizes.length);
        long index = call.arguments().integer("index");
        long[] own = Positions.strides(sizes);
        long[] strides = new long[sizes.length - 1];
        for (int i = 0; i < strides.length; i++) {
            strides[i] = own[i < axis ? i : i + 1];
        }
        return strided(call, strides, (index < 0 ? index + sizes[axis] : index) * own[axis]);
    }

    private static TensorData strided(Invocation call, long[] strides, long offset) {
        return Elements.pick(call.data("self"), call.sizes(), Positions.strided(call.sizes(), strides, offset));
    }
}
