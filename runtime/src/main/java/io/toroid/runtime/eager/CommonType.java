package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;

/**
 * The type in which operands meet when the result's own type does not tell, as in comparisons: the widest among tensors
 * with dimensions, raised to the category of single values, and then to that of plain numbers, where those are higher.
 */
final class CommonType {

    private CommonType() {
    }

    static DType of(Invocation call, String... parameters) {
        DType[] ranked = new DType[3];
        for (String parameter : parameters) {
            Argument argument = call.arguments().get(parameter);
            int rank = rank(argument);
            DType dtype = dtype(argument);
            ranked[rank] = ranked[rank] == null ? dtype : ranked[rank].promote(dtype);
        }
        DType common = null;
        for (DType dtype : ranked) {
            if (common == null || dtype != null && dtype.category().compareTo(common.category()) > 0) {
                common = dtype;
            }
        }
        return common;
    }

    private static int rank(Argument argument) {
        return argument instanceof Argument.OfTensor(Tensor tensor) ? (tensor.dim() > 0 ? 0 : 1) : 2;
    }

    private static DType dtype(Argument argument) {
        return switch (argument) {
            case Argument.OfTensor(Tensor tensor) -> tensor.dtype();
            case Argument.OfFloat _ -> DType.F32;
            case Argument.OfInt _ -> DType.I64;
            case Argument.OfBool _ -> DType.BOOL;
            case Argument.OfTensors _, Argument.OfOptionalTensors _, Argument.OfInts _, Argument.OfFloats _, Argument.OfString _, Argument.OfDType _, Argument.OfBody _, Argument.None _ ->
                throw new IllegalArgumentException("not an operand: " + argument);
        };
    }
}
