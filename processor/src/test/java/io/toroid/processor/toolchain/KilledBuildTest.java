package io.toroid.processor.toolchain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build in another process is killed at several moments; what it left in the cache must not harm the next build. */
@Tag("native")
class KilledBuildTest {
    private static final int UNITS = 6;

    @TempDir
    Path directory;

    /** What the killed process runs; it says when it is ready to be killed. */
    static final class Victim {
        private Victim() {
        }

        public static void main(String[] arguments) throws Exception {
            Files.createFile(Path.of(arguments[1]));
            build(Path.of(arguments[0])).build(request());
        }
    }

    private static NativeBuild build(Path cache) throws ToolchainException {
        return new NativeBuild(CppCompiler.find(Optional.empty(), System.getenv()), ArtifactCache.at(cache), 2);
    }

    private static LibraryRequest request() {
        List<TranslationUnit> units = IntStream.range(0, UNITS).mapToObj(i -> new TranslationUnit("unit_" + i, """
                #include <toroid/vec.h>
                extern "C" __attribute__((visibility("default"))) int unit_%d() { return %d; }
                """.formatted(i, i), /* isHot= */ true)).toList();
        return new LibraryRequest("Killed", Isa.X86_64_V3, units, "{ global: unit_*; local: *; };\n");
    }

    @Test
    void leavesNothingThatALaterBuildAccepts() throws Exception {
        byte[] expected = build(directory.resolve("other")).build(request());
        Path cache = directory.resolve("cache");
        int interrupted = 0;
        for (int delay : new int[] {0, 120, 300, 450}) {
            Path ready = directory.resolve("ready" + delay);
            Process victim = start(cache, ready);
            while (!Files.exists(ready) && victim.isAlive()) {
                Thread.sleep(5);
            }
            victim.waitFor(delay, TimeUnit.MILLISECONDS);
            interrupted += victim.isAlive() ? 1 : 0;
            List<ProcessHandle> compilers = victim.descendants().toList();
            victim.destroyForcibly().waitFor();
            compilers.forEach(ProcessHandle::destroyForcibly);
        }
        assertTrue(interrupted > 0, "every build had ended before it was killed");
        NativeBuild afterwards = build(cache);
        assertArrayEquals(expected, afterwards.build(request()));
        BuildStatistics statistics = afterwards.statistics();
        assertEquals(UNITS, statistics.compiled() + statistics.reusedObjects() + UNITS * statistics.reusedLibraries());
    }

    private Process start(Path cache, Path ready) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
                "-Djava.io.tmpdir=" + temporary, Victim.class.getName(), cache.toString(), ready.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }
}
