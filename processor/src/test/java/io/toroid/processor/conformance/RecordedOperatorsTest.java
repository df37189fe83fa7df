package io.toroid.processor.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.op.Schema;
import io.toroid.op.TensorData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of every operator there are recorded calls, or a test says what stands for them. */
@Tag("unit")
class RecordedOperatorsTest {

    /** Operators of which nothing is recorded; other tests cover them. */
    private static final Set<String> NOT_RECORDED = new TreeSet<>(Set.of(
            "aten._local_scalar_dense.default", "aten._native_batch_norm_legit_no_training.default", "aten.all.default", "aten.all.dim", "aten.div.Scalar_mode",
            "aten.fmod.Scalar", "aten.frac.default", "aten.linear.default", "aten.max.default", "aten.min.default", "aten.replication_pad1d.default",
            "aten.scaled_dot_product_attention.default", "aten.squeeze.default", "aten.sum.default", "aten.t.default",
            "aten.transpose.int", "aten.view.dtype"));

    private static List<RecordedCall> calls() throws IOException {
        return Recordings.read(Path.of(System.getProperty("basedir", ".")).resolve("src/test/resources/conformance"));
    }

    @Test
    void callsOfEveryOperatorAreRecorded() throws IOException {
        Set<String> missing = Operators.all().stream().map(Operator::name).filter(name -> name.startsWith("aten."))
                .collect(Collectors.toCollection(TreeSet::new));
        calls().forEach(call -> missing.remove(call.overload()));
        assertEquals(NOT_RECORDED, missing);
    }

    /** The recorded operator takes a flag for training and gives statistics that ours leaves empty. */
    @Test
    void batchNormWithoutTrainingGivesWhatPyTorchGave() throws IOException {
        Schema schema = Operators.byName("aten._native_batch_norm_legit_no_training.default").orElseThrow().schema();
        TensorData none = TensorData.of(new float[0], 0);
        List<RecordedCall> calls = calls().stream().filter(call -> call.overload().equals("aten._native_batch_norm_legit.default"))
                .filter(call -> Boolean.FALSE.equals(call.argument("training", null))).toList();
        assertEquals(7, calls.size());
        for (RecordedCall recorded : calls) {
            SequencedMap<String, Object> arguments = new LinkedHashMap<>(recorded.arguments());
            arguments.remove("training");
            RecordedCall call = new RecordedCall(schema, recorded.isCore(), recorded.id(), arguments, List.of(recorded.results().getFirst(), none, none));
            List<TensorData> actual = Calling.eagerly(call);
            TensorData expected = (TensorData) recorded.results().getFirst();
            assertEquals(Optional.empty(), Agreement.difference(expected, actual.getFirst(), Tolerance.of(expected.dtype(), recorded.overload())));
            actual.subList(1, 3).forEach(statistic -> assertEquals(0, statistic.count()));
        }
    }
}
