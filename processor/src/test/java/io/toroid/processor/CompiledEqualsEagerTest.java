package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.toroid.TensorException;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.op.TensorData;
import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCase;
import io.toroid.processor.compiled.GraphCases;
import io.toroid.processor.conformance.Agreement;
import io.toroid.processor.conformance.Tolerance;
import io.toroid.processor.graph.EntryGraph;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.pass.GraphPasses;
import io.toroid.processor.loop.lower.Lower;
import io.toroid.processor.model.TracedEntry;
import io.toroid.runtime.ToroidException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small graphs through the whole compiler: the library gives what the interpreter gives. All graphs of a family are the
 * entries of one model, so that a few runs of the C++ compiler serve hundreds of cases.
 */
@Tag("native")
class CompiledEqualsEagerTest {

    @TempDir
    static Path directory;

    private static final List<NativeModel> LOADED = new ArrayList<>();

    @AfterAll
    static void close() {
        LOADED.forEach(NativeModel::close);
    }

    @TestFactory
    Stream<DynamicTest> compiledEqualsEager() {
        String wanted = System.getProperty("toroid.test.cases", "");
        List<GraphCase> cases = GraphCases.all().stream().filter(graphCase -> graphCase.name().matches(wanted + ".*")).toList();
        Batch batch = new Batch("io.toroid.test.Cases", cases);
        NativeModel model = NativeModel.of(batch, directory, /* threads= */ 3);
        LOADED.add(model);
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            int index = i;
            for (Map<String, Long> sizes : cases.get(i).runs()) {
                tests.add(DynamicTest.dynamicTest(
                        cases.get(i) + NativeModel.describe(sizes), () -> check(batch, model, index, sizes)));
            }
        }
        return tests.stream();
    }

    @Test
    void everyOperatorHasACaseAndBecomesLoops() {
        Batch batch = new Batch("io.toroid.test.Cases", GraphCases.all());
        Set<String> traced = new TreeSet<>();
        Set<String> left = new TreeSet<>();
        for (TracedEntry entry : batch.model().entries()) {
            Graph graph = new Graph(entry.name(), entry.inputs(), entry.outputs(), batch.model().parameters());
            graph.calls().forEach(call -> traced.add(call.operator().name()));
            GraphPasses.run(EntryGraph.of(entry, batch.model()).graph()).calls().stream()
                    .map(Call::operator).filter(operator -> operator.custom().isEmpty()).forEach(operator -> left.add(operator.name()));
        }
        Set<String> missing = Operators.all().stream().map(Operator::name).collect(Collectors.toCollection(TreeSet::new));
        missing.removeAll(traced);
        assertEquals(Set.of(), missing);
        left.removeAll(Lower.operators());
        assertEquals(Set.of(), left);
    }

    static void check(Batch batch, NativeModel model, int index, Map<String, Long> sizes) {
        GraphCase graphCase = batch.cases().get(index);
        List<TensorData> inputs = batch.inputs(index, sizes);
        if (graphCase.failure() != null) {
            if (!graphCase.isRefused()) {
                assertThrows(TensorException.class, () -> batch.expected(index, inputs));
            }
            String message = assertThrows(ToroidException.class, () -> model.run(index, inputs)).getMessage();
            assertTrue(message.contains(graphCase.failure()), message);
            return;
        }
        List<TensorData> expected = batch.expected(index, inputs);
        compare(graphCase, expected, model.run(index, inputs, expected, NativeModel.Inputs.CONTIGUOUS), "");
        compare(graphCase, expected, model.run(index, inputs, expected, NativeModel.Inputs.STRIDED), " of strided inputs");
    }

    private static void compare(GraphCase graphCase, List<TensorData> expected, List<TensorData> actual, String what) {
        assertEquals(expected.size(), actual.size());
        for (int output = 0; output < expected.size(); output++) {
            String place = "output %d%s: ".formatted(output, what);
            Agreement.difference(expected.get(output), actual.get(output), Tolerance.of(expected.get(output).dtype()).times(graphCase.slack()))
                    .ifPresent(difference -> fail(place + difference));
        }
    }
}
