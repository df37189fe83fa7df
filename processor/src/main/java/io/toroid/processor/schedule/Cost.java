package io.toroid.processor.schedule;

import io.toroid.processor.loop.Scalar;

/** What a scalar costs, in rough multiples of one vector instruction. */
final class Cost {

    /** A scalar that costs more is not computed twice. */
    static final int CHEAP = 4;
    /** A scalar that costs more stays a loop of its own, so that expressions keep a readable size. */
    static final int LARGE = 120;

    private Cost() {
    }

    static int of(Scalar scalar) {
        int own = switch (scalar) {
            case Scalar.Literal _, Scalar.Index _ -> 0;
            case Scalar.Load _, Scalar.Convert _, Scalar.Select _ -> 1;
            case Scalar.Gather _ -> 4;
            case Scalar.Guarded _ -> 2;
            case Scalar.Unary unary -> unary.operation().isExpensive() ? 20 : 1;
            case Scalar.Binary binary -> binary.operation().isExpensive() ? 20 : 1;
        };
        return own + scalar.operands().stream().mapToInt(Cost::of).sum();
    }

    /** Only moves or makes an element: computing it again costs nothing. */
    static boolean isMove(Scalar scalar) {
        return switch (scalar) {
            case Scalar.Literal _, Scalar.Index _, Scalar.Load _ -> true;
            case Scalar.Convert convert -> isMove(convert.operand());
            case Scalar.Gather _, Scalar.Unary _, Scalar.Binary _, Scalar.Select _, Scalar.Guarded _ -> false;
        };
    }
}
