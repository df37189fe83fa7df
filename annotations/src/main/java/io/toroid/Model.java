package io.toroid;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class as a tensor model to be compiled ahead of time.
 *
 * <p>The class is public, not abstract, and has a public constructor without parameters. Its fields, and the fields
 * of the layers they hold, are searched for parameters, which are named by their path (see {@link Name}). For a
 * model {@code a.b.Digits} the processor writes the façade {@code a.b.CompiledDigits}.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface Model {

    /**
     * The weight file as a resource path, looked up on the class output, the resources of the module being compiled and
     * the class path; empty for a model without parameters. It is a safetensors file or, with the suffix {@code .onnx},
     * an ONNX model, whose initializers are the weights.
     */
    String weights() default "";

    /** Where the parameters stand in the weight file, if it does not have the names of the model's fields. */
    Class<? extends WeightNames> names() default WeightNames.Same.class;

    /** Simple name of the façade; by default {@code Compiled} and the name of the model. */
    String facade() default "";
}
