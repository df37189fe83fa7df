package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Masks among indices: {@code x[mask]} is {@code x[mask.nonzero().unbind(1)]}, so a mask covers as many dimensions as it has, and
 * selects as many elements as hold, which depends on data. As in PyTorch, {@code u8} indices are masks too.
 */
final class Masks {

    private Masks() {
    }

    static boolean isMask(Tensor index) {
        return index.dtype() == DType.BOOL || index.dtype() == DType.U8;
    }

    /** How many dimensions an index covers; an absent one covers one. */
    static int covered(Tensor index) {
        return index != null && isMask(index) ? index.dim() : 1;
    }

    /** The arguments with the places where they hold instead of masks. */
    static Arguments asPlaces(Arguments arguments) {
        List<Optional<Tensor>> given = arguments.optionalTensors("indices");
        if (given.stream().flatMap(Optional::stream).noneMatch(Masks::isMask)) {
            return arguments;
        }
        List<Optional<Tensor>> indices = new ArrayList<>();
        for (Optional<Tensor> index : given) {
            if (index.filter(Masks::isMask).isPresent()) {
                requireFits(arguments, index.get(), indices.size());
                Tensor places = index.get().nonzero();
                IntStream.range(0, index.get().dim()).forEach(dim -> indices.add(Optional.of(places.select(1, dim))));
            } else {
                indices.add(index);
            }
        }
        return arguments.with("indices", indices.stream().allMatch(Optional::isPresent)
                ? new Argument.OfTensors(indices.stream().map(Optional::get).toList()) : new Argument.OfOptionalTensors(indices));
    }

    /** That a mask has the sizes of the dimensions that it covers, from one on. */
    static void requireFits(Arguments arguments, Tensor mask, int from) {
        Tensor self = arguments.tensor("self");
        if (mask.dim() == 0) {
            throw Rules.mistake(Kind.SHAPE, arguments, "a mask must have a dimension, which %s has not; use where".formatted(mask.type()));
        }
        if (from + mask.dim() > self.dim()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "there are indices for %d dimensions, but %s has %d"
                    .formatted(from + mask.dim(), self.type(), self.dim()));
        }
        for (int dim = 0; dim < mask.dim(); dim++) {
            int at = from + dim;
            Size size = mask.size(dim);
            Rules.requireEqual(arguments, size, self.size(at), () -> "the mask %s does not fit %s in dimension %d"
                    .formatted(mask.type(), self.type(), at));
        }
    }
}
