package swaps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.runtime.ConstantInfo;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import io.toroid.runtime.ToroidException;
import io.toroid.runtime.weights.Safetensors;
import io.toroid.runtime.weights.SafetensorsWriter;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What users of {@link Mixed} do with its weights. Results are compared, bit for bit, with those of a model loaded with the same file. */
public class MixedUse {
    static final float[][] ROWS = new float[5][24];
    private static final float[][][][] IMAGES = new float[2][3][8][8];
    private static final float[][] FOURS = {{1, -1, 2, 0.5f}};

    static {
        Random random = new Random(7);
        for (float[] row : ROWS) {
            fill(row, random);
        }
        for (float[][][] image : IMAGES) {
            for (float[][] channel : image) {
                for (float[] row : channel) {
                    fill(row, random);
                }
            }
        }
    }

    private static void fill(float[] row, Random random) {
        for (int i = 0; i < row.length; i++) {
            row[i] = random.nextFloat() - 0.5f;
        }
    }

    // ---- weight files

    /** Random weights, one file for each seed. */
    static Path weights(Path directory, int seed) throws IOException {
        try (CompiledMixed model = CompiledMixed.load(LoadOptions.defaults().withThreads(1).withInstances(1))) {
            return write(directory.resolve("weights-" + seed + ".safetensors"), model.constants(), seed);
        }
    }

