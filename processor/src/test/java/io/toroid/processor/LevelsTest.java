package io.toroid.processor;

import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCases;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Small graphs through the compiler, without the native build: what each stage makes is well-formed. */
@Tag("unit")
class LevelsTest {

    @TestFactory
    Stream<DynamicTest> everyLevelIsWellFormed() {
        return GraphCases.all().stream().map(graphCase -> DynamicTest.dynamicTest(graphCase.name(), () ->
                Pipeline.generate(new Batch("io.toroid.test.Case", List.of(graphCase)).model(), new VerifyingObserver())));
    }
}
