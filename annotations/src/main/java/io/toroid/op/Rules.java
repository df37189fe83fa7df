package io.toroid.op;

import io.toroid.DType;
import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the type rules of all operator families share: dimension numbers, broadcasting, equality of sizes that may be
 * symbolic, accepted element types, and the wording of mistakes.
 *
 * <p>A relation between sizes that can be neither proved nor refuted is recorded with the symbols' environment as a
 * check at run time; it never narrows a declared dimension.
 */
final class Rules {

    /** What an operator takes, in the words of its message, and what to convert to when it is something else. */
    enum Accepts {
        FLOATING("a floating-point tensor", DType.F32),
        NUMBERS("a tensor of numbers", DType.F32),
        FLOATING_OR_I64("a floating-point or i64 tensor", DType.I64),
        INTEGERS("a tensor of integers", DType.I64),
        BITS("a tensor of integers or booleans", DType.I64),
        BOOLEANS("a bool tensor", DType.BOOL);

        private final String words;
        private final DType remedy;

        Accepts(String words, DType remedy) {
            this.words = words;
            this.remedy = remedy;
        }

        private boolean includes(DType dtype) {
            return switch (this) {
                case FLOATING -> dtype.isFloating();
                case NUMBERS -> dtype != DType.BOOL;
                case FLOATING_OR_I64 -> dtype.isFloating() || dtype == DType.I64;
                case INTEGERS -> dtype.isIntegral();
                case BITS -> !dtype.isFloating();
                case BOOLEANS -> dtype == DType.BOOL;
            };
        }
    }

    private Rules() {
    }

    static List<TensorType> result(DType dtype, Shape shape) {
        return List.of(new TensorType(dtype, shape));
    }

    static List<TensorType> result(DType dtype, List<Size> sizes) {
        return result(dtype, new Shape(sizes));
    }

    /** The sizes of a tensor as a list that may be changed. */
    static List<Size> sizes(Tensor tensor) {
        return new ArrayList<>(tensor.shape().sizes());
    }

    static Size product(List<Size> sizes) {
        return sizes.stream().reduce(Size.ONE, Size::times);
    }

    // ---- mistakes

    /** The operator as a model author calls it: {@code _log_softmax} is {@code logSoftmax}. */
    static String title(Schema schema) {
        return switch (schema.name()) {
            case "native_layer_norm" -> "layerNorm";
            case "_native_batch_norm_legit_no_training", "_native_batch_norm_legit" -> "batchNorm";
            case "native_group_norm" -> "groupNorm";
            case "nll_loss_forward" -> "nllLoss";
            case "grid_sampler_2d" -> "gridSample";
            case "upsample_nearest2d", "upsample_bilinear2d", "upsample_bicubic2d" -> "interpolate";
            case "im2col" -> "unfold";
            case "max_pool2d_with_indices" -> "maxPool2d";
            case "max_pool3d_with_indices" -> "maxPool3d";
            case "_adaptive_avg_pool2d" -> "adaptiveAvgPool2d";
            case "_adaptive_avg_pool3d" -> "adaptiveAvgPool3d";
            case "_to_copy" -> "to";
            case "linalg_vector_norm" -> "vectorNorm";
            case "linalg_cross" -> "cross";
            case "constant_pad_nd" -> "pad";
            case "split_with_sizes" -> "split";
            case "_cdist_forward" -> "cdist";
            case "_pdist_forward" -> "pdist";
            case "log_sigmoid_forward" -> "logSigmoid";
            case "_prelu_kernel" -> "prelu";
            default -> camelCase(schema.name());
        };
    }

    /** The call as a model author makes it: a convolution is named for its dimensions. */
    static String title(Arguments arguments) {
        boolean isConvolution = arguments.schema().name().equals("convolution");
        return isConvolution
                ? ConvolutionOperators.title(arguments.tensor("weight").dim() - 2, arguments.flag("transposed")) : title(arguments.schema());
    }

