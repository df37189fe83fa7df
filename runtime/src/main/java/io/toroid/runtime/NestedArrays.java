package io.toroid.runtime;

import io.toroid.DType;
import java.lang.foreign.Arena;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Java arrays of arrays to and from tensors: {@code float[][]} is a tensor of rank 2, a boxed {@code Float} one of rank 0. For the few
 * ranks that people write by hand; larger data belongs into a {@link NativeTensor} from the start. The arrays of {@code f16} and
 * {@code bf16} hold {@code float}s, which are rounded on the way in; those of {@code u8} hold bytes that mean {@code value & 0xff}.
 */
public final class NestedArrays {
    private NestedArrays() {}

    /**
     * Copies nested arrays into a tensor of the arena.
     *
     * @param info what the tensor is declared to be: gives the dtype, the name for messages, and the sizes of axes below an empty one
     * @param values {@code float[][]} and the like, of the declared dtype and rank
     * @throws IllegalArgumentException if rows differ in length, a row is null, or the values are of another type or rank; the message
     *     names the row
     */
    public static NativeTensor toTensor(Arena arena, TensorInfo info, Object values) {
        requireType(info, values);
        long[] sizes = sizes(info, values);
        NativeTensor tensor = NativeTensor.allocate(arena, info.dtype(), sizes);
        fill(tensor, info, sizes, values);
        return tensor;
    }

    /** The same into a tensor with memory of its own, to be closed. */
    public static NativeTensor toTensor(TensorInfo info, Object values) {
        requireType(info, values);
        long[] sizes = sizes(info, values);
        NativeTensor tensor = NativeTensor.allocate(info.dtype(), sizes);
        try {
            fill(tensor, info, sizes, values);
            return tensor;
        } catch (RuntimeException | Error e) {
            tensor.close();
            throw e;
        }
    }

    private static void fill(NativeTensor tensor, TensorInfo info, long[] sizes, Object values) {
        if (sizes.length == 0) {
            tensor.elements().write(boxedToArray(values), 0, 0, 1);
        } else {
            new Filler(info, tensor, sizes, new int[sizes.length]).fill(values, 0, 0);
        }
    }

    /** Copies a tensor into new nested arrays; a tensor of rank 0 becomes a boxed value. */
    public static Object toArray(NativeTensor tensor) {
        tensor.acquire();
        try {
            return copied(tensor);
        } finally {
            tensor.release();
        }
    }

    private static Object copied(NativeTensor tensor) {
        long[] sizes = tensor.shape();
        for (long size : sizes) {
            if (size > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException("%s is too large for Java arrays; use segment()".formatted(tensor));
            }
        }
        if (sizes.length == 0) {
            Object single = Array.newInstance(component(tensor.dtype()), 1);
            tensor.elements().read(single, 0, 0, 1);
            return Array.get(single, 0);
        }
        return row(tensor, sizes, 0, 0);
    }

    private static Object row(NativeTensor tensor, long[] sizes, int axis, long start) {
        int length = (int) sizes[axis];
        if (axis == sizes.length - 1) {
            Object values = Array.newInstance(component(tensor.dtype()), length);
            tensor.elements().read(values, 0, start, length);
            return values;
        }
        long step = Layout.count(Arrays.copyOfRange(sizes, axis + 1, sizes.length));
        Object[] rows = (Object[]) Array.newInstance(arrayType(tensor.dtype(), sizes.length - axis - 1), length);
        for (int i = 0; i < length; i++) {
            rows[i] = row(tensor, sizes, axis + 1, start + i * step);
        }
        return rows;
    }

    /** The sizes as the first element of each axis has them; the filler refuses others. */
    private static long[] sizes(TensorInfo info, Object values) {
        long[] sizes = new long[info.rank()];
        Object level = values;
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = level == null ? info.size(axis).orElse(0) : Array.getLength(level);
            boolean deeper = axis < sizes.length - 1 && sizes[axis] > 0 && level != null;
            level = deeper ? ((Object[]) level)[0] : null;
        }
        return sizes;
    }

    private static void requireType(TensorInfo info, Object values) {
        Class<?> expected = arrayType(info.dtype(), info.rank());
        if (values == null) {
            throw new IllegalArgumentException("%s must be %s, not null".formatted(info, expected.getSimpleName()));
        }
        Class<?> actual = info.rank() == 0 ? unboxed(values) : values.getClass();
        if (actual != expected) {
            throw new IllegalArgumentException(
                    "%s must be %s, not %s".formatted(info, expected.getSimpleName(), values.getClass().getSimpleName()));
        }
    }

    /** Copies rows, each compared with the expected length first. {@code path} holds the indices of the row at hand. */
    private record Filler(TensorInfo info, NativeTensor tensor, long[] sizes, int[] path) {
        void fill(Object values, int axis, long start) {
            require(values, axis);
            if (axis == sizes.length - 1) {
                tensor.elements().write(values, 0, start, (int) sizes[axis]);
                return;
            }
            long step = Layout.count(Arrays.copyOfRange(sizes, axis + 1, sizes.length));
            Object[] rows = (Object[]) values;
            for (int i = 0; i < rows.length; i++) {
                path[axis] = i;
                fill(rows[i], axis + 1, start + i * step);
            }
        }

        private void require(Object values, int axis) {
            if (values == null) {
                throw new IllegalArgumentException("%s is null; %s is %s".formatted(place(path, axis), info.name(), info.type()));
            }
            int length = Array.getLength(values);
            if (length != sizes[axis]) {
                throw new IllegalArgumentException("%s has %d elements, and %s has %d: all rows must have the same length; %s is %s"
                        .formatted(place(path, axis), length, place(new int[axis], axis), sizes[axis], info.name(), info.type()));
            }
        }

        /** Such as {@code pixels[3][0]}. */
        private String place(int[] indices, int depth) {
            return Arrays.stream(indices, 0, depth).mapToObj(i -> "[" + i + "]").collect(Collectors.joining("", info.name(), ""));
        }
    }

    /** The type of the values that a tensor is made of: {@code float[][]}, or {@code float} for rank 0. */
    static Class<?> typeOf(TensorInfo info) {
        return arrayType(info.dtype(), info.rank());
    }

    private static Object boxedToArray(Object value) {
        Object single = Array.newInstance(unboxed(value), 1);
        Array.set(single, 0, value);
        return single;
    }

    private static Class<?> unboxed(Object value) {
        return switch (value) {
            case Float _ -> float.class;
            case Double _ -> double.class;
            case Long _ -> long.class;
            case Integer _ -> int.class;
            case Short _ -> short.class;
            case Byte _ -> byte.class;
            case Boolean _ -> boolean.class;
            default -> value.getClass();
        };
    }

    private static Class<?> arrayType(DType dtype, int rank) {
        Class<?> type = component(dtype);
        for (int i = 0; i < rank; i++) {
            type = type.arrayType();
        }
        return type;
    }

    private static Class<?> component(DType dtype) {
        return switch (dtype) {
            case F32, F16, BF16 -> float.class;
            case F64 -> double.class;
            case I64 -> long.class;
            case I32 -> int.class;
            case I16 -> short.class;
            case I8, U8 -> byte.class;
            case BOOL -> boolean.class;
        };
    }
}
