package io.toroid.processor;

import io.toroid.op.Call;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What {@link Toroid#compare} found. It prints as a report:
 *
 * <pre>
 * output 0 differs, f32[2, 10], by most at [1, 4]: eagerly 1.5, compiled 1.25
 * the first operator whose results part: gelu at DigitsMlp.java:22, f32[2, 128], by most at [0, 7]: eagerly 0.5, compiled 0.25
 * </pre>
 *
 * @param outputs those that differ, by their numbers
 * @param first the first operator, in the order of the calls, whose result differs when all results are kept; none if
 *     nothing differs, or only if results are not kept
 */
public record Comparison(SequencedMap<Integer, Difference> outputs, Optional<Parting> first) {

    /**
     * An operator and how its results part.
     *
     * @param call what the author wrote, with the line
     * @param result which of its results
     */
    public record Parting(Call call, int result, Difference difference) {

        @Override
        public String toString() {
            return "%s at %s, %s".formatted(call.source().operator(), call.position(), difference);
        }
    }

    /** Whether all outputs agree. */
    public boolean agrees() {
        return outputs.isEmpty();
    }

    @Override
    public String toString() {
        if (agrees()) {
            return "all outputs agree";
        }
        StringBuilder text = new StringBuilder();
        outputs.forEach((output, difference) -> text.append("output %d differs, %s%n".formatted(output, difference)));
        return text.append(first.map(parting -> "the first operator whose results part: " + parting).orElse(
                "no operator's results part if all of them are kept, so it is what kernels share; please report it")).toString();
    }
}
