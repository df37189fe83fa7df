package io.toroid.position;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.nn.Activation;
import io.toroid.nn.Linear;
import io.toroid.nn.Sequential;
import io.toroid.op.Call;
import io.toroid.op.Parameter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stands outside Toroid's own packages, as a model does. */
@Tag("unit")
class SourcePositionTest {

    private final Tensor x = Tensor.parameter(DType.F32, 4, 3);

    @Test
    void aCallKnowsTheLineThatMadeIt() {
        Tensor y = x.relu(); SourcePosition here = SourcePosition.current();
        assertEquals(here, ((Call) y.origin()).position());
        assertEquals("SourcePositionTest.java:" + here.line(), here.toString());
        assertEquals("aCallKnowsTheLineThatMadeIt", here.methodName());
    }

    @Test
    void layersAndJavasOwnClassesAreSkipped() {
        Tensor y = new Sequential(new Linear(3, 5), Activation.RELU).apply(x); SourcePosition here = SourcePosition.current();
        assertEquals(here, ((Call) y.origin()).position());
        List<Tensor> z = List.of(x).stream().map(Tensor::relu).toList(); SourcePosition there = SourcePosition.current();
        assertEquals(there, ((Call) z.getFirst().origin()).position());
    }

    @Test
    void mistakesInRulesNameTheUsersLine() {
        SourcePosition[] here = new SourcePosition[1];
        TensorException wrongType = assertThrows(TensorException.class, () -> {
            here[0] = SourcePosition.current(); x.to(DType.I64).gelu();
        });
        assertEquals(here[0], wrongType.position());
        TensorException wrongRank = assertThrows(TensorException.class, () -> {
            here[0] = SourcePosition.current(); x.linear(Tensor.parameter(DType.F32, 3));
        });
        assertEquals(here[0], wrongRank.position());
    }

    @Test
    void aParameterKnowsTheLineThatMadeItsLayer() {
        Linear layer = new Linear(3, 5); SourcePosition here = SourcePosition.current();
        assertEquals(here, ((Parameter) layer.weight.origin()).position());
    }
}
