package io.toroid.processor.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class IdentifiersTest {

    static Stream<String> functions() {
        return Stream.concat(
                Stream.of(UnaryOperation.values()).map(UnaryOperation::function),
                Stream.of(BinaryOperation.values()).filter(operation -> !operation.isInfix()).map(BinaryOperation::text));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void functionsOfScalarsAreTaken(String function) {
        assertTrue(Identifiers.isTaken(function));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "class", "x", "t17", "kLanes", "Vec", "w_packed", "w_packed_2", "w_panels", "w_panels_2", "w_panels_body", "w_panels_2_if_true_1",
        "x_channels_last", "x_channels_last_if_false_3", "x_acc", "x_row_1", "batch_dim", "arena_of_body"})
    void whatGeneratedCodeUsesIsTaken(String name) {
        assertTrue(Identifiers.isTaken(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pixels", "batch", "if_true", "t", "tokens", "channels_last", "panels_of_x", "row_ids", "sort_lines"})
    void ordinaryNamesAreKept(String name) {
        assertEquals(name.length() == 1, Identifiers.isTaken(name));
    }

    @Test
    void buffersKeepTheirNamesOrGetAnother() {
        BufferNames names = new BufferNames(Set.of("batch"));
        assertEquals(List.of("pixels", "pixels_1", "batch_1", "exp_", "layer_0_weight", "x_2nd"),
                Stream.of("pixels", "pixels", "batch", "exp", "layer.0.weight", "2nd").map(names::unique).toList());
        assertFalse(Identifiers.isTaken(names.unique("w_panels_body")));
    }
}
