package io.toroid.processor;

import io.toroid.DType;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far a compiled tensor is from the eager one.
 *
 * @param type of both
 * @param index of the element that is farthest off
 * @param eager that element as the interpreter computes it
 * @param compiled that element as the library computes it
 */
public record Difference(TensorType type, List<Long> index, double eager, double compiled) {

    public Difference {
        index = List.copyOf(index);
    }

    /**
     * None if they agree: integers and booleans exactly, floats within a part of the largest element, which is
     * 1e-4 for {@code f32}, 1e-10 for {@code f64}, 1e-2 for {@code f16} and 5e-2 for {@code bf16}, or a tenth of that.
     */
    static Optional<Difference> between(TensorData eager, TensorData compiled) {
        double largest = 0;
        for (int i = 0; i < eager.count(); i++) {
            double value = Math.abs(value(eager, i));
            largest = Double.isFinite(value) ? Math.max(largest, value) : largest;
        }
        double bound = tolerance(eager.dtype()) * Math.max(0.1, largest);
        int farthest = -1;
        double distance = bound;
        for (int i = 0; i < eager.count(); i++) {
            double own = distance(eager, compiled, i);
            if (own > distance) {
                farthest = i;
                distance = own;
            }
        }
        return farthest < 0 ? Optional.empty() : Optional.of(new Difference(
                eager.type(), index(farthest, eager.sizes()), value(eager, farthest), value(compiled, farthest)));
    }

    private static double tolerance(DType dtype) {
        return switch (dtype) {
            case F32 -> 1e-4;
            case F64 -> 1e-10;
            case F16 -> 1e-2;
            case BF16 -> 5e-2;
            case I64, I32, I16, I8, U8, BOOL -> 0;
        };
    }

    private static double distance(TensorData eager, TensorData compiled, int i) {
        if (eager.dtype() == DType.I64) {
            return Math.abs((double) (eager.longs()[i] - compiled.longs()[i]));
        }
        double left = value(eager, i);
        double right = value(compiled, i);
        if (left == right || Double.isNaN(left) && Double.isNaN(right)) {
            return 0;
        }
        double distance = Math.abs(left - right);
        return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
    }

    private static double value(TensorData data, int i) {
        return switch (data.dtype()) {
            case F32, F16, BF16 -> data.floats()[i];
            case F64 -> data.doubles()[i];
            case I64 -> data.longs()[i];
            case I32 -> data.ints()[i];
            case I16 -> data.shorts()[i];
            case I8 -> data.bytes()[i];
            case U8 -> Byte.toUnsignedInt(data.bytes()[i]);
            case BOOL -> data.booleans()[i] ? 1 : 0;
        };
    }

    private static List<Long> index(int position, long[] sizes) {
        List<Long> index = new ArrayList<>();
        long rest = position;
        for (int dim = sizes.length - 1; dim >= 0; dim--) {
            index.addFirst(rest % sizes[dim]);
            rest /= sizes[dim];
        }
        return index;
    }

    /** {@code f32[2, 10], by most at [1, 4]: eagerly 1.5, compiled 1.25}. */
    @Override
    public String toString() {
        return "%s, by most at %s: eagerly %s, compiled %s".formatted(type, index, eager, compiled);
    }
}