    private static Path write(Path file, List<ConstantInfo> constants, int seed) throws IOException {
        Random random = new Random(seed);
        List<WeightTensor> tensors = new ArrayList<>();
        for (ConstantInfo constant : constants) {
            if (constant.kind() == ConstantInfo.Kind.PARAMETER || constant.kind() == ConstantInfo.Kind.BUFFER) {
                long[] shape = constant.shape().stream().mapToLong(Long::longValue).toArray();
                MemorySegment data = Arena.ofAuto().allocate(Math.max(1, constant.bytes()), 64).asSlice(0, constant.bytes());
                for (long i = 0; i < constant.bytes() / Float.BYTES; i++) {
                    data.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() + 0.25f);
                }
                tensors.add(new WeightTensor(constant.name(), DType.F32, shape, data));
            }
        }
        SafetensorsWriter.write(file, tensors);
        return file;
    }

    private static NativeTensor tensor(Path file, String name) {
        try (WeightSource source = Safetensors.open(file)) {
            WeightTensor weight = source.get(name);
            return NativeTensor.of(weight.values().floats(), weight.shape());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What all entries give. */
    record Answers(float[][] projected, float[][][][] painted, float[][] turned, float[][] literal, float[] empty) {
        static Answers of(CompiledMixed model) {
            return new Answers(model.project(ROWS), model.paint(IMAGES), model.turned(new float[1]), model.literal(FOURS),
                    model.empty(new float[][] {{1, 2, 3}, {4, 5, 6}}));
        }

        static Answers withFile(Path file) {
            try (CompiledMixed model = CompiledMixed.load(options().withWeights(file))) {
                return of(model);
            }
        }

        void assertSame(Answers other) {
            assertArrayEquals(projected, other.projected);
            assertArrayEquals(painted, other.painted);
            assertArrayEquals(turned, other.turned);
            assertArrayEquals(literal, other.literal);
            assertArrayEquals(empty, other.empty);
        }
    }

    static LoadOptions options() {
        return LoadOptions.defaults().withThreads(2).withInstances(3);
    }

    // ---- swaps

    public static void aFileTakesThePlaceOfAllWeights(Path directory) throws IOException {
        Path one = weights(directory, 1), two = weights(directory, 2);
        Answers first = Answers.withFile(one), second = Answers.withFile(two);
        try (CompiledMixed model = CompiledMixed.load(options())) {
            Answers compiled = Answers.of(model);
            for (int round = 0; round < 3; round++) {
                model.swapWeights(one);
                Answers.of(model).assertSame(first);
                try (WeightSource source = Safetensors.open(two)) {
                    model.swapWeights(source);
                }
                Answers.of(model).assertSame(second);
            }
            assertFalse(first.projected[0][0] == second.projected[0][0] || first.painted[0][0][0][0] == second.painted[0][0][0][0]);
            assertFalse(compiled.projected[0][0] == second.projected[0][0]);
            assertArrayEquals(new float[] {5, 7, 9}, second.empty);
        }
    }

    public static void whatAWeightIsNeededForIsComputedAnew(Path directory) throws IOException {
        Path one = weights(directory, 1), two = weights(directory, 2);
        try (CompiledMixed model = CompiledMixed.load(options().withWeights(one)); CompiledMixed mixed = CompiledMixed.load(options().withWeights(one));
                NativeTensor scale = tensor(two, "scale"); NativeTensor hidden = tensor(two, "hidden.weight");
                NativeTensor image = tensor(two, "convolution.weight"); NativeTensor back = tensor(two, "back.weight");
                NativeTensor right = tensor(two, "right"); NativeTensor variance = tensor(two, "norm.running_var")) {
            Answers before = Answers.of(model);
            model.swapWeights(new CompiledMixed.Weights().scale(scale).hiddenWeight(hidden));
            Answers after = Answers.of(model);
            assertFalse(before.projected[0][0] == after.projected[0][0]);
            assertArrayEquals(before.painted, after.painted);
            model.swapWeights(Map.of("convolution.weight", image, "back.weight", back, "norm.running_var", variance));
            model.swapWeights(Map.of("right", right));
            // In another order, and one by one.
            mixed.swapWeights(Map.of("right", right));
            mixed.swapWeights(Map.of("norm.running_var", variance));
            mixed.swapWeights(Map.of("back.weight", back));
            mixed.swapWeights(Map.of("convolution.weight", image));
            mixed.swapWeights(Map.of("hidden.weight", hidden));
            mixed.swapWeights(Map.of("scale", scale));
            Answers.of(model).assertSame(Answers.of(mixed));
            assertFalse(before.painted[0][0][0][0] == Answers.of(model).painted[0][0][0][0]);
            assertArrayEquals(right.toFloatArray(), model.constant("right").toFloatArray());
            model.swapWeights(two);
            Answers.of(model).assertSame(Answers.withFile(two));
        }
    }

    /** The compiler stores only what runs read: what it packed alone can be given alone, what it made one of only together. */
    public static void whatWasMadeOfSeveralNeedsThemAll(Path directory) throws IOException {
        Path one = weights(directory, 1);
        try (CompiledMixed model = CompiledMixed.load(options()); NativeTensor hidden = tensor(one, "hidden.weight");
                NativeTensor left = tensor(one, "left"); NativeTensor right = tensor(one, "right")) {
            model.swapWeights(new CompiledMixed.Weights().hiddenWeight(hidden));
            assertMessage("swaps.Mixed: constant \\d+ 'right' has no data, and '_folded.*' is computed from it: the compiler stored only the result;"
                    + " give 'right' too, or all constants at once", model, Map.of("left", left));
            String absent = assertThrows(ToroidException.class, () -> model.constant("right")).getMessage();
            assertTrue(absent.endsWith("'right' is not there: the compiler stored only what is computed from it; swap in all weights, or compile with -Atoroid.fold=load, which stores it"), absent);
            model.swapWeights(new CompiledMixed.Weights().left(left).right(right));
            assertArrayEquals(left.toFloatArray(), model.constant("left").toFloatArray());
        }
    }

    public static void viewsOfOneMemoryAreReadAsTheyLie(Path directory) throws IOException {
        Path one = weights(directory, 1);
        try (CompiledMixed model = CompiledMixed.load(options().withWeights(one)); Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(80 * Float.BYTES, 64);
            for (int i = 0; i < 80; i++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, i * 0.01f);
            }
            NativeTensor even = NativeTensor.wrapStrided(memory, DType.F32, new long[] {40}, new long[] {2});
            NativeTensor odd = NativeTensor.wrapStrided(memory.asSlice(Float.BYTES), DType.F32, new long[] {40}, new long[] {2});
            model.swapWeights(new CompiledMixed.Weights().scale(even).shift(odd));
            assertArrayEquals(even.toFloatArray(), model.constant("scale").toFloatArray());
            assertArrayEquals(odd.toFloatArray(), model.constant("shift").toFloatArray());
            assertEquals(0.03f, model.constant("shift").toFloatArray()[1]);
        }
    }

    public static void literalsCanBeReplaced(Path directory) throws IOException {
        Path one = weights(directory, 1);
        try (CompiledMixed model = CompiledMixed.load(options().withWeights(one)); NativeTensor ones = NativeTensor.of(new float[] {1, 1, 1, 1}, 4)) {
            ConstantInfo literal = model.constants().stream().filter(constant -> constant.kind() == ConstantInfo.Kind.TENSOR).findFirst().orElseThrow();
            assertEquals("_tensor_constant1: f32[4]", literal.toString());
            assertArrayEquals(new float[] {1, 2, 3, 4}, model.constant("_tensor_constant1").toFloatArray());
            model.swapWeights(Map.of("_tensor_constant0", ones));
            assertArrayEquals(new float[][] {{2, 1, 5, 4.5f}}, model.literal(FOURS));
            model.swapWeights(Map.of("_tensor_constant1", ones));
            assertArrayEquals(new float[][] {{2, 0, 3, 1.5f}}, model.literal(FOURS));
        }
    }

    public static void constantsHaveKindsAndValues(Path directory) throws IOException {
        Path one = weights(directory, 1);
        try (CompiledMixed model = CompiledMixed.load(options().withWeights(one))) {
            assertEquals(ConstantInfo.Kind.BUFFER, kind(model, "shift"));
            assertEquals(ConstantInfo.Kind.PARAMETER, kind(model, "scale"));
            assertArrayEquals(new long[] {0, 3}, model.constant("nothing").shape());
            float[][] turned = model.turned(new float[1]);
            float[] table = model.constant("table").toFloatArray();
            assertEquals(table[1 * 7 + 2], turned[2][1]);
            assertEquals(3, model.instances());
        }
        try (CompiledMixed model = CompiledMixed.instances(2)) {
            assertEquals(2, model.instances());
        }
    }

    private static ConstantInfo.Kind kind(CompiledMixed model, String name) {
        return model.constants().stream().filter(constant -> constant.name().equals(name)).findFirst().orElseThrow().kind();
    }

    public static void whatDoesNotFitChangesNothing(Path directory) throws IOException {
        Path one = weights(directory, 1);
        try (CompiledMixed model = CompiledMixed.load(options().withWeights(one)); NativeTensor good = NativeTensor.of(new float[40], 40);
                NativeTensor longer = NativeTensor.of(new float[41], 41); NativeTensor wider = NativeTensor.of(new double[40], 40)) {
            Answers before = Answers.of(model);
            assertMessage("swaps.Mixed: constant \\d+ 'shift' must be f32\\[40\\] but is f32\\[41\\]: its sizes differ", model, Map.of("scale", good, "shift", longer));
            assertMessage("swaps.Mixed: constant \\d+ 'shift' must be f32\\[40\\] but is f64\\[40\\]: its dtype differs", model, Map.of("scale", good, "shift", wider));
            IllegalArgumentException unknown =
                    assertThrows(IllegalArgumentException.class, () -> model.swapWeights(Map.of("scale", good, "shfit", good)));
            assertTrue(unknown.getMessage().startsWith("swaps.Mixed has no constant 'shfit'; it has hidden.weight, hidden.bias, "), unknown.getMessage());
            Path short_ = directory.resolve("short.safetensors");
            SafetensorsWriter.write(short_, List.of(new WeightTensor("scale", DType.F32, new long[] {40}, Arena.ofAuto().allocate(160))));
            String message = assertThrows(ToroidException.class, () -> model.swapWeights(short_)).getMessage();
            assertTrue(message.startsWith("the weight file " + short_ + " does not fit swaps.Mixed:\n  missing: hidden.weight f32[40, 24]"), message);
            assertThrows(ToroidException.class, () -> model.swapWeights(directory.resolve("nowhere")));
            Answers.of(model).assertSame(before);
        }
        CompiledMixed closed = CompiledMixed.load(options());
        try (closed) {
            assertFalse(closed.isClosed());
        }
        assertThrows(IllegalStateException.class, () -> closed.swapWeights(one));
        assertThrows(IllegalStateException.class, () -> closed.constant("scale"));
    }

    private static void assertMessage(String expected, CompiledMixed model, Map<String, NativeTensor> weights) {
        String message = assertThrows(ToroidException.class, () -> model.swapWeights(weights)).getMessage();
        assertTrue(message.matches(expected), message);
    }

    public static void statesKeepTheirValues(Path directory) throws IOException {
        try (CompiledRemembering model = CompiledRemembering.load()) {
            Path one = write(directory.resolve("states-1.safetensors"), model.constants(), 1);
            Path two = write(directory.resolve("states-2.safetensors"), model.constants(), 2);
            float[] first = tensor(one, "total").toFloatArray(), second = tensor(two, "total").toFloatArray();
            model.swapWeights(one);
            model.resetState();
            float[] scale = tensor(one, "scale").toFloatArray();
            float[] sum = model.add(new float[] {1, 1, 1});
            assertEquals(first[0] + scale[0], sum[0]);
            model.swapWeights(two);
            assertEquals(sum[0] + 0, model.add(new float[3])[0]);
            assertEquals(first[0], tensor(one, "total").toFloatArray()[0]);
            model.resetState();
            assertEquals(second[0], model.add(new float[3])[0]);
        }
    }
}
