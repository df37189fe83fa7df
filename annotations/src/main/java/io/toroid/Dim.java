package io.toroid;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a dynamic dimension of an entry (or, on the model, of all its entries): a size known only at the call,
 * within {@code min} to {@code max}, both included. The compiled model works for every size in that range and
 * refuses every other.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.CLASS)
@Repeatable(Dim.List.class)
public @interface Dim {

    String name();

    long min() default 1;

    long max() default Integer.MAX_VALUE;

    /** The size is a multiple of this. */
    long multipleOf() default 1;

    /** Holds several dimensions. */
    @Documented
    @Target({ElementType.METHOD, ElementType.TYPE})
    @Retention(RetentionPolicy.CLASS)
    @interface List {

        Dim[] value();
    }
}
