package io.toroid.processor.graph.pass;

import static io.toroid.op.BinaryOperators.DIV_SCALAR;
import static io.toroid.op.BinaryOperators.DIV_SCALAR_MODE;
import static io.toroid.op.BinaryOperators.DIV_TENSOR;
import static io.toroid.op.BinaryOperators.DIV_TENSOR_MODE;
import static io.toroid.op.ResamplingOperators.GRID_SAMPLER_2D;
import static io.toroid.op.UnaryOperators.TO_COPY;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.Promotion;
import io.toroid.op.ReducedFloats;
import io.toroid.op.TensorType;
import io.toroid.processor.graph.Bodies;
import io.toroid.processor.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Calls on {@code f16} and {@code bf16} become calls on {@code f32} between conversions, so that no other stage knows
 * arithmetic on the reduced types. {@code relu(x)} is {@code to(relu(to(x, f32)), bf16)}.
 *
 * <p>From one call to the next the wide result is handed on: a chain rounds once, at its end, as PyTorch's compiler has it
 * and other than its eager mode, which rounds after every operator. What the author converts is converted, and what is
 * written down in a reduced type is rounded to it; plain numbers are not, but beside comparisons and divisions with
 * remainder, sums, differences and powers: there PyTorch rounds them, and a quotient before it is truncated. {@code grid_sampler_2d}
 * rounds each of its steps, which moves its points. What branches and loops are given and give back is narrow, as it is declared. Operators that only move elements
 * move the narrow ones, if nothing was computed yet.
 *
 * <p>It needs any valid graph, and stands first: composite operators compute all their steps in {@code f32} then, as
 * PyTorch's kernels do.
 */
public final class ComputeInFloat implements Pass {

    private static final Set<String> MOVEMENTS = Set.of(
            "view", "_unsafe_view", "reshape", "flatten", "unflatten", "permute", "transpose", "t", "squeeze", "unsqueeze", "expand", "slice",
            "select", "split", "unbind", "cat", "stack", "embedding", "index_select", "gather", "index", "flip", "roll", "repeat", "clone", "alias",
            "diagonal", "unfold", "as_strided", "as_strided_copy", "narrow", "movedim");

    /** PyTorch's kernels take a number beside these as a value of the tensor's type. */
    private static final Set<String> ROUNDED_NUMBERS = Set.of(
            "eq", "ne", "lt", "le", "gt", "ge", "remainder", "fmod", "floor_divide", "add", "sub", "rsub", "pow");

    @Override
    public Graph apply(Graph graph) {
        return graph.rewrite(ComputeInFloat::widen);
    }

    private static Optional<List<Tensor>> widen(Call call) {
        if (call.operator() == TO_COPY || !touchesReduced(call) || !Bodies.of(call).isEmpty()) {
            return Optional.empty();
        }
        boolean moves = MOVEMENTS.contains(call.operator().schema().name());
        if (moves && call.arguments().operands().stream().noneMatch(operand -> wide(operand).isPresent())) {
            return Optional.empty();
        }
        Arguments arguments = new Arguments(call.arguments().schema(),
                withLimits(call).stream().map(argument -> wide(operand(call, number(call, argument)))).toList());
        List<Tensor> results = new ArrayList<>();
        List<Tensor> computed = computed(call, arguments);
        for (int i = 0; i < computed.size(); i++) {
            results.add(computed.get(i).to(call.types().get(i).dtype()));
        }
        return Optional.of(results);
    }

    private static List<Tensor> computed(Call call, Arguments wide) {
        if (call.operator() == GRID_SAMPLER_2D) {
            return List.of(GridSampling.of(call.arguments()).result());
        }
        return isTruncatedQuotient(call) ? List.of(truncatedQuotient(call, wide)) : call.operator().apply(wide);
    }

    private static boolean touchesReduced(Call call) {
        return call.types().stream().map(TensorType::dtype).anyMatch(DType::isReducedFloating)
                || call.arguments().operands().stream().map(Tensor::dtype).anyMatch(DType::isReducedFloating);
    }

    private static boolean isTruncatedQuotient(Call call) {
        return isQuotient(call) && call.types().getFirst().dtype().isReducedFloating()
                && call.arguments().isPresent("rounding_mode") && call.arguments().text("rounding_mode").equals("trunc");
    }

