package io.toroid.runtime;

import io.toroid.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An input or output of an entry, as it was declared.
 *
 * @param name the parameter's name
 * @param dtype its element type
 * @param dimensions one text for each axis: a number, a symbol such as {@code batch}, or an expression such as {@code 2*batch}
 * @param updated whether it is an input whose memory calls write
 */
public record TensorInfo(String name, DType dtype, List<String> dimensions, boolean updated) {
    public TensorInfo {
        dimensions = List.copyOf(dimensions);
    }

    /** An output, or an input that is only read. */
    public TensorInfo(String name, DType dtype, List<String> dimensions) {
        this(name, dtype, dimensions, /* updated= */ false);
    }

    public int rank() {
        return dimensions.size();
    }

    /** The size of an axis if it was known when the model was compiled. */
    public OptionalLong size(int axis) {
        String text = dimensions.get(axis);
        boolean number = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** The type as it is written in a spec, such as {@code f32[batch, 64]}. */
    public String type() {
        return dtype.text() + dimensions;
    }

    /** Reads the text that {@link #type()} gives. */
    static TensorInfo parse(String name, String type) {
        int open = type.indexOf('[');
        if (open < 0 || !type.endsWith("]")) {
            throw new IllegalArgumentException("'" + type + "' is not a tensor type such as f32[batch, 64]");
        }
        String dtype = type.substring(0, open);
        String inside = type.substring(open + 1, type.length() - 1).strip();
        Optional<DType> element = DType.ofText(dtype);
        if (element.isEmpty()) {
            throw new IllegalArgumentException("'" + dtype + "' is not an element type");
        }
        return new TensorInfo(name, element.get(), dimensions(inside));
    }

    /** The same as an input that calls write. */
    TensorInfo asUpdated() {
        return new TensorInfo(name, dtype, dimensions, /* updated= */ true);
    }

    private static List<String> dimensions(String text) {
        List<String> dimensions = new ArrayList<>();
        int start = 0;
        for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', start)) {
            dimensions.add(text.substring(start, comma).strip());
            start = comma + 1;
        }
        if (!text.isEmpty()) {
            dimensions.add(text.substring(start).strip());
        }
        return dimensions;
    }

    @Override
    public String toString() {
        return name + ": " + type();
    }
}
