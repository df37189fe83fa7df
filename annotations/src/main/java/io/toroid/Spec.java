package io.toroid;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Element type and sizes of a tensor that an entry takes, such as {@code "f32[batch, 64]"}.
 *
 * <p>Types: {@code f32 f64 f16 bf16 i64 i32 i16 i8 u8 bool}. A size is a number, a dimension declared by {@link Dim}, or an expression
 * of one ({@code 2*batch}, {@code batch + 1}). {@code f32[]} is a single value, which is a plain Java value in the façade.
 *
 * <p>It stands at a parameter, or at the components of a record that is one. Of an array or a {@code List} it has one spec for each element,
 * or one spec for {@link #count} elements of the same type; of an array or {@code List} of records, whose components have specs, the count alone.
 *
 * <p>At an entry that returns a tensor, or at a component of a record that one returns, it says what must come out: the compiler checks it,
 * and a single value comes back as a plain Java value.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.RECORD_COMPONENT, ElementType.METHOD})
@Retention(RetentionPolicy.CLASS)
public @interface Spec {

    String[] value() default {};

    /** How many elements an array or a {@code List} has. */
    int count() default 1;
}
