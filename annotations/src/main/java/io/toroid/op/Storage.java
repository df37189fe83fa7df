package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where the elements of a tensor lie among those that it is a view of, as PyTorch lays them out: a tensor that is no view has
 * its elements in row-major order. A view of a view is one of the same storage.
 *
 * @param base what is no view
 * @param strides steps along the dimensions
 * @param offset of the first element
 */
record Storage(Tensor base, List<Size> strides, Size offset) {

    static Storage of(Tensor tensor) {
        return tensor.origin() instanceof Call call ? of(tensor, call) : own(tensor);
    }

    private static Storage own(Tensor tensor) {
        return new Storage(tensor, tensor.shape().contiguousStrides(), Size.ZERO);
    }

    private static Storage of(Tensor tensor, Call call) {
        Arguments arguments = call.arguments();
        return switch (call.operator().schema().name()) {
            case "alias" -> of(arguments.tensor("self"));
            case "permute", "transpose", "t" -> permuted(call);
            case "expand" -> expanded(tensor, of(arguments.tensor("self")), arguments.tensor("self"));
            case "select" -> selected(of(arguments.tensor("self")), arguments);
            case "slice" -> sliced(of(arguments.tensor("self")), Slice.of(arguments));
            case "view", "squeeze", "unsqueeze" -> call.operator() == ViewOperators.VIEW_DTYPE
                    ? ofBits(tensor, arguments.tensor("self")) : reshaped(tensor, of(arguments.tensor("self")), arguments.tensor("self"));
            case "as_strided" -> new Storage(arguments.tensor("self"), arguments.sizes("stride"), StridedOperators.offset(arguments));
            case "diagonal", "unfold", "split", "split_with_sizes", "unbind" -> throw unknown(call.operator().schema().name());
            default -> own(tensor);
        };
    }

    private static Storage permuted(Call call) {
        Tensor self = call.arguments().tensor("self");
        Storage storage = of(self);
        List<Size> strides = new ArrayList<>(storage.strides);
        if (call.operator() == ViewOperators.PERMUTE) {
            strides.clear();
            call.arguments().sizes("dims").forEach(dim ->
                    strides.add(storage.strides.get(self.shape().axis(Math.toIntExact(dim.constant())))));
        } else if (self.dim() > 1) {
            int first = call.operator() == ViewOperators.T ? 0 : Rules.axis(call.arguments(), "dim0", self);
            int second = call.operator() == ViewOperators.T ? 1 : Rules.axis(call.arguments(), "dim1", self);
            Collections.swap(strides, first, second);
        }
        return new Storage(storage.base, strides, storage.offset);
    }

    private static Storage expanded(Tensor tensor, Storage storage, Tensor self) {
        List<Size> strides = new ArrayList<>();
        int added = tensor.dim() - self.dim();
        for (int dim = 0; dim < tensor.dim(); dim++) {
            boolean repeats = dim < added || self.size(dim - added).equals(Size.ONE) && !tensor.size(dim).equals(Size.ONE);
            strides.add(repeats ? Size.ZERO : storage.strides.get(dim - added));
        }
        return new Storage(storage.base, strides, storage.offset);
    }

    private static Storage selected(Storage storage, Arguments arguments) {
        int axis = Rules.axis(arguments, "dim", arguments.tensor("self"));
        List<Size> strides = new ArrayList<>(storage.strides);
        Size step = strides.remove(axis);
        return new Storage(storage.base, strides, storage.offset.plus(step.times(ViewOperators.selectedIndex(arguments))));
    }

    private static Storage sliced(Storage storage, Slice slice) {
        List<Size> strides = new ArrayList<>(storage.strides);
        Size step = strides.set(slice.axis(), strides.get(slice.axis()).times(slice.step()));
        return new Storage(storage.base, strides, storage.offset.plus(step.times(slice.start())));
    }

    /** Elements of another type, which are counted otherwise. */
    private static Storage ofBits(Tensor tensor, Tensor self) {
        if (of(self).base != self) {
            throw unknown("view");
        }
        return own(tensor);
    }

    private static TensorException unknown(String operator) {
        return Rules.mistake(Kind.ARGUMENT, "asStrided",
                "cannot tell where the elements of %s's result lie; call it on what that is a view of".formatted(operator));
    }

    /** What lies row-major stays so in other sizes; another order is copied by {@code reshape}, and lies elsewhere then, if no strides give it. */
    private static Storage reshaped(Tensor tensor, Storage storage, Tensor self) {
        List<Size> rowMajor = self.shape().contiguousStrides();
        boolean isRowMajor = IntStream.range(0, self.dim())
                .allMatch(dim -> self.size(dim).equals(Size.ONE) || storage.strides.get(dim).equals(rowMajor.get(dim)));
        return isRowMajor ? new Storage(storage.base, tensor.shape().contiguousStrides(), storage.offset)
                : regrouped(storage.strides, self.shape(), tensor.shape())
                        .map(strides -> new Storage(storage.base, strides, storage.offset)).orElseGet(() -> own(tensor));
    }

    /** Dimensions that lie as one may be divided otherwise, and dimensions of size 1 lie anywhere. */
    private static Optional<List<Size>> regrouped(List<Size> strides, Shape from, Shape to) {
        List<Size> result = new ArrayList<>();
        Size elements = Size.ONE;
        Size step = strides.getLast();
        for (int dim = from.rank() - 1; dim >= 0; dim--) {
            elements = elements.times(from.get(dim));
            boolean goesOn = dim > 0 && (from.get(dim - 1).equals(Size.ONE) || strides.get(dim - 1).equals(elements.times(step)));
            if (!goesOn) {
                Size divided = Size.ONE;
                while (result.size() < to.rank() && (!divided.equals(elements) || to.get(to.rank() - 1 - result.size()).equals(Size.ONE))) {
                    Size size = to.get(to.rank() - 1 - result.size());
                    result.add(divided.times(step));
                    divided = divided.times(size);
                }
                if (!divided.equals(elements)) {
                    return Optional.empty();
                }
                elements = Size.ONE;
                step = dim > 0 ? strides.get(dim - 1) : step;
            }
        }
        return result.size() == to.rank() ? Optional.of(result.reversed()) : Optional.empty();
    }
}
