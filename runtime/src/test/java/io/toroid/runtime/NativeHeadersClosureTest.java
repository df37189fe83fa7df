package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Headers are found by following the directives. */
@Tag("unit")
class NativeHeadersClosureTest {
    @Test
    void followsIncludesFromTheSource() {
        Map<String, String> headers = NativeHeaders.includedBy("""
                #include <stdint.h>
                  #  include <toroid/container_exports.h>
                // #include <toroid/none.h>
                """);
        Set<String> expected = Set.of("toroid/container_exports.h", "toroid/abi.h", "toroid/tensor.h");
        assertTrue(headers.keySet().containsAll(expected), headers.keySet().toString());
        assertTrue(headers.get("toroid/abi.h").contains("AOTInductorArrayRefTensor"));
        assertEquals(Map.of(), NativeHeaders.includedBy("#include <stdio.h>\n"));
    }

    @Test
    void namesAHeaderThatDoesNotExist() {
        assertEquals("there is no header <toroid/none.h>", assertThrows(IllegalArgumentException.class,
                () -> NativeHeaders.includedBy("#include <toroid/none.h>")).getMessage());
    }

    @Test
    void exportsTheAbi() {
        assertTrue(NativeHeaders.exports().contains("AOTInductorModelContainerRun;"));
        assertTrue(NativeHeaders.exports().contains("local:"));
    }
}
