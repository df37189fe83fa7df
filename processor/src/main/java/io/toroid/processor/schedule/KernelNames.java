package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import java.util.stream.Collectors;

/**
 * Names such as {@code cpp_fused_linear_gelu_3}: the operators that the model's author called, and the kernel's number.
 * What packs a weight when constants are folded is named for the weight, {@code pack_hidden_weight}.
 */
final class KernelNames {

    private static final int LONGEST = 60;

    private KernelNames() {
    }

    /** Of a template. */
    static String of(Loop template, int number) {
        return template instanceof Loop.Pack pack ? ofPack(pack, number) : of(template.origins(), number);
    }

    private static String ofPack(Loop.Pack pack, int number) {
        if (pack.target().kind() != Buffer.Kind.OUTPUT) {
            return "cpp_pack_%s_%d".formatted(pack.source().name(), number);
        }
        String packed = pack.target().name();
        return "pack_" + (packed.endsWith(PackOperands.PACKED)
                ? packed.substring(0, packed.length() - PackOperands.PACKED.length()) : packed);
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
