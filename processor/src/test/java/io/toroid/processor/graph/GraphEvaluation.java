package io.toroid.processor.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import io.toroid.runtime.eager.Eager;
import io.toroid.shape.Shape;
import io.toroid.shape.Symbol;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/** Runs graphs with the eager interpreter on random data, which depends on the seed and the names only. */
public final class GraphEvaluation {

    /** Where the walk for parameters begins. */
    private record Model(Map<String, Tensor> weight) {
    }

    private final Map<String, Long> sizes;
    private final long seed;
    private final Map<String, TensorData> given = new HashMap<>();

    public GraphEvaluation(Map<String, Long> sizes, long seed) {
        this.sizes = sizes;
        this.seed = seed;
    }

    /** Gives a parameter or an input certain values instead of random ones. */
    public GraphEvaluation with(String name, TensorData data) {
        given.put(name, data);
        return this;
    }

    public List<TensorData> run(Graph graph) {
        Map<Placeholder, TensorData> inputs = new HashMap<>();
        for (Tensor input : graph.inputs()) {
            Placeholder placeholder = (Placeholder) input.origin();
            inputs.put(placeholder, values(placeholder.name(), input.dtype(), input.shape()));
        }
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, TensorData> weights = new HashMap<>();
        for (Map.Entry<String, Parameter> entry : graph.parameters().entrySet()) {
            Tensor tensor = Tensor.leaf(entry.getValue());
            tensors.put(entry.getKey(), tensor);
            weights.put("weight." + entry.getKey(), values(entry.getKey(), tensor.dtype(), tensor.shape()));
        }
        return Eager.of(new Model(tensors), weights).run(graph.outputs(), inputs);
    }

    private TensorData values(String name, DType dtype, Shape shape) {
        return given.containsKey(name) ? given.get(name) : random(name, dtype, shape.evaluate(this::sizeOf));
    }

    private long sizeOf(Symbol symbol) {
        return sizes.get(symbol.name());
    }

    /** Variances, whose names contain "var", are positive. */
    private TensorData random(String name, DType dtype, long[] shape) {
        Random random = new Random(seed * 31 + name.hashCode());
        int count = (int) Shape.of(shape).numel().constant();
        Object array = switch (dtype) {
            case F32, F16, BF16 -> {
                float[] values = new float[count];
                for (int i = 0; i < count; i++) {
                    values[i] = name.contains("var") ? random.nextFloat() + 0.5f : (float) random.nextGaussian();
                }
                yield values;
            }
            case F64 -> random.doubles(count, -2, 2).toArray();
            case I64 -> random.longs(count, -4, 5).toArray();
            case I32 -> random.ints(count, -4, 5).toArray();
            case I16 -> {
                short[] values = new short[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (short) random.nextInt(-4, 5);
                }
                yield values;
            }
            case I8, U8 -> {
                byte[] values = new byte[count];
                random.nextBytes(values);
                yield values;
            }
            case BOOL -> {
                boolean[] values = new boolean[count];
                for (int i = 0; i < count; i++) {
                    values[i] = random.nextInt(3) > 0;
                }
                yield values;
            }
        };
        return new TensorData(dtype, shape, array);
    }

    // ---- comparing

    /** Both graphs give bit for bit the same. */
    public static void assertSame(Graph before, Graph after, Map<String, Long> sizes) {
        assertClose(before, after, sizes, 0);
    }

    /** Floating-point results differ by at most the tolerance, relative to values above 1. */
    public static void assertClose(Graph before, Graph after, Map<String, Long> sizes, double tolerance) {
        for (long seed = 1; seed <= 3; seed++) {
            GraphEvaluation evaluation = new GraphEvaluation(sizes, seed);
            assertClose(evaluation.run(before), evaluation.run(after), tolerance);
        }
    }

    public static void assertClose(List<TensorData> expected, List<TensorData> actual, double tolerance) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertClose(expected.get(i), actual.get(i), tolerance);
        }
    }

    private static void assertClose(TensorData expected, TensorData actual, double tolerance) {
        assertEquals(expected.dtype(), actual.dtype());
        assertArrayEquals(expected.sizes(), actual.sizes());
        if (!expected.dtype().isFloating() || tolerance == 0) {
            assertEquals(expected, actual, () -> text(expected) + " became " + text(actual));
            return;
        }
        for (int i = 0; i < expected.count(); i++) {
            double wanted = value(expected, i);
            double found = value(actual, i);
            boolean close = Double.isFinite(wanted)
                    ? Math.abs(wanted - found) <= tolerance * Math.max(1, Math.abs(wanted))
                    : Double.compare(wanted, found) == 0;
            if (!close) {
                fail("element %d should be %s, not %s".formatted(i, wanted, found));
            }
        }
    }

    private static double value(TensorData data, int i) {
        return data.dtype().computed() == DType.F32 ? data.floats()[i] : data.doubles()[i];
    }

    private static String text(TensorData data) {
        return GraphText.print(new Graph("data", List.of(), List.of(Tensor.constant(data)), new LinkedHashMap<>()));
    }
}
