package io.toroid.runtime.ffi;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class LoadFailureTest {
    private static final List<String> MOUNTS = List.of(
            "overlay / overlay rw,relatime 0 0",
            "tmpfs /tmp tmpfs rw,nosuid,noexec 0 0",
            "tmpfs /tmp/my\\040libraries tmpfs rw,nosuid 0 0",
            "tmpfs /var tmpfs rw 0 0",
            "tmpfs /var tmpfs rw,noexec 0 0");

    @Test
    void theDeepestMountDecides() {
        assertTrue(LoadFailure.isNoexec(MOUNTS, Path.of("/tmp/a.so")));
        assertFalse(LoadFailure.isNoexec(MOUNTS, Path.of("/tmp/my libraries/a.so")));
        assertFalse(LoadFailure.isNoexec(MOUNTS, Path.of("/tmpother/a.so")));
        assertFalse(LoadFailure.isNoexec(List.of(), Path.of("/tmp/a.so")));
    }

    @Test
    void theLatestMountOfAPlaceDecides() {
        assertTrue(LoadFailure.isNoexec(MOUNTS, Path.of("/var/lib/a.so")));
    }
}
