package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Convolution;
import io.toroid.op.Window;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A random graph, made from its seed alone, that can be printed as the Java source of a model. What no other statement
 * uses is an output, so nothing of it is dead. Values stay in a moderate range, so that errors do not grow, and nothing is compared for equality or rounded, so that they do not jump.
 */
public final class RandomCase {

    private static final int STATEMENTS = 24;

    /** Inputs of which any operator may be called. */
    private static final int STATIC_INPUTS = 4;
    private static final List<String> STATIC_TYPES = List.of("f32", "f32", "f64", "f16", "bf16", "i64", "i32", "i16", "i8", "u8", "bool");
    private static final List<String> STATIC_SIZES = List.of("[4, 6]", "[4, 6]", "[6, 4]", "[6]", "[2, 4, 6]", "[2, 3, 4, 6]", "[]");

    /** Their strides are more than products of symbols. */
    private static final List<String> DERIVED_SIZES = List.of("[4, m + 1]", "[n + 1, 6]", "[2, n + 1, m + 2]", "[3, 2*m, n + 1]", "[m + 1]");

    private final long seed;
    private final Random random;
    private final List<String> inputs = new ArrayList<>();
    private final StringJoiner source = new StringJoiner(System.lineSeparator());
    private final List<Tensor> values = new ArrayList<>();
    private final Set<Integer> used = new HashSet<>();
    private final List<Integer> outputs = new ArrayList<>();
    private final RandomOperator operators;

    private RandomCase(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        String dtype = random.nextInt(4) == 0 ? "f64" : "f32";
        List<String> sizes = seed % 3 == 0
                ? List.of("[n, 6, 8, 7]", "[6, 1, 1]", "[m, 6, 1, 7]") : List.of("[n, m, 6]", "[m, 6]", "[n, 1, 6]");
        sizes.forEach(shape -> inputs.add(dtype + shape));
        inputs.add("i64[n, m]");
        inputs.add("bool[m, 1]");
        inputs.add(dtype + DERIVED_SIZES.get(random.nextInt(DERIVED_SIZES.size())));
        for (int i = 0; i < STATIC_INPUTS; i++) {
            inputs.add(STATIC_TYPES.get(random.nextInt(STATIC_TYPES.size())) + STATIC_SIZES.get(random.nextInt(STATIC_SIZES.size())));
        }
        operators = new RandomOperator(random);
    }

    /** The case of a seed. */
    public static GraphCase of(long seed) {
        RandomCase model = new RandomCase(seed);
        Random sizes = new Random(seed);
        return GraphCase.several("seed" + seed, String.join(", ", model.inputs), model::trace)
                .dim("n", 1, 2 + sizes.nextInt(6)).dim("m", 1 + sizes.nextInt(3), 2 + sizes.nextInt(36))
                .values(3, Values.below(5)).slack(50);
    }

    /** The source of a seed's model. */
    public static String source(long seed) {
        RandomCase model = new RandomCase(seed);
        try {
            new Batch("io.toroid.test.Printed", List.of(GraphCase.several("seed" + seed, String.join(", ", model.inputs), model::trace)
                    .dim("n", 1).dim("m", 1)));
        } catch (IllegalStateException untraceable) {
            model.source.add("    // " + untraceable.getMessage());
        }
        StringJoiner parameters = new StringJoiner(", ");
        for (int i = 0; i < model.inputs.size(); i++) {
            parameters.add("@Spec(\"%s\") Tensor v%d".formatted(model.inputs.get(i), i));
        }
        StringJoiner results = new StringJoiner(", ");
        model.outputs.forEach(output -> results.add("v" + output));
        return """
                // seed %d
                @Entry @Dim(name = "n", max = 4096) @Dim(name = "m", max = 4096)
                public Results run(%s) {
                %s
                    return new Results(%s);
                }
                """.formatted(seed, parameters, model.source, results);
    }

    // ---- making

    private List<Tensor> trace(Operands operands) {
        for (int i = 0; i < inputs.size(); i++) {
            values.add(operands.get(i));
        }
        while (values.size() < inputs.size() + STATEMENTS) {
            add(operands);
        }
        for (int i = inputs.size(); i < values.size(); i++) {
            if (!used.contains(i) || random.nextInt(8) == 0) {
                outputs.add(i);
            }
        }
        return outputs.stream().map(values::get).toList();
    }