    private static String camelCase(String name) {
        StringBuilder text = new StringBuilder();
        for (String part : name.split("_")) {
            text.append(text.isEmpty() || part.isEmpty()
                    ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
        }
        return text.toString();
    }

    static TensorException mistake(Kind kind, Arguments arguments, String problem) {
        return mistake(kind, title(arguments), problem);
    }

    static TensorException mistake(Kind kind, String title, String problem) {
        return new TensorException(kind, title + ": " + problem);
    }

    // ---- element types

    static void accept(Arguments arguments, String parameter, Accepts accepted) {
        arguments.optionalTensor(parameter).ifPresent(tensor -> {
            if (!accepted.includes(tensor.dtype())) {
                throw mistake(Kind.DTYPE, arguments, "%s must be %s, not %s; convert it with .to(DType.%s)"
                        .formatted(parameter, accepted.words, tensor.type(), accepted.remedy.name()));
            }
        });
    }

    /** All tensors of the call have the same element type, of the accepted ones. */
    static DType common(Arguments arguments, Accepts accepted) {
        List<Tensor> operands = arguments.operands();
        Tensor first = operands.getFirst();
        for (Schema.Parameter parameter : arguments.schema().parameters()) {
            accept(arguments, parameter.name(), accepted);
            arguments.optionalTensor(parameter.name()).ifPresent(tensor -> {
                if (tensor.dtype() != first.dtype()) {
                    throw mistake(Kind.DTYPE, arguments,
                            "all tensors must have one element type, but %s is %s and %s is %s; convert one with .to(DType.%s)"
                                    .formatted(arguments.schema().parameters().getFirst().name(), first.type(),
                                            parameter.name(), tensor.type(), first.dtype().promote(tensor.dtype()).name()));
                }
            });
        }
        return first.dtype();
    }

    /**
     * A number that is to be stored as a type is one that the type can hold. Whole numbers may be negative for {@code u8}, as in PyTorch:
     * they are counted from 256.
     */
    static void requireHolds(DType dtype, Arguments arguments, String parameter) {
        boolean wraps = dtype == DType.U8 && arguments.get(parameter) instanceof Argument.OfInt;
        requireAtLeast(wraps ? -dtype.most() : dtype.least(), dtype, arguments, parameter);
    }

    /** A number with which elements of a type are compared is one that the type can hold. */
    static void requireLimit(DType dtype, Arguments arguments, String parameter) {
        requireAtLeast(dtype.least(), dtype, arguments, parameter);
    }

    private static void requireAtLeast(long least, DType dtype, Arguments arguments, String parameter) {
        boolean isSymbolic = arguments.get(parameter) instanceof Argument.OfInt(Size size) && !size.isConstant();
        if (dtype.isIntegral() && arguments.isPresent(parameter) && !isSymbolic
                && !(arguments.number(parameter) >= least && arguments.number(parameter) <= dtype.most())) {
            throw mistake(Kind.ARGUMENT, arguments, "%s must be from %d to %d for %s, not %s; choose a wider type".formatted(
                    parameter, dtype.least(), dtype.most(), dtype.text(), arguments.number(parameter)));
        }
    }

    // ---- dimensions

    /** A dimension number counted from 0; a single value has, as in PyTorch, dimensions 0 and -1. */
    static int axis(String title, Tensor tensor, long dim) {
        int rank = Math.max(1, tensor.dim());
        if (dim < -rank || dim >= rank) {
            throw mistake(Kind.SHAPE, title, "dimension %d does not exist in %s; its dimensions are %s"
                    .formatted(dim, tensor.type(), dimensions(rank)));
        }
        return (int) (dim < 0 ? dim + rank : dim);
    }

    static int axis(Arguments arguments, String parameter, Tensor tensor) {
        return axis(title(arguments), tensor, integer(arguments, parameter));
    }

    private static String dimensions(int rank) {
        return rank == 1 ? "0 (or -1)" : "0 to %d (or -%d to -1)".formatted(rank - 1, rank);
    }

    /** An integer that must be known when the model is compiled. */
    static long integer(Arguments arguments, String parameter) {
        return known(arguments, parameter, arguments.size(parameter));
    }

    /** Integers that must be known when the model is compiled. */
    static List<Long> integers(Arguments arguments, String parameter) {
        return arguments.sizes(parameter).stream().map(size -> known(arguments, parameter, size)).toList();
    }

    /** A known integer for each of so many dimensions; one that is given stands for all of them. */
    static List<Long> each(Arguments arguments, String parameter, int dims) {
        List<Long> values = integers(arguments, parameter);
        if (values.size() != 1 && values.size() != dims) {
            throw mistake(Kind.ARGUMENT, arguments, "%s is one number%s, not %s".formatted(parameter,
                    dims == 1 ? "" : " or %d, of %s".formatted(dims, PoolingOperators.last(dims)), values));
        }
        return values.size() == dims ? values : Collections.nCopies(dims, values.getFirst());
    }

    private static long known(Arguments arguments, String parameter, Size size) {
        if (!size.isConstant()) {
            throw mistake(Kind.ARGUMENT, arguments,
                    "%s must be a number, not the dynamic size %s".formatted(parameter, size));
        }
        return size.constant();
    }

    static void requireRank(Arguments arguments, String parameter, int rank, String meaning) {
        arguments.optionalTensor(parameter).ifPresent(tensor -> {
            if (tensor.dim() != rank) {
                throw mistake(Kind.SHAPE, arguments, "%s must have %d dimension%s %s, not %d as in %s".formatted(
                        parameter, rank, rank == 1 ? "" : "s", meaning, tensor.dim(), tensor.type()));
            }
        });
    }

    // ---- relations of sizes

    static void requireEqual(Arguments arguments, Size left, Size right, Supplier<String> problem) {
        requireEqual(title(arguments), left, right, problem);
    }

    static void requireEqual(String title, Size left, Size right, Supplier<String> problem) {
        if (!left.equals(right)) {
            require(title, left, Relation.EQUAL, right, problem);
        }
    }

    /** A tensor of just these sizes. */
    static void requireSizes(Arguments arguments, Tensor tensor, List<Size> sizes, Supplier<String> problem) {
        if (tensor.dim() != sizes.size()) {
            throw mistake(Kind.SHAPE, arguments, problem.get());
        }
        for (int axis = 0; axis < sizes.size(); axis++) {
            requireEqual(arguments, tensor.size(axis), sizes.get(axis), problem);
        }
    }

    static void require(Arguments arguments, Size left, Relation relation, Size right, Supplier<String> problem) {
        require(title(arguments), left, relation, right, problem);
    }

    /** Proves the relation, or records it as a check at run time, or refuses with the problem. */
    static void require(String title, Size left, Relation relation, Size right, Supplier<String> problem) {
        Optional<ShapeEnvironment> environment = Stream.of(left, right)
                .flatMap(size -> size.symbols().stream())
                .flatMap(symbol -> symbol.owner().stream())
                .findFirst();
        Verdict verdict = environment
                .map(found -> found.require(left, relation, right, title + ": " + problem.get(),
                        SourcePosition.current().toString()))
                .orElseGet(() -> relation.holds(left.constant(), right.constant()) ? Verdict.PROVED : Verdict.REFUTED);
        switch (verdict) {
            case PROVED, ASSUMED -> { }
            case REFUTED -> throw mistake(Kind.SHAPE, title, problem.get());
            case PINNED -> throw mistake(Kind.SHAPE, title, problem.get() + pinned(left, right));
        }
    }

    private static String pinned(Size left, Size right) {
        String dimensions = Stream.of(left, right)
                .flatMap(size -> size.symbols().stream())
                .distinct()
                .map(symbol -> "%s (%s)".formatted(symbol.name(), symbol.declared()))
                .collect(Collectors.joining(", "));
        return "; they agree for one value only of the dynamic %s, so write that number in its place if it is meant"
                .formatted(dimensions);
    }

    // ---- broadcasting

    /**
     * The common shape of tensors: aligned at the last dimension, sizes are equal or one of them is the number 1. A
     * dynamic size is never taken for 1, even if its range includes it.
     */
    static Shape broadcast(Arguments arguments, List<Tensor> tensors) {
        int rank = tensors.stream().mapToInt(Tensor::dim).max().orElse(0);
        List<Size> sizes = new ArrayList<>();
        for (int axis = -rank; axis < 0; axis++) {
            sizes.add(broadcast(arguments, tensors, axis));
        }
        return new Shape(sizes);
    }

    private static Size broadcast(Arguments arguments, List<Tensor> tensors, int axis) {
        Tensor widest = null;
        for (Tensor tensor : tensors) {
            if (tensor.dim() < -axis || tensor.size(axis).equals(Size.ONE)) {
                continue;
            }
            if (widest != null) {
                Tensor other = widest;
                requireEqual(arguments, other.size(axis), tensor.size(axis), () -> disagreement(other, tensor, axis));
            }
            if (widest == null || tensor.size(axis).isConstant()) {
                widest = tensor;
            }
        }
        return widest == null ? Size.ONE : widest.size(axis);
    }

    private static String disagreement(Tensor first, Tensor second, int axis) {
        return ("%s and %s do not broadcast: at dimension %d (from the last) the sizes are %s and %s; "
                + "they must be equal or one of them 1 (reshape or unsqueeze one)")
                .formatted(first.type(), second.type(), axis, first.size(axis), second.size(axis));
    }
}
