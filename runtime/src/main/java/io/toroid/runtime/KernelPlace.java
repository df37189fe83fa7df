package io.toroid.runtime;

/**
 * A place in a compiled model where a kernel runs. Equal layers run the same kernel at several places.
 *
 * @param entry that runs it; {@link Profile#FOLDING} if it folds constants
 * @param kernel the name of the C++ function
 * @param operators that the model's author called: {@code linear, gelu}
 * @param lines of the model's source, such as {@code DigitsMlp.java:22}; empty if none is known
 */
public record KernelPlace(String entry, String kernel, String operators, String lines) {

    /** {@code cpp_fused_linear_2 (linear at DigitsMlp.java:22)}. */
    @Override
    public String toString() {
        return "%s (%s%s%s)".formatted(kernel, operators, lines.isEmpty() ? "" : " at ", lines);
    }
}
