package io.toroid.processor.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class DiagnosticTest {

    @Test
    void codesAreUniqueAndRise() {
        List<String> codes = Arrays.stream(Diagnostic.values()).map(Diagnostic::code).toList();
        assertEquals(codes.size(), Set.copyOf(codes).size());
        assertEquals(codes.stream().sorted().toList(), codes);
        codes.forEach(code -> assertTrue(code.matches("TOROID-(\\d{3}|INTERNAL)"), code));
    }

    @Test
    void argumentsFillTextAndHint() {
        assertEquals("[TOROID-211] the dimension batch cannot be: min > max; exchange them",
                Diagnostic.DIM_RANGE.message("batch", "min > max", "exchange them"));
        assertEquals("[TOROID-301] add: 100% wrong", Diagnostic.TRACE_SHAPE.message("add: 100% wrong"));
    }

    @Test
    void theNearestNameIsSuggestedIfItIsNear() {
        Set<String> known = new HashSet<>(List.of("batch", "tokens", "hidden.weight", "hidden.bias"));
        assertEquals(Optional.of("batch"), Suggestion.nearest("btach", known));
        assertEquals(Optional.of("tokens"), Suggestion.nearest("Token", known));
        assertEquals(Optional.of("hidden.weight"), Suggestion.nearest("hiden.weigth", known));
        assertEquals(Optional.empty(), Suggestion.nearest("channels", known));
        assertEquals(Optional.empty(), Suggestion.nearest("x", known));
    }

    @Test
    void distanceCountsEdits() {
        assertEquals(0, Suggestion.distance("same", "SAME"));
        assertEquals(3, Suggestion.distance("kitten", "sitting"));
        assertEquals(4, Suggestion.distance("", "four"));
    }
}
