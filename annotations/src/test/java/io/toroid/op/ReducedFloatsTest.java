package io.toroid.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class ReducedFloatsTest {

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void everyPatternComesBack(DType dtype) {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = ReducedFloats.value(dtype, (short) bits);
            short back = ReducedFloats.bits(dtype, value);
            assertTrue(Float.isNaN(value) ? Float.isNaN(ReducedFloats.value(dtype, back)) : back == (short) bits,
                    () -> "%s became %s".formatted(value, Integer.toHexString(back)));
        }
    }

    /** Every float next to the middle of two neighbours goes to the nearer one, the middle itself to the even one. */
    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void theNearestNumberIsTaken(DType dtype) {
        int infinity = Short.toUnsignedInt(ReducedFloats.bits(dtype, Float.POSITIVE_INFINITY));
        for (int bits = 0; bits < infinity - 1; bits++) {
            float low = ReducedFloats.value(dtype, (short) bits);
            float high = ReducedFloats.value(dtype, (short) (bits + 1));
            float middle = low / 2 + high / 2;
            assertEquals((bits & 1) == 0 ? low : high, ReducedFloats.round(dtype, middle));
            assertEquals(low, ReducedFloats.round(dtype, Math.nextDown(middle)));
            assertEquals(high, ReducedFloats.round(dtype, Math.nextUp(middle)));
            assertEquals(-high, ReducedFloats.round(dtype, -Math.nextUp(middle)));
        }
    }

    @Test
    void largeNumbersAndNaN() {
        assertEquals(65504, ReducedFloats.round(DType.F16, 65519));
        assertEquals(Float.POSITIVE_INFINITY, ReducedFloats.round(DType.F16, 65520));
        assertEquals(Float.NEGATIVE_INFINITY, ReducedFloats.round(DType.BF16, -Float.MAX_VALUE));
        assertEquals((short) 0x7fc0, ReducedFloats.bits(DType.BF16, Float.intBitsToFloat(0x7f800001)));
        assertEquals("f32 is not f16 or bf16",
                assertThrows(IllegalArgumentException.class, () -> ReducedFloats.bits(DType.F32, 1)).getMessage());
    }
}
