package io.toroid;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Overrides a field's segment in the names of the parameters below it. A parameter's name is the path of fields from
 * the model down to it ({@code encoder.layers.0.norm.weight}); a weight file often spells a segment otherwise.
 * An empty name drops the segment.
 */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Name {

    String value();
}
