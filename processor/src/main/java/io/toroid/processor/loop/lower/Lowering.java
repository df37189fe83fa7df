package io.toroid.processor.loop.lower;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.BufferNames;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The state of one lowering: which buffer holds which tensor, and the loops made so far. Every result of a call gets a
 * buffer and a loop of its own; that most of them never reach memory is the schedule's business.
 */
final class Lowering {

    private final Map<Tensor, Buffer> buffers = new HashMap<>();
    private final List<Loop> loops = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final String program;
    private final Function<Tensor, Buffer> constants;
    private final BufferNames names;

    /** @param constants gives the buffer of a parameter or of a constant with more than one element */
    Lowering(String program, Function<Tensor, Buffer> constants, BufferNames names) {
        this.program = program;
        this.constants = constants;
        this.names = names;
    }

    /** The name of the program. */
    String program() {
        return program;
    }

    Function<Tensor, Buffer> constants() {
        return constants;
    }

    BufferNames names() {
        return names;
    }

    void bind(Tensor tensor, Buffer buffer) {
        buffers.put(tensor, buffer);
    }

    boolean isBound(Tensor tensor) {
        return buffers.containsKey(tensor);
    }

    List<Loop> loops() {
        return loops;
    }

    void add(Loop loop) {
        loops.add(loop);
    }

    /** The buffer that holds a tensor; a constant of one element is written into one. */
    Buffer buffer(Tensor tensor) {
        Buffer buffer = buffers.get(tensor);
        if (buffer == null && tensor.origin() instanceof Constant(TensorData data) && data.count() == 1) {
            Buffer target = temporary("number", tensor.type());
            List<Symbol> variables = variables("d", tensor.shape());
            loops.add(new Loop.Pointwise(variables, new Loop.Store(target, indices(variables), literal(data)), Loop.Origins.NONE));
            return target;
        }
        if (buffer == null) {
            throw new IllegalStateException("no buffer holds " + tensor.type() + " of " + tensor.origin());
        }
        return buffer;
    }

    /** A new intermediate for a result of the call. */
    Buffer result(Call call, int index) {
        Tensor tensor = call.results().get(index);
        Buffer buffer = buffers.get(tensor);
        if (buffer == null) {
            buffer = temporary(call.operator().schema().name(), call.types().get(index));
            buffers.put(tensor, buffer);
        }
        return buffer;
    }

    /** A new intermediate. */
    Buffer temporary(String stem, TensorType type) {
        String clean = stem.startsWith("_") ? stem.substring(1) : stem;
        int number = numbers.merge(clean, 1, Integer::sum) - 1;
        return new Buffer(names.unique(clean + "_" + number), Buffer.Kind.INTERMEDIATE, type);
    }

    /** One variable for each dimension. */
    static List<Symbol> variables(String stem, Shape shape) {
        List<Symbol> variables = new ArrayList<>();
        for (int dim = 0; dim < shape.rank(); dim++) {
            variables.add(Symbol.variable(stem + dim, shape.get(dim)));
        }
        return variables;
    }

    /** The variables as indices; a dimension of size 1 has the index 0. */
    static List<Size> indices(List<Symbol> variables) {
        List<Size> indices = new ArrayList<>();
        for (Symbol variable : variables) {
            indices.add(variable.below().orElseThrow().equals(Size.ONE) ? Size.ZERO : variable);
        }
        return indices;
    }

    /** Fills a result element by element. */
    void pointwise(Call call, int index, Function<List<Size>, Scalar> body) {
        pointwise(call, result(call, index), body);
    }

    void pointwise(Call call, Buffer target, Function<List<Size>, Scalar> body) {
        List<Symbol> variables = variables("d", target.shape());
        List<Size> indices = indices(variables);
        Scalar value = Scalar.convert(target.dtype(), body.apply(indices));
        loops.add(new Loop.Pointwise(variables, new Loop.Store(target, indices, value), Loop.Origins.of(call)));
    }

    /** An element of a tensor; a constant of one element is the number itself. */
    Scalar load(Tensor tensor, List<Size> indices) {
        if (!buffers.containsKey(tensor) && tensor.origin() instanceof Constant(TensorData data) && data.count() == 1) {
            return literal(data);
        }
        return new Scalar.Load(buffer(tensor), indices);
    }

    /** An element of a tensor that is broadcast to the indexed shape. */
    Scalar loadBroadcast(Tensor tensor, List<Size> indices) {
        int skip = indices.size() - tensor.dim();
        List<Size> own = new ArrayList<>();
        for (int dim = 0; dim < tensor.dim(); dim++) {
            own.add(tensor.size(dim).equals(Size.ONE) ? Size.ZERO : indices.get(skip + dim));
        }
        return load(tensor, own);
    }

    /** A schema's scalar as a number of the given type. */
    static Scalar scalar(Argument argument, DType dtype) {
        return switch (argument) {
            case Argument.OfFloat(double value) -> Scalar.literal(dtype, value);
            case Argument.OfBool(boolean value) -> Scalar.literal(dtype, value ? 1L : 0L);
            case Argument.OfInt(Size value) when value.isConstant() -> Scalar.literal(dtype, value.constant());
            case Argument.OfInt(Size value) -> Scalar.convert(dtype, new Scalar.Index(value));
            case Argument.OfTensor _, Argument.OfTensors _, Argument.OfOptionalTensors _, Argument.OfInts _, Argument.OfFloats _, Argument.OfString _, Argument.OfDType _,
                 Argument.OfBody _, Argument.None _ -> throw new IllegalArgumentException("not a scalar: " + argument);
        };
    }

    private static Scalar literal(TensorData data) {
        return switch (data.dtype()) {
            case F32, F16, BF16 -> Scalar.literal(data.dtype(), (double) data.floats()[0]);
            case F64 -> Scalar.literal(DType.F64, data.doubles()[0]);
            case I64 -> Scalar.literal(DType.I64, data.longs()[0]);
            case I32 -> Scalar.literal(DType.I32, (long) data.ints()[0]);
            case I16 -> Scalar.literal(DType.I16, (long) data.shorts()[0]);
            case I8 -> Scalar.literal(DType.I8, (long) data.bytes()[0]);
            case U8 -> Scalar.literal(DType.U8, Byte.toUnsignedLong(data.bytes()[0]));
            case BOOL -> Scalar.literal(DType.BOOL, data.booleans()[0] ? 1L : 0L);
        };
    }
}
