package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import io.toroid.runtime.ToroidException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that are views of inputs or of each other, or no results at all: each is memory of its own, in which its numbers stand. */
@Tag("native")
class AliasesTest {

    private static final String MODEL = """
            package a;
            import io.toroid.*;
            @Model
            @Dim(name = "n", min = 0, max = 100)
            public class Aliases {
                private static final Tensor TABLE = Tensor.of(new float[] {1, 2, 3}, 3);
                private final Tensor kept = Tensor.state(DType.F32, 2);

                public record Two(Tensor first, Tensor second) {
                }

                public record Four(Tensor whole, Tensor turned, Tensor row, Tensor corner) {
                }

                @Entry
                public Two twice(@Spec("f32[n]") Tensor x) {
                    Tensor y = x.mul(2);
                    return new Two(y, y);
                }

                @Entry
                public Two inputTwice(@Spec("f32[n]") Tensor x) {
                    return new Two(x, x);
                }

                @Entry
                public Two constants(@Spec("f32[n]") Tensor x) {
                    return new Two(TABLE, TABLE.mul(2));
                }

                @Entry
                public Tensor stateItself(@Spec("f32[2]") Tensor x) {
                    return kept.updating(kept, x);
                }

                @Entry
                public Four views(@Spec("f32[n, 4]") Tensor x) {
                    return new Four(x, x.transpose(0, 1), x.select(1, 1), x.slice(1, 1, 3).transpose(0, 1).slice(0, 1));
                }

                @Entry
                public Two viewsOfAResult(@Spec("f32[n, 4]") Tensor x) {
                    Tensor y = x.exp().log().view(-1, 2, 2);
                    return new Two(y.transpose(1, 2), y.flatten());
                }

                @Entry
                public Two bits(@Spec("f32[n]") Tensor x, @Spec("i32[n]") Tensor y) {
                    return new Two(x.view(DType.I32), y.view(DType.F32));
                }

                @Entry
                public Tensor single(@Spec("f32[]") Tensor x) {
                    return x.view(1, 1).expand(2, 3).transpose(0, 1);
                }

                @Entry
                public Tensor sum(@Spec("f32[n]") Tensor x, @Spec("f32[n]") Tensor y) {
                    return x.add(y);
                }
            }
            """;

    @TempDir
    private static Path directory;
    private static NativeModel model;

    private final Arena arena = Arena.ofConfined();

    @BeforeAll
    static void compile() {
        model = SourceModel.trace(directory.resolve("source"), "a/Aliases.java", MODEL, "none.safetensors", List.of(),
                traced -> NativeModel.of(traced, directory.resolve("model"), LoadOptions.defaults().withThreads(2)));
    }

    @AfterAll
    static void closeModel() {
        model.close();
    }

    @AfterEach
    void closeArena() {
        arena.close();
    }

    private NativeTensor tensor(float[] values, long... sizes) {
        NativeTensor tensor = NativeTensor.allocate(arena, DType.F32, sizes);
        tensor.copyFrom(values);
        return tensor;
    }

    /** The outputs of an entry, made by the library. */
    private List<NativeTensor> run(String entry, NativeTensor... inputs) {
        return Stream.of(model.call(arena, entry, inputs)).toList();
    }