    /** A call with the text that makes it. */
    private record Made(Tensor value, String text) {
    }

    private void add(Operands operands) {
        int kind = random.nextInt(12);
        if (kind < 4) {
            addAnyOperator();
            return;
        }
        if (kind == 4) {
            addRecipe(operands);
            return;
        }
        int first = random.nextInt(3) == 0 ? random.nextInt(values.size()) : values.size() - 1 - random.nextInt(3);
        int second = random.nextInt(values.size());
        Made made = make(operands, first, second);
        if (made != null && made.value().dim() <= 5) {
            source.add("    Tensor v%d = %s;".formatted(values.size(), made.text()));
            values.add(made.value());
            used.add(first);
            used.addAll(made.text().contains("v" + second) ? Set.of(second) : Set.of());
        }
    }

    /**
     * Any operator, but of inputs alone, whose values are the same eagerly and compiled: so it may jump, or magnify differences. What
     * it gives is brought into a moderate range.
     */
    private void addAnyOperator() {
        for (RandomOperator.Made made : operators.make(values.subList(0, inputs.size()))) {
            source.add("    Tensor v%d = %s;".formatted(values.size(), made.text()));
            values.add(made.value());
        }
    }

    private void addRecipe(Operands operands) {
        RandomRecipes.Made made = new RandomRecipes(random, operands, values.getFirst().dtype()).make();
        String results = "r" + values.size();
        source.add("    List<Tensor> %s = %s;".formatted(results, made.text()));
        for (int i = 0; i < made.values().size(); i++) {
            Tensor result = made.values().get(i);
            boolean isUsedFurther = result.dtype().isFloating() && !result.dtype().isReducedFloating();
            source.add("    Tensor v%d = %s;".formatted(values.size(), (isUsedFurther ? "moderate(%s.get(%d))" : "%s.get(%d)").formatted(results, i)));
            values.add(isUsedFurther ? RandomOperator.moderate(result) : result);
        }
    }

    /** Null if the operands do not suit what the dice say. */
    private Made make(Operands operands, int first, int second) {
        Tensor a = values.get(first);
        Tensor b = values.get(second);
        String x = "v" + first;
        String y = "v" + second;
        boolean floating = a.dtype().isFloating();
        if (a.dtype().isReducedFloating() || b.dtype().isReducedFloating()) {
            return null;  // one step of their rounding is no mistake, but would show in wider types
        }
        if (!floating && random.nextInt(3) > 0) {
            DType dtype = values.getFirst().dtype();
            return new Made(a.to(dtype), "%s.to(DType.%s)".formatted(x, dtype.name()));
        }
        if (floating && a.dim() == 4 && random.nextBoolean()) {
            return image(operands, a, x);
        }
        return switch (random.nextInt(8)) {
            case 0 -> floating ? unary(a, x) : null;
            case 1, 2, 3 -> binary(a, b, x, y);
            case 4 -> a.dim() == 0 ? null : reduction(a, x);
            case 5 -> a.dim() == 0 ? null : view(a, x);
            case 6 -> a.dim() == 0 ? null : joined(a, x);
            default -> floating ? layer(operands, a, x) : null;
        };
    }

    private Made unary(Tensor a, String x) {
        return switch (random.nextInt(9)) {
            case 0 -> new Made(a.tanh(), x + ".tanh()");
            case 1 -> new Made(a.sigmoid(), x + ".sigmoid()");
            case 2 -> new Made(a.relu(), x + ".relu()");
            case 3 -> new Made(a.gelu(), x + ".gelu()");
            case 4 -> new Made(a.sin(), x + ".sin()");
            case 5 -> new Made(a.clamp(-1, 1.5), x + ".clamp(-1, 1.5)");
            case 6 -> new Made(a.abs().add(0.5).log(), x + ".abs().add(0.5).log()");
            case 7 -> new Made(a.mul(0.7).add(0.1), x + ".mul(0.7).add(0.1)");
            default -> new Made(a.square().add(1).rsqrt(), x + ".square().add(1).rsqrt()");
        };
    }

