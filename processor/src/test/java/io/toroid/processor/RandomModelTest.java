package io.toroid.processor;

import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCase;
import io.toroid.processor.compiled.RandomCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random models compiled give what the interpreter gives. A failing one is printed as Java with its seed;
 * {@code -Dtoroid.random=1000} tries more of them, {@code -Dtoroid.random.first=17} begins at another seed.
 */
@Tag("native")
class RandomModelTest {

    @TempDir
    static Path directory;

    private static final List<NativeModel> LOADED = new ArrayList<>();

    @AfterAll
    static void close() {
        LOADED.forEach(NativeModel::close);
    }

    @TestFactory
    Stream<DynamicTest> compiledEqualsEager() {
        long first = Long.getLong("toroid.random.first", 1);
        List<GraphCase> cases = LongStream.range(first, first + Long.getLong("toroid.random", 25)).mapToObj(RandomCase::of).toList();
        Batch batch = new Batch("io.toroid.test.Random", cases);
        NativeModel model = NativeModel.of(batch, directory, /* threads= */ 2);
        LOADED.add(model);
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            int index = i;
            for (Map<String, Long> sizes : cases.get(i).runs()) {
                tests.add(DynamicTest.dynamicTest(cases.get(i) + NativeModel.describe(sizes),
                        () -> check(batch, model, index, first + index, sizes)));
            }
        }
        return tests.stream();
    }

    private static void check(Batch batch, NativeModel model, int index, long seed, Map<String, Long> sizes) {
        try {
            CompiledEqualsEagerTest.check(batch, model, index, sizes);
        } catch (RuntimeException | AssertionError problem) {
            throw new AssertionError("%s%nfor %s in%n%s".formatted(problem.getMessage(), sizes, RandomCase.source(seed)), problem);
        }
    }
}