    private static boolean isQuotient(Call call) {
        return call.operator() == DIV_TENSOR_MODE || call.operator() == DIV_SCALAR_MODE;
    }

    /** Rounding to the type may bring a quotient to the next integer. */
    private static Tensor truncatedQuotient(Call call, Arguments wide) {
        Operator division = call.operator() == DIV_TENSOR_MODE ? DIV_TENSOR : DIV_SCALAR;
        Tensor quotient = division.call(wide.get("self"), wide.get("other"));
        return quotient.to(call.types().getFirst().dtype()).to(quotient.dtype()).trunc();
    }

    /** What infinities become without a word is the largest number of the type, which is another one in {@code f32}. */
    private static List<Argument> withLimits(Call call) {
        List<Argument> values = new ArrayList<>(call.arguments().values());
        if (call.operator().schema().name().equals("nan_to_num")) {
            double largest = call.types().getFirst().dtype() == DType.F16 ? 65504 : 0x1.fep127;
            for (Map.Entry<String, Double> limit : Map.of("posinf", largest, "neginf", -largest).entrySet()) {
                int index = call.operator().schema().indexOf(limit.getKey());
                if (values.get(index) instanceof Argument.None) {
                    values.set(index, new Argument.OfFloat(limit.getValue()));
                }
            }
        }
        return values;
    }

    /** Numbers are exact in {@code f32}, but where PyTorch rounds them. */
    private static Argument number(Call call, Argument argument) {
        Optional<DType> reduced = call.arguments().operands().stream().map(Tensor::dtype).filter(DType::isReducedFloating).findFirst();
        return roundsOperands(call) && reduced.isPresent() && argument instanceof Argument.OfFloat(double value)
                ? new Argument.OfFloat(ReducedFloats.round(reduced.get(), (float) value)) : argument;
    }

    private static boolean roundsOperands(Call call) {
        return ROUNDED_NUMBERS.contains(call.operator().schema().name()) || isQuotient(call);
    }

    /** Nor are single values of another type than the operands' common one, which become that first: a {@code f16[]} beside a {@code bf16[n]}. */
    private static Argument operand(Call call, Argument argument) {
        if (!roundsOperands(call) || !(argument instanceof Argument.OfTensor(Tensor tensor))) {
            return argument;
        }
        boolean isPower = call.operator().schema().name().equals("pow");
        DType common = Promotion.of(call.arguments(), "self", isPower ? "exponent" : "other");
        return common.isReducedFloating() && tensor.dtype() != common
                ? new Argument.OfTensor(computed(tensor).to(common).to(common.computed())) : argument;
    }

    private static Argument wide(Argument argument) {
        return switch (argument) {
            case Argument.OfTensor(Tensor tensor) -> new Argument.OfTensor(computed(tensor));
            case Argument.OfTensors(List<Tensor> tensors) ->
                new Argument.OfTensors(tensors.stream().map(ComputeInFloat::computed).toList());
            case Argument.OfOptionalTensors(List<Optional<Tensor>> tensors) ->
                new Argument.OfOptionalTensors(tensors.stream().map(tensor -> tensor.map(ComputeInFloat::computed)).toList());
            case Argument.OfDType(DType dtype) -> new Argument.OfDType(dtype.computed());
            case Argument.OfInt _, Argument.OfInts _, Argument.OfFloats _, Argument.OfFloat _, Argument.OfBool _, Argument.OfString _,
                 Argument.OfBody _, Argument.None _ -> argument;
        };
    }

    private static Tensor computed(Tensor tensor) {
        return wide(tensor).orElseGet(() -> tensor.to(tensor.dtype().computed()));
    }

    /** What a tensor was before this pass made it narrow. */
    private static Optional<Tensor> wide(Tensor tensor) {
        boolean isNarrowed = tensor.dtype().isReducedFloating() && tensor.origin() instanceof Call call
                && call.operator() == TO_COPY && !call.source().operator().equals(TO_COPY.schema().name());
        return isNarrowed ? Optional.of(((Call) tensor.origin()).arguments().tensor("self")).filter(ComputeInFloat::isComputed) : Optional.empty();
    }

    /** Numbers that are written down have the type in which they are. */
    private static boolean isComputed(Tensor tensor) {
        return tensor.dtype() == DType.F32
                && !(tensor.origin() instanceof Call call && CoreOperators.isCreation(call.operator()));
    }
}