    private Made binary(Tensor a, Tensor b, String x, String y) {
        if (!broadcasts(a, b) || a.dtype() == DType.BOOL && b.dtype() == DType.BOOL) {
            return null;
        }
        if (a.dtype().isFloating() && b.dtype().isFloating() && a.dtype() != b.dtype()) {
            return null;  // as above: what is right in f32 would not be exact enough in f64
        }
        return switch (random.nextInt(6)) {
            case 0 -> new Made(a.add(b), "%s.add(%s)".formatted(x, y));
            case 1 -> new Made(a.sub(b), "%s.sub(%s)".formatted(x, y));
            case 2 -> new Made(a.mul(b), "%s.mul(%s)".formatted(x, y));
            case 3 -> new Made(a.maximum(b), "%s.maximum(%s)".formatted(x, y));
            case 4 -> a.dtype().isFloating() && b.dtype().isFloating()
                    ? new Made(a.div(b.abs().add(0.5)), "%s.div(%s.abs().add(0.5))".formatted(x, y)) : null;
            default -> b.dtype() == DType.BOOL ? new Made(Tensor.where(b, a, a.mul(2)), "Tensor.where(%2$s, %1$s, %1$s.mul(2))".formatted(x, y))
                    : new Made(a.minimum(b), "%s.minimum(%s)".formatted(x, y));
        };
    }

    /** Sizes from the last agree or are 1; equal ones only, so that no check at run time is needed. */
    private static boolean broadcasts(Tensor a, Tensor b) {
        for (int axis = -1; axis >= -Math.min(a.dim(), b.dim()); axis--) {
            Size left = a.size(axis);
            Size right = b.size(axis);
            if (!left.equals(right) && !left.equals(Size.ONE) && !right.equals(Size.ONE)) {
                return false;
            }
        }
        return true;
    }

    private Made reduction(Tensor a, String x) {
        int dim = random.nextInt(a.dim());
        boolean keep = random.nextBoolean();
        String arguments = "(%d, %s)".formatted(dim, keep);
        if (!a.dtype().isFloating()) {
            return a.dtype() == DType.BOOL ? new Made(a.any(dim, keep), x + ".any" + arguments) : new Made(a.sum(dim, keep), x + ".sum" + arguments);
        }
        return switch (random.nextInt(6)) {
            case 0 -> new Made(a.sum(dim, keep).mul(0.2), x + ".sum" + arguments + ".mul(0.2)");
            case 1 -> new Made(a.mean(dim, keep), x + ".mean" + arguments);
            case 2 -> new Made(a.amax(dim, keep), x + ".amax" + arguments);
            case 3 -> new Made(a.softmax(dim), "%s.softmax(%d)".formatted(x, dim));
            case 4 -> new Made(a.var(dim, 0, keep), "%s.var(%d, 0, %s)".formatted(x, dim, keep));
            default -> new Made(a.sub(a.mean(dim, true)), "%1$s.sub(%1$s.mean(%2$d, true))".formatted(x, dim));
        };
    }

    private Made view(Tensor a, String x) {
        int dim = random.nextInt(a.dim());
        return switch (random.nextInt(7)) {
            case 0 -> new Made(a.transpose(0, dim), "%s.transpose(0, %d)".formatted(x, dim));
            case 1 -> new Made(a.unsqueeze(dim), "%s.unsqueeze(%d)".formatted(x, dim));
            case 2 -> a.size(dim).isConstant() && a.size(dim).constant() >= 2
                    ? new Made(a.slice(dim, 1), "%s.slice(%d, 1)".formatted(x, dim)) : null;
            case 3 -> a.size(dim).isConstant() && a.size(dim).constant() % 2 == 0
                    ? new Made(a.unflatten(dim, 2, -1), "%s.unflatten(%d, 2, -1)".formatted(x, dim)) : null;
            case 4 -> a.dim() > 1 && dim > 0 ? new Made(a.flatten(dim - 1, dim), "%s.flatten(%d, %d)".formatted(x, dim - 1, dim)) : null;
            case 5 -> a.size(dim).range().min() >= 1 ? new Made(a.select(dim, 0), "%s.select(%d, 0)".formatted(x, dim)) : null;
            default -> a.size(dim).equals(Size.ONE) ? new Made(a.squeeze(dim), "%s.squeeze(%d)".formatted(x, dim)) : null;
        };
    }

