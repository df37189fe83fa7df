package io.toroid;

import java.util.Arrays;
import java.util.Optional;

/**
 * Element type of a tensor. The codes are those of ATen's {@code ScalarType}, which the native ABI uses too.
 *
 * <p>Promotion follows PyTorch: booleans give way to integers, integers to floats, and within a category the
 * wider type wins.
 */
public enum DType {
    BOOL("bool", 11, 1, Category.BOOL),
    I32("i32", 3, 4, Category.INTEGRAL),
    I64("i64", 4, 8, Category.INTEGRAL),
    F32("f32", 6, 4, Category.FLOATING),
    F64("f64", 7, 8, Category.FLOATING);

    /** The three rungs of the promotion ladder. */
    public enum Category {
        BOOL, INTEGRAL, FLOATING
    }

    private final String text;
    private final int code;
    private final int bytes;
    private final Category category;

    DType(String text, int code, int bytes, Category category) {
        this.text = text;
        this.code = code;
        this.bytes = bytes;
        this.category = category;
    }

    /** The name in a {@link Spec}, such as {@code f32}. */
    public String text() {
        return text;
    }

    /** ATen's {@code ScalarType} code. */
    public int code() {
        return code;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    public Category category() {
        return category;
    }

    public boolean isFloating() {
        return category == Category.FLOATING;
    }

    public boolean isIntegral() {
        return category == Category.INTEGRAL;
    }

    /** The common type of two tensors of these types. */
    public DType promote(DType other) {
        return ordinal() >= other.ordinal() ? this : other;
    }

    public static Optional<DType> ofText(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    public static Optional<DType> ofCode(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    @Override
    public String toString() {
        return text;
    }
}
