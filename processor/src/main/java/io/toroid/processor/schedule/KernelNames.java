package io.toroid.processor.schedule;

import io.toroid.processor.loop.Loop;
import java.util.stream.Collectors;

/** Names such as {@code cpp_fused_linear_gelu_3}: the operators in a kernel, and its number. */
final class KernelNames {

    private static final int LONGEST = 60;

    private KernelNames() {
    }

    static String of(Loop.Origins origins, int number) {
        String operators = origins.operators().stream()
                .map(name -> name.startsWith("_") ? name.substring(1) : name)
                .distinct()
                .collect(Collectors.joining("_"));
        if (operators.isEmpty()) {
            operators = "copy";
        }
        if (operators.length() > LONGEST) {
            operators = operators.substring(0, LONGEST);
        }
        return "cpp_fused_%s_%d".formatted(operators, number);
    }
}