    private Made joined(Tensor a, String x) {
        int dim = random.nextInt(a.dim());
        return switch (random.nextInt(3)) {
            case 0 -> a.dtype().isFloating() ? new Made(Tensor.cat(dim, a, a.neg()), "Tensor.cat(%2$d, %1$s, %1$s.neg())".formatted(x, dim)) : null;
            case 1 -> a.dtype().isFloating() ? new Made(Tensor.stack(dim, a.tanh(), a), "Tensor.stack(%2$d, %1$s.tanh(), %1$s)".formatted(x, dim)) : null;
            default -> a.size(dim).isConstant() && a.size(dim).constant() > 1
                    ? new Made(Tensor.cat(dim, a.slice(dim, 1), a.slice(dim, 0, 1)),
                            "Tensor.cat(%2$d, %1$s.slice(%2$d, 1), %1$s.slice(%2$d, 0, 1))".formatted(x, dim)) : null;
        };
    }

    private Made image(Operands operands, Tensor a, String x) {
        for (int axis = 1; axis < 4; axis++) {
            if (!a.size(axis).isConstant() || a.size(axis).constant() > 20 || a.size(axis).constant() < 3) {
                return null;
            }
        }
        long channels = a.size(1).constant();
        String dtype = a.dtype().text();
        Convolution same = Convolution.DEFAULT.padding(1);
        return switch (random.nextInt(6)) {
            case 0 -> new Made(a.conv2d(operands.weight("%s[5, %d, 3, 3]".formatted(dtype, channels)), null, same).mul(0.2),
                    "%s.conv2d(weight(5, %d, 3, 3), null, same).mul(0.2)".formatted(x, channels));
            case 1 -> new Made(a.conv2d(operands.weight("%s[%d, 1, 3, 3]".formatted(dtype, channels)), operands.weight("%s[%d]".formatted(dtype, channels)),
                    same.groups((int) channels)).mul(0.3), "%1$s.conv2d(weight(%2$d, 1, 3, 3), weight(%2$d), same.groups(%2$d)).mul(0.3)".formatted(x, channels));
            case 2 -> new Made(a.conv2d(operands.weight("%s[17, %d, 1, 1]".formatted(dtype, channels)), null, Convolution.DEFAULT).mul(0.3),
                    "%s.conv2d(weight(17, %d, 1, 1), null, Convolution.DEFAULT).mul(0.3)".formatted(x, channels));
            case 3 -> new Made(a.conv2d(operands.weight("%s[4, %d, 3, 2]".formatted(dtype, channels)), null, same.stride(2)).mul(0.3),
                    "%s.conv2d(weight(4, %d, 3, 2), null, same.stride(2)).mul(0.3)".formatted(x, channels));
            case 4 -> new Made(a.maxPool2d(Window.of(3).stride(1).padding(1)), x + ".maxPool2d(Window.of(3).stride(1).padding(1))");
            default -> new Made(a.avgPool2d(Window.of(2).ceil()), x + ".avgPool2d(Window.of(2).ceil())");
        };
    }

    private Made layer(Operands operands, Tensor a, String x) {
        if (a.dim() < 2 || !a.size(-1).isConstant() || a.size(-1).constant() > 64) {
            return null;
        }
        long width = a.size(-1).constant();
        String dtype = a.dtype().text();
        return switch (random.nextInt(4)) {
            case 0 -> new Made(a.linear(operands.weight("%s[5, %d]".formatted(dtype, width))).mul(0.3),
                    "%s.linear(weight(5, %d)).mul(0.3)".formatted(x, width));
            case 1 -> new Made(a.linear(operands.weight("%s[%d, %d]".formatted(dtype, width, width)), operands.weight("%s[%d]".formatted(dtype, width)))
                    .mul(0.3), "%1$s.linear(weight(%2$d, %2$d), weight(%2$d)).mul(0.3)".formatted(x, width));
            case 2 -> new Made(a.layerNorm(List.of(a.size(-1)), operands.weight("%s[%d]".formatted(dtype, width)), null, 0.1),
                    "%1$s.layerNorm(List.of(%1$s.size(-1)), weight(%2$d), null, 0.1)".formatted(x, width));
            default -> new Made(a.matmul(a.transpose(-2, -1)).mul(0.1), "%1$s.matmul(%1$s.transpose(-2, -1)).mul(0.1)".formatted(x));
        };
    }

    @Override
    public String toString() {
        return "seed " + seed;
    }
}
