package io.toroid.processor.toolchain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which models of a running JVM stay on the disk. */
@Tag("unit")
class ModelDirectoriesTest {

    @TempDir
    private Path cache;

    private ModelDirectories directories;
    private int made;

    @BeforeEach
    void find() {
        directories = ModelDirectories.find(Optional.of(cache), Map.of());
    }

    private Path get(String model) throws IOException {
        return directories.get(List.of(model), Optional.empty(), () -> {
            made++;
            return Map.of("META-INF/file", model.getBytes());
        }).directory();
    }

    private static void age(Path model, int minutes) throws IOException {
        Files.setLastModifiedTime(model, FileTime.from(Instant.now().minus(Duration.ofMinutes(minutes))));
    }

    private List<Path> present() throws IOException {
        try (Stream<Path> models = Files.list(cache.resolve("models"))) {
            return models.sorted().toList();
        }
    }

    @Test
    void whatIsThereIsNotMadeAgain() throws IOException {
        Path first = get("a");
        assertArrayEquals("a".getBytes(), Files.readAllBytes(first.resolve("META-INF/file")));
        assertEquals(first, get("a"));
        assertEquals(1, made);
    }

    @Test
    void theEightThatWereUsedLastAreKept() throws IOException {
        List<Path> models = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            models.add(get("old " + i));
        }
        for (int i = 0; i < 12; i++) {
            age(models.get(i), 60 - i);
        }
        assertEquals(models.getFirst(), get("old 0"));
        Path fresh = get("new");
        List<Path> kept = new ArrayList<>(List.of(fresh, models.getFirst()));
        kept.addAll(models.subList(6, 12));
        assertEquals(kept.stream().sorted().toList(), present());
        assertEquals(13, made);
        assertEquals(models.get(3), get("old 3"));
        assertEquals(14, made);
    }

    @Test
    void whatSomebodyMayBeAboutToLoadIsKept() throws IOException {
        List<Path> models = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            models.add(get("model " + i));
        }
        assertEquals(models.stream().sorted().toList(), present());
        age(models.get(0), 2);
        age(models.get(1), 3);
        assertEquals(models.get(1), get("model 1"));
        get("one more");
        assertFalse(Files.exists(models.get(0)));
        assertTrue(Files.isRegularFile(models.get(1).resolve("META-INF/file")));
        assertEquals(20, present().size());
    }
}
