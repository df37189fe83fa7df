package io.toroid.runtime;

import io.toroid.DType;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A constant of a compiled model: a weight, a buffer, a literal tensor, or what was computed from those when the model was loaded.
 *
 * @param name the fully qualified name of its field, such as {@code hidden.weight}
 * @param kind where it comes from
 * @param dtype its element type
 * @param shape its sizes
 * @param offset bytes from the start of the constants blob, a multiple of 64; -1 if it is not there, because the compiler has computed
 *     from it all that runs read
 * @param bytes its length
 * @param embedded whether the library itself holds the data, so that the blob does not
 */
public record ConstantInfo(String name, Kind kind, DType dtype, List<Long> shape, long offset, long bytes, boolean embedded) {
    /** The codes are those of AOTInductor's constant types. */
    public enum Kind {
        UNKNOWN, PARAMETER, BUFFER, TENSOR, FOLDED;

        public int code() {
            return ordinal();
        }

        /** The name in a manifest. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static Kind ofText(String text) {
            for (Kind kind : values()) {
                if (kind.text().equals(text)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("'" + text + "' is not a kind of constant");
        }
    }

    public ConstantInfo {
        shape = List.copyOf(shape);
    }

    /** Such as {@code f32[128, 64]}. */
    public String type() {
        return dtype.text() + shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public String toString() {
        return name + ": " + type();
    }
}
