package io.toroid.processor.codegen.cpp;

import java.util.List;

/**
 * A call of a kernel, which may serve other calls too.
 *
 * @param function its name
 * @param arguments what this call hands to it, in the order of its parameters
 */
public record KernelCall(String function, List<KernelSource.Parameter> arguments) {

    public KernelCall {
        arguments = List.copyOf(arguments);
    }
}
