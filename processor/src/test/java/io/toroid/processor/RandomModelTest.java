package io.toroid.processor;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random models compiled give what the interpreter gives, for two choices of their dynamic sizes, whether inputs are contiguous or not. A
 * failing one is printed as Java with its seed; {@code -Dtoroid.random=1000} tries more of them, {@code -Dtoroid.random.first=17} begins at
 * another seed. If the JVM dies, {@code target/random-models-17.txt} names the model that ran. Last it prints how often each operator was called.
 */
@Tag("native")
class RandomModelTest {

    /** Models of a library. */
    private static final int MODELS = 100;

    private static final long FIRST = Long.getLong("toroid.random.first", 1);

    private static final long END = FIRST + Long.getLong("toroid.random", 25);

    @TempDir
    static Path directory;

    private static RandomLibrary library;

    @AfterAll
    static void printCoverage() {
        System.out.println(library.coverage());
    }

    @TestFactory
    Stream<DynamicTest> compiledEqualsEager() {
        library = new RandomLibrary(directory, Path.of(System.getProperty("basedir", "."), "target", "random-models-%d.txt".formatted(FIRST)));
        return LongStream.iterate(FIRST, first -> first < END, first -> first + MODELS).mapToObj(first -> {
            List<Long> seeds = LongStream.range(first, Math.min(END, first + MODELS)).boxed().toList();
            return DynamicTest.dynamicTest("seeds %d to %d".formatted(first, seeds.getLast()), () -> check(seeds));
        });
    }

    private static void check(List<Long> seeds) {
        Assertions.assertAll(library.run(seeds).stream().<Executable>map(problem -> () -> {
            throw problem;
        }));
    }
}
