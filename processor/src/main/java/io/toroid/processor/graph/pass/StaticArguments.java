package io.toroid.processor.graph.pass;

import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.shape.Size;

/** Whether a call depends on no dynamic size. */
final class StaticArguments {

    private StaticArguments() {
    }

    static boolean areAll(Arguments arguments) {
        return arguments.values().stream().allMatch(StaticArguments::isStatic);
    }

    private static boolean isStatic(Argument argument) {
        return switch (argument) {
            case Argument.OfInt(Size value) -> value.isConstant();
            case Argument.OfInts(var values) -> values.stream().allMatch(Size::isConstant);
            case Argument.OfTensor _, Argument.OfTensors _, Argument.OfOptionalTensors _, Argument.OfFloat _, Argument.OfFloats _, Argument.OfBool _, Argument.OfString _,
                 Argument.OfDType _, Argument.None _ -> true;
            // a loop is not run while compiling, where it might not end, and not moved away from its sizes
            case Argument.OfBody _ -> false;
        };
    }
}
