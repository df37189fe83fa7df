package io.toroid.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class RangeTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "1 to 1024", "-3 to 4", "at least 0", "at most 7", "12", "-12", "any", "8 to 512, a multiple of 8", "at least 1, a multiple of 3"})
    void aRangeReadsBack(String text) {
        assertEquals(text, Range.parse(text).toString());
    }

    @Test
    void theEndsAreThoseOfTheText() {
        assertEquals(new Range(8, 512, 8), Range.parse("8 to 512, a multiple of 8"));
        assertEquals(Range.atLeast(3), Range.parse("at least 3"));
        assertEquals(Range.exactly(5), Range.parse("5"));
        assertEquals(Range.ANY, Range.parse("any"));
    }

    @Test
    void whatIsNoRangeIsRefused() {
        assertEquals("not a range: \"1 up to 3\"; \"1 to 64\" or \"at least 1, a multiple of 8\" is expected",
                assertThrows(IllegalArgumentException.class, () -> Range.parse("1 up to 3")).getMessage());
    }

    @Test
    void theSmallestNumberIsASize() {
        assertEquals(Size.of(Long.MIN_VALUE), Size.parse("-9223372036854775808", _ -> null));
        assertEquals("size '-9223372036854775809', column 21: the number -9223372036854775809 is too large",
                assertThrows(IllegalArgumentException.class, () -> Size.parse("-9223372036854775809", _ -> null)).getMessage());
    }
}
