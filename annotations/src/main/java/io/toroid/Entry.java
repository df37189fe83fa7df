package io.toroid;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a {@link Model} as callable from outside; it becomes methods of the façade.
 *
 * <p>It takes tensors, each with a {@link Spec}; sizes ({@link io.toroid.shape.Size}) that come as numbers, each with a {@link Dim} of its
 * name; and records, arrays and lists of them. It returns the same. In the façade a tensor is a Java array or a tensor in native memory,
 * one without dimensions is a {@code float}, a {@code boolean} and so on, a size is a {@code long}; records become records of the façade,
 * arrays and lists become arrays.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Entry {
}
