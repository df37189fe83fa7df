package io.toroid.examples.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a build writes depends on its sources alone, and what has not changed is not built again. */
@Tag("native")
class BuildTest {
    private static final String ONE_VARIANT = "-Atoroid.isa=x86-64-v3";

    @TempDir
    Path directory;

    @Test
    void twoBuildsGiveTheSameBytes() throws IOException {
        Javac first = new Javac(directory.resolve("a"), directory.resolve("cache-a")).model("DigitsMlp").model("DigitsCnn");
        Javac second = new Javac(directory.resolve("somewhere/else"), directory.resolve("cache-b")).model("DigitsMlp").model("DigitsCnn");
        assertTrue(first.compile() > 0);
        assertTrue(second.compile("-Atoroid.jobs=1") > 0);
        SequencedMap<String, byte[]> expected = first.outputs();
        SequencedMap<String, byte[]> actual = second.outputs();
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
        assertTrue(expected.keySet().containsAll(List.of(
                "classes/META-INF/toroid/io.toroid.examples.digits.DigitsCnn/x86-64-v3.so",
                "classes/META-INF/toroid/io.toroid.examples.digits.DigitsCnn/x86-64-v4.so",
                "classes/META-INF/toroid/io.toroid.examples.digits.DigitsMlp/constants.bin",
                "classes/META-INF/toroid/io.toroid.examples.digits.DigitsMlp/manifest.properties",
                "generated/io/toroid/examples/digits/CompiledDigitsMlp.java",
                "generated/toroid/io.toroid.examples.digits.DigitsCnn/wrapper.cpp")), expected.keySet()::toString);
        expected.forEach((name, bytes) -> assertArrayEquals(bytes, actual.get(name), name));
    }

    @Test
    void anUnchangedModelCostsNoWorkAndAnEditedOneLittle() throws IOException {
        Path cache = directory.resolve("cache");
        int clean = new Javac(directory.resolve("clean"), cache).model("DigitsMlp").compile(ONE_VARIANT);
        assertEquals(0, new Javac(directory.resolve("again"), cache).model("DigitsMlp").compile(ONE_VARIANT));
        String edited = Javac.source("DigitsMlp").replace(".gelu()", ".silu()");
        int after = new Javac(directory.resolve("edited"), cache).model("DigitsMlp", edited).compile(ONE_VARIANT);
        assertTrue(after >= 2 && after <= clean / 2 + 1, "clean %d, edited %d".formatted(clean, after));
    }
}
