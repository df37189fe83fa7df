package io.toroid.shape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ShapeTest {
    private final ShapeEnvironment environment = new ShapeEnvironment();
    private final Symbol batch = environment.declare("batch", Range.of(1, 1024));
    private final Symbol tokens = environment.declare("tokens", Range.of(1, 512));

    private Shape shape(String text) {
        return Shape.parse(text, environment::symbol);
    }

    @Test
    void printsAndParses() {
        assertEquals("[batch, 64]", Shape.of(batch, Size.of(64)).toString());
        assertEquals(Shape.of(batch, Size.of(64)), shape("[ batch,64 ]"));
        assertEquals("[2*batch, min(tokens, 8), 1]", shape("[2*batch, min(tokens, 8), 1]").toString());
        assertEquals(Shape.SCALAR, shape("[]"));
        assertEquals("[]", Shape.of(new long[0]).toString());
        assertEquals("shape 'batch, 64': sizes in brackets are expected, such as [batch, 64]",
                assertThrows(IllegalArgumentException.class, () -> shape("batch, 64")).getMessage());
    }

    @Test
    void countsElementsAndStrides() {
        assertEquals(batch.times(640), shape("[batch, 10, 64]").numel());
        assertEquals(List.of(Size.of(640), Size.of(64), Size.ONE), shape("[batch, 10, 64]").contiguousStrides());
        assertEquals(List.of(tokens.times(64), Size.of(64), Size.ONE), shape("[batch, tokens, 64]").contiguousStrides());
        assertEquals(Size.ONE, Shape.SCALAR.numel());
        assertEquals(List.of(), Shape.SCALAR.contiguousStrides());
    }

    @Test
    void takesAxesFromBothEnds() {
        Shape shape = shape("[batch, 64]");
        assertEquals(batch, shape.get(0));
        assertEquals(Size.of(64), shape.get(-1));
        assertEquals(1, shape.axis(-1));
        assertEquals("axis 2 of the shape [batch, 64], whose axes are -2 to 1",
                assertThrows(IndexOutOfBoundsException.class, () -> shape.get(2)).getMessage());
        assertEquals("axis 0 of a scalar, which has no axes",
                assertThrows(IndexOutOfBoundsException.class, () -> Shape.SCALAR.get(0)).getMessage());
        assertEquals(shape("[batch, 32]"), shape.with(-1, Size.of(32)));
        assertEquals(shape("[64]"), shape.without(0));
    }

    @Test
    void becomesNumbers() {
        assertFalse(shape("[batch, 64]").isStatic());
        assertTrue(Shape.of(3, 4).isStatic());
        assertArrayEquals(new long[] {3, 4}, Shape.of(3, 4).toArray());
        assertArrayEquals(new long[] {14, 64}, shape("[2*batch, 64]").evaluate(_ -> 7));
        assertEquals(Shape.of(6, 64), shape("[2*batch, 64]").substitute(Map.of(batch, Size.of(3))));
        assertEquals("the size batch is not a constant",
                assertThrows(IllegalStateException.class, () -> shape("[batch, 64]").toArray()).getMessage());
        assertEquals(Optional.of(environment), shape("[64, batch]").environment());
        assertEquals(Optional.empty(), Shape.of(3).environment());
    }

    @Test
    void broadcastsOnesAndEqualSizes() {
        assertEquals(Shape.of(4, 5), Shape.broadcast(Shape.of(4, 1), Shape.of(5)));
        assertEquals(shape("[batch, 64]"), Shape.broadcast(shape("[batch, 64]"), Shape.of(64)));
        assertEquals(shape("[batch, 64]"), Shape.broadcast(Shape.of(1, 64), shape("[batch, 1]")));
        assertEquals(shape("[tokens, batch]"), Shape.broadcast(Shape.SCALAR, shape("[tokens, batch]")));
        assertEquals(List.of(), environment.checks());
    }

    @Test
    void assumesThatTwoDynamicSizesAreEqualAndRecordsIt() {
        assertEquals(shape("[batch, 64]"),
                Shape.broadcast(shape("[batch, 64]"), shape("[tokens, 64]"), "aten.add", "Model.java:7"));
        assertEquals(List.of(new Check(batch, Relation.EQUAL, tokens, "aten.add", "Model.java:7")), environment.checks());
    }

    @Test
    void refusesSizesThatDifferOrWouldPinADimension() {
        assertEquals("the shapes [4, 3] and [4, 5] do not broadcast: at axis -1 the sizes are 3 and 5",
                assertThrows(ShapeException.class, () -> Shape.broadcast(Shape.of(4, 3), Shape.of(4, 5))).getMessage());
        assertEquals("the shapes [batch, 64] and [2000, 64] do not broadcast: at axis -2 the sizes are batch and 2000",
                assertThrows(ShapeException.class, () -> Shape.broadcast(shape("[batch, 64]"), Shape.of(2000, 64))).getMessage());
        assertEquals("the shapes [batch, 64] and [8, 64] do not broadcast: at axis -2 the sizes are batch and 8, "
                        + "equal for one value only of the dynamic dimension batch (1 to 1024)",
                assertThrows(ShapeException.class, () -> Shape.broadcast(shape("[batch, 64]"), Shape.of(8, 64))).getMessage());
        assertEquals(List.of(), environment.checks());
    }
}