    private static void assertOutputs(List<NativeTensor> outputs, float[]... expected) {
        assertEquals(expected.length, outputs.size());
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], outputs.get(i).toFloatArray(), "output " + i);
            for (int j = 0; j < i; j++) {
                assertEquals(false, outputs.get(i).segment().address() == outputs.get(j).segment().address(), i + " lies on " + j);
            }
        }
    }

    @Test
    void oneResultTwiceIsTwoTensors() {
        NativeTensor x = tensor(new float[] {1, 2, 3}, 3);
        List<NativeTensor> outputs = run("twice", x);
        assertOutputs(outputs, new float[] {2, 4, 6}, new float[] {2, 4, 6});
        outputs.get(0).setFloat(99, 0);
        assertEquals(2, outputs.get(1).getFloat(0));
    }

    @Test
    void anInputThatIsReturnedIsCopied() {
        NativeTensor x = tensor(new float[] {1, 2}, 2);
        List<NativeTensor> outputs = run("inputTwice", x);
        x.setFloat(99, 0);
        assertOutputs(outputs, new float[] {1, 2}, new float[] {1, 2});
    }

    @Test
    void constantsAndStatesThatAreReturnedAreCopied() {
        List<NativeTensor> first = run("constants", tensor(new float[] {0}, 1));
        first.get(0).setFloat(99, 0);
        assertOutputs(run("constants", tensor(new float[] {0}, 1)), new float[] {1, 2, 3}, new float[] {2, 4, 6});
        assertOutputs(run("stateItself", tensor(new float[] {5, 6}, 2)), new float[] {0, 0});
        NativeTensor before = run("stateItself", tensor(new float[] {7, 8}, 2)).getFirst();
        before.setFloat(99, 0);
        assertOutputs(run("stateItself", tensor(new float[] {0, 0}, 2)), new float[] {7, 8});
    }

    @Test
    void viewsOfInputsAreTensorsOfTheirOwn() {
        NativeTensor x = tensor(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4);
        assertOutputs(run("views", x), new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new float[] {1, 5, 2, 6, 3, 7, 4, 8}, new float[] {2, 6},
                new float[] {3, 7});
        List<NativeTensor> outputs = run("viewsOfAResult", tensor(new float[] {1, 2, 4, 8}, 1, 4));
        float[][] close = {{1, 4, 2, 8}, {1, 2, 4, 8}};
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(close[i], outputs.get(i).toFloatArray(), 1e-5f);
        }
    }

    @Test
    void bitsAreSeenAsAnotherType() {
        NativeTensor y = NativeTensor.allocate(arena, DType.I32, 2);
        y.copyFrom(new int[] {0x40490fdb, 0x80000000});
        List<NativeTensor> outputs = run("bits", tensor(new float[] {1, -0f}, 2), y);
        assertArrayEquals(new int[] {0x3f800000, 0x80000000}, outputs.get(0).toIntArray());
        assertArrayEquals(new float[] {(float) Math.PI, -0f}, outputs.get(1).toFloatArray());
    }

    @Test
    void emptyTensorsAndSingleValuesHaveViewsToo() {
        NativeTensor empty = NativeTensor.allocate(arena, DType.F32, 0, 4);
        List<NativeTensor> views = run("views", empty);
        assertEquals(List.of("f32[0, 4]", "f32[4, 0]", "f32[0]", "f32[1, 0]"), views.stream().map(NativeTensor::type).toList());
        assertOutputs(run("single", tensor(new float[] {3}, new long[0])), new float[] {3, 3, 3, 3, 3, 3});
        assertEquals("f32[0]", run("twice", NativeTensor.allocate(arena, DType.F32, 0)).getFirst().type());
    }

    @Test
    void inputsMayBeStridedOrLieAtAnyElement() {
        MemorySegment memory = arena.allocate(64, 64);
        NativeTensor shifted = NativeTensor.wrap(memory.asSlice(4, 12), DType.F32, 3);
        shifted.copyFrom(new float[] {1, 2, 3});
        NativeTensor reversed = NativeTensor.wrapStrided(memory.asSlice(20), DType.F32, new long[] {3}, new long[] {3});
        reversed.copyFrom(new float[] {10, 20, 30});
        assertOutputs(run("sum", shifted, reversed), new float[] {11, 22, 33});
        NativeTensor one = tensor(new float[] {5}, 1);
        NativeTensor repeated = NativeTensor.wrapStrided(one.segment(), DType.F32, new long[] {3}, new long[] {0});
        assertOutputs(run("sum", shifted, repeated), new float[] {6, 7, 8});
        assertOutputs(run("sum", shifted, shifted), new float[] {2, 4, 6});
        NativeTensor output = NativeTensor.wrap(memory.asSlice(52, 12), DType.F32, 3);
        model.call("sum", List.of(shifted, shifted), List.of(output));
        assertArrayEquals(new float[] {2, 4, 6}, output.toFloatArray());
    }

    @Test
    void outputsOverlapNothing() {
        NativeTensor memory = tensor(new float[] {1, 2, 3, 4, 5, 6}, 6);
        NativeTensor x = NativeTensor.wrap(memory.segment().asSlice(0, 12), DType.F32, 3);
        NativeTensor behind = NativeTensor.wrap(memory.segment().asSlice(12, 12), DType.F32, 3);
        NativeTensor across = NativeTensor.wrap(memory.segment().asSlice(8, 12), DType.F32, 3);
        assertEquals("a.Aliases.sum: output 0 'output' must be f32[n] but is f32[3]: its memory overlaps that of input 0 'x'",
                assertThrows(ToroidException.class, () -> model.call("sum", List.of(x, x), List.of(x))).getMessage());
        assertEquals("a.Aliases.sum: output 0 'output' must be f32[n] but is f32[3]: its memory overlaps that of input 0 'x'",
                assertThrows(ToroidException.class, () -> model.call("sum", List.of(x, x), List.of(across))).getMessage());
        assertEquals("a.Aliases.twice: output 1 'second' must be f32[n] but is f32[3]: its memory overlaps that of output 0 'first'",
                assertThrows(ToroidException.class, () -> model.call("twice", List.of(x), List.of(behind, behind))).getMessage());
        model.call("sum", List.of(x, x), List.of(behind));
        assertArrayEquals(new float[] {1, 2, 3, 2, 4, 6}, memory.toFloatArray());
    }
}
