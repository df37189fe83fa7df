package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class NestedArraysTest {
    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("f32[]", 1.5f),
                Arguments.of("f64[]", -2.5),
                Arguments.of("i64[]", 1L << 40),
                Arguments.of("i32[]", -7),
                Arguments.of("bool[]", true),
                Arguments.of("bf16[]", 1.5f),
                Arguments.of("u8[]", (byte) -1),
                Arguments.of("i16[]", (short) -300),
                Arguments.of("f16[n, 2]", new float[][] {{0.5f, 2}, {3, 65504}}),
                Arguments.of("i8[2, 1]", new byte[][] {{-128}, {127}}),
                Arguments.of("i16[3]", new short[] {1, 2, 3}),
                Arguments.of("f32[3]", new float[] {1, 2, 3}),
                Arguments.of("f64[n, 2]", new double[][] {{1, 2}, {3, 4}, {5, 6}}),
                Arguments.of("i64[1, 2, 2]", new long[][][] {{{1, 2}, {3, 4}}}),
                Arguments.of("i32[2, 1, 2, 1]", new int[][][][] {{{{1}, {2}}}, {{{3}, {4}}}}),
                Arguments.of("bool[2, 2]", new boolean[][] {{true, false}, {false, true}}),
                Arguments.of("f32[2, 1, 2, 2]", new float[][][][] {{{{1, 2}, {3, 4}}}, {{{5, 6}, {7, 8}}}}),
                Arguments.of("f32[0]", new float[0]),
                Arguments.of("i64[2, 0]", new long[2][0]));
    }

    @ParameterizedTest
    @MethodSource("values")
    void thereAndBack(String type, Object values) {
        try (Arena arena = Arena.ofConfined()) {
            NativeTensor tensor = NestedArrays.toTensor(arena, TensorInfo.parse("x", type), values);
            assertArrayEquals(new Object[] {values}, new Object[] {NestedArrays.toArray(tensor)});
        }
    }

    @Test
    void rowMajorOrder() {
        try (Arena arena = Arena.ofConfined()) {
            NativeTensor tensor = NestedArrays.toTensor(
                    arena, TensorInfo.parse("x", "i32[a, b, c]"), new int[][][] {{{1, 2}, {3, 4}, {5, 6}}, {{7, 8}, {9, 10}, {11, 12}}});
            assertArrayEquals(new long[] {2, 3, 2}, tensor.shape());
            assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, tensor.toIntArray());
        }
    }

    @Test
    void sizesBelowAnEmptyAxisAreTheDeclaredOnes() {
        try (Arena arena = Arena.ofConfined()) {
            assertEquals("f32[0, 64]", NestedArrays.toTensor(arena, TensorInfo.parse("x", "f32[n, 64]"), new float[0][]).type());
            assertEquals("f32[0, 0]", NestedArrays.toTensor(arena, TensorInfo.parse("x", "f32[n, m]"), new float[0][]).type());
        }
    }

    @Test
    void raggedRowsAreNamed() {
        refused("x[1] has 3 elements, and x[0] has 2: all rows must have the same length; x is f32[n, m]", "f32[n, m]", new float[][] {{1, 2}, {1, 2, 3}});
        refused(
                "x[1][2] has 1 elements, and x[0][0] has 2: all rows must have the same length; x is i64[a, b, c]", "i64[a, b, c]",
                new long[][][] {{{1, 2}, {1, 2}, {1, 2}}, {{1, 2}, {1, 2}, {1}}});
        refused(
                "x[1] has 1 elements, and x[0] has 2: all rows must have the same length; x is i64[a, b, c]", "i64[a, b, c]",
                new long[][][] {{{1, 2}, {1, 2}}, {{1, 2}}});
        refused("x[0][1] is null; x is bool[a, b, c]", "bool[a, b, c]", new boolean[][][] {{{true}, null}});
        refused("x[1] has 1 elements, and x[0] has 0: all rows must have the same length; x is f32[n, m]", "f32[n, m]", new float[][] {{}, {1}});
        refused("x[0] is null; x is f32[n, m]", "f32[n, m]", new float[][] {null, {}});
    }

    @Test
    void otherTypesAreRefused() {
        refused("x: f32[n, 3] must be float[][], not double[][]", "f32[n, 3]", new double[1][3]);
        refused("x: f32[n, 3] must be float[][], not float[]", "f32[n, 3]", new float[3]);
        refused("x: i64[] must be long, not Integer", "i64[]", 3);
        refused("x: f32[n, 3] must be float[][], not null", "f32[n, 3]", null);
    }

    private static void refused(String message, String type, Object values) {
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(
                    message,
                    assertThrows(IllegalArgumentException.class, () -> NestedArrays.toTensor(arena, TensorInfo.parse("x", type), values))
                            .getMessage());
        }
    }
}
