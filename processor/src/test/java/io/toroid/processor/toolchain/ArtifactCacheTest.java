package io.toroid.processor.toolchain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class ArtifactCacheTest {
    private static final String KEY = "ab" + "0".repeat(62);

    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path file() {
        return directory.resolve("ab").resolve("0".repeat(62));
    }

    @Test
    void givesBackWhatWasPut() {
        ArtifactCache cache = ArtifactCache.at(directory);
        assertTrue(cache.get(KEY).isEmpty());
        cache.put(KEY, bytes("object"));
        assertArrayEquals(bytes("object"), cache.get(KEY).orElseThrow());
        assertArrayEquals(bytes("object"), ArtifactCache.at(directory).get(KEY).orElseThrow());
        cache.put(KEY, new byte[0]);
        assertArrayEquals(new byte[0], cache.get(KEY).orElseThrow());
    }

    @Test
    void deletesAnEntryThatIsCutShortOrChanged() throws IOException {
        ArtifactCache cache = ArtifactCache.at(directory);
        cache.put(KEY, bytes("object"));
        byte[] intact = Files.readAllBytes(file());
        for (int length : new int[] {0, 10, 70, intact.length - 1}) {
            Files.write(file(), Arrays.copyOf(intact, length));
            assertTrue(cache.get(KEY).isEmpty(), "accepted with " + length + " bytes");
            assertFalse(Files.exists(file()));
        }
        intact[intact.length - 1] ^= 1;
        Files.write(file(), intact);
        assertTrue(cache.get(KEY).isEmpty());
        cache.put(KEY, bytes("object"));
        assertArrayEquals(bytes("object"), cache.get(KEY).orElseThrow());
    }

    @Test
    void dropsTheLeastRecentlyUsedBeyondItsLimit() throws IOException {
        ArtifactCache cache = ArtifactCache.at(directory, 500);
        List<String> keys = Stream.of("a", "b", "c").map(letter -> letter.repeat(64)).toList();
        for (int i = 0; i < 3; i++) {
            cache.put(keys.get(i), new byte[100]);
            age(keys.get(i), Duration.ofMinutes(10 - i));
        }
        assertTrue(cache.get(keys.get(0)).isPresent());
        cache.trim();
        assertTrue(cache.get(keys.get(0)).isPresent());
        assertTrue(cache.get(keys.get(1)).isEmpty());
        assertTrue(cache.get(keys.get(2)).isPresent());
    }

    @Test
    void removesWhatKilledBuildsLeft() throws IOException {
        ArtifactCache cache = ArtifactCache.at(directory);
        cache.put(KEY, bytes("object"));
        Path abandoned = Files.write(directory.resolve("ab/unfinished1.tmp"), bytes("half"));
        Path current = Files.write(directory.resolve("ab/unfinished2.tmp"), bytes("half"));
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        cache.trim();
        assertFalse(Files.exists(abandoned));
        assertTrue(Files.exists(current));
        assertTrue(cache.get(KEY).isPresent());
    }

    private void age(String key, Duration age) throws IOException {
        Path file = directory.resolve(key.substring(0, 2)).resolve(key.substring(2));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    @Test
    void worksWithoutADirectoryThatCanBeUsed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        for (ArtifactCache cache : List.of(ArtifactCache.at(file.resolve("below")), ArtifactCache.at(file), ArtifactCache.none())) {
            cache.put(KEY, bytes("object"));
            assertTrue(cache.get(KEY).isEmpty());
            cache.trim();
        }
        assertEquals(Optional.empty(), ArtifactCache.at(file.resolve("below")).directory());
        assertEquals("in the way", Files.readString(file));
    }

    @Test
    void looksForItsDirectoryInTheOptionThenTheEnvironment() {
        Map<String, String> environment = Map.of("TOROID_CACHE", directory.resolve("named").toString(),
                "XDG_CACHE_HOME", directory.resolve("xdg").toString());
        assertEquals(Optional.of(directory.resolve("option")),
                ArtifactCache.find(Optional.of(directory.resolve("option")), environment).directory());
        assertEquals(Optional.of(directory.resolve("named")), ArtifactCache.find(Optional.empty(), environment).directory());
        assertEquals(Optional.of(directory.resolve("xdg/toroid")), ArtifactCache.find(Optional.empty(),
                Map.of("XDG_CACHE_HOME", directory.resolve("xdg").toString())).directory());
    }

    @Test
    void letsSeveralWritersPutTheSameEntry() throws Exception {
        byte[] content = new byte[100_000];
        try (var executor = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> lengths = IntStream.range(0, 40).mapToObj(i -> executor.submit(() -> {
                ArtifactCache cache = ArtifactCache.at(directory);
                cache.put(KEY, content);
                return cache.get(KEY).map(found -> found.length).orElse(-1);
            })).toList();
            for (Future<Integer> length : lengths) {
                assertEquals(content.length, length.get());
            }
        }
        try (Stream<Path> files = Files.list(directory.resolve("ab"))) {
            assertEquals(1, files.count());
        }
    }

    /** In a container, a user may have no home; Java calls it "?". */
    @Test
    void withoutAHomeNothingIsMadeInTheWorkingDirectory() {
        String home = System.getProperty("user.home");
        try {
            System.setProperty("user.home", "?");
            ArtifactCache cache = ArtifactCache.find(Optional.empty(), Map.of());
            assertTrue(cache.directory().stream().noneMatch(found -> found.startsWith(Path.of("").toAbsolutePath())));
            assertFalse(Files.exists(Path.of("?")));
        } finally {
            System.setProperty("user.home", home);
        }
    }
}
