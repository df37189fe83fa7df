package io.toroid.op;

import io.toroid.DType;
import io.toroid.shape.Shape;
import io.toroid.shape.Symbol;
import java.util.function.Function;

/** Element type and shape of one tensor; prints as in a {@link io.toroid.Spec}. */
public record TensorType(DType dtype, Shape shape) {

    /**
     * Reads what {@link #toString} prints.
     *
     * @param symbols gives the symbol of a name, or null if there is none
     * @throws IllegalArgumentException if it is no type
     */
    public static TensorType parse(String text, Function<String, Symbol> symbols) {
        int bracket = text.indexOf('[');
        DType dtype = DType.ofText(text.substring(0, Math.max(0, bracket)).strip())
                .orElseThrow(() -> new IllegalArgumentException("not a tensor type: " + text));
        return new TensorType(dtype, Shape.parse(text.substring(bracket), symbols));
    }

    @Override
    public String toString() {
        return dtype.text() + shape;
    }
}
