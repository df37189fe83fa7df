package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Here the compiler is not on the class path. */
@Tag("unit")
class DynamicModelTest {

    @Test
    void aMissingCompilerIsSaidWithWhereToGetIt() {
        assertEquals("java.lang.Object cannot be compiled, because Toroid's compiler is missing: add the artifact io.toroid:toroid-processor to the class path",
                assertThrows(ToroidException.class, () -> DynamicModel.compile(new Object())).getMessage());
    }
}
