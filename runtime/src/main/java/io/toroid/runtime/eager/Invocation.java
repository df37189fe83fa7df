package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Operator;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.shape.Symbol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One operator on values: its arguments by their names in the schema, and the types that its results must have.
 *
 * @param arguments all sizes are numbers
 * @param results as the operator's type rule gives them; all sizes are numbers
 * @param values the values of a tensor among the arguments
 * @param position the line to blame for a mistake
 * @param symbols what the dynamic sizes of a graph are, for the bodies that it runs
 */
record Invocation(
        Operator operator,
        Arguments arguments,
        List<TensorType> results,
        Function<Tensor, TensorData> values,
        Supplier<SourcePosition> position,
        Map<Symbol, Long> symbols) {

    /** Outside a graph, where no size is dynamic. */
    Invocation(Operator operator, Arguments arguments, List<TensorType> results, Function<Tensor, TensorData> values,
            Supplier<SourcePosition> position) {
        this(operator, arguments, results, values, position, Map.of());
    }

    TensorData data(String parameter) {
        return values.apply(arguments.tensor(parameter));
    }

    Optional<TensorData> optionalData(String parameter) {
        return arguments.optionalTensor(parameter).map(values);
    }

    List<TensorData> allData(String parameter) {
        return arguments.tensors(parameter).stream().map(values).toList();
    }

    /** Element type of the first result. */
    DType dtype() {
        return results.getFirst().dtype();
    }

    /** Sizes of the first result. */
    long[] sizes() {
        return sizes(0);
    }

    long[] sizes(int result) {
        return results.get(result).shape().toArray();
    }

    boolean has(String parameter) {
        return arguments.schema().parameters().stream().anyMatch(declared -> declared.name().equals(parameter))
                && arguments.isPresent(parameter);
    }

    boolean flag(String parameter) {
        return has(parameter) && arguments.flag(parameter);
    }

    /** A dimension number, counted from 0. */
    int axis(String parameter, int rank) {
        return axis(arguments.integer(parameter), rank);
    }

    static int axis(long axis, int rank) {
        return Math.toIntExact(axis < 0 ? axis + rank : axis);
    }

    /** A tensor converted, or a number as a tensor of one value: either way rounded to the type before it is used. */
    TensorData operand(String parameter, DType dtype) {
        return Elements.convert(switch (arguments.get(parameter)) {
            case Argument.OfTensor(Tensor tensor) -> values.apply(tensor);
            case Argument.OfInt(var value) -> TensorData.of(new long[] {value.constant()});
            case Argument.OfFloat(double value) -> TensorData.of(new double[] {value});
            case Argument.OfBool(boolean value) -> TensorData.of(new boolean[] {value});
            case Argument.OfTensors _, Argument.OfOptionalTensors _, Argument.OfInts _, Argument.OfFloats _, Argument.OfString _, Argument.OfDType _, Argument.OfBody _, Argument.None _ ->
                throw new IllegalArgumentException("%s of %s is no operand".formatted(parameter, operator));
        }, dtype);
    }

    /** The operand, repeated to the result's sizes. */
    TensorData broadcast(String parameter, DType dtype) {
        TensorData operand = operand(parameter, dtype);
        return Arrays.equals(operand.sizes(), sizes())
                ? operand : Elements.pick(operand, sizes(), Positions.broadcast(operand.sizes(), sizes()));
    }

    /** A result of the first result's type. */
    TensorData result(double[] values) {
        return Elements.of(dtype(), sizes(), values);
    }

    /** A result of the first result's type. */
    TensorData result(long[] values) {
        return Elements.of(dtype(), sizes(), values);
    }

    TensorException mistake(Kind kind, String problem) {
        return new TensorException(kind, arguments.schema().name() + ": " + problem, position.get());
    }
}
