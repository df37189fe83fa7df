package io.toroid.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** A trace for tests: inputs written as in a {@code @Spec}, over the dynamic dimensions batch, tokens and n. */
public final class Traced {

    public final ShapeEnvironment environment = new ShapeEnvironment();
    public final Size batch = environment.declare("batch", Range.of(1, 1024));
    public final Size tokens = environment.declare("tokens", Range.of(1, 512));
    public final Size n = environment.declare("n", Range.of(8, 64));

    public Tensor input(String spec) {
        int bracket = spec.indexOf('[');
        DType dtype = DType.ofText(spec.substring(0, bracket)).orElseThrow();
        return Tensor.placeholder("x", new TensorType(dtype, Shape.parse(spec.substring(bracket), environment::symbol)), environment);
    }

    /** The relations that had to be assumed, as text. */
    public List<String> checks() {
        return environment.checks().stream().map(Object::toString).toList();
    }

    public static void assertType(String expected, Tensor tensor) {
        assertEquals(expected, tensor.type().toString());
    }

    public static void assertTypes(String expected, List<Tensor> tensors) {
        assertEquals(expected, String.join(" ", tensors.stream().map(tensor -> tensor.type().toString()).toList()));
    }

    /** The code fails with exactly this message. */
    public static void assertMistake(Kind kind, String message, Executable code) {
        TensorException mistake = assertThrows(TensorException.class, code);
        assertEquals(message, mistake.getMessage());
        assertEquals(kind, mistake.kind());
    }
}
