package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.op.Schema;
import io.toroid.op.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every operator does what PyTorch did with the same arguments: same type, same sizes, same values. */
@Tag("unit")
class ConformanceTest {

    /** Operators of which nothing is recorded; other tests cover them. */
    private static final Set<String> NOT_RECORDED = Set.of(
            "aten._native_batch_norm_legit_no_training.default", "aten._local_scalar_dense.default",
            "aten.all.default", "aten.all.dim", "aten.div.Scalar_mode", "aten.fmod.Scalar", "aten.frac.default", "aten.linear.default", "aten.max.default",
            "aten.min.default", "aten.replication_pad1d.default", "aten.scaled_dot_product_attention.default", "aten.squeeze.default", "aten.sum.default",
            "aten.t.default", "aten.transpose.int", "aten.view.dtype");

    private final Eager eager = Eager.of();

    @TestFactory
    Stream<DynamicTest> everyOperatorGivesWhatPyTorchGave() {
        return Operators.all().stream()
                .filter(operator -> operator.schema().namespace().equals("aten") && !NOT_RECORDED.contains(operator.name()))
                .map(operator -> dynamicTest(operator.name(), () -> checkAll(operator)));
    }

    @Test
    void everyOperatorHasAnEagerMeaningAndOnlyThose() {
        assertEquals(
                Operators.all().stream().map(Operator::name).collect(Collectors.toCollection(TreeSet::new)),
                new TreeSet<>(Meanings.names()));
    }

    /** The recorded operator takes a flag for training and gives statistics that ours leaves empty. */
    @Test
    void batchNormWithoutTrainingGivesWhatPyTorchGave() {
        Schema recorded = Schema.parse("aten::_native_batch_norm_legit(Tensor input, Tensor? weight, Tensor? bias, "
                + "Tensor running_mean, Tensor running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)");
        Operator operator = Operators.byName("aten._native_batch_norm_legit_no_training.default").orElseThrow();
        List<Conformance.Case> cases = Conformance.of(recorded).stream()
                .filter(recordedCase -> recordedCase.arguments().get(5).equals(false)).toList();
        assertEquals(7, cases.size());
        for (Conformance.Case recordedCase : cases) {
            List<Object> arguments = new ArrayList<>(recordedCase.arguments());
            assertEquals(false, arguments.remove(5));
            List<Tensor> results = call(operator, arguments);
            Closeness.assertClose(recordedCase.results().getFirst(), results.getFirst().data(), recordedCase.name());
            assertArrayEquals(new long[] {0}, results.get(1).data().sizes(), recordedCase.name());
            assertArrayEquals(new long[] {0}, results.get(2).data().sizes(), recordedCase.name());
        }
    }

    private void checkAll(Operator operator) {
        List<Conformance.Case> cases = Conformance.of(operator);
        assertFalse(cases.isEmpty(), "nothing is recorded of " + operator);
        List<String> failures = new ArrayList<>();
        for (Conformance.Case recorded : cases) {
            try {
                check(operator, recorded);
            } catch (AssertionError | TensorException failure) {
                failures.add(recorded.name() + ": " + failure.getMessage());
            }
        }
        assertEquals("", String.join("\n", failures));
    }

    private void check(Operator operator, Conformance.Case recorded) {
        List<Tensor> results = call(operator, recorded.arguments());
        assertTrue(results.size() >= recorded.results().size(), recorded.name());
        for (int i = 0; i < recorded.results().size(); i++) {
            if (i == 1 && Choices.isOpen(operator, recorded)) {
                Choices.assertPointAt(operator, recorded, results.get(1).data());
                continue;
            }
            TensorData expected = recorded.results().get(i);
            Closeness.assertClose(expected, results.get(i).data(), recorded.name(), Closeness.of(expected.dtype(), operator.name()));
        }
    }

    private List<Tensor> call(Operator operator, List<Object> recorded) {
        Object[] arguments = new Object[recorded.size()];
        for (int i = 0; i < arguments.length; i++) {
            boolean wantsTensor = operator.schema().parameters().get(i).type().startsWith("Tensor");
            arguments[i] = wantsTensor ? tensor(recorded.get(i), recorded) : recorded.get(i);
        }
        List<Tensor> results = operator.callAll(arguments);
        return results.stream().map(result -> eager.tensor(eager.force(result))).toList();
    }

    /** PyTorch takes a number for a tensor: it does not change the type within its category. */
    private Object tensor(Object value, List<Object> others) {
        return switch (value) {
            case TensorData data -> eager.tensor(data);
            case Long number -> eager.tensor(TensorData.of(new long[] {number}));
            case Double number -> eager.tensor(hasDoubles(others)
                    ? TensorData.of(new double[] {number}) : TensorData.of(new float[] {number.floatValue()}));
            case Boolean flag -> eager.tensor(TensorData.of(new boolean[] {flag}));
            case List<?> list -> list.stream().map(element -> element == null ? null : eager.tensor((TensorData) element)).toList();
            case null, default -> value;
        };
    }

    private static boolean hasDoubles(List<Object> arguments) {
        return arguments.stream().anyMatch(argument -> argument instanceof TensorData data && data.dtype() == DType.F64);
    }
}
