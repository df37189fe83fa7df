package io.toroid;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a {@link Model} as callable from outside. Its parameters are tensors, each with a {@link Spec};
 * it returns a tensor or a record of tensors. Every entry becomes a typed method of the façade.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Entry {
}
