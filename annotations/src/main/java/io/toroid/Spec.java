package io.toroid;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Element type and sizes of an entry's tensor parameter, such as {@code "f32[batch, 64]"}.
 *
 * <p>Types: {@code f32 f64 f16 bf16 i64 i32 i16 i8 u8 bool}. A size is a number, a dimension declared by {@link Dim}, or an expression
 * of one ({@code 2*batch}, {@code batch + 1}). {@code f32[]} is a single value.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.CLASS)
public @interface Spec {

    String value();
}
