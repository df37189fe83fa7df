package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import java.util.stream.Stream;

/**
 * The element type of a mixed expression, as in PyTorch: tensors with dimensions decide; tensors of a single value
 * raise the type only by category (bool, integer, float); plain numbers come last and likewise. So
 * {@code i32[3] * 2.5} is {@code f32}, {@code f32[3] * 2} stays {@code f32}, and {@code bool[3] + 1} is {@code i64}.
 */
public final class Promotion {

    private Promotion() {
    }

    /** The common type of the named arguments; absent ones do not count. */
    public static DType of(Arguments arguments, String... parameters) {
        DType tensors = null;
        DType singles = null;
        DType scalars = null;
        for (String parameter : parameters) {
            switch (arguments.get(parameter)) {
                case Argument.OfTensor(Tensor tensor) when tensor.dim() > 0 -> tensors = join(tensors, tensor.dtype());
                case Argument.OfTensor(Tensor tensor) -> singles = join(singles, tensor.dtype());
                case Argument.OfTensors _, Argument.OfOptionalTensors _, Argument.OfInts _, Argument.OfFloats _, Argument.OfString _, Argument.OfDType _, Argument.OfBody _, Argument.None _ -> { }
                case Argument.OfInt _, Argument.OfFloat _, Argument.OfBool _ ->
                    scalars = join(scalars, ofScalar(arguments.get(parameter)));
            }
        }
        return raise(tensors, raise(singles, scalars));
    }

    /** The common type of tensors. */
    static DType ofTensors(Stream<Tensor> operands) {
        DType[] found = new DType[2];
        operands.forEach(tensor -> {
            int rung = tensor.dim() > 0 ? 0 : 1;
            found[rung] = join(found[rung], tensor.dtype());
        });
        return raise(found[0], found[1]);
    }

    /** The type that a plain number has on its own. */
    static DType ofScalar(Argument scalar) {
        return switch (scalar) {
            case Argument.OfFloat _ -> DType.F32;
            case Argument.OfInt _ -> DType.I64;
            case Argument.OfBool _ -> DType.BOOL;
            case Argument.OfTensor _, Argument.OfTensors _, Argument.OfOptionalTensors _, Argument.OfInts _, Argument.OfFloats _, Argument.OfString _, Argument.OfDType _,
                 Argument.OfBody _, Argument.None _ -> throw new IllegalArgumentException("not a number: " + scalar);
        };
    }

    /** Integers and booleans become {@code f32}. */
    static DType floating(DType dtype) {
        return dtype.isFloating() ? dtype : DType.F32;
    }

    private static DType join(DType left, DType right) {
        return left == null ? right : left.promote(right);
    }

    private static DType raise(DType higher, DType lower) {
        if (higher == null || lower == null) {
            return higher == null ? lower : higher;
        }
        return lower.category().compareTo(higher.category()) > 0 ? lower : higher;
    }
}
