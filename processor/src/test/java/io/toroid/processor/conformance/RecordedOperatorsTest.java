package io.toroid.processor.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.op.Operator;
import io.toroid.op.Operators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of every operator there are recorded calls, or a test says what stands for them. */
@Tag("unit")
class RecordedOperatorsTest {

    /** Operators of which nothing is recorded; other tests cover them. */
    private static final Set<String> NOT_RECORDED = new TreeSet<>(Set.of(
            "aten._local_scalar_dense.default", "aten.all.default", "aten.all.dim", "aten.frac.default", "aten.linear.default", "aten.max.default", "aten.min.default", "aten.replication_pad1d.default",
            "aten.scaled_dot_product_attention.default", "aten.squeeze.default", "aten.sum.default", "aten.t.default",
            "aten.transpose.int", "aten.view.dtype"));

    private static final Path BASE = Path.of(System.getProperty("basedir", "."));

    private static List<RecordedCall> calls() throws IOException {
        return Recordings.read(BASE.resolve("src/test/resources/conformance"));
    }

    @Test
    void callsOfEveryOperatorAreRecorded() throws IOException {
        Set<String> missing = Operators.all().stream().map(Operator::name).filter(name -> name.startsWith("aten."))
                .collect(Collectors.toCollection(TreeSet::new));
        calls().forEach(call -> missing.remove(call.overload()));
        assertEquals(NOT_RECORDED, missing);
    }

    /** PyTorch's core set: what every backend of it must have. We have it, or docs/conformance.md says why not. */
    @Test
    void coreOperatorsAreThereOrExplained() throws IOException {
        Set<String> core = new TreeSet<>(Files.readAllLines(BASE.resolve("src/test/resources/conformance/core-aten.txt")));
        assertEquals(193, core.size());
        Operators.all().forEach(operator -> core.remove(operator.name()));
        assertEquals(KnownDifferences.read(BASE.resolve("../docs/conformance.md")).missing(), core);
    }
}
