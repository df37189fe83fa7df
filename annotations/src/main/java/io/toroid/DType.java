package io.toroid;

import java.util.Optional;

/**
 * Element type of a tensor. The codes are those of ATen's {@code ScalarType}, which the native ABI uses too.
 *
 * <p>Promotion follows PyTorch: booleans give way to integers, integers to floats, and within a category the
 * wider type wins; of two that do not contain each other ({@code u8} and {@code i8}, {@code f16} and {@code bf16})
 * the narrowest that contains both.
 *
 * <p>{@code f16} and {@code bf16} are types of storage: arithmetic on them is done in {@code f32}. A complex type there is not.
 */
public enum DType {
    BOOL("bool", 11, 1, Category.BOOL),
    /** Unsigned, 0 to 255. */
    U8("u8", 0, 1, Category.INTEGRAL),
    I8("i8", 1, 1, Category.INTEGRAL),
    I16("i16", 2, 2, Category.INTEGRAL),
    I32("i32", 3, 4, Category.INTEGRAL),
    I64("i64", 4, 8, Category.INTEGRAL),
    /** IEEE 754's binary16: 11 bits of precision, up to 65504. */
    F16("f16", 5, 2, Category.FLOATING),
    /** The upper half of an {@code f32}: 8 bits of precision, and its range. */
    BF16("bf16", 15, 2, Category.FLOATING),
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

    /** The least value of an integral type. */
    public long least() {
        return this == U8 ? 0 : -1L << 8 * bytes() - 1;
    }

    /** The largest value of an integral type. */
    public long most() {
        return this == U8 ? 255 : ~least();
    }

    /** Whether it is {@code f16} or {@code bf16}. */
    public boolean isReducedFloating() {
        return this == F16 || this == BF16;
    }

    /** The type in which arithmetic on elements of this one is done: {@code f32} for the reduced floating ones. */
    public DType computed() {
        return isReducedFloating() ? F32 : this;
    }

    /** The common type of two tensors of these types. */
    public DType promote(DType other) {
        DType wider = ordinal() >= other.ordinal() ? this : other;
        DType narrower = wider == this ? other : this;
        if (wider == I8 && narrower == U8) {
            return I16;
        }
        return wider == BF16 && narrower == F16 ? F32 : wider;
    }

    public static Optional<DType> ofText(String text) {
        for (DType type : values()) {
            if (type.text.equals(text)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public static Optional<DType> ofCode(int code) {
        for (DType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
