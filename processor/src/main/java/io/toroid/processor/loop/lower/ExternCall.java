package io.toroid.processor.loop.lower;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.TensorType;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Loop.Argument;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/** The arguments of an extern function, one after the other, as its declaration has them. */
final class ExternCall {

    private final Call call;
    private final Lowering lowering;
    private final List<Argument> arguments = new ArrayList<>();

    ExternCall(Call call, Lowering lowering) {
        this.call = call;
        this.lowering = lowering;
    }

    /** The tensor of a parameter. */
    ExternCall in(String parameter) {
        return in(call.arguments().tensor(parameter));
    }

    ExternCall in(Tensor tensor) {
        arguments.add(new Argument.In(lowering.buffer(tensor)));
        return this;
    }

    /** A result of the call. */
    ExternCall out(int result) {
        arguments.add(new Argument.Out(lowering.result(call, result)));
        return this;
    }

    /** All results of the call. */
    ExternCall outs() {
        for (int result = 0; result < call.types().size(); result++) {
            out(result);
        }
        return this;
    }

    /** Memory for the function's own use, of so many {@code i64}. */
    ExternCall scratch(Size count) {
        TensorType type = new TensorType(DType.I64, new Shape(List.of(count)));
        arguments.add(new Argument.Out(lowering.temporary("scratch", type)));
        return this;
    }

    ExternCall size(Size size) {
        arguments.add(new Argument.Extent(size));
        return this;
    }

    ExternCall sizes(Shape shape) {
        shape.sizes().forEach(this::size);
        return this;
    }

    ExternCall lines(Lines lines) {
        arguments.addAll(lines.arguments());
        return this;
    }

    ExternCall flag(boolean value) {
        arguments.add(new Argument.Number(Scalar.literal(DType.BOOL, value ? 1L : 0L)));
        return this;
    }

    ExternCall number(Scalar literal) {
        arguments.add(new Argument.Number((Scalar.Literal) literal));
        return this;
    }

    ExternCall name(String name) {
        arguments.add(new Argument.Name(name));
        return this;
    }

    /** The run, and the operator's name for its messages. */
    ExternCall reporting(String operator) {
        arguments.add(new Argument.Run());
        return name("\"" + operator + "\"");
    }

    void to(String function, String header) {
        lowering.add(new Loop.Extern(function, header, arguments, Loop.Origins.of(call)));
    }
}
